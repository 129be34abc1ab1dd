/* replay: validates a worker's output and passes it to a sink. */
#include "ingest/worker/replay.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"
#include "ingest/worker/cursor.h"
#include "ingest/worker/checked_profile.h"
#include "ingest/worker/replay_failure.h"
#include "ingest/worker/replay_tls.h"
#include "ingest/limits.h"

/* A text that is bounded only by its frame, such as the fields of a bad record.
 */
#define ANY LIMIT_FRAME

struct replay {
	struct checked_profiles *known;
	GArray *profiles; /* struct auth_profile, of the chunk at hand */
	GArray *records;
	GArray *bad;
	struct report_totals sums; /* since the last leaf */
	size_t text;               /* bytes of all frames of the item */
	int64_t records_of_item;
	size_t leaves;
	bool is_no_report; /* the worker reported that */
	bool is_odd;       /* see replay_was_odd() */
	bool stopped;      /* the sink wants no more */
};

struct replay *
replay_new(void)
{
	struct replay *r = mem_calloc(1, sizeof(*r));

	r->known = checked_profiles_new();
	r->profiles = g_array_new(FALSE, FALSE, sizeof(struct auth_profile));
	r->records = g_array_new(FALSE, FALSE, sizeof(struct record));
	r->bad = g_array_new(FALSE, FALSE, sizeof(struct bad_record));
	return r;
}

void
replay_free(struct replay *r)
{
	if (r == NULL)
		return;
	checked_profiles_free(r->known);
	g_array_free(r->profiles, TRUE);
	g_array_free(r->records, TRUE);
	g_array_free(r->bad, TRUE);
	free(r);
}

void
replay_begin(struct replay *r)
{
	r->sums = (struct report_totals){ 0 };
	r->text = 0;
	r->records_of_item = 0;
	r->leaves = 0;
	r->is_no_report = false;
	r->is_odd = false;
	r->stopped = false;
}

/* ---- the head ---------------------------------------------------------------- */

static bool
is_reason(uint32_t n)
{
	return n > REASON_NONE && n < REASON_COUNT;
}

/* The texts stay the frame's. */
static void
read_head(struct cursor *c, struct report_head *h)
{
	struct frame_head f;

	*h = (struct report_head){ .pct = -1 };
	cursor_take(c, &f, sizeof(f));
	cursor_want(c, f.pct >= -1 && f.pct <= 100, "invalid pct");
	cursor_want(c, f.quirks < QUIRK_BIT(QUIRK_COUNT), "invalid quirks");
	cursor_want(c, f.rfc9990 <= 1, "invalid dialect");
	cursor_want(c, f.n_errors <= LIMIT_ERRORS, "invalid number of errors");
	cursor_want(c, f.kind <= REPORT_TLS, "invalid kind of a report");
	if (cursor_failed(c))
		return;
	h->kind = (enum report_kind)f.kind;
	h->begin = f.begin;
	h->end = f.end;
	h->quirks = f.quirks;
	h->pct = f.pct;
	h->rfc9990 = f.rfc9990 == 1;
	for (int i = 0; i < HEAD_TEXTS; i++)
		*head_text(h, (enum head_text)i) = cursor_text(c, ANY, "");
	for (h->n_errors = 0; h->n_errors < f.n_errors; h->n_errors++)
		h->errors[h->n_errors] = cursor_text(c, ANY, "");
}

static bool
fits(const char *s, size_t max)
{
	return s == NULL || strlen(s) <= max;
}

/* What the head of a stored report must have. */
static void
want_whole_head(struct cursor *c, const struct report_head *h)
{
	cursor_want(c, h->begin >= 0 && h->begin <= LIMIT_EPOCH,
	    "invalid begin");
	cursor_want(c, h->end >= 0 && h->end <= LIMIT_EPOCH, "invalid end");
	cursor_want(c, h->reporter != NULL && fits(h->reporter, LIMIT_KEY_TEXT),
	    "invalid reporter");
	cursor_want(c, fits(h->report_id, LIMIT_KEY_TEXT), "invalid report_id");
	cursor_want(c,
	    h->policy_domain != NULL && h->policy_domain[0] != '\0' &&
		fits(h->policy_domain, LIMIT_DOMAIN),
	    "invalid policy domain");
	for (size_t i = 0; i < h->n_errors; i++)
		cursor_want(c, h->errors[i] != NULL, "invalid error");
}

/* ---- chunks ------------------------------------------------------------------ */

static bool
is_pass(const char *s)
{
	return s != NULL && strcmp(s, "pass") == 0;
}

static void
read_record(struct replay *r, struct cursor *c)
{
	struct frame_record f;
	struct record record = { 0 };
	const struct auth_profile *p;

	cursor_take(c, &f, sizeof(f));
	cursor_want(c, f.profile < r->profiles->len,
	    "profile index out of range");
	cursor_want(c, f.family == 0 || f.family == 4 || f.family == 6,
	    "invalid address");
	cursor_want(c,
	    f.count >= 0 && f.count <= LIMIT_COUNT &&
		f.count <= LIMIT_REPORT_MESSAGES - r->sums.messages,
	    "count out of range");
	record.profile = f.profile;
	record.family = f.family;
	record.count = f.count;
	memcpy(record.ip, f.ip, sizeof(record.ip));
	if (f.has_envelope_to)
		record.envelope_to = cursor_text(c, LIMIT_DOMAIN, "");
	if (f.has_remarks)
		record.remarks = cursor_text(c, ANY, "\n");
	if (cursor_failed(c))
		return;
	p = &g_array_index(r->profiles, struct auth_profile, record.profile);
	r->sums.messages += record.count;
	if (is_pass(p->eval_dkim) || is_pass(p->eval_spf))
		r->sums.passes += record.count;
	g_array_append_val(r->records, record);
}

static void
read_bad(struct replay *r, struct cursor *c)
{
	struct frame_bad f;
	struct bad_record bad = { 0 };

	cursor_take(c, &f, sizeof(f));
	cursor_want(c, f.number > 0, "invalid record number");
	bad.detail = cursor_text(c, ANY, "");
	bad.fields = cursor_text(c, ANY, "\n\t");
	cursor_want(c,
	    is_reason(f.reason) && bad.detail != NULL && bad.fields != NULL,
	    "invalid bad record");
	if (cursor_failed(c))
		return;
	bad.number = f.number;
	bad.reason = (enum reason)f.reason;
	g_array_append_val(r->bad, bad);
}

static void
read_lists(struct replay *r, struct cursor *c)
{
	struct frame_chunk_counts n;

	g_array_set_size(r->profiles, 0);
	g_array_set_size(r->records, 0);
	g_array_set_size(r->bad, 0);
	checked_profiles_trim(r->known);
	cursor_take(c, &n, sizeof(n));
	cursor_want(c,
	    n.profiles <= LIMIT_CHUNK_PROFILES &&
		n.records <= LIMIT_CHUNK_RECORDS &&
		n.bad <= LIMIT_CHUNK_PROFILES,
	    "invalid size of a chunk");
	/* A profile travels with the first record that has it. */
	cursor_want(c, n.profiles <= n.records, "profile without a record");
	for (uint32_t i = 0; i < n.profiles && !cursor_failed(c); i++) {
		const struct auth_profile *p = checked_profiles_take(r->known,
		    c);

		if (p != NULL)
			g_array_append_vals(r->profiles, p, 1);
	}
	for (uint32_t i = 0; i < n.records && !cursor_failed(c); i++)
		read_record(r, c);
	for (uint32_t i = 0; i < n.bad && !cursor_failed(c); i++)
		read_bad(r, c);
}

/* Bounds of an item and of a report. */
static void
add_up(struct replay *r, struct cursor *c)
{
	const int64_t n = (int64_t)r->records->len + (int64_t)r->bad->len;

	r->sums.records += n;
	r->sums.bad += (int64_t)r->bad->len;
	r->records_of_item += n;
	/* The fixed part of a record is not text. */
	r->text -= r->records->len * sizeof(struct frame_record);
	cursor_want(c, r->sums.bad <= LIMIT_BAD_RECORDS,
	    "invalid number of bad records");
	cursor_want(c, r->records_of_item <= LIMIT_REPLAYED_RECORDS,
	    "invalid number of records");
}

static void
on_chunk(struct replay *r, struct cursor *c, const struct decode_sink *sink)
{
	struct report_head head;
	struct chunk chunk;

	read_head(c, &head);
	want_whole_head(c, &head);
	read_lists(r, c);
	add_up(r, c);
	cursor_want(c, cursor_left(c) == 0, "invalid length of a chunk");
	if (cursor_failed(c) || r->stopped)
		return;
	chunk = (struct chunk){
		.profiles = (struct auth_profile *)(void *)r->profiles->data,
		.n_profiles = r->profiles->len,
		.records = (struct record *)(void *)r->records->data,
		.n_records = r->records->len,
		.bad = (struct bad_record *)(void *)r->bad->data,
		.n_bad = r->bad->len,
	};
	r->stopped = !sink->chunk(sink->ctx, &head, &chunk);
}

static void
forget_sums(struct replay *r)
{
	r->records_of_item -= r->sums.records;
	r->sums = (struct report_totals){ 0 };
}

static void
on_forget(struct replay *r, struct cursor *c, const struct decode_sink *sink)
{
	cursor_want(c, cursor_left(c) == 0, "invalid length of a frame");
	forget_sums(r);
	if (!cursor_failed(c) && !r->stopped)
		sink->forget(sink->ctx);
}

/* ---- leaves ------------------------------------------------------------------ */

/* The sums of a report must be those of its records. */
static void
read_totals(const struct replay *r, struct cursor *c,
    const struct frame_leaf *f, struct report_totals *t)
{
	*t = r->sums;
	cursor_want(c, f->has_totals == 1 && f->salvaged <= 1,
	    "invalid totals");
	cursor_want(c, f->records == t->records && f->bad == t->bad,
	    "invalid number of records");
	cursor_want(c, f->messages == t->messages && f->passes == t->passes,
	    "invalid sums");
	t->salvaged = f->salvaged == 1;
	memcpy(t->content_hash, f->content_hash, sizeof(t->content_hash));
}

static void
read_mail(struct cursor *c, const struct frame_leaf *f, struct mail_info *mail)
{
	cursor_want(c, f->has_mail <= 1, "invalid mail");
	cursor_want(c,
	    f->mail_date >= LIMIT_EPOCH_LEAST && f->mail_date <= LIMIT_EPOCH,
	    "a mail's date");
	*mail = (struct mail_info){ .date = f->mail_date };
	mail->message_id = cursor_text(c, ANY, "");
	mail->from = cursor_text(c, ANY, "");
	mail->auth_results = cursor_text(c, LIMIT_AUTH_TEXT, "\n");
}

static void
read_reason(struct cursor *c, const struct frame_leaf *f, struct diag *d)
{
	const char *text = cursor_text(c, sizeof(d->text) - 1, "");

	if (f->kind == LEAF_REPORT || f->kind == LEAF_FAILURE)
		return;
	cursor_want(c, f->code == DIAG_FORMAT || f->code == DIAG_LIMIT,
	    "invalid error code");
	cursor_want(c, is_reason(f->reason) && text != NULL && text[0] != '\0',
	    "invalid reason");
	if (!cursor_failed(c))
		(void)diag_set(d, (enum diag_code)f->code,
		    (enum reason)f->reason, "%s", text);
}

/* The order of leaves must be the one that decode() promises. */
static void
want_order(struct replay *r, struct cursor *c, enum leaf_kind kind)
{
	cursor_want(c, r->leaves <= LIMIT_DOCUMENTS,
	    "invalid number of documents");
	cursor_want(c,
	    !r->is_no_report && (kind != LEAF_NOT_REPORT || r->leaves == 0),
	    "invalid document that is no report");
	cursor_want(c, kind == LEAF_REPORT || r->sums.records == 0,
	    "records without a report");
	r->is_no_report = kind == LEAF_NOT_REPORT;
	r->is_odd = r->is_odd || kind == LEAF_BAD || kind == LEAF_MISSING;
	r->leaves++;
}

static void
on_leaf(struct replay *r, struct cursor *c, const struct decode_sink *sink)
{
	struct frame_leaf f;
	struct mail_info mail = { 0 };
	struct report_head head = { .pct = -1 };
	struct report_totals totals = { 0 };
	struct tls_report tls = { 0 };
	struct failure_report failure = { 0 };
	struct leaf leaf = { .kind = LEAF_NOT_REPORT };

	cursor_take(c, &f, sizeof(f));
	cursor_want(c, f.kind < LEAF_KINDS && f.has_head <= 1,
	    "invalid document");
	leaf.kind = (enum leaf_kind)f.kind;
	leaf.part = cursor_text(c, ANY, "");
	cursor_want(c, leaf.part != NULL, "invalid part");
	read_mail(c, &f, &mail);
	read_reason(c, &f, &leaf.diag);
	if (f.has_head)
		read_head(c, &head);
	if (leaf.kind == LEAF_REPORT) {
		cursor_want(c, f.has_head == 1, "invalid head");
		want_whole_head(c, &head);
		read_totals(r, c, &f, &totals);
		r->is_odd = r->is_odd || totals.salvaged || totals.bad > 0;
	}
	cursor_want(c,
	    f.has_tls ==
		(leaf.kind == LEAF_REPORT && head.kind == REPORT_TLS ? 1 : 0),
	    "a TLS report where there is none");
	cursor_want(c, f.has_tls == 0 || totals.records == 0,
	    "records of a TLS report");
	if (f.has_tls == 1)
		replay_tls(c, &tls);
	cursor_want(c, f.has_failure == (leaf.kind == LEAF_FAILURE ? 1 : 0),
	    "a failure report where there is none");
	if (f.has_failure == 1)
		replay_failure(c, &failure);
	want_order(r, c, leaf.kind);
	cursor_want(c, cursor_left(c) == 0, "invalid length of a leaf");
	leaf.mail = f.has_mail ? &mail : NULL;
	leaf.head = f.has_head ? &head : NULL;
	leaf.totals = leaf.kind == LEAF_REPORT ? &totals : NULL;
	leaf.tls = f.has_tls ? &tls : NULL;
	leaf.failure = f.has_failure ? &failure : NULL;
	r->sums = (struct report_totals){ 0 };
	if (!cursor_failed(c) && !r->stopped)
		r->stopped = !sink->leaf(sink->ctx, &leaf);
	tls_report_clear(&tls);
}

/* ---- all of it ---------------------------------------------------------------- */

bool
replay_was_odd(const struct replay *r)
{
	return r->is_odd;
}

static enum replay_end
say_bad(const struct replay *r, const struct cursor *c, struct diag *d)
{
	if (r->stopped)
		(void)diag_set(d, DIAG_LIMIT, REASON_DECODED_TOO_MUCH,
		    "what it holds takes over %lu MiB of memory",
		    LIMIT_HELD / LIMIT_MIB);
	else
		(void)diag_set(d, DIAG_FORMAT, REASON_DECODER_GARBLED,
		    "worker protocol error: %s", c->wrong);
	return REPLAY_BAD;
}

enum replay_end
replay_frame(struct replay *r, const struct frame *f,
    const struct decode_sink *sink, struct diag *d)
{
	struct cursor c = cursor_over(f->body, f->len);
	enum replay_end end = REPLAY_MORE;

	r->text += sizeof(struct frame_header) + f->len;
	switch (f->type) {
	case FRAME_CHUNK:
		on_chunk(r, &c, sink);
		break;
	case FRAME_FORGET:
		on_forget(r, &c, sink);
		break;
	case FRAME_LEAF:
		on_leaf(r, &c, sink);
		break;
	case FRAME_DONE:
		cursor_want(&c, f->len == 0, "invalid length of a frame");
		cursor_want(&c, r->leaves > 0, "item without a document");
		cursor_want(&c, r->sums.records == 0,
		    "records without a report");
		end = REPLAY_DONE;
		break;
	default:
		cursor_want(&c, false, "invalid frame");
		break;
	}
	cursor_want(&c, r->text <= LIMIT_REPLAYED_TEXT, "too much text");
	return r->stopped || cursor_failed(&c) ? say_bad(r, &c, d) : end;
}
