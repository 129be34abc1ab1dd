/*
 * chunk: records of a report and their profiles, in pieces of bounded size.
 */
#include "ingest/decode/chunk.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <xxhash.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/num.h"
#include "ingest/limits.h"
#include "ingest/decode/profile.h"

struct chunker {
	struct profile_memo *memo; /* where profiles are */
	uint64_t number;           /* of this chunk, there */
	struct buf line;           /* remarks or fields of the record at hand */
	GStringChunk *texts;       /* what records point to */
	GArray *profiles;          /* struct auth_profile */
	GArray *records;           /* struct record */
	GArray *bad;               /* struct bad_record */
	struct chunk view;
	size_t text;       /* bytes of text in this chunk */
	size_t text_total; /* and in all chunks of the report */
	XXH128_hash_t sum; /* over all records of the report, not only these */
};

struct chunker *
chunker_new(struct profile_memo *memo)
{
	struct chunker *c = mem_calloc(1, sizeof(*c));

	c->memo = memo;
	c->number = profile_memo_begin(memo);
	buf_init(&c->line, 4 * LIMIT_RECORD_TEXT);
	c->texts = g_string_chunk_new(65536);
	c->profiles = g_array_new(FALSE, FALSE, sizeof(struct auth_profile));
	c->records = g_array_new(FALSE, FALSE, sizeof(struct record));
	c->bad = g_array_new(FALSE, FALSE, sizeof(struct bad_record));
	return c;
}

void
chunker_free(struct chunker *c)
{
	if (c == NULL)
		return;
	buf_free(&c->line);
	g_string_chunk_free(c->texts);
	g_array_free(c->profiles, TRUE);
	g_array_free(c->records, TRUE);
	g_array_free(c->bad, TRUE);
	free(c);
}

void
chunker_clear(struct chunker *c)
{
	g_array_set_size(c->profiles, 0);
	g_array_set_size(c->records, 0);
	g_array_set_size(c->bad, 0);
	g_string_chunk_clear(c->texts);
	c->text = 0;
	c->number = profile_memo_begin(c->memo);
}

/* Text that the chunk holds from now on. */
static void
count_text(struct chunker *c, size_t n)
{
	c->text += n;
	c->text_total += n;
}

size_t
chunker_text(const struct chunker *c)
{
	return c->text_total;
}

bool
chunker_is_full(const struct chunker *c)
{
	return c->records->len >= LIMIT_CHUNK_RECORDS ||
	    c->profiles->len >= LIMIT_CHUNK_PROFILES ||
	    c->bad->len >= LIMIT_CHUNK_PROFILES || c->text >= LIMIT_CHUNK_TEXT;
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

/* ---- records --------------------------------------------------------- */

/* The first record of the chunk with this profile. */
static void
add_profile(struct chunker *c, struct made_profile *made,
    struct report_head *head)
{
	const char *disposition = made->profile.disposition;

	made->chunk = c->number;
	made->number = c->profiles->len;
	g_array_append_val(c->profiles, made->profile);
	count_text(c, 2 * made->text);
	head->quirks |= made->quirks;
	if (disposition != NULL && strcmp(disposition, "pass") == 0)
		head->rfc9990 = true;
}

/* The number of the record's profile in this chunk. */
static uint32_t
find_profile(struct chunker *c, const struct raw_record *raw,
    struct report_head *head)
{
	struct made_profile *made = profile_memo_take(c->memo, raw, head);

	if (made->chunk != c->number)
		add_profile(c, made, head);
	return made->number;
}

/* Remove what some reporters write around an address: brackets, the prefix
 * length /32 or /128, a port. */
static void
bare_address(const char *s, char out[INET6_ADDRSTRLEN])
{
	const bool bracket = s[0] == '[';
	const char *from = bracket ? s + 1 : s;
	const size_t n = strcspn(from, bracket ? "]" : "/");
	const char *colon = memchr(from, ':', n);
	const bool v6 = colon != NULL &&
	    memchr(colon + 1, ':', n - (size_t)(colon + 1 - from)) != NULL;
	const char *rest = from + n + (bracket && from[n] != '\0' ? 1 : 0);
	size_t len = n;

	if (colon != NULL && !v6 && !bracket)
		len = (size_t)(colon - from);
	out[0] = '\0';
	if (len >= INET6_ADDRSTRLEN || (bracket && from[n] != ']') ||
	    (rest[0] == '/' && strcmp(rest, v6 ? "/128" : "/32") != 0) ||
	    (colon != NULL && !v6 &&
		strspn(colon + 1, "0123456789") != n - len - 1))
		return;
	memcpy(out, from, len);
	out[len] = '\0';
}

/* The address, if it is one.  IPv4 in IPv6 (::ffff:192.0.2.1) is IPv4. */
static void
parse_address(struct record *r, const char *s, uint64_t *quirks)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	char bare[INET6_ADDRSTRLEN];

	if (s == NULL || s[0] == '\0') {
		*quirks |= QUIRK_BIT(QUIRK_NO_SOURCE_IP);
		return;
	}
	if (inet_pton(AF_INET, s, r->ip) == 1) {
		r->family = 4;
		return;
	}
	if (s[0] == '[' || strpbrk(s, "/.") != NULL) {
		bare_address(s, bare);
		s = bare;
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
	buf_truncate(&c->line, 0);
	for (size_t i = 0; i < raw->n_reasons; i++)
		remark(&c->line, "reason", raw->reasons[i].comment);
	for (size_t i = 0; i < raw->n_dkim; i++)
		remark(&c->line, "dkim", raw->dkim[i].human_result);
	for (size_t i = 0; i < raw->n_spf; i++)
		remark(&c->line, "spf", raw->spf[i].human_result);
	if (r->family == 0)
		remark(&c->line, "source_ip", raw->source_ip);
	if (c->line.len == 0)
		return NULL;
	count_text(c, c->line.len);
	return g_string_chunk_insert(c->texts, buf_str(&c->line));
}

/* Add the record to the fingerprint, which does not depend on their order. */
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

/* 5.0 is 5, which is no guess; 2.5 is nothing. */
static bool
take_count(const char *text, int64_t *out, uint64_t *quirks)
{
	if (num_int64(text, 0, LIMIT_COUNT, out))
		return true;
	if (!num_int64_whole(text, 0, LIMIT_COUNT, out))
		return false;
	*quirks |= QUIRK_BIT(QUIRK_COUNT_AS_TEXT);
	return true;
}

void
chunker_add(struct chunker *c, const struct raw_record *raw,
    struct report_head *head, struct report_totals *totals)
{
	struct record r = { 0 };
	const struct auth_profile *p;

	if (raw->count == NULL || raw->count[0] == '\0') {
		chunker_add_bad(c, raw, totals, REASON_BAD_COUNT,
		    "has no count");
		return;
	}
	if (!take_count(raw->count, &r.count, &head->quirks) ||
	    r.count > LIMIT_REPORT_MESSAGES - totals->messages) {
		chunker_add_bad(c, raw, totals, REASON_BAD_COUNT,
		    "count is no number of messages, or too large");
		return;
	}
	if (r.count == 0)
		head->quirks |= QUIRK_BIT(QUIRK_NO_COUNTED_MAIL);
	parse_address(&r, raw->source_ip, &head->quirks);
	r.profile = find_profile(c, raw, head);
	p = &g_array_index(c->profiles, struct auth_profile, r.profile);
	r.envelope_to = profile_domain(c->texts, raw->envelope_to,
	    &head->quirks);
	r.remarks = make_remarks(c, raw, &r);
	add_to_sum(c, &r, p);
	totals->records++;
	totals->messages += r.count;
	if (is_pass(p->eval_dkim) || is_pass(p->eval_spf))
		totals->passes += r.count;
	g_array_append_val(c->records, r);
}

void
chunker_add_bad(struct chunker *c, const struct raw_record *raw,
    struct report_totals *totals, enum reason reason, const char *detail)
{
	struct bad_record bad = { .number = raw->number, .reason = reason };

	bad.detail = g_string_chunk_insert_const(c->texts, detail);
	buf_truncate(&c->line, 0);
	raw_record_fields(&c->line, raw);
	count_text(c, c->line.len);
	bad.fields = g_string_chunk_insert(c->texts, buf_str(&c->line));
	/* A bad record counts for the fingerprint: a report without it is
	 * another report. */
	c->sum.low64 += XXH3_64bits(bad.fields, strlen(bad.fields));
	totals->records++;
	totals->bad++;
	g_array_append_val(c->bad, bad);
}

void
chunker_hash(const struct chunker *c, const struct report_head *head,
    const struct report_totals *totals, unsigned char out[32])
{
	struct report_head h = *head;
	struct sha256_ctx sum;

	sha256_init(&sum);
	sha256_update(&sum, sizeof(c->sum), (const uint8_t *)&c->sum);
	sha256_update(&sum, sizeof(totals->records),
	    (const uint8_t *)&totals->records);
	for (int i = 0; i < HEAD_TEXTS; i++)
		if (head_fields[i].is_content)
			profile_digest_text(&sum,
			    *head_text(&h, (enum head_text)i));
	sha256_update(&sum, sizeof(head->pct), (const uint8_t *)&head->pct);
	sha256_digest(&sum, SHA256_DIGEST_SIZE, out);
}
