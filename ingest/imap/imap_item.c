/* imap_item: what a FETCH line says of a mail. */
#include "ingest/imap/imap_item.h"

#include <string.h>
#include <strings.h>
#include <time.h>

/* ---- the date -------------------------------------------------------------- */

struct text {
	const char *at;
	const char *end;
};

/* A number of at most `most' digits. */
static bool
take_number(struct text *t, int most, int *out)
{
	int n = 0;

	*out = 0;
	while (n < most && t->at < t->end && *t->at >= '0' && *t->at <= '9') {
		*out = *out * 10 + (*t->at++ - '0');
		n++;
	}
	return n > 0;
}

static bool
take_char(struct text *t, char c)
{
	if (t->at == t->end || *t->at != c)
		return false;
	t->at++;
	return true;
}

static bool
take_month(struct text *t, int *out)
{
	static const char *const names[] = { "jan", "feb", "mar", "apr", "may",
		"jun", "jul", "aug", "sep", "oct", "nov", "dec" };

	if (t->end - t->at < 3)
		return false;
	for (int m = 0; m < 12; m++)
		if (strncasecmp(t->at, names[m], 3) == 0) {
			*out = m;
			t->at += 3;
			return true;
		}
	return false;
}

/* "+0900", or what some servers write for +0000.  Seconds. */
static bool
take_zone(struct text *t, int *out)
{
	static const char *const names[] = { "GMT", "UTC", "UT", "Z" };
	const size_t left = (size_t)(t->end - t->at);
	int zone = 0;
	int sign;

	*out = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (left == strlen(names[i]) &&
		    strncasecmp(t->at, names[i], left) == 0)
			return true;
	if (left != 5 || (*t->at != '+' && *t->at != '-'))
		return false;
	sign = *t->at++ == '-' ? -1 : 1;
	if (!take_number(t, 4, &zone) || t->at != t->end || zone % 100 > 59)
		return false;
	*out = sign * (zone / 100 * 60 + zone % 100) * 60;
	return true;
}

bool
imap_item_date(const char *text, size_t len, int64_t *out)
{
	struct text t = { text, text + len };
	struct tm tm = { 0 };
	int zone = 0;
	int year = 0;
	time_t at;

	while (take_char(&t, ' '))
		;
	if (!take_number(&t, 2, &tm.tm_mday) || !take_char(&t, '-') ||
	    !take_month(&t, &tm.tm_mon) || !take_char(&t, '-') ||
	    !take_number(&t, 4, &year) || !take_char(&t, ' ') ||
	    !take_number(&t, 2, &tm.tm_hour) || !take_char(&t, ':') ||
	    !take_number(&t, 2, &tm.tm_min) || !take_char(&t, ':') ||
	    !take_number(&t, 2, &tm.tm_sec) || !take_char(&t, ' ') ||
	    !take_zone(&t, &zone))
		return false;
	if (tm.tm_mday < 1 || tm.tm_mday > 31 || year < 1970 ||
	    tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
		return false;
	tm.tm_year = year - 1900;
	at = timegm(&tm);
	if (at - zone <= 0)
		return false;
	*out = at - zone;
	return true;
}

/* ---- the items ------------------------------------------------------------- */

/* The body of the whole mail, or the beginning of it. */
static bool
is_body(const struct imap_word *word)
{
	static const char name[] = "BODY[]";
	const size_t n = sizeof(name) - 1;

	return word->kind == WORD_ATOM && word->len >= n &&
	    strncasecmp(word->text, name, n) == 0 &&
	    (word->len == n || word->text[n] == '<');
}

bool
imap_item_ends_body(const char *text, size_t len)
{
	size_t from = len;
	struct imap_word word;

	while (from > 0 && text[from - 1] != ' ' && text[from - 1] != '(')
		from--;
	word = (struct imap_word){ WORD_ATOM, text + from, len - from };
	return is_body(&word);
}

static bool
is_item(const struct imap_word *word)
{
	return imap_word_is(word, "UID") || imap_word_is(word, "FLAGS") ||
	    imap_word_is(word, "INTERNALDATE") ||
	    imap_word_is(word, "RFC822.SIZE") || is_body(word);
}

/* A number behind its name. */
static void
read_number(struct imap_item *item, struct imap_words *w, const char *name,
    uint32_t *out)
{
	const struct imap_words before = *w;
	const struct imap_word word = imap_words_next(w);

	if (imap_word_number(&word, out))
		return;
	*w = before;
	item->odd = name;
}

static void
read_date(struct imap_item *item, struct imap_words *w)
{
	const struct imap_words before = *w;
	const struct imap_word word = imap_words_next(w);

	if (word.kind == WORD_QUOTED &&
	    imap_item_date(word.text, word.len, &item->arrived))
		return;
	if (word.kind != WORD_QUOTED)
		*w = before;
	item->odd = "INTERNALDATE";
}

/* A list that is not closed ends where the next item begins. */
static void
read_flags(struct imap_item *item, struct imap_words *w)
{
	struct imap_words before = *w;
	struct imap_word word = imap_words_next(w);

	if (word.kind != WORD_OPEN) {
		*w = before;
		item->odd = "FLAGS";
		return;
	}
	item->has_flags = true;
	for (;;) {
		before = *w;
		word = imap_words_next(w);
		if (word.kind == WORD_CLOSE || word.kind == WORD_END)
			return;
		if (is_item(&word)) {
			*w = before;
			item->odd = "FLAGS";
			return;
		}
		if (imap_word_is(&word, "\\"))
			item->odd = "FLAGS";
		if (imap_word_is(&word, "\\Deleted"))
			item->is_deleted = true;
	}
}

static void
read_body(struct imap_item *item, struct imap_words *w)
{
	const struct imap_words before = *w;
	const struct imap_word word = imap_words_next(w);

	item->has_body = true;
	if (word.kind == WORD_QUOTED)
		item->body = word;
	else if (!imap_word_is(&word, IMAP_LITERAL) &&
	    !imap_word_is(&word, "NIL"))
		*w = before;
}

/* The value of what nobody asked for: a list, which ends where the next item
 * begins when it is not closed. */
static void
leave_list(struct imap_words *w)
{
	size_t depth = 1;

	while (depth > 0) {
		const struct imap_words before = *w;
		const struct imap_word word = imap_words_next(w);

		if (word.kind == WORD_END)
			return;
		if (is_item(&word)) {
			*w = before;
			return;
		}
		if (word.kind == WORD_OPEN)
			depth++;
		else if (word.kind == WORD_CLOSE)
			depth--;
	}
}

void
imap_item_read(struct imap_item *item, const char *text)
{
	struct imap_words w = imap_words_of(text);
	bool inside = false;
	struct imap_word word;

	*item = (struct imap_item){ 0 };
	while ((word = imap_words_next(&w)).kind != WORD_END) {
		if (word.kind == WORD_OPEN && inside)
			leave_list(&w);
		else if (word.kind == WORD_OPEN)
			inside = true;
		else if (imap_word_is(&word, "UID"))
			read_number(item, &w, "UID", &item->uid);
		else if (imap_word_is(&word, "RFC822.SIZE"))
			read_number(item, &w, "RFC822.SIZE", &item->size);
		else if (imap_word_is(&word, "INTERNALDATE"))
			read_date(item, &w);
		else if (imap_word_is(&word, "FLAGS"))
			read_flags(item, &w);
		else if (is_body(&word))
			read_body(item, &w);
	}
}
