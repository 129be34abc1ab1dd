/* rows: reports and profiles as rows for COPY. */
#include "ingest/store/rows.h"

#include <string.h>

#include "ingest/store/pgtext.h"

/* ---- profiles ---------------------------------------------------------- */

static const char *
alignment_name(enum alignment a)
{
	switch (a) {
	case ALIGN_STRICT:
		return "strict";
	case ALIGN_RELAXED:
		return "relaxed";
	case ALIGN_NONE:
		return "none";
	case ALIGN_UNKNOWN:
		break;
	}
	return NULL;
}

static void
put_results(struct buf *row, const struct auth_result *r, size_t n)
{
	struct pgtext_list array;
	struct pgtext_list one;

	pgtext_array_begin(&array, row);
	for (size_t i = 0; i < n; i++) {
		pgtext_composite_begin(&one, &array);
		pgtext_list_add(&one, r[i].domain);
		pgtext_list_add(&one, r[i].qualifier);
		pgtext_list_add(&one, r[i].result);
		pgtext_list_add(&one, r[i].org_domain);
		pgtext_list_add(&one, alignment_name(r[i].alignment));
		pgtext_composite_end(&one, &array);
	}
	pgtext_array_end(&array);
}

static void
put_texts(struct buf *row, const char *const *texts, size_t n)
{
	struct pgtext_list array;

	pgtext_array_begin(&array, row);
	for (size_t i = 0; i < n; i++)
		pgtext_list_add(&array, texts[i]);
	pgtext_array_end(&array);
}

void
rows_profile(struct buf *row, const struct auth_profile *p)
{
	const char adkim[] = { p->adkim, '\0' };
	const char aspf[] = { p->aspf, '\0' };

	pgtext_bytea(row, p->digest, sizeof(p->digest));
	pgtext_str(row, p->header_from);
	pgtext_str(row, p->header_from_org);
	pgtext_str(row, p->envelope_from);
	pgtext_str(row, adkim);
	pgtext_str(row, aspf);
	pgtext_str(row, p->disposition);
	pgtext_str(row, p->eval_dkim);
	pgtext_str(row, p->eval_spf);
	put_results(row, p->dkim, p->n_dkim);
	put_results(row, p->spf, p->n_spf);
	put_texts(row, p->reasons, p->n_reasons);
	pgtext_bool(row, p->arc_pass);
	pgtext_end(row);
}

/* ---- reports ----------------------------------------------------------- */

void
rows_copy_reports(struct buf *statement)
{
	(void)buf_add(statement, "COPY pg_temp.incoming_report (n");
	for (int i = 0; i < HEAD_TEXTS; i++)
		(void)buf_printf(statement, ", %s", head_fields[i].column);
	(void)buf_add(statement,
	    ", begin_at, end_at, day, pct, dialect, errors, record_count,"
	    " set_aside_count, message_count, pass_count, salvaged, quirks,"
	    " content_hash, source, part, message_id, mail_from, mail_auth,"
	    " received_at, source_digest) FROM STDIN");
}

void
rows_quirks(struct buf *b, uint64_t quirks)
{
	struct pgtext_list list;

	if (quirks == 0) {
		pgtext_str(b, NULL);
		return;
	}
	pgtext_array_begin(&list, b);
	for (int q = 0; q < QUIRK_COUNT; q++)
		if (quirks & QUIRK_BIT(q))
			pgtext_list_add(&list, quirk_name((enum quirk)q));
	pgtext_array_end(&list);
}

static void
put_errors(struct buf *b, const struct report_head *h)
{
	if (h->n_errors == 0)
		pgtext_str(b, NULL);
	else
		put_texts(b, (const char *const *)h->errors, h->n_errors);
}

static void
put_head(struct buf *b, struct report_head h)
{
	for (int i = 0; i < HEAD_TEXTS; i++)
		pgtext_str(b, *head_text(&h, (enum head_text)i));
	pgtext_time(b, h.begin);
	pgtext_time(b, h.end);
	pgtext_date(b, report_day(&h));
	if (h.pct == -1)
		pgtext_str(b, NULL);
	else
		pgtext_int(b, h.pct);
	pgtext_str(b, h.rfc9990 ? "rfc9990" : "rfc7489");
	put_errors(b, &h);
}

static void
put_totals(struct buf *b, const struct report_totals *t)
{
	pgtext_int(b, t->records);
	pgtext_int(b, t->bad);
	pgtext_int(b, t->messages);
	pgtext_int(b, t->passes);
	pgtext_bool(b, t->salvaged);
}

void
rows_report(struct buf *b, size_t n, const struct report_head *h,
    const struct report_totals *t, const struct rows_origin *from)
{
	pgtext_int(b, (int64_t)n);
	put_head(b, *h);
	put_totals(b, t);
	rows_quirks(b, h->quirks);
	pgtext_bytea(b, t->content_hash, sizeof(t->content_hash));
	pgtext_str(b, from->source);
	pgtext_str(b, from->part[0] == '\0' ? NULL : from->part);
	pgtext_str(b, from->message_id);
	pgtext_str(b, from->mail_from);
	pgtext_str(b, from->mail_auth);
	if (from->mail_date == 0)
		pgtext_str(b, NULL);
	else
		pgtext_time(b, from->mail_date);
	pgtext_str(b, from->digest);
	pgtext_end(b);
}
