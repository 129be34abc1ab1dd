/* frame: the protocol between a worker and its parent, over two pipes. */
#include "ingest/worker/frame.h"

#include <string.h>

size_t
frame_look(void *bytes, size_t len, size_t most, struct frame *f, bool *bad)
{
	struct frame_header h;

	*bad = false;
	if (len < sizeof(h))
		return 0;
	memcpy(&h, bytes, sizeof(h));
	*bad = h.type < FRAME_ITEM || h.type >= FRAME_TYPES || h.len > most;
	if (*bad || len - sizeof(h) < h.len)
		return 0;
	*f = (struct frame){ (enum frame_type)h.type, (char *)bytes + sizeof(h),
		h.len };
	return sizeof(h) + h.len;
}

/* ---- a frame --------------------------------------------------------------- */

/* The place of the header, whose length is filled in at the end. */
static size_t
begin(struct buf *out, enum frame_type type)
{
	const struct frame_header h = { .type = (uint32_t)type };
	const size_t mark = out->len;

	(void)buf_append(out, &h, sizeof(h));
	return mark;
}

static void
end(struct buf *out, size_t mark)
{
	const uint32_t len = (uint32_t)(out->len - mark -
	    sizeof(struct frame_header));

	memcpy(out->data + mark + offsetof(struct frame_header, len), &len,
	    sizeof(len));
}

static void
put_text(struct buf *out, const char *s)
{
	const size_t n = s == NULL ? 0 : strlen(s) + 1;
	const uint32_t len = (uint32_t)n;

	(void)buf_append(out, &len, sizeof(len));
	if (s != NULL)
		(void)buf_append(out, s, n);
}

void
frame_ready(struct buf *out, uint64_t size)
{
	const size_t mark = begin(out, FRAME_READY);

	(void)buf_append(out, &size, sizeof(size));
	end(out, mark);
}

void
frame_failed(struct buf *out, const struct diag *why)
{
	const size_t mark = begin(out, FRAME_FAILED);

	put_text(out, why->text);
	end(out, mark);
}

void
frame_forget(struct buf *out)
{
	end(out, begin(out, FRAME_FORGET));
}

void
frame_done(struct buf *out)
{
	end(out, begin(out, FRAME_DONE));
}

/* ---- the head --------------------------------------------------------------- */

static void
put_head(struct buf *out, const struct report_head *head)
{
	struct report_head h = *head;
	const struct frame_head f = { .begin = h.begin,
		.end = h.end,
		.quirks = h.quirks,
		.pct = h.pct,
		.n_errors = (uint32_t)h.n_errors,
		.rfc9990 = h.rfc9990,
		.kind = (uint32_t)h.kind };

	(void)buf_append(out, &f, sizeof(f));
	for (int i = 0; i < HEAD_TEXTS; i++)
		put_text(out, *head_text(&h, (enum head_text)i));
	for (size_t i = 0; i < h.n_errors; i++)
		put_text(out, h.errors[i]);
}

/* ---- chunks ------------------------------------------------------------------ */

static void
put_results(struct buf *out, const struct auth_result *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		put_text(out, r[i].domain);
		put_text(out, r[i].qualifier);
		put_text(out, r[i].result);
	}
}

static void
put_profile(struct buf *out, const struct auth_profile *p)
{
	const size_t mark = out->len;
	struct frame_profile f = { .n_dkim = (uint32_t)p->n_dkim,
		.n_spf = (uint32_t)p->n_spf,
		.n_reasons = (uint32_t)p->n_reasons,
		.adkim = p->adkim,
		.aspf = p->aspf,
		.arc_pass = p->arc_pass ? 1 : 0 };

	(void)buf_append(out, &f, sizeof(f));
	put_text(out, p->header_from);
	put_text(out, p->envelope_from);
	put_text(out, p->disposition);
	put_text(out, p->eval_dkim);
	put_text(out, p->eval_spf);
	put_results(out, p->dkim, p->n_dkim);
	put_results(out, p->spf, p->n_spf);
	for (size_t i = 0; i < p->n_reasons; i++)
		put_text(out, p->reasons[i]);
	f.len = (uint32_t)(out->len - mark);
	memcpy(out->data + mark, &f, sizeof(f));
}

static void
put_record(struct buf *out, const struct record *r)
{
	struct frame_record f = { .count = r->count,
		.profile = r->profile,
		.family = r->family,
		.has_envelope_to = r->envelope_to != NULL,
		.has_remarks = r->remarks != NULL };

	memcpy(f.ip, r->ip, sizeof(f.ip));
	(void)buf_append(out, &f, sizeof(f));
	if (r->envelope_to != NULL)
		put_text(out, r->envelope_to);
	if (r->remarks != NULL)
		put_text(out, r->remarks);
}

static void
put_bad(struct buf *out, const struct bad_record *bad)
{
	const struct frame_bad f = { .number = bad->number,
		.reason = (uint32_t)bad->reason };

	(void)buf_append(out, &f, sizeof(f));
	put_text(out, bad->detail);
	put_text(out, bad->fields);
}

void
frame_chunk(struct buf *out, const struct report_head *head,
    const struct chunk *c)
{
	const size_t mark = begin(out, FRAME_CHUNK);
	const struct frame_chunk_counts n = { (uint32_t)c->n_profiles,
		(uint32_t)c->n_records, (uint32_t)c->n_bad };

	put_head(out, head);
	(void)buf_append(out, &n, sizeof(n));
	for (size_t i = 0; i < c->n_profiles; i++)
		put_profile(out, &c->profiles[i]);
	for (size_t i = 0; i < c->n_records; i++)
		put_record(out, &c->records[i]);
	for (size_t i = 0; i < c->n_bad; i++)
		put_bad(out, &c->bad[i]);
	end(out, mark);
}

/* ---- leaves ------------------------------------------------------------------- */

static void
fill_totals(struct frame_leaf *f, const struct report_totals *t)
{
	f->has_totals = 1;
	f->records = t->records;
	f->bad = t->bad;
	f->messages = t->messages;
	f->passes = t->passes;
	f->salvaged = t->salvaged;
	memcpy(f->content_hash, t->content_hash, sizeof(f->content_hash));
}

static void
put_tls_policy(struct buf *out, const struct tls_policy *policy)
{
	struct tls_policy p = *policy;
	const struct frame_tls_policy f = { p.successes, p.failures };
	const char **texts[TLS_POLICY_TEXTS];

	(void)buf_append(out, &f, sizeof(f));
	tls_policy_texts(&p, texts);
	for (size_t i = 0; i < TLS_POLICY_TEXTS; i++)
		put_text(out, *texts[i]);
}

static void
put_tls_failure(struct buf *out, const struct tls_failure *failure)
{
	struct tls_failure t = *failure;
	const struct frame_tls_failure f = { t.sessions, t.policy, 0 };
	const char **texts[TLS_FAILURE_TEXTS];

	(void)buf_append(out, &f, sizeof(f));
	tls_failure_texts(&t, texts);
	for (size_t i = 0; i < TLS_FAILURE_TEXTS; i++)
		put_text(out, *texts[i]);
}

static void
put_tls(struct buf *out, const struct tls_report *t)
{
	const struct frame_tls f = { t->policies->len, t->failures->len };

	(void)buf_append(out, &f, sizeof(f));
	for (size_t i = 0; i < f.policies; i++)
		put_tls_policy(out, tls_report_policy(t, i));
	for (size_t i = 0; i < f.failures; i++)
		put_tls_failure(out, tls_report_failure(t, i));
}

static void
put_failure(struct buf *out, const struct failure_report *failure)
{
	const struct frame_failure f = { failure->arrival, failure->incidents };

	(void)buf_append(out, &f, sizeof(f));
	for (int i = 0; i < FAILURE_TEXTS; i++)
		put_text(out, failure->texts[i]);
}

void
frame_leaf(struct buf *out, const struct leaf *leaf)
{
	const bool good = leaf->kind == LEAF_REPORT;
	const bool read = good || leaf->kind == LEAF_FAILURE;
	const struct mail_info *mail = leaf->mail;
	const size_t mark = begin(out, FRAME_LEAF);
	struct frame_leaf f = { .kind = (uint32_t)leaf->kind,
		.code = read ? DIAG_OK : (uint32_t)leaf->diag.code,
		.reason = read ? REASON_NONE : (uint32_t)leaf->diag.reason,
		.has_head = leaf->head != NULL,
		.has_mail = mail != NULL,
		.has_tls = leaf->tls != NULL,
		.has_failure = leaf->failure != NULL,
		.mail_date = mail == NULL ? 0 : mail->date };

	/* The sums of a bad report are not sent. */
	if (good)
		fill_totals(&f, leaf->totals);
	(void)buf_append(out, &f, sizeof(f));
	put_text(out, leaf->part);
	put_text(out, mail == NULL ? NULL : mail->message_id);
	put_text(out, mail == NULL ? NULL : mail->from);
	put_text(out, mail == NULL ? NULL : mail->auth_results);
	put_text(out, read ? NULL : leaf->diag.text);
	if (leaf->head != NULL)
		put_head(out, leaf->head);
	if (leaf->tls != NULL)
		put_tls(out, leaf->tls);
	if (leaf->failure != NULL)
		put_failure(out, leaf->failure);
	end(out, mark);
}
