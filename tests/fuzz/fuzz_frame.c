/*
 * frame: whatever a worker says, the sink is told only what decode() could
 * have said; and what decode() does say of these bytes comes through whole.
 */
#include "tests/fuzz/fuzz.h"

#include "common/buf.h"
#include "ingest/decode/decode.h"
#include "ingest/worker/frame.h"
#include "ingest/limits.h"
#include "ingest/worker/replay.h"

struct seen {
	struct report_totals sums; /* since the last leaf */
	size_t leaves;
	size_t calls;
	uint64_t mark; /* of all that was told, in order */
};

static struct replay *replay;
static struct profile_memo *memo; /* of all items */

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	decode_init();
	replay = replay_new();
	memo = profile_memo_new();
	return 0;
}

/* ---- what is told ------------------------------------------------------------- */

static void
note(struct seen *seen, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		seen->mark = (seen->mark ^ p[i]) * 1099511628211U;
}

static void
note_text(struct seen *seen, const char *s, const char *allowed)
{
	PROMISE(is_text(s, allowed));
	note(seen, s == NULL ? "-" : s, s == NULL ? 1 : strlen(s) + 1);
}

static void
note_results(struct seen *seen, const struct auth_result *r, size_t n)
{
	PROMISE(n <= LIMIT_RESULTS);
	for (size_t i = 0; i < n; i++) {
		PROMISE(r[i].domain != NULL || r[i].result != NULL);
		PROMISE((r[i].domain == NULL) == (r[i].org_domain == NULL));
		note_text(seen, r[i].domain, "");
		note_text(seen, r[i].qualifier, "");
		note_text(seen, r[i].result, "");
		note_text(seen, r[i].org_domain, "");
		note(seen, &r[i].alignment, sizeof(r[i].alignment));
	}
}

static void
note_profile(struct seen *seen, const struct auth_profile *p)
{
	PROMISE(p->header_from == NULL || p->header_from[0] != '\0');
	PROMISE((p->header_from == NULL) == (p->header_from_org == NULL));
	PROMISE(p->adkim == 'r' || p->adkim == 's');
	PROMISE(p->aspf == 'r' || p->aspf == 's');
	note(seen, p->digest, sizeof(p->digest));
	note_text(seen, p->header_from, "");
	note_text(seen, p->header_from_org, "");
	note_text(seen, p->envelope_from, "");
	note_text(seen, p->disposition, "");
	note_text(seen, p->eval_dkim, "");
	note_text(seen, p->eval_spf, "");
	note_results(seen, p->dkim, p->n_dkim);
	note_results(seen, p->spf, p->n_spf);
	for (size_t i = 0; i < p->n_reasons; i++) {
		PROMISE(p->reasons[i] != NULL);
		note_text(seen, p->reasons[i], "");
	}
}

static bool
is_pass(const struct auth_profile *p)
{
	return (p->eval_dkim != NULL && strcmp(p->eval_dkim, "pass") == 0) ||
	    (p->eval_spf != NULL && strcmp(p->eval_spf, "pass") == 0);
}

static void
note_record(struct seen *seen, const struct chunk *c, const struct record *r)
{
	PROMISE(r->profile < c->n_profiles);
	PROMISE(r->family == 0 || r->family == 4 || r->family == 6);
	PROMISE(r->count >= 0 && r->count <= LIMIT_COUNT);
	note(seen, r->ip, sizeof(r->ip));
	note(seen, &r->count, sizeof(r->count));
	note_text(seen, r->envelope_to, "");
	note_text(seen, r->remarks, "\n");
	note_profile(seen, &c->profiles[r->profile]);
	seen->sums.messages += r->count;
	if (is_pass(&c->profiles[r->profile]))
		seen->sums.passes += r->count;
}

static void
note_head(struct seen *seen, const struct report_head *head)
{
	struct report_head h = *head;

	PROMISE(h.n_errors <= LIMIT_ERRORS && h.pct >= -1 && h.pct <= 100);
	PROMISE(h.quirks < QUIRK_BIT(QUIRK_COUNT));
	for (int i = 0; i < HEAD_TEXTS; i++)
		note_text(seen, *head_text(&h, (enum head_text)i), "");
	for (size_t i = 0; i < h.n_errors; i++)
		note_text(seen, h.errors[i], "");
	note(seen, &h.begin, sizeof(h.begin));
	note(seen, &h.end, sizeof(h.end));
	note(seen, &h.quirks, sizeof(h.quirks));
	note(seen, &h.pct, sizeof(h.pct));
	note(seen, &h.rfc9990, sizeof(h.rfc9990));
	note(seen, &h.kind, sizeof(h.kind));
}

static bool
on_chunk(void *ctx, const struct report_head *head, const struct chunk *c)
{
	struct seen *seen = ctx;

	PROMISE(head->policy_domain != NULL);
	PROMISE(c->n_records <= LIMIT_CHUNK_RECORDS);
	note_head(seen, head);
	for (size_t i = 0; i < c->n_records; i++)
		note_record(seen, c, &c->records[i]);
	for (size_t i = 0; i < c->n_bad; i++) {
		PROMISE(
		    c->bad[i].number > 0 && c->bad[i].reason != REASON_NONE);
		note_text(seen, reason_name(c->bad[i].reason), "");
		note_text(seen, c->bad[i].detail, "");
		note_text(seen, c->bad[i].fields, "\n\t");
	}
	seen->sums.records += (int64_t)(c->n_records + c->n_bad);
	seen->sums.bad += (int64_t)c->n_bad;
	seen->calls++;
	return true;
}

static void
on_forget(void *ctx)
{
	struct seen *seen = ctx;

	seen->sums = (struct report_totals){ 0 };
	seen->calls++;
}

static void
note_tls(struct seen *seen, const struct tls_report *t)
{
	const char **texts[TLS_FAILURE_TEXTS];

	PROMISE(t->policies->len > 0 &&
	    t->policies->len <= LIMIT_TLS_POLICIES &&
	    t->failures->len <= LIMIT_TLS_FAILURES);
	for (size_t i = 0; i < t->policies->len; i++) {
		struct tls_policy p = *tls_report_policy(t, i);

		PROMISE(
		    p.domain != NULL && p.successes >= 0 && p.failures >= 0);
		tls_policy_texts(&p, texts);
		for (size_t k = 0; k < TLS_POLICY_TEXTS; k++)
			note_text(seen, *texts[k], "\n");
		note(seen, &p.successes, sizeof(p.successes));
		note(seen, &p.failures, sizeof(p.failures));
	}
	for (size_t i = 0; i < t->failures->len; i++) {
		struct tls_failure f = *tls_report_failure(t, i);

		PROMISE(f.policy < t->policies->len && f.sessions >= -1);
		tls_failure_texts(&f, texts);
		for (size_t k = 0; k < TLS_FAILURE_TEXTS; k++)
			note_text(seen, *texts[k], "");
		note(seen, &f.policy, sizeof(f.policy));
		note(seen, &f.sessions, sizeof(f.sessions));
	}
}

static void
check_report(const struct seen *seen, const struct leaf *leaf)
{
	const struct report_head *h = leaf->head;
	const struct report_totals *t = leaf->totals;

	PROMISE(h != NULL && t != NULL);
	PROMISE(t->records == seen->sums.records && t->bad == seen->sums.bad);
	PROMISE(t->messages == seen->sums.messages);
	PROMISE(t->passes == seen->sums.passes && t->passes <= t->messages);
	PROMISE(h->reporter != NULL && strlen(h->reporter) <= LIMIT_KEY_TEXT);
	PROMISE(h->policy_domain != NULL && h->policy_domain[0] != '\0');
	PROMISE(h->begin >= 0 && h->begin <= LIMIT_EPOCH);
	PROMISE(h->end >= 0 && h->end <= LIMIT_EPOCH);
}

static void
note_failure(struct seen *seen, const struct failure_report *f)
{
	PROMISE(f->incidents >= 1 && f->incidents <= LIMIT_COUNT);
	PROMISE(f->arrival >= 0 && f->arrival <= LIMIT_EPOCH);
	note(seen, &f->incidents, sizeof(f->incidents));
	note(seen, &f->arrival, sizeof(f->arrival));
	for (int i = 0; i < FAILURE_TEXTS; i++) {
		PROMISE(f->texts[i] == NULL ||
		    strlen(f->texts[i]) <= LIMIT_FAILURE_TEXT);
		note_text(seen, f->texts[i], "");
	}
}

static bool
on_leaf(void *ctx, const struct leaf *leaf)
{
	struct seen *seen = ctx;

	PROMISE(leaf->kind <= LEAF_NOT_REPORT && leaf->part != NULL);
	note_text(seen, leaf->part, "");
	if (leaf->mail != NULL) {
		note_text(seen, leaf->mail->message_id, "");
		note_text(seen, leaf->mail->from, "");
		note_text(seen, leaf->mail->auth_results, "\n");
		note(seen, &leaf->mail->date, sizeof(leaf->mail->date));
	}
	if (leaf->head != NULL)
		note_head(seen, leaf->head);
	if (leaf->kind == LEAF_REPORT) {
		check_report(seen, leaf);
		note(seen, leaf->totals->content_hash, 32);
		PROMISE(
		    (leaf->tls != NULL) == (leaf->head->kind == REPORT_TLS));
		if (leaf->tls != NULL)
			note_tls(seen, leaf->tls);
	} else if (leaf->kind == LEAF_FAILURE) {
		PROMISE(seen->sums.records == 0);
		note_failure(seen, leaf->failure);
	} else {
		PROMISE(seen->sums.records == 0);
		PROMISE(leaf->diag.code == DIAG_FORMAT ||
		    leaf->diag.code == DIAG_LIMIT);
		note_text(seen, reason_name(leaf->diag.reason), "");
		note_text(seen, leaf->diag.text, "");
	}
	seen->sums = (struct report_totals){ 0 };
	seen->leaves++;
	seen->calls++;
	return true;
}

static struct decode_sink
sink_of(struct seen *seen)
{
	return (struct decode_sink){ seen, on_chunk, on_forget, on_leaf };
}

/* ---- the two ways ---------------------------------------------------------------- */

/* Frames, to their end or to the first that cannot be. */
static enum replay_end
replay_all(char *bytes, size_t size, struct seen *seen)
{
	const struct decode_sink sink = sink_of(seen);
	enum replay_end end = REPLAY_MORE;
	struct frame f;
	struct diag d = { 0 };
	bool bad = false;
	size_t at = 0;
	size_t n;

	replay_begin(replay);
	while (end == REPLAY_MORE &&
	    (n = frame_look(bytes + at, size - at, LIMIT_FRAME, &f, &bad)) >
		0) {
		PROMISE(n <= size - at);
		at += n;
		end = replay_frame(replay, &f, &sink, &d);
	}
	PROMISE(end != REPLAY_BAD || d.text[0] != '\0');
	PROMISE(end != REPLAY_DONE || seen->leaves > 0);
	return bad ? REPLAY_BAD : end;
}

/* The same bytes as frames, which they may be. */
static void
as_frames(const uint8_t *data, size_t size)
{
	char *copy = malloc(size == 0 ? 1 : size);
	struct seen seen = { 0 };

	PROMISE(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	(void)replay_all(copy, size, &seen);
	free(copy);
}

static bool
put_chunk(void *ctx, const struct report_head *head, const struct chunk *c)
{
	frame_chunk(ctx, head, c);
	return true;
}

static void
put_forget(void *ctx)
{
	frame_forget(ctx);
}

static bool
put_leaf(void *ctx, const struct leaf *leaf)
{
	frame_leaf(ctx, leaf);
	return true;
}

/* As an item: told directly and by way of frames it is the same, whatever
 * items came before. */
static void
as_item(const uint8_t *data, size_t size)
{
	struct seen direct = { 0 };
	struct seen framed = { 0 };
	struct profile_memo *fresh = profile_memo_new();
	const struct decode_sink sink = sink_of(&direct);
	struct buf out;
	const struct decode_sink put = { &out, put_chunk, put_forget,
		put_leaf };

	buf_init(&out, SIZE_MAX / 2);
	decode(memo, data, size, &sink);
	decode(fresh, data, size, &put);
	profile_memo_free(fresh);
	frame_done(&out);
	PROMISE(replay_all(out.data, out.len, &framed) == REPLAY_DONE);
	PROMISE(direct.calls == framed.calls && direct.mark == framed.mark);
	buf_free(&out);
}

/* Frames of an item, with a few bytes that are others. */
static void
as_damaged(const uint8_t *data, size_t size)
{
	struct seen seen = { 0 };
	struct buf out;
	struct buf damaged;
	const struct decode_sink put = { &out, put_chunk, put_forget,
		put_leaf };

	buf_init(&out, SIZE_MAX / 2);
	buf_init(&damaged, SIZE_MAX / 2);
	decode(memo, data, size, &put);
	frame_done(&out);
	note(&seen, data, size);
	for (int i = 0; i < 8; i++) {
		const uint64_t dice = seen.mark;

		buf_truncate(&damaged, 0);
		(void)buf_append(&damaged, out.data, out.len);
		for (unsigned k = 0; k < 1 + dice % 3; k++) {
			note(&seen, &k, sizeof(k));
			damaged.data[seen.mark % out.len] = (char)(dice >> 8);
		}
		seen = (struct seen){ .mark = seen.mark };
		(void)replay_all(damaged.data, damaged.len, &seen);
	}
	buf_free(&damaged);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	as_frames(data, size);
	as_damaged(data, size);
	as_item(data, size);
	return 0;
}
