/* small_record: TLS-RPT, MTA-STS and BIMI records. */
#include "check/small_record.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/dmarc_words.h"
#include "check/record_text.h"
#include "check/report_uri.h"
#include "common/buf.h"
#include "common/mem.h"

#define REPAIR_MAX 4096
#define NAME_MAX   32 /* of a tag, and of id= */
#define ITEMS_MAX  50

static const char *const versions[] = { [SMALL_TLSRPT] = "TLSRPTv1",
	[SMALL_STS] = "STSv1",
	[SMALL_BIMI] = "BIMI1" };

static const enum finding_id bad_version[] = { [SMALL_TLSRPT] = T01_VERSION,
	[SMALL_STS] = T03_VERSION,
	[SMALL_BIMI] = B01_VERSION };

struct run {
	struct findings *f;
	enum small_kind kind;
	struct tags t;
	struct dmarc_words words;
	bool has_main; /* rua=, id=, l= */
};

static char *check(struct findings *f, enum small_kind kind, const char *text,
    size_t len, bool repair);

bool
small_record_is(enum small_kind kind, const char *text, size_t len)
{
	const char *version = versions[kind];
	const size_t n = strlen(version);
	size_t at = n + 2;

	if (kind == SMALL_BIMI) {
		struct tags t;
		bool is;

		tags_parse(&t, text, len);
		is = t.n > 0 && t.all[0].all.at == 0 &&
		    tags_is(&t, t.all[0].name, "v") &&
		    tags_is(&t, t.all[0].value, version);
		tags_free(&t);
		return is;
	}
	if (len < at || memcmp(text, "v=", 2) != 0 ||
	    memcmp(text + 2, version, n) != 0)
		return false;
	while (at < len && (text[at] == ' ' || text[at] == '\t'))
		at++;
	return at < len && text[at] == ';';
}

bool
small_record_is_meant(enum small_kind kind, const char *text, size_t len)
{
	static const char *const words[] = { "tlsrpt", "sts", "bimi" };
	struct buf b;
	const char *s;
	bool is;

	buf_init(&b, REPAIR_MAX);
	(void)record_clean(text, len < 100 ? len : 100, &b);
	s = buf_str(&b);
	is = tolower((unsigned char)*s) == 'v' &&
	    strncasecmp(s + 1 + strspn(s + 1, " =:"), words[kind],
		strlen(words[kind])) == 0;
	buf_free(&b);
	return is;
}

static const char *
text_of(struct run *r, struct tag_part p)
{
	return findings_text(r->f, r->t.text + p.at, p.len);
}

static void
add_copy(struct run *r, struct tag_part name, struct tag_part value)
{
	char *n = strndup(r->t.text + name.at, name.len);
	char *v = strndup(r->t.text + value.at, value.len);

	dmarc_words_add(&r->words, n, v);
	free(n);
	free(v);
}

/* ---- what the tags may be ------------------------------------------------- */

static bool
is_field_name(const struct run *r, struct tag_part p)
{
	const char *s = r->t.text + p.at;

	if (p.len == 0 || p.len > NAME_MAX || !isalnum((unsigned char)s[0]))
		return false;
	for (size_t i = 1; i < p.len; i++)
		if (!isalnum((unsigned char)s[i]) &&
		    strchr("_-.", s[i]) == NULL)
			return false;
	return true;
}

static bool
is_field_value(const struct run *r, struct tag_part p)
{
	for (size_t i = 0; i < p.len; i++) {
		const char c = r->t.text[p.at + i];

		if (c <= ' ' || c > '~' || c == '=' || c == ';')
			return false;
	}
	return p.len > 0;
}

static void
take_rua(struct run *r, const struct tag *tag)
{
	struct tag_part rest = tag->value;
	struct tag_part item;
	size_t n = 0;

	if (r->has_main)
		finding_mark_repaired(
		    finding_add(r->f, T02_RUA_TWICE, tag->all, FINDING_END));
	r->has_main = true;
	while (n++ < ITEMS_MAX && tags_next_item(&r->t, &rest, ',', &item)) {
		struct report_uri u;
		char *copy = strndup(r->t.text + item.at, item.len);
		struct finding *finding = NULL;

		report_uri_parse(&u, r->t.text + item.at, item.len);
		if (u.state == URI_BROKEN || u.has_size ||
		    (u.state == URI_OTHER &&
			strcasecmp(u.scheme, "https") != 0))
			finding = finding_add(r->f, T02_URI, item, "uri",
			    text_of(r, item), "why",
			    u.state == URI_BROKEN ? u.why :
				u.has_size ? "a \"!\" is written as %21" :
					     "it is neither mailto: nor https:",
			    FINDING_END);
		if (u.fixed != NULL)
			finding_mark_repaired(finding);
		if (item.len > 0 || u.fixed != NULL)
			dmarc_words_append(&r->words, "rua",
			    u.fixed != NULL ? u.fixed : copy);
		free(copy);
		report_uri_free(&u);
	}
	if (tag->value.len == 0)
		(void)finding_add(r->f, T02_NO_RUA, tag->all, FINDING_END);
}

static void
take_id(struct run *r, const struct tag *tag)
{
	const char *s = r->t.text + tag->value.at;
	char id[NAME_MAX + 1] = "";
	size_t n = 0;
	bool fine = tag->value.len > 0 && tag->value.len <= NAME_MAX;
	struct finding *finding;

	r->has_main = true;
	for (size_t i = 0; i < tag->value.len; i++) {
		if (!isalnum((unsigned char)s[i]))
			fine = false;
		else if (n < NAME_MAX)
			id[n++] = s[i];
	}
	if (!fine) {
		finding = finding_add(r->f, T03_ID, tag->all, FINDING_END);
		if (n > 0 && tag->value.len <= NAME_MAX)
			finding_mark_repaired(finding);
	}
	if (n > 0)
		dmarc_words_add(&r->words, "id", id);
	else
		add_copy(r, tag->name, tag->value);
}

static void
take_extension(struct run *r, const struct tag *tag)
{
	if (!tag->has_equals || !is_field_name(r, tag->name) ||
	    !is_field_value(r, tag->value))
		/* Whoever reads the record knows no extension anyway. */
		finding_mark_repaired(finding_add(r->f, T05_SYNTAX, tag->all,
		    "text", text_of(r, tag->all), FINDING_END));
	else
		add_copy(r, tag->name, tag->value);
}

/* l= and a=: nothing, or https:. */
static void
take_https(struct run *r, const struct tag *tag, const char *name)
{
	const char *s = r->t.text + tag->value.at;

	r->has_main = r->has_main || *name == 'l';
	if (tag->value.len > 0 &&
	    (tag->value.len < 9 || strncasecmp(s, "https://", 8) != 0 ||
		memchr(s, ' ', tag->value.len) != NULL))
		(void)finding_add(r->f, B02_URI, tag->all, "tag", name, "uri",
		    text_of(r, tag->value), FINDING_END);
	add_copy(r, tag->name, tag->value);
}

static bool
is_local_parts(const struct run *r, struct tag_part p)
{
	for (size_t i = 0; i < p.len; i++) {
		const char c = r->t.text[p.at + i];

		if (!isalnum((unsigned char)c) && strchr("-, \t", c) == NULL)
			return false;
	}
	return true;
}

static void
take_bimi(struct run *r, const struct tag *tag)
{
	const struct tags *t = &r->t;
	bool fine = true;

	if (!tag->has_equals) {
		finding_mark_repaired(finding_add(r->f, B03_TAG, tag->all,
		    "tag", text_of(r, tag->all), FINDING_END));
		return;
	}
	if (tags_is(t, tag->name, "l") || tags_is(t, tag->name, "a")) {
		take_https(r, tag, tags_is(t, tag->name, "l") ? "l" : "a");
		return;
	}
	if (tags_is(t, tag->name, "avp"))
		fine = tags_is_any_case(t, tag->value, "brand") ||
		    tags_is_any_case(t, tag->value, "personal");
	else if (tags_is(t, tag->name, "lps"))
		fine = is_local_parts(r, tag->value);
	else if (!tags_is(t, tag->name, "s") && !tags_is(t, tag->name, "e")) {
		finding_mark_repaired(finding_add(r->f, B03_TAG, tag->all,
		    "tag", text_of(r, tag->name), FINDING_END));
		return;
	}
	if (!fine)
		(void)finding_add(r->f, B03_VALUE, tag->all, "tag",
		    text_of(r, tag->name), "value", text_of(r, tag->value),
		    FINDING_END);
	add_copy(r, tag->name, tag->value);
}

/* A tag that is not the first of its name; extensions, too. */
static bool
is_twice(struct run *r, const struct tag *tag)
{
	const size_t number = tags_number(&r->t, tag);

	if (!tag->has_equals ||
	    (r->kind == SMALL_TLSRPT && tags_is(&r->t, tag->name, "rua")))
		return false;
	for (size_t i = 0; i < number; i++)
		if (r->t.all[i].has_equals &&
		    r->t.all[i].name.len == tag->name.len &&
		    memcmp(r->t.text + r->t.all[i].name.at,
			r->t.text + tag->name.at, tag->name.len) == 0) {
			(void)finding_add(r->f, T05_TWICE, tag->all, "tag",
			    text_of(r, tag->name), FINDING_END);
			add_copy(r, tag->name, tag->value);
			return true;
		}
	return false;
}

static void
take(struct run *r, const struct tag *tag)
{
	if (is_twice(r, tag))
		return;
	if (r->kind == SMALL_BIMI)
		take_bimi(r, tag);
	else if (r->kind == SMALL_TLSRPT && tags_is(&r->t, tag->name, "rua"))
		take_rua(r, tag);
	else if (r->kind == SMALL_STS && tags_is(&r->t, tag->name, "id"))
		take_id(r, tag);
	else
		take_extension(r, tag);
}

/* ---- the record ----------------------------------------------------------- */

static void
check_missing(struct run *r)
{
	const struct tag_part none = { 0, 0 };

	if (r->has_main)
		return;
	if (r->kind == SMALL_TLSRPT)
		(void)finding_add(r->f, T02_NO_RUA, none, FINDING_END);
	else if (r->kind == SMALL_STS)
		(void)finding_add(r->f, T03_ID, none, FINDING_END);
	else
		(void)finding_add(r->f, B02_NO_LOGO, none, FINDING_END);
}

/* The text with its version as it must be, from whatever it begins with. */
static char *
with_version(enum small_kind kind, const char *s)
{
	const char *rest = s + (tolower((unsigned char)*s) == 'v' ? 1 : 0);
	const size_t n = strlen(versions[kind]);

	rest += strspn(rest, " =:");
	if (strncasecmp(rest, versions[kind], n) != 0 ||
	    isalnum((unsigned char)rest[n]))
		return NULL;
	rest += n;
	rest += strspn(rest, " ;,.:");
	return mem_printf("v=%s; %s", versions[kind], rest);
}

static char *
check_beginning(struct findings *f, enum small_kind kind, const char *text,
    size_t len)
{
	struct findings inner = { 0 };
	struct finding *finding;
	char *whole = NULL;
	char *fixed = NULL;
	struct buf b;

	finding = finding_add(f, bad_version[kind],
	    (struct tag_part){ 0, strcspn(text, ";") }, FINDING_END);
	buf_init(&b, REPAIR_MAX);
	if (record_clean(text, len, &b))
		whole = with_version(kind, buf_str(&b));
	buf_free(&b);
	if (whole != NULL) {
		fixed = check(&inner, kind, whole, strlen(whole), true);
		if (fixed == NULL &&
		    findings_count(&inner, SEVERITY_ERROR) == 0)
			fixed = mem_strdup(whole);
	}
	free(whole);
	findings_free(&inner);
	if (fixed != NULL)
		finding_mark_repaired(finding);
	return fixed;
}

static bool
has_errors(enum small_kind kind, const char *text)
{
	struct findings f = { 0 };
	size_t n;

	free(check(&f, kind, text, strlen(text), false));
	n = findings_count(&f, SEVERITY_ERROR);
	findings_free(&f);
	return n > 0 || !small_record_is(kind, text, strlen(text));
}

static char *
check(struct findings *f, enum small_kind kind, const char *text, size_t len,
    bool repair)
{
	struct run r = { .f = f, .kind = kind };
	const size_t from = f->n;
	char *fixed;
	bool any = false;

	tags_parse(&r.t, text, len);
	for (size_t i = 1; i < r.t.n; i++)
		take(&r, &r.t.all[i]);
	check_missing(&r);
	dmarc_words_add(&r.words, "v", versions[kind]);
	fixed = dmarc_words_record(&r.words, "v", "");
	tags_free(&r.t);
	for (size_t i = from; i < f->n; i++)
		any = any || f->all[i].repaired;
	if (any && repair && len <= REPAIR_MAX && !has_errors(kind, fixed))
		return fixed;
	free(fixed);
	for (size_t i = from; i < f->n; i++)
		f->all[i].repaired = false;
	return NULL;
}

char *
small_record_check(struct findings *f, enum small_kind kind, const char *text,
    size_t len)
{
	char *copy = mem_calloc(len + 1, 1);
	char *fixed;

	memcpy(copy, text, len);
	if (small_record_is(kind, copy, len) &&
	    record_odd_bytes(copy, len, true).len == 0)
		fixed = check(f, kind, copy, len, true);
	else
		fixed = check_beginning(f, kind, copy, len);
	free(copy);
	return fixed;
}
