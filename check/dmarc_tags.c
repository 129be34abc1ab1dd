/* dmarc_tags: what the tags of a DMARC record say, one by one and together. */
#include "check/dmarc_run.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/record_text.h"
#include "check/report_uri.h"
#include "common/mem.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

/* Receivers need not serve more addresses (RFC 7489, section 6.2). */
#define URIS_SERVED 2

/* As many are looked at. */
#define ITEMS_MAX 50

static const char *const names[] = { "v", "p", "sp", "np", "adkim", "aspf",
	"rua", "ruf", "fo", "t", "psd", "pct", "rf", "ri" };

/* The ones that are worth guessing: what is repaired changes no verdict. */
static const char *const guessed[] = { "rua", "ruf" };

static const char *const policies[] = { "none", "quarantine", "reject" };

const char *
dmarc_tag_name(const struct tags *t, struct tag_part p)
{
	for (size_t i = 0; i < N(names); i++)
		if (tags_is_any_case(t, p, names[i]))
			return names[i];
	return NULL;
}

static const char *
text_of(struct dmarc_run *r, struct tag_part p)
{
	return findings_text(r->f, r->tags.text + p.at, p.len);
}

/* A copy of a part that the caller frees. */
static char *
copy_of(const struct dmarc_run *r, struct tag_part p)
{
	return strndup(r->tags.text + p.at, p.len);
}

static void
add_copy(struct dmarc_run *r, const char *name, struct tag_part value)
{
	char *s = copy_of(r, value);

	dmarc_words_add(&r->words, name, s);
	free(s);
}

/* ---- p, sp, np ------------------------------------------------------------ */

static enum dmarc_policy
policy_number(const char *name)
{
	for (size_t i = 0; name != NULL && i < N(policies); i++)
		if (strcasecmp(policies[i], name) == 0)
			return (enum dmarc_policy)(DMARC_NONE + i);
	return DMARC_ABSENT;
}

const char *
dmarc_policy_name(enum dmarc_policy p)
{
	return p == DMARC_ABSENT ? NULL : policies[p - DMARC_NONE];
}

/* What a wrong policy was meant to be: by its letters, or its beginning. */
static const char *
meant_policy(const char *s)
{
	const char *near = record_nearest(s, strlen(s), policies, N(policies),
	    2);

	for (size_t i = 0; near == NULL && *s != '\0' && i < N(policies); i++)
		if (strncasecmp(policies[i], s, strlen(s)) == 0)
			near = policies[i];
	return near;
}

static void
take_policy(struct dmarc_run *r, const char *name, struct tag_part value,
    struct tag_part all)
{
	struct dmarc_record *o = r->out;
	char *s = copy_of(r, value);
	const enum dmarc_policy policy = policy_number(s);
	struct finding *finding;

	if (strcmp(name, "p") == 0) {
		o->p = policy;
		o->has_p = policy != DMARC_ABSENT;
	} else if (strcmp(name, "sp") == 0) {
		o->sp = policy;
		o->sp_at = all;
	} else {
		o->np = policy;
		o->np_at = all;
	}
	if (policy != DMARC_ABSENT)
		dmarc_words_add(&r->words, name, s);
	else {
		const char *meant = meant_policy(s);

		o->bad_policy = true;
		finding = finding_add(r->f, D05_POLICY, value, "value",
		    text_of(r, value), "tag", name, "effect",
		    "the record acts as p=none where rua= is valid, else not "
		    "at all",
		    FINDING_END);
		if (meant != NULL)
			finding_mark_repaired(finding);
		dmarc_words_add(&r->words, name, meant != NULL ? meant : s);
	}
	free(s);
}

/* ---- rua, ruf ------------------------------------------------------------- */

static void
keep_uri(struct dmarc_run *r, bool is_rua, struct tag_part part,
    const char *host)
{
	struct dmarc_record *o = r->out;
	size_t *n = is_rua ? &o->n_rua : &o->n_ruf;
	struct dmarc_uri *list = is_rua ? o->rua : o->ruf;

	if (*n == DMARC_URIS_MAX)
		return;
	list[(*n)++] = (struct dmarc_uri){ part, mem_strdup(host) };
}

/* One item; whether it is there in the repaired record. */
static void
take_uri(struct dmarc_run *r, const char *name, struct tag_part item)
{
	const char *s = r->tags.text + item.at;
	struct report_uri u;
	struct finding *finding = NULL;
	char *as_is = copy_of(r, item);

	report_uri_parse(&u, s, item.len);
	if (u.state == URI_MAIL)
		keep_uri(r, strcmp(name, "rua") == 0, item, u.host);
	if (u.state == URI_BROKEN)
		finding = finding_add(r->f, D10_URI, item, "tag", name, "uri",
		    text_of(r, item), "why", u.why, FINDING_END);
	else if (u.has_size)
		finding = finding_add(r->f, D12_SIZE, item, "tag", name, "uri",
		    text_of(r, item), FINDING_END);
	if (u.fixed != NULL || item.len == 0)
		finding_mark_repaired(finding);
	if (u.state == URI_OTHER)
		(void)finding_add(r->f, D11_SCHEME, item, "tag", name, "scheme",
		    findings_text(r->f, u.scheme, strlen(u.scheme)),
		    FINDING_END);
	if (item.len > 0)
		dmarc_words_append(&r->words, name,
		    u.fixed != NULL ? u.fixed : as_is);
	free(as_is);
	report_uri_free(&u);
}

static void
take_uris(struct dmarc_run *r, const char *name, struct tag_part value)
{
	struct tag_part rest = value;
	struct tag_part item;
	size_t n = 0;

	if (strcmp(name, "ruf") == 0)
		r->out->has_ruf = true;
	if (value.len == 0)
		take_uri(r, name, value);
	while (n < ITEMS_MAX && tags_next_item(&r->tags, &rest, ',', &item)) {
		take_uri(r, name, item);
		n += item.len > 0 ? 1 : 0;
	}
	if (n > URIS_SERVED)
		(void)finding_add(r->f, D11_MANY, value, "tag", name, "count",
		    findings_number(r->f, n), FINDING_END);
}

/* ---- fo, pct and the small ones ------------------------------------------- */

/* fo: what is left of it. */
static void
take_fo(struct dmarc_run *r, struct tag_part value)
{
	struct tag_part rest = value;
	struct tag_part item;
	bool has[4] = { false };
	char kept[8] = "";
	const char *why = NULL;

	while (tags_next_item(&r->tags, &rest, ':', &item)) {
		static const char known[] = "01ds";
		const char *at = item.len != 1 ||
			r->tags.text[item.at] == '\0' ?
		    NULL :
		    strchr(known,
			r->tags.text[item.at] |
			    (r->tags.text[item.at] >= 'A' ? 0x20 : 0));

		if (at == NULL)
			finding_mark_repaired(finding_add(r->f, D15_FO_VALUE,
			    item, "value", text_of(r, item), FINDING_END));
		else if (has[at - known])
			why = "an option stands there twice";
		else
			has[at - known] = true;
	}
	if (value.len == 0)
		finding_mark_repaired(finding_add(r->f, D15_FO_VALUE, value,
		    "value", "", FINDING_END));
	if (has[0] && has[1])
		why = "1 covers what 0 asks for";
	if (why != NULL)
		finding_mark_repaired(finding_add(r->f, D15_FO_REDUNDANT, value,
		    "value", text_of(r, value), "why", why, FINDING_END));
	for (size_t i = 0; i < 4; i++)
		if (has[i] && !(i == 0 && has[1])) {
			if (kept[0] != '\0')
				(void)strncat(kept, ":", 2);
			(void)strncat(kept, &"0\0001\000d\000s"[2 * i], 2);
		}
	if (kept[0] != '\0')
		dmarc_words_add(&r->words, "fo", kept);
}

static void
take_pct(struct dmarc_run *r, struct tag_part value, struct tag_part all)
{
	char *s = copy_of(r, value);
	char *end;
	const long n = strtol(s, &end, 10);
	const bool is_number = value.len > 0 && value.len <= 3 &&
	    strspn(s, "0123456789") == value.len && *end == '\0';

	if (!is_number || n > 100)
		finding_mark_repaired(finding_add(r->f, D07_PCT_RANGE, all,
		    "value", text_of(r, value), FINDING_END));
	else if (n == 100)
		finding_mark_repaired(finding_add(r->f, D07_HISTORIC, all,
		    "tag", "pct", FINDING_END));
	else {
		/* Without it old receivers would apply the policy to all. */
		(void)finding_add(r->f, D07_PCT, all, FINDING_END);
		dmarc_words_add(&r->words, "pct", s);
	}
	free(s);
}

static void
take_alignment(struct dmarc_run *r, const char *name, struct tag_part value,
    struct tag_part all)
{
	const bool strict = tags_is_any_case(&r->tags, value, "s");
	char *mode = strcmp(name, "adkim") == 0 ? &r->out->adkim :
						  &r->out->aspf;

	*mode = strict ? 's' : 'r';
	if (strict || tags_is_any_case(&r->tags, value, "r")) {
		add_copy(r, name, value);
		return;
	}
	/* It is what is in force already. */
	finding_mark_repaired(finding_add(r->f, D25_ALIGNMENT, all, "tag", name,
	    "value", text_of(r, value), FINDING_END));
}

static void
take_t(struct dmarc_run *r, struct tag_part value, struct tag_part all)
{
	r->out->testing = tags_is_any_case(&r->tags, value, "y");
	if (r->out->testing || tags_is_any_case(&r->tags, value, "n"))
		add_copy(r, "t", value);
	else
		finding_mark_repaired(finding_add(r->f, D18_TEST_VALUE, all,
		    "value", text_of(r, value), FINDING_END));
}

static void
take_psd(struct dmarc_run *r, struct tag_part value, struct tag_part all)
{
	static const char *const known[] = { "y", "n", "u" };

	for (size_t i = 0; i < N(known); i++)
		if (tags_is_any_case(&r->tags, value, known[i])) {
			r->out->psd = known[i][0];
			add_copy(r, "psd", value);
			return;
		}
	finding_mark_repaired(finding_add(r->f, D19_PSD_VALUE, all, "value",
	    text_of(r, value), FINDING_END));
}

/* No tag of DMARC. */
static void
take_unknown(struct dmarc_run *r, struct tag_part name, struct tag_part value)
{
	const char *s = r->tags.text + name.at;
	const char *meant = name.len < 3 ?
	    NULL :
	    record_nearest(s, name.len, guessed, N(guessed), 1);

	finding_mark_repaired(finding_add(r->f, D08_UNKNOWN, name, "tag",
	    text_of(r, name), FINDING_END));
	if (meant == NULL)
		return;
	take_uris(r, meant, value);
}

/* A tag for the second time.  False: the first was not there. */
static bool
take_twice(struct dmarc_run *r, const char *name, struct tag_part value,
    struct tag_part all)
{
	struct finding *finding;
	const struct tag *first;

	for (size_t i = 0; i < N(names); i++) {
		if (names[i] != name)
			continue;
		if (!r->seen[i]) {
			r->seen[i] = true;
			return false;
		}
	}
	r->out->usable = false;
	finding = finding_add(r->f, D09_TWICE, all, "tag", name, FINDING_END);
	if (strncmp(name, "ru", 2) == 0) {
		finding_mark_repaired(finding);
		take_uris(r, name, value);
		return true;
	}
	first = tags_find(&r->tags, name);
	if (first != NULL && first->value.len == value.len &&
	    strncasecmp(r->tags.text + first->value.at, r->tags.text + value.at,
		value.len) == 0)
		finding_mark_repaired(finding);
	else
		add_copy(r, name, value);
	return true;
}

void
dmarc_run_tag(struct dmarc_run *r, struct tag_part name, struct tag_part value,
    struct tag_part all)
{
	const char *known = dmarc_tag_name(&r->tags, name);

	if (known == NULL) {
		take_unknown(r, name, value);
		return;
	}
	if (take_twice(r, known, value, all))
		return;
	if (strcmp(known, "v") == 0)
		add_copy(r, known, value);
	else if (strlen(known) <= 2 && known[strlen(known) - 1] == 'p')
		take_policy(r, known, value, all);
	else if (strncmp(known, "ru", 2) == 0)
		take_uris(r, known, value);
	else if (strcmp(known, "fo") == 0)
		take_fo(r, value);
	else if (strcmp(known, "pct") == 0)
		take_pct(r, value, all);
	else if (known[0] == 'a')
		take_alignment(r, known, value, all);
	else if (strcmp(known, "t") == 0)
		take_t(r, value, all);
	else if (strcmp(known, "psd") == 0)
		take_psd(r, value, all);
	else
		finding_mark_repaired(finding_add(r->f, D07_HISTORIC, all,
		    "tag", known, FINDING_END));
}
