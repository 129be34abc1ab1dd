/* key_lint: what is wrong with the record of a DKIM key. */
#include "check/key_lint.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/dkim_key.h"
#include "check/dmarc_words.h"
#include "check/record_text.h"
#include "common/mem.h"

#define BITS_LEAST   1024
#define BITS_ADVISED 2048

static const char *
text_of(struct findings *f, const struct dkim_key *k, struct tag_part p)
{
	return findings_text(f, k->tags.text + p.at, p.len);
}

/* The value of the tag that a fault is about. */
static const char *
value_of(struct findings *f, const struct dkim_key *k, enum dkim_key_fault n)
{
	const struct tag_part all = k->wrong[n];
	const char *s = k->tags.text + all.at;
	const char *equals = all.len == 0 ? NULL : memchr(s, '=', all.len);

	if (equals == NULL)
		return text_of(f, k, all);
	return findings_text(f, equals + 1, all.len - (size_t)(equals + 1 - s));
}

static void
tell_faults(struct findings *f, const struct dkim_key *k)
{
	const char *kind = k->kind == DKIM_KEY_ED25519 ? "Ed25519" : "RSA";
	const struct tag_part *at = k->wrong;
	const struct tag_part twice = at[DKIM_KEY_TWICE];

	if (dkim_key_has(k, DKIM_KEY_VERSION))
		(void)finding_add(f, K04_VERSION, at[DKIM_KEY_VERSION],
		    FINDING_END);
	if (dkim_key_has(k, DKIM_KEY_SYNTAX))
		(void)finding_add(f, K11_SYNTAX, at[DKIM_KEY_SYNTAX], "text",
		    text_of(f, k, at[DKIM_KEY_SYNTAX]), FINDING_END);
	if (dkim_key_has(k, DKIM_KEY_TWICE))
		(void)finding_add(f, K11_TWICE, twice, "tag",
		    findings_text(f, k->tags.text + twice.at,
			strcspn(k->tags.text + twice.at, " =\t")),
		    FINDING_END);
	if (dkim_key_has(k, DKIM_KEY_KIND))
		(void)finding_add(f, K08_KIND, at[DKIM_KEY_KIND], "value",
		    value_of(f, k, DKIM_KEY_KIND), FINDING_END);
	if (dkim_key_has(k, DKIM_KEY_SERVICE))
		(void)finding_add(f, K08_SERVICE, at[DKIM_KEY_SERVICE], "value",
		    value_of(f, k, DKIM_KEY_SERVICE), FINDING_END);
	if (dkim_key_has(k, DKIM_KEY_HASH))
		(void)finding_add(f, K09_HASH, at[DKIM_KEY_HASH], "value",
		    value_of(f, k, DKIM_KEY_HASH), FINDING_END);
	if (dkim_key_has(k, DKIM_KEY_MISSING))
		(void)finding_add(f, K05_MISSING, at[DKIM_KEY_MISSING],
		    FINDING_END);
	if (dkim_key_has(k, DKIM_KEY_REVOKED))
		(void)finding_add(f, K02_REVOKED, at[DKIM_KEY_REVOKED],
		    FINDING_END);
	if (dkim_key_has(k, DKIM_KEY_BASE64))
		(void)finding_add(f, K05_BASE64, at[DKIM_KEY_BASE64],
		    FINDING_END);
	if (dkim_key_has(k, DKIM_KEY_BROKEN))
		(void)finding_add(f, K05_BROKEN, at[DKIM_KEY_BROKEN], "kind",
		    kind, FINDING_END);
}

static void
tell_use(struct findings *f, const struct dkim_key *k)
{
	const struct tag *flags = tags_find(&k->tags, "t");
	const struct tag *p = tags_find(&k->tags, "p");

	if (k->testing)
		(void)finding_add(f, K06_TESTING, flags->all, FINDING_END);
	if (k->no_subdomains)
		(void)finding_add(f, K07_NO_SUBDOMAINS, flags->all,
		    FINDING_END);
	if (k->kind == DKIM_KEY_RSA && k->bits > 0 && k->bits < BITS_ADVISED)
		(void)finding_add(f,
		    k->bits < BITS_LEAST ? K10_SHORT : K10_SHORTISH, p->all,
		    "count", findings_number(f, k->bits), FINDING_END);
}

/* Whether the record is as good without the tag. */
static bool
is_dropped(const struct dkim_key *k, const struct tag *t)
{
	const size_t number = tags_number(&k->tags, t);

	if (!t->has_equals || !tags_is_name(&k->tags, t->name))
		return true;
	if (tags_is(&k->tags, t->name, "v"))
		return true;
	for (size_t i = 0; i < number; i++)
		if (k->tags.all[i].all.len == t->all.len &&
		    memcmp(k->tags.text + k->tags.all[i].all.at,
			k->tags.text + t->all.at, t->all.len) == 0)
			return true;
	return dkim_key_has(k, DKIM_KEY_HASH) &&
	    tags_is(&k->tags, t->name, "h");
}

/* k= as it was meant: "rsa-sha256", "ed25519-sha256". */
static const char *
meant_kind(const char *s)
{
	return strncasecmp(s, "ed", 2) == 0 ? "ed25519" : "rsa";
}

static char *
repair(const struct dkim_key *k)
{
	struct dmarc_words w = { NULL, 0 };
	struct dkim_key again;
	char *fixed;

	dmarc_words_add(&w, "v", "DKIM1");
	for (size_t i = 0; i < k->tags.n; i++) {
		const struct tag *t = &k->tags.all[i];
		char *name;
		char *value;

		if (is_dropped(k, t))
			continue;
		name = strndup(k->tags.text + t->name.at, t->name.len);
		value = strndup(k->tags.text + t->value.at, t->value.len);
		dmarc_words_add(&w, name,
		    k->kind == DKIM_KEY_OTHER && strcmp(name, "k") == 0 ?
			meant_kind(value) :
			value);
		free(name);
		free(value);
	}
	fixed = dmarc_words_record(&w, "v", "k");
	if (!dkim_key_parse(&again, fixed, strlen(fixed))) {
		free(fixed);
		fixed = NULL;
	}
	dkim_key_free(&again);
	return fixed;
}

char *
key_lint(struct findings *f, const char *text, size_t len)
{
	const size_t from = f->n;
	struct dkim_key k;
	char *fixed = NULL;

	if (!dkim_key_parse(&k, text, len))
		fixed = repair(&k);
	tell_faults(f, &k);
	for (size_t i = from; fixed != NULL && i < f->n; i++)
		f->all[i].repaired = true;
	tell_use(f, &k);
	dkim_key_free(&k);
	return fixed;
}
