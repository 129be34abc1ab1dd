#include "ingest/check.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <xxhash.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/num.h"
#include "ingest/domain.h"
#include "ingest/limits.h"

/*
 * Records of a report repeat a few combinations of texts, so the work on a
 * combination is done once: a table leads from its texts to its profile.
 */
struct chunker {
	struct buf key;        /* the texts of the record at hand */
	GHashTable *index;     /* key (GBytes) to profile number */
	GStringChunk *strings; /* what profiles and records point to */
	GArray *profiles;      /* struct auth_profile */
	GArray *records;       /* struct record */
	GArray *bad;           /* struct bad_record */
	struct chunk view;
	XXH128_hash_t sum; /* over all records of the report, not only these */
};

static const char *const results[] = { "none", "pass", "fail", "policy",
	"neutral", "temperror", "permerror", "softfail", NULL };
static const char *const verdicts[] = { "pass", "fail", NULL };
static const char *const dispositions[] = { "none", "quarantine", "reject",
	"pass", NULL };
static const char *const policies[] = { "none", "quarantine", "reject", NULL };
static const char *const reasons[] = { "forwarded", "sampled_out",
	"trusted_forwarder", "mailing_list", "local_policy", "other",
	"policy_test_mode", NULL };
static const char *const modes[] = { "r", "s", NULL };
static const char *const yes_no[] = { "y", "n", NULL };
static const char *const methods[] = { "psl", "treewalk", NULL };

struct chunker *
chunker_new(void)
{
	struct chunker *c = mem_calloc(1, sizeof(*c));

	buf_init(&c->key, 4 * LIMIT_RECORD_TEXT);
	c->strings = g_string_chunk_new(65536);
	c->profiles = g_array_new(FALSE, TRUE, sizeof(struct auth_profile));
	c->records = g_array_new(FALSE, TRUE, sizeof(struct record));
	c->bad = g_array_new(FALSE, TRUE, sizeof(struct bad_record));
	c->index = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
	    (GDestroyNotify)g_bytes_unref, NULL);
	return c;
}

static void
free_profiles(struct chunker *c)
{
	for (guint i = 0; i < c->profiles->len; i++) {
		struct auth_profile *p = &g_array_index(c->profiles,
		    struct auth_profile, i);

		free(p->dkim);
		free(p->spf);
		free(p->reasons);
	}
	g_array_set_size(c->profiles, 0);
}

void
chunker_free(struct chunker *c)
{
	if (c == NULL)
		return;
	free_profiles(c);
	buf_free(&c->key);
	g_hash_table_destroy(c->index);
	g_string_chunk_free(c->strings);
	g_array_free(c->profiles, TRUE);
	g_array_free(c->records, TRUE);
	g_array_free(c->bad, TRUE);
	free(c);
}

void
chunker_clear(struct chunker *c)
{
	free_profiles(c);
	g_hash_table_remove_all(c->index);
	g_array_set_size(c->records, 0);
	g_array_set_size(c->bad, 0);
	g_string_chunk_clear(c->strings);
}

bool
chunker_is_full(const struct chunker *c)
{
	return c->records->len >= LIMIT_CHUNK_RECORDS ||
	    c->profiles->len >= LIMIT_CHUNK_PROFILES ||
	    c->bad->len >= LIMIT_CHUNK_PROFILES;
}

const struct chunk *
chunker_chunk(struct chunker *c)
{
	c->view = (struct chunk){
		.profiles = (struct auth_profile *)(void *)c->profiles->data,
		.n_profiles = c->profiles->len,
		.records = (struct record *)(void *)c->records->data,
		.n_records = c->records->len,
		.bad = (struct bad_record *)(void *)c->bad->data,
		.n_bad = c->bad->len,
	};
	return &c->view;
}

/* ---- values ---------------------------------------------------------- */

static bool
is_one_of(const char *s, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(s, *list) == 0)
			return true;
	return false;
}

/* A keyword in lower case; NULL for none; outside of list: flagged. */
static const char *
keyword(struct chunker *c, const char *s, const char *const *list,
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
		return g_string_chunk_insert(c->strings, s);
	}
	if (strcmp(low, s) != 0)
		*quirks |= QUIRK_BIT(QUIRK_CAPITAL_VALUE);
	if (!is_one_of(low, list))
		*quirks |= QUIRK_BIT(unknown);
	return g_string_chunk_insert_const(c->strings, low);
}

static const char *
result_word(struct chunker *c, const char *s, uint64_t *quirks)
{
	if (s != NULL && strcasecmp(s, "hardfail") == 0) {
		*quirks |= QUIRK_BIT(QUIRK_HARDFAIL);
		return "fail";
	}
	return keyword(c, s, results, QUIRK_UNKNOWN_RESULT, quirks);
}

/* A domain, "" kept apart from NULL. */
static const char *
domain(struct chunker *c, const char *s, uint64_t *quirks)
{
	char name[DOMAIN_SIZE];

	if (s == NULL)
		return NULL;
	domain_normalise(s, name, quirks);
	return g_string_chunk_insert_const(c->strings, name);
}

static const char *
nonempty(const char *s)
{
	return s == NULL || s[0] == '\0' ? NULL : s;
}

/* ---- profiles -------------------------------------------------------- */

static void
key_text(struct buf *key, const char *s)
{
	/* A marker tells NULL from "", a NUL ends each text. */
	(void)buf_putc(key, s == NULL ? 0 : 1);
	if (s != NULL)
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
says_arc_pass(const struct raw_reason *r)
{
	/* RFC 8617 7.2.2: the comment of a local_policy reason. */
	return r->type != NULL && strcasecmp(r->type, "local_policy") == 0 &&
	    r->comment != NULL &&
	    g_regex_match_simple("\\barc\\s*=\\s*pass\\b", r->comment,
		G_REGEX_CASELESS, 0);
}

/* All that makes the profile, as bytes to look it up by. */
static void
make_key(struct buf *key, const struct raw_record *raw, bool arc_pass)
{
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
	(void)buf_putc(key, arc_pass ? 'a' : '-');
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
make_results(struct chunker *c, const struct raw_result *raw, size_t n,
    const char *header_from, bool dkim, size_t *n_out, uint64_t *quirks)
{
	struct auth_result *out = mem_calloc(n, sizeof(*out));
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		struct auth_result *r = &out[k];

		r->domain = nonempty(domain(c, raw[i].domain, quirks));
		r->qualifier = nonempty(raw[i].qualifier);
		r->result = result_word(c, raw[i].result, quirks);
		if (r->domain == NULL && r->result == NULL) {
			*quirks |= QUIRK_BIT(QUIRK_EMPTY_RESULT);
			continue;
		}
		if (r->qualifier != NULL)
			r->qualifier = dkim ?
			    g_string_chunk_insert_const(c->strings,
				r->qualifier) :
			    keyword(c, r->qualifier,
				(const char *const[]){ "mfrom", "helo", NULL },
				QUIRK_UNKNOWN_RESULT, quirks);
		r->alignment = domain_alignment(r->domain, header_from);
		if (r->domain != NULL)
			r->org_domain = domain_org(r->domain);
		if (!is_repeated(out, k))
			k++;
	}
	*n_out = k;
	return out;
}

static const char **
make_reasons(struct chunker *c, const struct raw_record *raw, size_t *n_out,
    uint64_t *quirks)
{
	const char **out = mem_calloc(raw->n_reasons, sizeof(*out));

	for (size_t i = 0; i < raw->n_reasons; i++) {
		out[i] = keyword(c, raw->reasons[i].type, reasons,
		    QUIRK_UNKNOWN_REASON, quirks);
		if (out[i] == NULL) {
			out[i] = "other";
			*quirks |= QUIRK_BIT(QUIRK_EMPTY_REASON_TYPE);
		}
	}
	*n_out = raw->n_reasons;
	return out;
}

static void
digest_text(GChecksum *sum, const char *s)
{
	g_checksum_update(sum, (const guchar *)(s == NULL ? "\1" : "\2"), 1);
	if (s != NULL)
		g_checksum_update(sum, (const guchar *)s,
		    (gssize)strlen(s) + 1);
}

static void
digest_results(GChecksum *sum, const struct auth_result *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		digest_text(sum, r[i].domain);
		digest_text(sum, r[i].qualifier);
		digest_text(sum, r[i].result);
	}
	g_checksum_update(sum, (const guchar *)"\3", 1);
}

static void
make_digest(struct auth_profile *p)
{
	const char modes_text[] = { p->adkim, p->aspf, p->arc_pass ? 'a' : '-',
		'\0' };
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize n = sizeof(p->digest);

	digest_text(sum, p->header_from);
	digest_text(sum, p->envelope_from);
	digest_text(sum, modes_text);
	digest_text(sum, p->disposition);
	digest_text(sum, p->eval_dkim);
	digest_text(sum, p->eval_spf);
	digest_results(sum, p->dkim, p->n_dkim);
	digest_results(sum, p->spf, p->n_spf);
	for (size_t i = 0; i < p->n_reasons; i++)
		digest_text(sum, p->reasons[i]);
	g_checksum_get_digest(sum, p->digest, &n);
	g_checksum_free(sum);
}

static char
mode(const char *s)
{
	return s != NULL && strcmp(s, "s") == 0 ? 's' : 'r';
}

static void
make_profile(struct chunker *c, struct auth_profile *p,
    const struct raw_record *raw, struct report_head *h, bool arc_pass)
{
	p->header_from = nonempty(domain(c, raw->header_from, &h->quirks));
	if (p->header_from == NULL)
		h->quirks |= QUIRK_BIT(QUIRK_NO_HEADER_FROM);
	else
		p->header_from_org = domain_org(p->header_from);
	p->envelope_from = domain(c, raw->envelope_from, &h->quirks);
	p->adkim = mode(h->adkim);
	p->aspf = mode(h->aspf);
	p->arc_pass = arc_pass;
	p->disposition = keyword(c, raw->disposition, dispositions,
	    QUIRK_UNKNOWN_DISPOSITION, &h->quirks);
	p->eval_dkim = keyword(c, raw->eval_dkim, verdicts,
	    QUIRK_UNKNOWN_VERDICT, &h->quirks);
	p->eval_spf = keyword(c, raw->eval_spf, verdicts, QUIRK_UNKNOWN_VERDICT,
	    &h->quirks);
	if (p->eval_dkim == NULL || p->eval_spf == NULL)
		h->quirks |= QUIRK_BIT(QUIRK_NO_VERDICT);
	if (p->disposition != NULL && strcmp(p->disposition, "pass") == 0)
		h->rfc9990 = true;
	p->dkim = make_results(c, raw->dkim, raw->n_dkim, p->header_from, true,
	    &p->n_dkim, &h->quirks);
	p->spf = make_results(c, raw->spf, raw->n_spf, p->header_from, false,
	    &p->n_spf, &h->quirks);
	p->reasons = make_reasons(c, raw, &p->n_reasons, &h->quirks);
	make_digest(p);
}

static uint32_t
find_profile(struct chunker *c, const struct raw_record *raw,
    struct report_head *h)
{
	bool arc_pass = false;
	struct auth_profile p = { 0 };
	gpointer number;
	GBytes *key;

	for (size_t i = 0; i < raw->n_reasons; i++)
		arc_pass = arc_pass || says_arc_pass(&raw->reasons[i]);
	make_key(&c->key, raw, arc_pass);
	key = g_bytes_new_static(c->key.data, c->key.len);
	if (g_hash_table_lookup_extended(c->index, key, NULL, &number)) {
		g_bytes_unref(key);
		return GPOINTER_TO_UINT(number);
	}
	g_bytes_unref(key);
	make_profile(c, &p, raw, h, arc_pass);
	g_array_append_val(c->profiles, p);
	g_hash_table_insert(c->index, g_bytes_new(c->key.data, c->key.len),
	    GUINT_TO_POINTER(c->profiles->len - 1));
	return c->profiles->len - 1;
}

/* ---- records --------------------------------------------------------- */

/* The address, if it is one.  IPv4 in IPv6 (::ffff:192.0.2.1) is IPv4. */
static void
parse_address(struct record *r, const char *s, uint64_t *quirks)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (s == NULL || s[0] == '\0') {
		*quirks |= QUIRK_BIT(QUIRK_NO_SOURCE_IP);
		return;
	}
	if (inet_pton(AF_INET, s, r->ip) == 1) {
		r->family = 4;
		return;
	}
	if (inet_pton(AF_INET6, s, r->ip) != 1) {
		*quirks |= QUIRK_BIT(QUIRK_BAD_SOURCE_IP);
		return;
	}
	r->family = 6;
	if (memcmp(r->ip, mapped, sizeof(mapped)) == 0) {
		memmove(r->ip, r->ip + 12, 4);
		memset(r->ip + 4, 0, 12);
		r->family = 4;
		*quirks |= QUIRK_BIT(QUIRK_MAPPED_ADDRESS);
	}
}

static void
remark(struct buf *b, const char *what, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	(void)buf_printf(b, "%s%s: %s", b->len > 0 ? "\n" : "", what, text);
}

/* The reporter's free text, which the profile has no room for. */
static const char *
make_remarks(struct chunker *c, const struct raw_record *raw,
    const struct record *r)
{
	buf_truncate(&c->key, 0);
	for (size_t i = 0; i < raw->n_reasons; i++)
		remark(&c->key, "reason", raw->reasons[i].comment);
	for (size_t i = 0; i < raw->n_dkim; i++)
		remark(&c->key, "dkim", raw->dkim[i].human_result);
	for (size_t i = 0; i < raw->n_spf; i++)
		remark(&c->key, "spf", raw->spf[i].human_result);
	if (r->family == 0)
		remark(&c->key, "source_ip", raw->source_ip);
	if (c->key.len == 0)
		return NULL;
	return g_string_chunk_insert_const(c->strings, buf_str(&c->key));
}

/* Add the record to the fingerprint, which does not mind their order. */
static void
add_to_sum(struct chunker *c, const struct record *r,
    const struct auth_profile *p)
{
	struct {
		unsigned char digest[32];
		unsigned char ip[16];
		int64_t count;
		int64_t family;
	} bytes = { .count = r->count, .family = r->family };
	XXH128_hash_t h;

	memcpy(bytes.digest, p->digest, sizeof(bytes.digest));
	memcpy(bytes.ip, r->ip, sizeof(bytes.ip));
	h = XXH3_128bits(&bytes, sizeof(bytes));
	c->sum.low64 += h.low64;
	c->sum.high64 += h.high64;
}

static bool
is_pass(const char *s)
{
	return s != NULL && strcmp(s, "pass") == 0;
}

void
chunker_add(struct chunker *c, const struct raw_record *raw,
    struct report_head *head, struct report_totals *totals)
{
	struct record r = { 0 };
	const struct auth_profile *p;

	if (raw->count == NULL || raw->count[0] == '\0') {
		chunker_add_bad(c, raw, totals, "bad_count", "has no count");
		return;
	}
	if (!num_int64(raw->count, 0, LIMIT_COUNT, &r.count) ||
	    r.count > LIMIT_REPORT_MESSAGES - totals->messages) {
		chunker_add_bad(c, raw, totals, "bad_count",
		    "count is no number of messages, or too large");
		return;
	}
	if (r.count == 0)
		head->quirks |= QUIRK_BIT(QUIRK_NO_COUNTED_MAIL);
	parse_address(&r, raw->source_ip, &head->quirks);
	r.profile = find_profile(c, raw, head);
	p = &g_array_index(c->profiles, struct auth_profile, r.profile);
	r.envelope_to = nonempty(domain(c, raw->envelope_to, &head->quirks));
	r.remarks = make_remarks(c, raw, &r);
	add_to_sum(c, &r, p);
	totals->records++;
	totals->messages += r.count;
	if (is_pass(p->eval_dkim) || is_pass(p->eval_spf))
		totals->passes += r.count;
	g_array_append_val(c->records, r);
}

/* A field of a bad record, for a person and for another try. */
static void
field(struct buf *b, const char *name, const char *value)
{
	if (value != NULL)
		(void)buf_printf(b, "%s\t%s\n", name, value);
}

static void
field_results(struct buf *b, const char *kind, const struct raw_result *r,
    size_t n, const char *qualifier)
{
	for (size_t i = 0; i < n; i++) {
		(void)buf_printf(b, "%s\n", kind);
		field(b, "domain", r[i].domain);
		field(b, qualifier, r[i].qualifier);
		field(b, "result", r[i].result);
		field(b, "human_result", r[i].human_result);
	}
}

static const char *
all_fields(struct chunker *c, const struct raw_record *raw)
{
	struct buf *b = &c->key;

	buf_truncate(b, 0);
	field(b, "source_ip", raw->source_ip);
	field(b, "count", raw->count);
	field(b, "disposition", raw->disposition);
	field(b, "eval_dkim", raw->eval_dkim);
	field(b, "eval_spf", raw->eval_spf);
	for (size_t i = 0; i < raw->n_reasons; i++) {
		(void)buf_add(b, "reason\n");
		field(b, "type", raw->reasons[i].type);
		field(b, "comment", raw->reasons[i].comment);
	}
	field(b, "header_from", raw->header_from);
	field(b, "envelope_from", raw->envelope_from);
	field(b, "envelope_to", raw->envelope_to);
	field_results(b, "dkim", raw->dkim, raw->n_dkim, "selector");
	field_results(b, "spf", raw->spf, raw->n_spf, "scope");
	return g_string_chunk_insert(c->strings, buf_str(b));
}

void
chunker_add_bad(struct chunker *c, const struct raw_record *raw,
    struct report_totals *totals, const char *reason, const char *detail)
{
	struct bad_record bad = { .number = raw->number };

	(void)snprintf(bad.reason, sizeof(bad.reason), "%s", reason);
	bad.detail = g_string_chunk_insert_const(c->strings, detail);
	bad.fields = all_fields(c, raw);
	/* It is content, too: a report without it is another report. */
	c->sum.low64 += XXH3_64bits(bad.fields, strlen(bad.fields));
	totals->records++;
	totals->bad++;
	g_array_append_val(c->bad, bad);
}

void
chunker_hash(const struct chunker *c, const struct report_head *head,
    const struct report_totals *totals, unsigned char out[32])
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize n = 32;

	g_checksum_update(sum, (const guchar *)&c->sum, sizeof(c->sum));
	g_checksum_update(sum, (const guchar *)&totals->records,
	    sizeof(totals->records));
	digest_text(sum, head->p);
	digest_text(sum, head->sp);
	digest_text(sum, head->np);
	digest_text(sum, head->adkim);
	digest_text(sum, head->aspf);
	digest_text(sum, head->fo);
	digest_text(sum, head->testing);
	digest_text(sum, head->discovery_method);
	g_checksum_update(sum, (const guchar *)&head->pct, sizeof(head->pct));
	g_checksum_get_digest(sum, out, &n);
	g_checksum_free(sum);
}

/* ---- the head -------------------------------------------------------- */

/* A tag of the policy: lower case, empty is none, unknown is flagged. */
static void
check_tag(char **tag, const char *const *list, uint64_t *quirks)
{
	if (*tag == NULL)
		return;
	if ((*tag)[0] == '\0') {
		free(*tag);
		*tag = NULL;
		return;
	}
	for (char *p = *tag; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	if (list != NULL && !is_one_of(*tag, list))
		*quirks |= QUIRK_BIT(QUIRK_UNKNOWN_POLICY);
}

static void
check_policy(struct report_head *h)
{
	check_tag(&h->p, policies, &h->quirks);
	check_tag(&h->sp, policies, &h->quirks);
	check_tag(&h->np, policies, &h->quirks);
	check_tag(&h->adkim, modes, &h->quirks);
	check_tag(&h->aspf, modes, &h->quirks);
	check_tag(&h->fo, NULL, &h->quirks);
	check_tag(&h->testing, yes_no, &h->quirks);
	check_tag(&h->discovery_method, methods, &h->quirks);
}

static enum diag_code
check_date(const char *name, const char *s, int64_t *out, uint64_t *quirks,
    struct diag *d)
{
	if (s == NULL || s[0] == '\0')
		return diag_set(d, DIAG_FORMAT, "no_date_range",
		    "report has no date_range/%s", name);
	if (!num_int64_part(s, INT64_MIN, INT64_MAX, out))
		return diag_set(d, DIAG_FORMAT, "no_date_range",
		    "report's date_range/%s is no number: \"%.40s\"", name, s);
	if (*out < 0 || *out > LIMIT_EPOCH)
		return diag_set(d, DIAG_FORMAT, "bad_date",
		    "report's date_range/%s is out of range: %.40s", name, s);
	if (strchr(s, '.') != NULL)
		*quirks |= QUIRK_BIT(QUIRK_DECIMAL_DATE);
	return DIAG_OK;
}

static void
check_period(struct report_head *h)
{
	const int64_t span = h->end - h->begin;

	if (span < 0)
		h->quirks |= QUIRK_BIT(QUIRK_REVERSED_DATES);
	else if (span == 0)
		h->quirks |= QUIRK_BIT(QUIRK_ZERO_PERIOD);
	else if (span > 26L * 3600)
		h->quirks |= QUIRK_BIT(QUIRK_LONG_PERIOD);
}

/* "<id>" is the same id (RFC 9990 3.5.1 compares without brackets). */
static void
strip_brackets(struct report_head *h)
{
	size_t n = h->report_id == NULL ? 0 : strlen(h->report_id);

	if (n < 3 || h->report_id[0] != '<' || h->report_id[n - 1] != '>')
		return;
	memmove(h->report_id, h->report_id + 1, n - 2);
	h->report_id[n - 2] = '\0';
	h->quirks |= QUIRK_BIT(QUIRK_ANGLE_REPORT_ID);
}

/* Who sent it, for the key: the name, else the domain of the address. */
static void
settle_reporter(struct report_head *h)
{
	char name[DOMAIN_SIZE];
	uint64_t ignored = 0;
	char *low;

	if (h->org_name != NULL) {
		low = g_utf8_strdown(h->org_name, -1);
		h->reporter = mem_strdup(low);
		g_free(low);
		return;
	}
	h->quirks |= QUIRK_BIT(QUIRK_NO_ORG_NAME);
	domain_normalise(h->email == NULL ? "" : h->email, name, &ignored);
	h->reporter = mem_strdup(name);
}

static void
settle_domain(struct report_head *h)
{
	char name[DOMAIN_SIZE];

	domain_normalise(h->policy_domain, name, &h->quirks);
	free(h->policy_domain);
	h->policy_domain = mem_strdup(name);
}

enum diag_code
check_head(struct report_head *h, const char *begin, const char *end,
    struct diag *d)
{
	enum diag_code code;

	if (h->org_name == NULL && h->report_id == NULL)
		return diag_set(d, DIAG_FORMAT, "no_identity",
		    "report has neither org_name nor report_id");
	code = check_date("begin", begin, &h->begin, &h->quirks, d);
	if (code == DIAG_OK)
		code = check_date("end", end, &h->end, &h->quirks, d);
	if (code != DIAG_OK)
		return code;
	if (h->policy_domain != NULL)
		settle_domain(h);
	if (h->policy_domain == NULL || h->policy_domain[0] == '\0')
		return diag_set(d, DIAG_FORMAT, "no_policy_domain",
		    "report has no policy_published/domain");
	strip_brackets(h);
	if (h->report_id == NULL)
		h->quirks |= QUIRK_BIT(QUIRK_NO_REPORT_ID);
	settle_reporter(h);
	if (strlen(h->reporter) > LIMIT_KEY_TEXT ||
	    (h->report_id != NULL && strlen(h->report_id) > LIMIT_KEY_TEXT))
		return diag_set(d, DIAG_LIMIT, "key_too_long",
		    "report's org_name or report_id is over %d bytes",
		    LIMIT_KEY_TEXT);
	check_period(h);
	check_policy(h);
	return DIAG_OK;
}
