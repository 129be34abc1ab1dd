/* store: a batch of items to the database, in one transaction. */
#include "ingest/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"
#include "ingest/ledger.h"
#include "ingest/limits.h"
#include "ingest/packed.h"
#include "ingest/pgtext.h"
#include "ingest/profile_ids.h"
#include "ingest/rows.h"

struct store {
	struct db *db;
	struct profile_ids *ids;
	GHashTable *months;  /* months that have a partition */
	GHashTable *domains; /* policy domains that are there */
	struct buf rows;
};

/* Deadlocks and the like are tried again at once. */
#define ATTEMPTS 3

enum diag_code
store_open(struct store **out, struct db *db, struct diag *d)
{
	struct store *s = mem_calloc(1, sizeof(*s));
	enum diag_code code;

	s->db = db;
	s->ids = profile_ids_new();
	s->months = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	s->domains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	buf_init(&s->rows, SIZE_MAX / 2);
	code = db_script(db, sql_store_tables, d);
	if (code != DIAG_OK) {
		store_close(s);
		return code;
	}
	*out = s;
	return DIAG_OK;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	profile_ids_free(s->ids);
	g_hash_table_destroy(s->months);
	g_hash_table_destroy(s->domains);
	buf_free(&s->rows);
	free(s);
}

/* The documents of items from..to-1 lie one behind the other. */
struct span {
	size_t from;
	size_t to;
};

static struct span
documents_of(const struct batch *b, size_t from, size_t to)
{
	const struct batch_item *first = batch_item(b, from);
	const struct batch_item *last = batch_item(b, to - 1);

	return (struct span){ first->documents,
		last->documents + last->n_documents };
}

/* ---- reports ------------------------------------------------------------ */

static void
set_conflict(struct document_row *doc)
{
	doc->outcome = OUTCOME_CONFLICT;
	(void)diag_set(&doc->diag, DIAG_FORMAT, "conflict",
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
insert_reports(struct store *s, struct batch *b, int *n, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(s->db, &res, sql_store_reports, 0, NULL,
	    d);

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

/* What the others are. */
static enum diag_code
read_verdicts(struct store *s, struct batch *b, int *n, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(s->db, &res, sql_store_verdicts, 0, NULL,
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

/* From incoming_report, which has n rows, to report. */
static enum diag_code
settle_reports(struct store *s, struct batch *b, int n, struct diag *d)
{
	int stored = 0;
	int others = 0;
	enum diag_code code = insert_reports(s, b, &stored, d);

	if (code == DIAG_OK && stored < n)
		code = read_verdicts(s, b, &others, d);
	/* One that stood in the way and went meanwhile. */
	if (code == DIAG_OK && stored + others != n)
		code = diag_set(d, DIAG_RETRY, "report",
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
			if (batch_document(b, k)->outcome != OUTCOME_STORED)
				continue;
			put_document(rows, b, item, k);
			n++;
		}
	}
	return n;
}

/* A report that is read again replaces itself, if it is read better now. */
static enum diag_code
forget_older(struct store *s, const struct item *item,
    const struct document_row *doc, struct diag *d)
{
	const struct report_head *h = &doc->head;
	char begin_text[24];
	char end_text[24];
	char bad[24];
	const char *params[] = { h->policy_domain, h->reporter, h->report_id,
		begin_text, end_text, bad, item->name,
		doc->part[0] == '\0' ? NULL : doc->part };

	(void)snprintf(begin_text, sizeof(begin_text), "%lld",
	    (long long)h->begin);
	(void)snprintf(end_text, sizeof(end_text), "%lld", (long long)h->end);
	(void)snprintf(bad, sizeof(bad), "%lld", (long long)doc->totals.bad);
	return db_run(s->db, sql_store_forget, 8, params, d);
}

static enum diag_code
forget_retried(struct store *s, const struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;

	for (size_t i = from; i < to; i++) {
		const struct batch_item *item = batch_item(b, i);
		const struct document_row *doc = batch_document(b,
		    item->documents);

		for (size_t k = 0; item->errand.replaces && code == DIAG_OK &&
		     k < item->n_documents;
		     k++)
			if (doc[k].outcome == OUTCOME_STORED)
				code = forget_older(s, &item->errand.item,
				    &doc[k], d);
	}
	return code;
}

/* Make sure that the policy domains are there. */
static enum diag_code
make_domains(struct store *s, const struct batch *b, struct span docs,
    struct diag *d)
{
	bool any_new = false;

	for (size_t i = docs.from; i < docs.to; i++) {
		const struct document_row *doc = batch_document(b, i);

		if (doc->outcome == OUTCOME_STORED &&
		    g_hash_table_add(s->domains,
			g_strdup(doc->head.policy_domain)))
			any_new = true;
	}
	return any_new ? db_script(s->db, sql_store_domains, d) : DIAG_OK;
}

static enum diag_code
write_reports(struct store *s, struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	enum diag_code code;
	int n;

	buf_truncate(&s->rows, 0);
	n = put_documents(&s->rows, b, from, to);
	if (n == 0)
		return DIAG_OK;
	code = forget_retried(s, b, from, to, d);
	if (code == DIAG_OK)
		code = db_copy(s->db, rows_copy_reports, s->rows.data,
		    s->rows.len, d);
	if (code == DIAG_OK)
		code = make_domains(s, b, documents_of(b, from, to), d);
	if (code == DIAG_OK)
		code = settle_reports(s, b, n, d);
	return code;
}

/* ---- profiles ------------------------------------------------------------ */

/* Mark the profiles that records of new reports refer to. */
static unsigned char *
needed_profiles(const struct batch *b, struct span docs)
{
	unsigned char *needed = mem_calloc(b->profiles->len, 1);
	struct record r;

	for (size_t i = docs.from; i < docs.to; i++) {
		const struct document_row *doc = batch_document(b, i);

		if (doc->outcome != OUTCOME_STORED)
			continue;
		for (size_t k = 0, at = doc->records; k < doc->n_records; k++) {
			at = packed_read(&b->records, at, &r);
			needed[r.profile] = 1;
		}
	}
	return needed;
}

static enum diag_code
write_profiles(struct store *s, const struct batch *b, struct span docs,
    struct diag *d)
{
	unsigned char *needed = needed_profiles(b, docs);
	enum diag_code code = profile_ids_write(s->ids, s->db, b, needed, d);

	free(needed);
	return code;
}

/* ---- records ------------------------------------------------------------- */

/* Sent at a time. */
#define PIECE 262144

static void
put_record(struct buf *rows, const struct document_row *doc, const char *day,
    const struct record *r, int profile_id)
{
	pgtext_int(rows, doc->report_id);
	pgtext_int(rows, r->count);
	pgtext_int(rows, doc->policy_domain_id);
	pgtext_int(rows, profile_id);
	pgtext_str(rows, day);
	pgtext_inet(rows, r->family, r->ip);
	pgtext_str(rows, r->envelope_to);
	rows_remarks(rows, r->remarks);
	pgtext_end(rows);
}

static enum diag_code
send_records(struct store *s, const struct batch *b,
    const struct document_row *doc, struct diag *d)
{
	char day[NUM_DATE_LEN];
	enum diag_code code = DIAG_OK;
	size_t at = doc->records;
	struct record r;
	const int *id;

	num_date(report_day(&doc->head), day);
	for (size_t i = 0; i < doc->n_records && code == DIAG_OK; i++) {
		at = packed_read(&b->records, at, &r);
		id = profile_ids_find(s->ids, b, r.profile);
		if (id == NULL)
			return diag_set(d, DIAG_RETRY, "profile",
			    "database: a profile that was stored is gone");
		put_record(&s->rows, doc, day, &r, *id);
		if (s->rows.len < PIECE)
			continue;
		code = db_copy_put(s->db, s->rows.data, s->rows.len, d);
		buf_truncate(&s->rows, 0);
	}
	return code;
}

/* Some of these documents have records. */
static bool
any_records(const struct batch *b, struct span docs)
{
	for (size_t i = docs.from; i < docs.to; i++)
		if (batch_document(b, i)->outcome == OUTCOME_STORED &&
		    batch_document(b, i)->n_records > 0)
			return true;
	return false;
}

/* As they are sent they are forgotten: a report may have a million. */
static enum diag_code
write_records(struct store *s, const struct batch *b, struct span docs,
    struct diag *d)
{
	enum diag_code code;

	if (!any_records(b, docs))
		return DIAG_OK;
	buf_truncate(&s->rows, 0);
	code = db_copy_begin(s->db,
	    "COPY dmarc.record (report_id, message_count, policy_domain_id,"
	    " profile_id, day, source_ip, envelope_to, remarks) FROM STDIN",
	    d);
	if (code != DIAG_OK)
		return code;
	for (size_t i = docs.from; i < docs.to && code == DIAG_OK; i++)
		if (batch_document(b, i)->outcome == OUTCOME_STORED)
			code = send_records(s, b, batch_document(b, i), d);
	if (code == DIAG_OK && s->rows.len > 0)
		code = db_copy_put(s->db, s->rows.data, s->rows.len, d);
	return db_copy_end(s->db, code, d);
}

/* ---- the transaction ------------------------------------------------------ */

/* Make the partition for a day, unless that was done for its month. */
static enum diag_code
make_partition(struct store *s, const char *day, struct diag *d)
{
	const char *params[] = { day };
	char *month = g_strndup(day, strlen("YYYY-MM"));
	enum diag_code code = DIAG_OK;

	if (!g_hash_table_contains(s->months, month))
		code = db_run(s->db, sql_store_partition, 1, params, d);
	if (code == DIAG_OK)
		(void)g_hash_table_add(s->months, month);
	else
		g_free(month);
	return code;
}

/* Partitions are made before, and for good: an empty one harms nobody. */
static enum diag_code
make_partitions(struct store *s, const struct batch *b, struct span docs,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;
	char day[NUM_DATE_LEN];

	for (size_t i = docs.from; i < docs.to && code == DIAG_OK; i++) {
		const struct document_row *doc = batch_document(b, i);

		if (doc->outcome != OUTCOME_STORED)
			continue;
		num_date(report_day(&doc->head), day);
		code = make_partition(s, day, d);
	}
	return code;
}

static enum diag_code
write_all(struct store *s, struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	const struct span docs = documents_of(b, from, to);
	enum diag_code code = db_script(s->db, "BEGIN", d);

	if (code == DIAG_OK)
		code = write_reports(s, b, from, to, d);
	if (code == DIAG_OK)
		code = write_profiles(s, b, docs, d);
	if (code == DIAG_OK)
		code = write_records(s, b, docs, d);
	if (code == DIAG_OK)
		code = ledger_write(s->db, b, from, to, d);
	if (code == DIAG_OK)
		code = db_script(s->db, "COMMIT", d);
	return code;
}

/* After a rollback ids that were handed out in it are nobody's, and what was
 * found out about the reports is open again. */
static void
undo(struct store *s, struct batch *b, struct span docs)
{
	db_rollback(s->db);
	profile_ids_forget(s->ids);
	g_hash_table_remove_all(s->domains);
	for (size_t i = docs.from; i < docs.to; i++) {
		struct document_row *doc = batch_document(b, i);

		if (!doc->recognised &&
		    (doc->outcome == OUTCOME_DUPLICATE ||
			doc->outcome == OUTCOME_CONFLICT))
			doc->outcome = OUTCOME_STORED;
	}
}

enum diag_code
store_write(struct store *s, struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	const struct span docs = documents_of(b, from, to);
	enum diag_code code = DIAG_RETRY;

	profile_ids_trim(s->ids);
	if (g_hash_table_size(s->domains) > LIMIT_KNOWN_DOMAINS)
		g_hash_table_remove_all(s->domains);
	for (int i = 0; i < ATTEMPTS && code == DIAG_RETRY; i++) {
		code = make_partitions(s, b, docs, d);
		if (code == DIAG_OK)
			code = write_all(s, b, from, to, d);
		if (code != DIAG_OK)
			undo(s, b, docs);
		if (code == DIAG_RETRY && !db_is_alive(s->db))
			break;
	}
	return code;
}
