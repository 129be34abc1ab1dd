/* store_reports: writes reports of a batch to the database, unless they are
 * there. */
#include "ingest/store/store_reports.h"

#include <stdio.h>
#include <string.h>

#include "common/num.h"
#include "gen/sql.h"
#include "ingest/store/rows.h"

/* ---- what is new, and what is not ------------------------------------------ */

static void
set_conflict(struct document_row *doc)
{
	doc->outcome = OUTCOME_CONFLICT;
	(void)diag_set(&doc->diag, DIAG_FORMAT, REASON_CONFLICT,
	    "report %s of %s for %s was stored before with other content; the "
	    "first one stays",
	    doc->head.report_id == NULL ? "-" : doc->head.report_id,
	    doc->head.reporter, doc->head.policy_domain);
}

/* The document whose number a row begins with. */
static struct document_row *
row_document(const PGresult *res, int row, struct batch *b)
{
	int64_t n = 0;

	(void)num_int64(PQgetvalue(res, row, 0), 0,
	    (int64_t)b->documents->len - 1, &n);
	return batch_document(b, (size_t)n);
}

/* Store the reports that are new, and learn their ids. */
static enum diag_code
insert_reports(struct db *db, struct batch *b, int *n, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_store_reports, 0, NULL, d);

	if (code != DIAG_OK)
		return code;
	*n = PQntuples(res);
	for (int i = 0; i < *n; i++) {
		struct document_row *doc = row_document(res, i, b);

		(void)num_int64(PQgetvalue(res, i, 1), 0, INT64_MAX,
		    &doc->policy_domain_id);
		(void)num_int64(PQgetvalue(res, i, 2), 0, INT64_MAX,
		    &doc->report_id);
	}
	PQclear(res);
	return DIAG_OK;
}

/* Whether the others are duplicates or conflicts. */
static enum diag_code
read_outcomes(struct db *db, struct batch *b, int *n, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_store_outcomes, 0, NULL,
	    d);

	if (code != DIAG_OK)
		return code;
	*n = PQntuples(res);
	for (int i = 0; i < *n; i++) {
		struct document_row *doc = row_document(res, i, b);

		if (strcmp(PQgetvalue(res, i, 1), "t") == 0)
			doc->outcome = OUTCOME_DUPLICATE;
		else
			set_conflict(doc);
	}
	PQclear(res);
	return DIAG_OK;
}

/* Which of the n rows of incoming_report are new, and what the others are. */
static enum diag_code
decide_outcomes(struct db *db, struct batch *b, int n, struct diag *d)
{
	int stored = 0;
	int others = 0;
	enum diag_code code = insert_reports(db, b, &stored, d);

	if (code == DIAG_OK && stored < n)
		code = read_outcomes(db, b, &others, d);
	/* The report that it conflicted with was removed meanwhile. */
	if (code == DIAG_OK && stored + others != n)
		code = diag_set(d, DIAG_RETRY, REASON_REPORT,
		    "database: a report that was there is gone");
	return code;
}

static void
put_document(struct buf *rows, const struct batch *b,
    const struct batch_item *item, size_t n)
{
	const struct document_row *doc = batch_document(b, n);
	const bool whole = item->n_documents == 1 && doc->n_bad == 0 &&
	    item->errand.digest[0] != '\0';
	const struct rows_origin from = { item->errand.item.name, doc->part,
		doc->message_id, doc->mail_from, doc->mail_auth, doc->mail_date,
		whole ? item->errand.digest : NULL };

	rows_report(rows, n, &doc->head, &doc->totals, &from);
}

/* The rows of incoming_report; returns how many. */
static int
put_documents(struct buf *rows, const struct batch *b, size_t from, size_t to)
{
	int n = 0;

	for (size_t i = from; i < to; i++) {
		const struct batch_item *item = batch_item(b, i);
		const size_t end = item->documents + item->n_documents;

		for (size_t k = item->documents; k < end; k++) {
			if (!document_row_is_aggregate(batch_document(b, k)))
				continue;
			put_document(rows, b, item, k);
			n++;
		}
	}
	return n;
}

/* Texts of a report's key, for a statement. */
struct key_texts {
	char begin[24];
	char end[24];
};

static void
write_key(struct key_texts *t, const struct report_head *h)
{
	(void)snprintf(t->begin, sizeof(t->begin), "%lld", (long long)h->begin);
	(void)snprintf(t->end, sizeof(t->end), "%lld", (long long)h->end);
}

/* A report that is read again replaces the old one, if more of it could be
 * read. */
static enum diag_code
forget_older(struct db *db, const struct item *item,
    const struct document_row *doc, struct diag *d)
{
	const struct report_head *h = &doc->head;
	struct key_texts t;
	char bad[24];
	const char *params[] = { h->policy_domain, h->reporter, h->report_id,
		t.begin, t.end, bad, item->name,
		doc->part[0] == '\0' ? NULL : doc->part };

	write_key(&t, h);
	(void)snprintf(bad, sizeof(bad), "%lld", (long long)doc->totals.bad);
	return db_run(db, sql_store_forget, 8, params, d);
}

/* A report that an operator prefers replaces the stored one. */
static enum diag_code
forget_other(struct db *db, int64_t conflict, const struct document_row *doc,
    struct diag *d)
{
	const struct report_head *h = &doc->head;
	struct key_texts t;
	char id[24];
	const char *params[] = { id, h->policy_domain, h->reporter,
		h->report_id, t.begin, t.end };

	write_key(&t, h);
	(void)snprintf(id, sizeof(id), "%lld", (long long)conflict);
	return db_run(db, sql_store_replace, 6, params, d);
}

static enum diag_code
forget_for(struct db *db, const struct errand *errand,
    const struct document_row *doc, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	if (!document_row_is_aggregate(doc))
		return DIAG_OK;
	if (errand->replaces)
		code = forget_older(db, &errand->item, doc, d);
	if (code == DIAG_OK && errand->decided)
		code = forget_other(db, errand->retry_of, doc, d);
	return code;
}

static enum diag_code
forget_retried(struct db *db, const struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;

	for (size_t i = from; i < to; i++) {
		const struct batch_item *item = batch_item(b, i);
		const struct document_row *doc = batch_document(b,
		    item->documents);

		for (size_t k = 0; k < item->n_documents && code == DIAG_OK;
		     k++)
			code = forget_for(db, &item->errand, &doc[k], d);
	}
	return code;
}

/* Make sure that the policy domains are there. */
static enum diag_code
make_domains(struct db *db, GHashTable *domains, const struct batch *b,
    struct span docs, struct diag *d)
{
	bool any_new = false;

	for (size_t i = docs.from; i < docs.to; i++) {
		const struct document_row *doc = batch_document(b, i);

		if (document_row_is_aggregate(doc) &&
		    g_hash_table_add(domains,
			g_strdup(doc->head.policy_domain)))
			any_new = true;
	}
	return any_new ? db_script(db, sql_store_domains, d) : DIAG_OK;
}

/* One whose records were written before has an id. */
static enum diag_code
set_ids(struct db *db, const struct batch *b, struct span docs, struct diag *d)
{
	char number[24];
	char id[24];
	const char *params[] = { number, id };
	enum diag_code code = DIAG_OK;

	for (size_t i = docs.from; i < docs.to && code == DIAG_OK; i++) {
		const struct document_row *doc = batch_document(b, i);

		if (!document_row_is_aggregate(doc) || doc->report_id == 0)
			continue;
		(void)snprintf(number, sizeof(number), "%zu", i);
		(void)snprintf(id, sizeof(id), "%lld",
		    (long long)doc->report_id);
		code = db_run(db, sql_store_id, 2, params, d);
	}
	return code;
}

/* From incoming_report, which has n rows, to report. */
static enum diag_code
take_incoming(struct db *db, GHashTable *domains, struct batch *b,
    struct span docs, int n, struct diag *d)
{
	enum diag_code code = set_ids(db, b, docs, d);

	if (code == DIAG_OK)
		code = make_domains(db, domains, b, docs, d);
	return code == DIAG_OK ? decide_outcomes(db, b, n, d) : code;
}

enum diag_code
store_reports(struct db *db, GHashTable *domains, struct batch *b, size_t from,
    size_t to, struct diag *d)
{
	struct buf rows;
	struct buf copy;
	enum diag_code code = DIAG_OK;
	int n;

	buf_init(&rows, SIZE_MAX / 2);
	buf_init(&copy, SIZE_MAX / 2);
	rows_copy_reports(&copy);
	n = put_documents(&rows, b, from, to);
	if (n > 0)
		code = forget_retried(db, b, from, to, d);
	if (n > 0 && code == DIAG_OK)
		code = db_copy(db, buf_str(&copy), rows.data, rows.len, d);
	buf_free(&rows);
	buf_free(&copy);
	if (n > 0 && code == DIAG_OK)
		code = take_incoming(db, domains, b, batch_span(b, from, to), n,
		    d);
	return code;
}
