/* frame, replay: what a worker says comes through, and what it cannot say does
 * not. */
#include "ingest/worker/frame.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/limits.h"
#include "ingest/worker/replay.h"
#include "tests/unit/unit.h"

/* A report of one record, and what its frames are made of. */
struct parts {
	struct auth_result dkim[1];
	const char *reasons[1];
	struct auth_profile profile;
	struct record record;
	struct bad_record bad;
	struct chunk chunk;
	struct report_head head;
	struct report_totals totals;
	struct mail_info mail;
	struct leaf leaf;
	bool no_chunk;
	bool twice;
};

static char domain[] = "example.jp";
static char org[] = "receiver.example";
static char id[] = "1";

static void
make(struct parts *p)
{
	*p = (struct parts){ 0 };
	p->dkim[0] = (struct auth_result){ .domain = domain, .result = "pass" };
	p->reasons[0] = "other";
	p->profile = (struct auth_profile){ .header_from = domain,
		.adkim = 'r',
		.aspf = 's',
		.eval_dkim = "pass",
		.dkim = p->dkim,
		.n_dkim = 1,
		.reasons = p->reasons,
		.n_reasons = 1 };
	p->record = (struct record){ .family = 4,
		.ip = { 192, 0, 2, 1 },
		.count = 3,
		.envelope_to = "example.com",
		.remarks = "reason: a\ndkim: b" };
	p->bad = (struct bad_record){ .number = 2,
		.reason = REASON_BAD_COUNT,
		.detail = "has no count",
		.fields = "count\t-1\n" };
	p->chunk = (struct chunk){ &p->profile, 1, &p->record, 1, &p->bad, 1 };
	p->head = (struct report_head){ .org_name = org,
		.report_id = id,
		.reporter = org,
		.policy_domain = domain,
		.begin = 1793491200,
		.end = 1793577599,
		.pct = 100 };
	p->totals = (struct report_totals){ .records = 2,
		.bad = 1,
		.messages = 3,
		.passes = 3 };
	p->mail = (struct mail_info){ .message_id = id, .date = 1793577600 };
	p->leaf = (struct leaf){ .kind = LEAF_REPORT,
		.part = "report.xml",
		.mail = &p->mail,
		.head = &p->head,
		.totals = &p->totals };
}

static void
put(struct buf *out, const struct parts *p)
{
	buf_init(out, SIZE_MAX / 2);
	if (!p->no_chunk)
		frame_chunk(out, &p->head, &p->chunk);
	frame_leaf(out, &p->leaf);
	if (p->twice)
		frame_leaf(out, &p->leaf);
	frame_done(out);
}

/* ---- reading ------------------------------------------------------------------ */

struct told {
	size_t chunks;
	size_t forgets;
	size_t leaves;
	size_t stop_after; /* calls */
	char first[64];    /* organizational domain of the first result */
	enum alignment alignment;
	unsigned char digest[32];
	char remarks[64];
	struct report_totals totals;
	struct diag diag;
};

static bool
goes_on(const struct told *t)
{
	return t->stop_after == 0 ||
	    t->chunks + t->forgets + t->leaves < t->stop_after;
}

static bool
on_chunk(void *ctx, const struct report_head *head, const struct chunk *c)
{
	struct told *t = ctx;

	t->chunks++;
	CHECK(head->policy_domain != NULL, "head");
	if (c->n_records > 0 && c->profiles[0].n_dkim > 0) {
		(void)snprintf(t->first, sizeof(t->first), "%s",
		    c->profiles[0].dkim[0].org_domain);
		t->alignment = c->profiles[0].dkim[0].alignment;
		memcpy(t->digest, c->profiles[0].digest, sizeof(t->digest));
		(void)snprintf(t->remarks, sizeof(t->remarks), "%s",
		    c->records[0].remarks);
	}
	return goes_on(t);
}

static void
on_forget(void *ctx)
{
	((struct told *)ctx)->forgets++;
}

static bool
on_leaf(void *ctx, const struct leaf *leaf)
{
	struct told *t = ctx;

	t->leaves++;
	if (leaf->totals != NULL)
		t->totals = *leaf->totals;
	t->diag = leaf->diag;
	return goes_on(t);
}

/* A copy of exactly these bytes. */
static enum replay_end
replay(const struct buf *b, struct told *told, struct diag *d)
{
	const struct decode_sink sink = { told, on_chunk, on_forget, on_leaf };
	struct replay *r = replay_new();
	char *copy = unit_exact(b->data, b->len);
	enum replay_end end = REPLAY_MORE;
	struct frame f;
	bool bad = false;
	size_t at = 0;

	*d = (struct diag){ 0 };
	replay_begin(r);
	while (end == REPLAY_MORE && !bad && at < b->len) {
		const size_t n = frame_look(copy + at, b->len - at, LIMIT_FRAME,
		    &f, &bad);

		if (n == 0)
			break;
		at += n;
		end = replay_frame(r, &f, &sink, d);
	}
	free(copy);
	replay_free(r);
	return bad ? REPLAY_BAD : end;
}

static void
comes_through(void)
{
	struct parts p;
	struct buf out;
	struct told told = { 0 };
	struct diag d;

	make(&p);
	put(&out, &p);
	CHECK_INT(replay(&out, &told, &d), REPLAY_DONE, "%s", d.text);
	CHECK_INT(told.chunks, 1, "chunks");
	CHECK_INT(told.leaves, 1, "leaves");
	CHECK_INT(told.totals.records, 2, "records");
	CHECK_INT(told.totals.bad, 1, "bad ones");
	CHECK_INT(told.totals.messages, 3, "messages");
	CHECK_INT(told.totals.passes, 3, "passes");
	CHECK_STR(told.remarks, "reason: a\ndkim: b", "remarks");
	buf_free(&out);
}

/* What follows from the rest is worked out here, whatever the worker says. */
static void
works_out_the_rest(void)
{
	struct parts p;
	struct buf out;
	struct told told = { 0 };
	struct told lied = { 0 };
	struct diag d;

	make(&p);
	put(&out, &p);
	CHECK_INT(replay(&out, &told, &d), REPLAY_DONE, "%s", d.text);
	buf_free(&out);
	CHECK_STR(told.first, "example.jp", "organizational domain");
	CHECK_INT(told.alignment, ALIGN_STRICT, "alignment");
	memset(p.profile.digest, 0xff, sizeof(p.profile.digest));
	p.dkim[0].org_domain = "somebody.else";
	p.dkim[0].alignment = ALIGN_NONE;
	put(&out, &p);
	CHECK_INT(replay(&out, &lied, &d), REPLAY_DONE, "%s", d.text);
	buf_free(&out);
	CHECK_STR(lied.first, "example.jp", "organizational domain");
	CHECK_INT(lied.alignment, ALIGN_STRICT, "alignment");
	CHECK(memcmp(told.digest, lied.digest, 32) == 0, "digest");
}

/* A leaf whose texts are n bytes long, again and again; how often it was told
 * before that was too much, 0: it never was. */
static size_t
leaves_until_bad(size_t n, enum leaf_kind kind)
{
	struct told told = { 0 };
	const struct decode_sink sink = { &told, on_chunk, on_forget, on_leaf };
	struct replay *r = replay_new();
	char *text = calloc(n + 1, 1);
	struct report_head head = { .pct = -1 };
	struct leaf leaf = { .kind = kind, .part = text, .head = &head };
	struct frame f;
	struct buf out;
	bool bad;
	size_t i = 0;
	enum replay_end end = REPLAY_MORE;

	if (text == NULL)
		abort();
	memset(text, 'x', n);
	head.org_name = text;
	(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_OTHER, "x");
	buf_init(&out, SIZE_MAX / 2);
	frame_leaf(&out, &leaf);
	CHECK(frame_look(out.data, out.len, LIMIT_FRAME, &f, &bad) == out.len,
	    "%zu", n);
	replay_begin(r);
	for (; end == REPLAY_MORE && i < 10000; i++) {
		struct diag d;

		end = replay_frame(r, &f, &sink, &d);
		if (end == REPLAY_BAD)
			CHECK_STR(d.text,
			    "worker protocol error: too much "
			    "text",
			    "%zu", n);
	}
	buf_free(&out);
	free(text);
	replay_free(r);
	return end == REPLAY_BAD ? i : 0;
}

/* Texts of leaves count as those of chunks do, for the item as a whole. */
static void
counts_all_texts(void)
{
	const size_t half = 2 * LIMIT_MIB;
	/* Two texts of 2 MiB each, and a little more. */
	const size_t want = LIMIT_REPLAYED_TEXT / (2 * half);

	CHECK_INT(leaves_until_bad(half, LEAF_BAD), want, "large ones");
	CHECK_INT(leaves_until_bad(1000, LEAF_BAD), 0, "small ones");
}

static void
stops_when_told(void)
{
	struct parts p;
	struct buf out;
	struct diag d;

	make(&p);
	put(&out, &p);
	for (size_t n = 1; n <= 2; n++) {
		struct told told = { .stop_after = n };

		/* An item of which a part would be kept is refused whole. */
		CHECK_INT(replay(&out, &told, &d), REPLAY_BAD, "%zu", n);
		CHECK_INT(d.code, DIAG_LIMIT, "%zu", n);
		CHECK_STR(reason_name(d.reason), "decoded_too_much", "%zu", n);
		CHECK_INT(told.chunks + told.leaves, n, "%zu", n);
	}
	buf_free(&out);
}

/* ---- what cannot be ------------------------------------------------------------- */

static char longest[LIMIT_KEY_TEXT + 2];
static struct bad_record many_bad[LIMIT_CHUNK_PROFILES + 1];

#define SPOIL(name, ...)                  \
	static void name(struct parts *p) \
	{                                 \
		__VA_ARGS__;              \
	}

SPOIL(negative_count, p->record.count = -1)
SPOIL(huge_count, p->record.count = LIMIT_COUNT + 1)
SPOIL(family, p->record.family = 5)
SPOIL(profile_number, p->record.profile = 1)
SPOIL(control_in_domain, p->record.envelope_to = "a\nb")
SPOIL(control_in_remarks, p->record.remarks = "a\tb")
SPOIL(no_utf8, p->profile.disposition = "\xc3\x28")
SPOIL(surrogate, p->profile.disposition = "\xed\xa0\x80")
SPOIL(long_domain, p->profile.header_from = longest)
SPOIL(empty_from, p->profile.header_from = "")
SPOIL(mode, p->profile.adkim = 'x')
SPOIL(empty_result, p->dkim[0] = (struct auth_result){ .qualifier = "s" })
SPOIL(no_reason, p->reasons[0] = NULL)
SPOIL(idle_profiles, p->chunk.n_records = 0)
SPOIL(too_many_bad, p->chunk.bad = many_bad; p->chunk.n_bad = ROWS(many_bad))
SPOIL(bad_number, p->bad.number = 0)
SPOIL(bad_reason, p->bad.reason = REASON_COUNT)
SPOIL(bad_fields, p->bad.fields = NULL)
SPOIL(pct, p->head.pct = 101)
SPOIL(quirks, p->head.quirks = QUIRK_BIT(QUIRK_COUNT))
SPOIL(begin, p->head.begin = -1)
SPOIL(end, p->head.end = LIMIT_EPOCH + 1)
SPOIL(no_reporter, p->head.reporter = NULL)
SPOIL(long_reporter, p->head.reporter = longest)
SPOIL(long_id, p->head.report_id = longest)
SPOIL(no_domain, p->head.policy_domain = NULL)
SPOIL(records, p->totals.records = 3)
SPOIL(bad_sum, p->totals.bad = 0)
SPOIL(messages, p->totals.messages = 4)
SPOIL(passes, p->totals.passes = 0)
SPOIL(no_records, p->no_chunk = true)
SPOIL(mail_date, p->mail.date = LIMIT_EPOCH + 1)
SPOIL(part, p->leaf.part = NULL)
SPOIL(kind, p->leaf.kind = LEAF_KINDS)
SPOIL(no_head, p->leaf.head = NULL)
SPOIL(bad_with_records, p->leaf.kind = LEAF_BAD;
      (void)diag_set(&p->leaf.diag, DIAG_FORMAT, REASON_OTHER, "x"))
SPOIL(code, p->no_chunk = true; p->leaf.kind = LEAF_BAD;
      (void)diag_set(&p->leaf.diag, DIAG_CONFIG, REASON_OTHER, "x"))
SPOIL(reason, p->no_chunk = true; p->leaf.kind = LEAF_BAD;
      (void)diag_set(&p->leaf.diag, DIAG_FORMAT, REASON_COUNT, "x"))
SPOIL(no_text, p->no_chunk = true; p->leaf.kind = LEAF_BAD;
      (void)diag_set(&p->leaf.diag, DIAG_FORMAT, REASON_OTHER, "%s", ""))
SPOIL(no_reports, p->no_chunk = true; p->leaf.kind = LEAF_NOT_REPORT;
      p->twice = true;
      (void)diag_set(&p->leaf.diag, DIAG_FORMAT, REASON_OTHER, "x"))

static const struct {
	const char *name;
	void (*spoil)(struct parts *p);
	const char *want;
} cannot[] = {
	{ "count < 0", negative_count, "count out of range" },
	{ "count too large", huge_count, "count out of range" },
	{ "family 5", family, "invalid address" },
	{ "profile that is not there", profile_number,
	    "profile index out of range" },
	{ "line end in a domain", control_in_domain, "invalid text" },
	{ "tab in remarks", control_in_remarks, "invalid text" },
	{ "no UTF-8", no_utf8, "invalid text" },
	{ "a surrogate", surrogate, "invalid text" },
	{ "long domain", long_domain, "invalid text length" },
	{ "header_from empty", empty_from, "header_from" },
	{ "mode x", mode, "invalid mode" },
	{ "result of nothing", empty_result, "invalid result" },
	{ "reason NULL", no_reason, "invalid reason" },
	{ "a profile without a record", idle_profiles,
	    "profile without a record" },
	{ "too many bad records", too_many_bad, "invalid size of a chunk" },
	{ "bad record 0", bad_number, "invalid record number" },
	{ "bad record's reason", bad_reason, "invalid bad record" },
	{ "bad record's fields", bad_fields, "invalid bad record" },
	{ "pct 101", pct, "invalid pct" },
	{ "quirk that is none", quirks, "invalid quirks" },
	{ "begin < 0", begin, "invalid begin" },
	{ "end after 9999", end, "invalid end" },
	{ "no reporter", no_reporter, "invalid reporter" },
	{ "long reporter", long_reporter, "invalid reporter" },
	{ "long report_id", long_id, "invalid report_id" },
	{ "no policy domain", no_domain, "invalid policy domain" },
	{ "one record more", records, "invalid number of records" },
	{ "one bad record less", bad_sum, "invalid number of records" },
	{ "one message more", messages, "invalid sums" },
	{ "passes that are none", passes, "invalid sums" },
	{ "records that did not come", no_records,
	    "invalid number of records" },
	{ "mail after 9999", mail_date, "a mail's date" },
	{ "no part", part, "invalid part" },
	{ "leaf of no kind", kind, "invalid document" },
	{ "report without a head", no_head, "invalid head" },
	{ "records of a bad report", bad_with_records,
	    "records without a report" },
	{ "the operator's mistake", code, "invalid error code" },
	{ "reason that is no code", reason, "invalid reason" },
	{ "reason without a text", no_text, "invalid reason" },
	{ "no report twice", no_reports, "invalid document that is no report" },
};

static void
believes_nothing(void)
{
	struct parts p;
	struct buf out;
	struct diag d;

	memset(longest, 'x', sizeof(longest) - 1);
	for (size_t i = 0; i < ROWS(many_bad); i++)
		many_bad[i] = (struct bad_record){ .number = 1,
			.reason = REASON_OTHER,
			.detail = "x",
			.fields = "" };
	for (size_t i = 0; i < ROWS(cannot); i++) {
		struct told told = { 0 };
		char want[200];

		make(&p);
		cannot[i].spoil(&p);
		put(&out, &p);
		(void)snprintf(want, sizeof(want), "worker protocol error: %s",
		    cannot[i].want);
		CHECK_INT(replay(&out, &told, &d), REPLAY_BAD, "%s",
		    cannot[i].name);
		CHECK_STR(d.text, want, "%s", cannot[i].name);
		buf_free(&out);
	}
}

/* Every byte of it becomes every other: nothing is read that is not there. */
static void
any_byte_may_be_another(void)
{
	struct parts p;
	struct buf out;
	struct diag d;

	make(&p);
	put(&out, &p);
	for (size_t i = 0; i < out.len; i++) {
		const char was = out.data[i];

		for (int bit = 0; bit < 8; bit++) {
			struct told told = { 0 };

			out.data[i] = (char)(was ^ (1 << bit));
			if (replay(&out, &told, &d) == REPLAY_BAD)
				continue;
			CHECK(told.chunks <= 1 && told.leaves <= 1, "%zu", i);
		}
		out.data[i] = was;
	}
	buf_free(&out);
}

/* Cut anywhere, it never ends. */
static void
cut_off_anywhere(void)
{
	struct parts p;
	struct buf out;
	struct diag d;

	make(&p);
	put(&out, &p);
	while (out.len > 1) {
		struct told told = { 0 };

		buf_truncate(&out, out.len - 1);
		CHECK_INT(replay(&out, &told, &d), REPLAY_MORE, "%zu", out.len);
	}
	buf_free(&out);
}

static void
looks_at_headers(void)
{
	static const struct {
		uint32_t type;
		uint32_t len;
		bool bad;
	} rows[] = {
		{ FRAME_DONE, 0, false },
		{ FRAME_LEAF, 100, false },
		{ FRAME_LEAF, 101, true },
		{ FRAME_LEAF, UINT32_MAX, true },
		{ 0, 0, true },
		{ FRAME_DONE + 1, 0, true },
		{ UINT32_MAX, 0, true },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct frame_header h = { rows[i].type, rows[i].len };
		char *copy = unit_exact(&h, sizeof(h));
		struct frame f;
		bool bad;
		const size_t n = frame_look(copy, sizeof(h), 100, &f, &bad);

		CHECK_INT(bad, rows[i].bad, "%zu", i);
		CHECK_INT(n, !bad && h.len == 0 ? sizeof(h) : 0, "%zu", i);
		CHECK_INT(frame_look(copy, sizeof(h) - 1, 100, &f, &bad), 0,
		    "%zu", i);
		CHECK(!bad, "%zu", i);
		free(copy);
	}
}

static CU_TestInfo tests[] = {
	{ "looks_at_headers", looks_at_headers },
	{ "comes_through", comes_through },
	{ "works_out_the_rest", works_out_the_rest },
	{ "counts_all_texts", counts_all_texts },
	{ "stops_when_told", stops_when_told },
	{ "believes_nothing", believes_nothing },
	{ "any_byte_may_be_another", any_byte_may_be_another },
	{ "cut_off_anywhere", cut_off_anywhere },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_frame_suites[] = {
	{ "frame", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
