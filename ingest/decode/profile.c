/* profile: from the texts of a record to its auth profile. */
#include "ingest/decode/profile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"
#include "ingest/decode/domain.h"
#include "ingest/limits.h"

static const char *const results[] = { "none", "pass", "fail", "policy",
	"neutral", "temperror", "permerror", "softfail", NULL };
static const char *const pass_or_fail[] = { "pass", "fail", NULL };
static const char *const dispositions[] = { "none", "quarantine", "reject",
	"pass", NULL };
static const char *const reasons[] = { "forwarded", "sampled_out",
	"trusted_forwarder", "mailing_list", "local_policy", "other",
	"policy_test_mode", NULL };

void
text_pool_init(struct text_pool *names)
{
	names->strings = g_string_chunk_new(65536);
	names->orgs = g_hash_table_new(NULL, NULL);
	/* RFC 8617 7.2.2: the comment of a local_policy reason. */
	names->arc_pass = g_regex_new("\\barc\\s*=\\s*pass\\b",
	    G_REGEX_CASELESS, 0, NULL);
}

void
text_pool_clear(struct text_pool *names)
{
	g_hash_table_remove_all(names->orgs);
	g_string_chunk_clear(names->strings);
}

void
text_pool_free(struct text_pool *names)
{
	g_hash_table_destroy(names->orgs);
	g_string_chunk_free(names->strings);
	g_regex_unref(names->arc_pass);
}

/* The organizational domain of a name; of one in names the list of public
 * suffixes is asked once.  Without names: each time. */
static const char *
org_of(struct text_pool *names, const char *name)
{
	const gpointer key = GSIZE_TO_POINTER((gsize)name);
	const char *org;
	gpointer known;

	if (name == NULL)
		return NULL;
	if (names == NULL)
		return domain_org(name);
	known = g_hash_table_lookup(names->orgs, key);
	if (known != NULL)
		return name + GPOINTER_TO_SIZE(known) - 1;
	org = domain_org(name);
	(void)g_hash_table_insert(names->orgs, key,
	    GSIZE_TO_POINTER((gsize)(org - name) + 1));
	return org;
}

/* A keyword in lower case; NULL for none; outside of list: flagged. */
static const char *
keyword(struct text_pool *names, const char *s, const char *const *list,
    enum quirk unknown, uint64_t *quirks)
{
	char low[64];
	size_t i;

	if (s == NULL || s[0] == '\0')
		return NULL;
	for (i = 0; i < sizeof(low) - 1 && s[i] != '\0'; i++)
		low[i] = (char)tolower((unsigned char)s[i]);
	low[i] = '\0';
	/* Nobody's keyword is that long; keep all of it as text. */
	if (s[i] != '\0') {
		*quirks |= QUIRK_BIT(unknown);
		return g_string_chunk_insert(names->strings, s);
	}
	if (strcmp(low, s) != 0)
		*quirks |= QUIRK_BIT(QUIRK_CAPITAL_VALUE);
	for (; *list != NULL; list++)
		if (strcmp(*list, low) == 0)
			return *list;
	*quirks |= QUIRK_BIT(unknown);
	return g_string_chunk_insert_const(names->strings, low);
}

static const char *
result_word(struct text_pool *names, const char *s, uint64_t *quirks)
{
	if (s != NULL && strcasecmp(s, "hardfail") == 0) {
		*quirks |= QUIRK_BIT(QUIRK_HARDFAIL);
		return "fail";
	}
	return keyword(names, s, results, QUIRK_UNKNOWN_RESULT, quirks);
}

const char *
profile_domain(GStringChunk *texts, const char *s, uint64_t *quirks)
{
	char name[DOMAIN_SIZE];

	if (s == NULL)
		return NULL;
	domain_normalise(s, name, quirks);
	return g_string_chunk_insert_const(texts, name);
}

/* The same, NULL for an empty one. */
static const char *
some_domain(struct text_pool *names, const char *s, uint64_t *quirks)
{
	const char *name = profile_domain(names->strings, s, quirks);

	return name == NULL || name[0] == '\0' ? NULL : name;
}

static const char *
nonempty(const char *s)
{
	return s == NULL || s[0] == '\0' ? NULL : s;
}

static void
key_text(struct buf *key, const char *s)
{
	/* A text has no control character, so this one stands for NULL. */
	if (s == NULL)
		s = "\1";
	(void)buf_append(key, s, strlen(s) + 1);
}

static void
key_results(struct buf *key, const struct raw_result *r, size_t n)
{
	(void)buf_append(key, &n, sizeof(n));
	for (size_t i = 0; i < n; i++) {
		key_text(key, r[i].domain);
		key_text(key, r[i].qualifier);
		key_text(key, r[i].result);
	}
}

static bool
any_arc_pass(const struct text_pool *names, const struct raw_record *raw)
{
	for (size_t i = 0; i < raw->n_reasons; i++) {
		const struct raw_reason *r = &raw->reasons[i];

		if (r->type != NULL &&
		    strcasecmp(r->type, "local_policy") == 0 &&
		    r->comment != NULL &&
		    g_regex_match(names->arc_pass, r->comment, 0, NULL))
			return true;
	}
	return false;
}

static char
mode(const char *s)
{
	return s != NULL && strcmp(s, "s") == 0 ? 's' : 'r';
}

void
profile_key(struct buf *key, const struct text_pool *names,
    const struct raw_record *raw, const struct report_head *head)
{
	const int arc_pass = any_arc_pass(names, raw) ? 1 : 0;
	const int adkim = mode(head->adkim) == 's' ? 2 : 0;
	const int aspf = mode(head->aspf) == 's' ? 4 : 0;

	buf_truncate(key, 0);
	key_text(key, raw->header_from);
	key_text(key, raw->envelope_from);
	key_text(key, raw->disposition);
	key_text(key, raw->eval_dkim);
	key_text(key, raw->eval_spf);
	key_results(key, raw->dkim, raw->n_dkim);
	key_results(key, raw->spf, raw->n_spf);
	for (size_t i = 0; i < raw->n_reasons; i++)
		key_text(key,
		    raw->reasons[i].type == NULL ? "" : raw->reasons[i].type);
	(void)buf_putc(key, (char)('0' + arc_pass + adkim + aspf));
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Some reporters repeat a result once per message of the row. */
static bool
is_repeated(const struct auth_result *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (same_text(r[i].domain, r[n].domain) &&
		    same_text(r[i].qualifier, r[n].qualifier) &&
		    same_text(r[i].result, r[n].result))
			return true;
	return false;
}

static struct auth_result *
make_results(struct text_pool *names, const struct raw_result *raw, size_t n,
    bool dkim, size_t *n_out, uint64_t *quirks)
{
	struct auth_result *out = mem_calloc(n, sizeof(*out));
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		struct auth_result *r = &out[k];

		r->domain = some_domain(names, raw[i].domain, quirks);
		r->qualifier = nonempty(raw[i].qualifier);
		r->result = result_word(names, raw[i].result, quirks);
		if (r->domain == NULL && r->result == NULL) {
			*quirks |= QUIRK_BIT(QUIRK_EMPTY_RESULT);
			continue;
		}
		if (r->qualifier != NULL)
			r->qualifier = dkim ?
			    g_string_chunk_insert_const(names->strings,
				r->qualifier) :
			    keyword(names, r->qualifier,
				(const char *const[]){ "mfrom", "helo", NULL },
				QUIRK_UNKNOWN_RESULT, quirks);
		if (!is_repeated(out, k))
			k++;
	}
	*n_out = k;
	return out;
}

static const char **
make_reasons(struct text_pool *names, const struct raw_record *raw,
    size_t *n_out, uint64_t *quirks)
{
	const char **out = mem_calloc(raw->n_reasons, sizeof(*out));

	for (size_t i = 0; i < raw->n_reasons; i++) {
		out[i] = keyword(names, raw->reasons[i].type, reasons,
		    QUIRK_UNKNOWN_REASON, quirks);
		if (out[i] == NULL) {
			out[i] = "other";
			*quirks |= QUIRK_BIT(QUIRK_EMPTY_REASON_TYPE);
		}
	}
	*n_out = raw->n_reasons;
	return out;
}

void
profile_digest_text(struct sha256_ctx *sum, const char *s)
{
	sha256_update(sum, 1, (const uint8_t *)(s == NULL ? "\1" : "\2"));
	if (s != NULL)
		sha256_update(sum, strlen(s) + 1, (const uint8_t *)s);
}

static void
digest_results(struct sha256_ctx *sum, const struct auth_result *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		profile_digest_text(sum, r[i].domain);
		profile_digest_text(sum, r[i].qualifier);
		profile_digest_text(sum, r[i].result);
	}
	sha256_update(sum, 1, (const uint8_t *)"\3");
}

static void
make_digest(struct auth_profile *p)
{
	const char modes_text[] = { p->adkim, p->aspf, p->arc_pass ? 'a' : '-',
		'\0' };
	struct sha256_ctx sum;

	sha256_init(&sum);
	profile_digest_text(&sum, p->header_from);
	profile_digest_text(&sum, p->envelope_from);
	profile_digest_text(&sum, modes_text);
	profile_digest_text(&sum, p->disposition);
	profile_digest_text(&sum, p->eval_dkim);
	profile_digest_text(&sum, p->eval_spf);
	digest_results(&sum, p->dkim, p->n_dkim);
	digest_results(&sum, p->spf, p->n_spf);
	for (size_t i = 0; i < p->n_reasons; i++)
		profile_digest_text(&sum, p->reasons[i]);
	sha256_digest(&sum, sizeof(p->digest), p->digest);
}

static void
complete_results(struct auth_result *r, size_t n, const struct auth_profile *p,
    struct text_pool *names)
{
	for (size_t i = 0; i < n; i++) {
		r[i].org_domain = org_of(names, r[i].domain);
		r[i].alignment = domain_alignment(r[i].domain, r[i].org_domain,
		    p->header_from, p->header_from_org);
	}
}

void
profile_complete(struct auth_profile *p, struct text_pool *names)
{
	p->header_from_org = org_of(names, p->header_from);
	complete_results(p->dkim, p->n_dkim, p, names);
	complete_results(p->spf, p->n_spf, p, names);
	make_digest(p);
}

void
profile_make(struct auth_profile *p, struct text_pool *names,
    const struct raw_record *raw, const struct report_head *head,
    uint64_t *quirks)
{
	p->header_from = some_domain(names, raw->header_from, quirks);
	if (p->header_from == NULL)
		*quirks |= QUIRK_BIT(QUIRK_NO_HEADER_FROM);
	p->envelope_from = profile_domain(names->strings, raw->envelope_from,
	    quirks);
	p->adkim = mode(head->adkim);
	p->aspf = mode(head->aspf);
	p->arc_pass = any_arc_pass(names, raw);
	p->disposition = keyword(names, raw->disposition, dispositions,
	    QUIRK_UNKNOWN_DISPOSITION, quirks);
	p->eval_dkim = keyword(names, raw->eval_dkim, pass_or_fail,
	    QUIRK_UNKNOWN_VERDICT, quirks);
	p->eval_spf = keyword(names, raw->eval_spf, pass_or_fail,
	    QUIRK_UNKNOWN_VERDICT, quirks);
	if (p->eval_dkim == NULL || p->eval_spf == NULL)
		*quirks |= QUIRK_BIT(QUIRK_NO_VERDICT);
	p->dkim = make_results(names, raw->dkim, raw->n_dkim, true, &p->n_dkim,
	    quirks);
	p->spf = make_results(names, raw->spf, raw->n_spf, false, &p->n_spf,
	    quirks);
	p->reasons = make_reasons(names, raw, &p->n_reasons, quirks);
	profile_complete(p, names);
}

void
profile_clear(struct auth_profile *p)
{
	free(p->dkim);
	free(p->spf);
	free(p->reasons);
	*p = (struct auth_profile){ 0 };
}
