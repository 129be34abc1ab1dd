/* imap_words: the words of a line that an IMAP server has sent. */
#include "ingest/imap/imap_words.h"

#include <string.h>
#include <strings.h>

#include "common/mem.h"

struct imap_words
imap_words_of(const char *text)
{
	return (struct imap_words){ text, text + strlen(text) };
}

/* The end of a quoted string that begins at p; NULL: it has none. */
static const char *
closing_quote(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\' && p + 1 < end)
			p++;
	return p < end ? p : NULL;
}

/* An atom goes on through "[...]", in which there may be blanks. */
static const char *
end_of_atom(const char *p, const char *end)
{
	const char *close;

	for (; p < end && *p != ' ' && *p != '(' && *p != ')'; p++) {
		if (*p != '[')
			continue;
		close = memchr(p, ']', (size_t)(end - p));
		if (close != NULL)
			p = close;
	}
	return p;
}

static struct imap_word
word_of(enum imap_word_kind kind, const char *from, const char *to)
{
	return (struct imap_word){ kind, from, (size_t)(to - from) };
}

struct imap_word
imap_words_next(struct imap_words *w)
{
	const char *p = w->at;
	const char *close = NULL;

	while (p < w->end && *p == ' ')
		p++;
	w->at = p;
	if (p == w->end)
		return word_of(WORD_END, p, p);
	if (*p == '(' || *p == ')') {
		w->at = p + 1;
		return word_of(*p == '(' ? WORD_OPEN : WORD_CLOSE, p, p + 1);
	}
	if (*p == '"')
		close = closing_quote(p, w->end);
	if (close != NULL) {
		w->at = close + 1;
		return word_of(WORD_QUOTED, p + 1, close);
	}
	w->at = end_of_atom(p, w->end);
	return word_of(WORD_ATOM, p, w->at);
}

bool
imap_word_is(const struct imap_word *word, const char *name)
{
	return word->kind == WORD_ATOM && word->len == strlen(name) &&
	    strncasecmp(word->text, name, word->len) == 0;
}

bool
imap_word_number(const struct imap_word *word, uint32_t *out)
{
	uint64_t n = 0;

	if (word->kind != WORD_ATOM || word->len == 0 || word->len > 10)
		return false;
	for (size_t i = 0; i < word->len; i++) {
		if (word->text[i] < '0' || word->text[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(word->text[i] - '0');
	}
	if (n > UINT32_MAX)
		return false;
	*out = (uint32_t)n;
	return true;
}

char *
imap_word_text(const struct imap_word *word)
{
	char *text = mem_calloc(word->len + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < word->len; i++) {
		if (word->kind == WORD_QUOTED && word->text[i] == '\\' &&
		    i + 1 < word->len)
			i++;
		text[n++] = word->text[i];
	}
	return text;
}
