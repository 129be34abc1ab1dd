/* store_tls: SMTP TLS reports of a batch into the database. */
#include "ingest/store/store_tls.h"

#include <stdio.h>
#include <string.h>

#include "common/num.h"
#include "gen/sql.h"
#include "ingest/store/tls_rows.h"

/* ---- what is there already -------------------------------------------------- */

static void
set_conflict(struct document_row *doc)
{
	doc->outcome = OUTCOME_CONFLICT;
	(void)diag_set(&doc->diag, DIAG_FORMAT, REASON_CONFLICT,
	    "TLS report %s of %s for %s was stored before with other content; "
	    "the first one stays",
	    doc->head.report_id == NULL ? "-" : doc->head.report_id,
	    doc->head.reporter, doc->head.policy_domain);
}

static enum diag_code
read_outcomes(struct db *db, struct batch *b, int *n, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_store_tls_outcomes, 0,
	    NULL, d);

	if (code != DIAG_OK)
		return code;
	*n = PQntuples(res);
	for (int i = 0; i < *n; i++) {
		int64_t k = 0;
		struct document_row *doc;

		(void)num_int64(PQgetvalue(res, i, 0), 0,
		    (int64_t)b->documents->len - 1, &k);
		doc = batch_document(b, (size_t)k);
		if (strcmp(PQgetvalue(res, i, 1), "t") == 0)
			doc->outcome = OUTCOME_DUPLICATE;
		else
			set_conflict(doc);
	}
	PQclear(res);
	return DIAG_OK;
}

/* ---- what is new ---------------------------------------------------------------- */

struct rows {
	struct buf reports;
	struct buf policies;
	struct buf failures;
	int n;
};

static void
put_rows(struct rows *rows, const struct batch *b, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct batch_item *item = batch_item(b, i);
		const size_t end = item->documents + item->n_documents;

		for (size_t k = item->documents; k < end; k++) {
			const struct document_row *doc = batch_document(b, k);

			if (!document_row_is_tls(doc))
				continue;
			tls_rows_report(&rows->reports, k, doc,
			    item->errand.item.name);
			tls_rows_policies(&rows->policies, k, doc->tls);
			tls_rows_failures(&rows->failures, k, doc->tls);
			rows->n++;
		}
	}
}

/* A report that a person prefers replaces the one that is there. */
static enum diag_code
forget_other(struct db *db, int64_t conflict, const struct document_row *doc,
    struct diag *d)
{
	const struct report_head *h = &doc->head;
	char begin[24];
	char end[24];
	char id[24];
	const char *params[] = { id, h->policy_domain, h->reporter,
		h->report_id, begin, end };

	(void)snprintf(begin, sizeof(begin), "%lld", (long long)h->begin);
	(void)snprintf(end, sizeof(end), "%lld", (long long)h->end);
	(void)snprintf(id, sizeof(id), "%lld", (long long)conflict);
	return db_run(db, sql_store_tls_replace, 6, params, d);
}

static enum diag_code
forget_decided(struct db *db, const struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;

	for (size_t i = from; i < to; i++) {
		const struct batch_item *item = batch_item(b, i);
		const size_t end = item->documents + item->n_documents;

		if (!item->errand.decided)
			continue;
		for (size_t k = item->documents; k < end && code == DIAG_OK;
		     k++)
			if (document_row_is_tls(batch_document(b, k)))
				code = forget_other(db, item->errand.retry_of,
				    batch_document(b, k), d);
	}
	return code;
}

static enum diag_code
copy_rows(struct db *db, const struct rows *rows, struct diag *d)
{
	enum diag_code code = db_script(db, sql_store_tls_tables, d);

	if (code == DIAG_OK)
		code = db_copy(db, tls_rows_copy_reports, rows->reports.data,
		    rows->reports.len, d);
	if (code == DIAG_OK)
		code = db_copy(db, tls_rows_copy_policies, rows->policies.data,
		    rows->policies.len, d);
	if (code == DIAG_OK && rows->failures.len > 0)
		code = db_copy(db, tls_rows_copy_failures, rows->failures.data,
		    rows->failures.len, d);
	return code;
}

static enum diag_code
take_incoming(struct db *db, struct batch *b, int n, struct diag *d)
{
	PGresult *res = NULL;
	int stored = 0;
	int others = 0;
	enum diag_code code = db_query(db, &res, sql_store_tls_reports, 0, NULL,
	    d);

	if (code == DIAG_OK)
		stored = PQntuples(res);
	PQclear(res);
	if (code == DIAG_OK)
		code = db_script(db, sql_store_tls_policies, d);
	if (code == DIAG_OK)
		code = db_script(db, sql_store_tls_failures, d);
	if (code == DIAG_OK && stored < n)
		code = read_outcomes(db, b, &others, d);
	/* One that stood in the way and went meanwhile. */
	if (code == DIAG_OK && stored + others != n)
		code = diag_set(d, DIAG_RETRY, REASON_REPORT,
		    "database: a TLS report that was there is gone");
	return code;
}

enum diag_code
store_tls(struct db *db, struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	struct rows rows = { 0 };
	enum diag_code code = DIAG_OK;

	buf_init(&rows.reports, SIZE_MAX / 2);
	buf_init(&rows.policies, SIZE_MAX / 2);
	buf_init(&rows.failures, SIZE_MAX / 2);
	put_rows(&rows, b, from, to);
	if (rows.n > 0)
		code = forget_decided(db, b, from, to, d);
	if (rows.n > 0 && code == DIAG_OK)
		code = copy_rows(db, &rows, d);
	if (rows.n > 0 && code == DIAG_OK)
		code = take_incoming(db, b, rows.n, d);
	buf_free(&rows.reports);
	buf_free(&rows.policies);
	buf_free(&rows.failures);
	return code;
}
