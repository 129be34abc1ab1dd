/* dmarc_record: the text of a DMARC record. */
#include "check/dmarc_record.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/dmarc_run.h"
#include "check/record_text.h"
#include "common/mem.h"

/* Nobody repairs what is longer. */
#define REPAIR_MAX 8192

static void check_tags(struct findings *f, const char *text, size_t len,
    struct dmarc_record *out, bool repair);

/* "v", "=", "DMARC1" with blanks between, and the end or a semicolon. */
bool
dmarc_record_is(const char *text, size_t len)
{
	struct tags t;
	bool is;

	tags_parse(&t, text, len);
	is = t.n > 0 && t.all[0].all.at == 0 && t.all[0].has_equals &&
	    tags_is(&t, t.all[0].name, "v") &&
	    tags_is(&t, t.all[0].value, "DMARC1");
	tags_free(&t);
	return is;
}

bool
dmarc_record_is_meant(const char *text, size_t len)
{
	struct buf b;
	const char *s;
	bool is;

	buf_init(&b, REPAIR_MAX);
	(void)record_clean(text, len < 200 ? len : 200, &b);
	s = buf_str(&b);
	if (tolower((unsigned char)*s) == 'v') {
		s += 1 + strspn(s + 1, " ");
		s += *s == '=' || *s == ':' ? 1 : 0;
		s += strspn(s, " ");
	}
	is = strncasecmp(s, "dmarc", 5) == 0 ||
	    strcasestr(buf_str(&b), "v=dmarc1") != NULL ||
	    strncasecmp(s, "p=none", 6) == 0 ||
	    strncasecmp(s, "p=reject", 8) == 0 ||
	    strncasecmp(s, "p=quarantine", 12) == 0;
	buf_free(&b);
	return is;
}

/* ---- pieces --------------------------------------------------------------- */

/*
 * Where in the value the next tag begins, because the semicolon before it is
 * missing; 0: nowhere.  *end is where the value itself ends.
 */
static size_t
next_tag(const struct tags *t, struct tag_part value, size_t *end)
{
	const size_t to = value.at + value.len;

	for (size_t i = value.at; i < to; i++) {
		struct tag_part name = { i, 0 };
		size_t equals;

		if (i == value.at || strchr(" \t,", t->text[i - 1]) == NULL)
			continue;
		while (i + name.len < to &&
		    isalpha((unsigned char)t->text[i + name.len]))
			name.len++;
		/* Many blanks in a row are looked at once each. */
		if (name.len == 0)
			continue;
		equals = i + name.len;
		while (equals < to && t->text[equals] == ' ')
			equals++;
		if (equals == to || t->text[equals] != '=' ||
		    dmarc_tag_name(t, name) == NULL)
			continue;
		*end = i;
		while (*end > value.at &&
		    strchr(" \t,", t->text[*end - 1]) != NULL)
			(*end)--;
		return i;
	}
	return 0;
}

/* A tag, and those that a missing semicolon hides in its value. */
static void
take_tag(struct dmarc_run *r, struct tag_part name, struct tag_part value,
    struct tag_part all)
{
	const size_t to = value.at + value.len;
	size_t end = to;
	size_t next = next_tag(&r->tags, value, &end);

	while (next > 0) {
		struct tag_part part = { next, 0 };

		dmarc_run_tag(r, name,
		    (struct tag_part){ value.at, end - value.at }, all);
		while (isalpha((unsigned char)r->tags.text[next + part.len]))
			part.len++;
		finding_mark_repaired(
		    finding_add(r->f, D22_SEMICOLON, part, "tag",
			findings_text(r->f, r->tags.text + part.at, part.len),
			FINDING_END));
		name = part;
		value.at = next + part.len;
		while (strchr(" =", r->tags.text[value.at]) != NULL &&
		    value.at < to)
			value.at++;
		value.len = to - value.at;
		all = (struct tag_part){ next, to - next };
		end = to;
		next = next_tag(&r->tags, value, &end);
	}
	dmarc_run_tag(r, name, value, all);
}

/* A piece without "=".  An address belongs to the rua= or ruf= before it, and
 * "p:none" is "p=none". */
static void
take_piece(struct dmarc_run *r, const struct tag *tag)
{
	const char *s = r->tags.text + tag->all.at;
	struct tag_part name = { tag->all.at, 0 };
	struct tag_part value;
	const char *last = r->words.n == 0 ? "" :
					     r->words.all[r->words.n - 1].name;

	finding_mark_repaired(finding_add(r->f, D22_PIECE, tag->all, "text",
	    findings_text(r->f, s, tag->all.len), FINDING_END));
	if (strncmp(last, "ru", 2) == 0 &&
	    memchr(s, '@', tag->all.len) != NULL) {
		char *copy = strndup(s, tag->all.len);

		dmarc_words_append(&r->words,
		    strcmp(last, "rua") == 0 ? "rua" : "ruf", copy);
		free(copy);
		return;
	}
	while (name.len < tag->all.len && isalpha((unsigned char)s[name.len]))
		name.len++;
	if (name.len == tag->all.len ||
	    dmarc_tag_name(&r->tags, name) == NULL ||
	    strchr(": ", s[name.len]) == NULL)
		return;
	value = (struct tag_part){ name.at + name.len + 1,
		tag->all.len - name.len - 1 };
	dmarc_run_tag(r, name, value, tag->all);
}

static void
take_pieces(struct dmarc_run *r)
{
	for (size_t i = 0; i < r->tags.n; i++) {
		const struct tag *t = &r->tags.all[i];

		if (t->has_equals)
			take_tag(r, t->name, t->value, t->all);
		else
			take_piece(r, t);
	}
}

/* ---- the record ----------------------------------------------------------- */

static bool
has_errors(const char *text)
{
	struct findings f = { 0 };
	struct dmarc_record r;
	bool bad = !dmarc_record_is(text, strlen(text));

	check_tags(&f, text, strlen(text), &r, false);
	bad = bad || findings_count(&f, SEVERITY_ERROR) > 0;
	dmarc_record_free(&r);
	findings_free(&f);
	return bad;
}

/* The first word becomes v=DMARC1, whatever it was. */
static void
set_version(struct dmarc_words *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->all[i].name, "v") == 0) {
			free(w->all[i].value);
			w->all[i].value = mem_strdup("DMARC1");
			return;
		}
	dmarc_words_add(w, "v", "DMARC1");
}

/* A text whose beginning is, or was made, right. */
static void
check_tags(struct findings *f, const char *text, size_t len,
    struct dmarc_record *out, bool repair)
{
	struct dmarc_run r = { .f = f, .out = out };
	const size_t from = f->n;
	char *fixed;

	*out = (struct dmarc_record){ .usable = true,
		.psd = 'u',
		.adkim = 'r',
		.aspf = 'r' };
	tags_parse(&r.tags, text, len);
	out->usable = dmarc_record_is(text, len);
	if (!out->usable && repair)
		finding_mark_repaired(finding_add(f, D03_VERSION,
		    r.tags.n == 0 ? (struct tag_part){ 0, 0 } :
				    r.tags.all[0].all,
		    FINDING_END));
	take_pieces(&r);
	dmarc_run_together(&r);
	if (out->bad_policy) {
		out->p = DMARC_NONE;
		out->sp = DMARC_ABSENT;
		out->np = DMARC_ABSENT;
		out->usable = out->usable && out->n_rua > 0;
	}
	set_version(&r.words);
	fixed = dmarc_words_record(&r.words, "v", "p");
	tags_free(&r.tags);
	if (repair && len <= REPAIR_MAX && findings_any_repaired(f, from) &&
	    !has_errors(fixed))
		out->fixed = fixed;
	else {
		free(fixed);
		findings_take_back(f, from);
	}
}

/* A text with bytes in or before it that no record has: what it is without. */
static void
check_odd(struct findings *f, const char *text, size_t len,
    struct dmarc_record *out)
{
	const size_t blanks = record_blanks(text, len);
	struct finding *finding;
	struct findings inner = { 0 };
	struct buf b;
	size_t n;

	finding = blanks > 0 ?
	    finding_add(f, D28_BLANK, (struct tag_part){ 0, blanks },
		FINDING_END) :
	    finding_add(f, D22_BYTES, record_odd_bytes(text, len, true),
		FINDING_END);
	n = f->n;
	check_tags(f, text, len, out, false);
	/* What is said of the whole does not know what the bytes stand for. */
	for (size_t i = n; i < f->n; i++)
		f->all[i].repaired = false;
	buf_init(&b, REPAIR_MAX);
	if (record_clean(text, len, &b) && b.len > 0) {
		struct dmarc_record clean;

		check_tags(&inner, buf_str(&b), b.len, &clean, true);
		if (clean.fixed != NULL)
			out->fixed = mem_strdup(clean.fixed);
		else if (!has_errors(buf_str(&b)))
			out->fixed = mem_strdup(buf_str(&b));
		dmarc_record_free(&clean);
	}
	buf_free(&b);
	findings_free(&inner);
	if (out->fixed != NULL && n > 0)
		finding_mark_repaired(finding == NULL ? NULL : &f->all[n - 1]);
}

void
dmarc_record_check(struct findings *f, const char *text, size_t len,
    struct dmarc_record *out)
{
	char *copy = mem_calloc(len + 1, 1);

	memcpy(copy, text, len);
	if (record_blanks(copy, len) > 0 ||
	    record_odd_bytes(copy, len, true).len > 0 ||
	    memchr(copy, '"', len) != NULL || strstr(copy, "\\;") != NULL)
		check_odd(f, copy, len, out);
	else
		check_tags(f, copy, len, out, true);
	free(copy);
}

void
dmarc_record_free(struct dmarc_record *r)
{
	for (size_t i = 0; i < r->n_rua; i++)
		free(r->rua[i].host);
	for (size_t i = 0; i < r->n_ruf; i++)
		free(r->ruf[i].host);
	free(r->fixed);
	*r = (struct dmarc_record){ .usable = false };
}
