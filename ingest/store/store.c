/* store: writes a batch of items to the database, in one transaction. */
#include "ingest/store/store.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xxhash.h>

#include "common/clock.h"
#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"
#include "ingest/store/ahead.h"
#include "ingest/store/ledger.h"
#include "ingest/store/lessons.h"
#include "ingest/limits.h"
#include "ingest/store/profile_ids.h"
#include "ingest/store/store_failures.h"
#include "ingest/store/store_records.h"
#include "ingest/store/store_reports.h"
#include "ingest/store/store_tls.h"

struct store {
	struct db *db;
	struct failure_keeping failures;
	struct profile_ids *ids;
	struct lessons *lessons;
	GHashTable *months;  /* months that have a partition */
	int64_t refused_at;  /* when one could not be made, clock_ms(); or 0 */
	GHashTable *domains; /* policy domains that are there */
	struct ahead ahead;
	bool ahead_failed; /* not again before the next commit */
	/* Of the batch that is written: whose records are in ahead. */
	struct document_row *begun;
};

/* Deadlocks and similar errors are retried at once, unless the same error comes
 * twice in a row. */
#define ATTEMPTS 3

enum diag_code
store_open(struct store **out, struct db *db,
    const struct failure_keeping *failures, struct diag *d)
{
	struct store *s = mem_calloc(1, sizeof(*s));
	enum diag_code code;

	s->db = db;
	s->failures = *failures;
	s->ids = profile_ids_new();
	s->lessons = lessons_new();
	s->months = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	s->domains = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
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
	if (s->ahead.is_open)
		db_rollback(s->db);
	profile_ids_free(s->ids);
	lessons_free(s->lessons);
	g_hash_table_destroy(s->months);
	g_hash_table_destroy(s->domains);
	free(s);
}

/* ---- records ------------------------------------------------------------- */

/* It tells of days to come, for which it may be judged otherwise
 * (dmarc.judge_report). */
static bool
is_early(const struct document_row *doc)
{
	const int64_t day = INT64_C(24) * 60 * 60;

	return report_day(&doc->head) / day > (int64_t)time(NULL) / day + 1;
}

/* Reports on one domain, by one name, whose mail was judged by one server, are
 * judged alike. */
static uint64_t
voucher_key_of(const struct document_row *doc)
{
	const char *const texts[] = { doc->head.reporter, doc->mail_auth,
		doc->mail_from };
	uint64_t hash = (uint64_t)doc->policy_domain_id * 2 + is_early(doc);

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (texts[i] != NULL)
			hash = XXH3_64bits_withSeed(texts[i], strlen(texts[i]),
			    hash + i + 1);
	return hash;
}

/* The records of a document that are to be written. */
static struct record_lot
lot_of(const struct store *s, const struct document_row *doc)
{
	if (doc == s->begun)
		return ahead_rest(&s->ahead, doc);
	return (struct record_lot){ doc->records, doc->n_records,
		{ doc->report_id, doc->policy_domain_id, report_day(&doc->head),
		    voucher_key_of(doc) } };
}

static enum diag_code
write_records(struct store *s, const struct batch *b, struct span docs,
    struct diag *d)
{
	struct record_lot *lots = mem_calloc(docs.to - docs.from,
	    sizeof(*lots));
	enum diag_code code = DIAG_OK;
	size_t n = 0;

	for (size_t i = docs.from; i < docs.to; i++) {
		const struct document_row *doc = batch_document(b, i);

		if (!document_row_is_aggregate(doc))
			continue;
		lots[n] = lot_of(s, doc);
		n += lots[n].n > 0;
	}
	if (n > 0)
		code = store_records(s->db, s->ids, s->lessons, b, lots, n, d);
	free(lots);
	return code;
}

/* ---- the transaction ------------------------------------------------------ */

/* A reader may block this for a while, so do not try it for every report and
 * batch. */
#define REFUSED_MS (INT64_C(10) * 60 * 1000)

static bool
was_refused(const struct store *s)
{
	return s->refused_at != 0 && clock_ms() - s->refused_at < REFUSED_MS;
}

/* Make the partition for a day, unless that was done for its month. */
static enum diag_code
make_partition(struct store *s, const char *day, struct diag *d)
{
	const char *params[] = { day };
	char *month = g_strndup(day, strlen("YYYY-MM"));
	enum diag_code code = DIAG_OK;
	PGresult *res = NULL;

	if (!g_hash_table_contains(s->months, month) && !was_refused(s)) {
		code = db_query(s->db, &res, sql_store_partition, 1, params, d);
		if (code == DIAG_OK &&
		    strcmp(PQgetvalue(res, 0, 0), "t") == 0) {
			(void)g_hash_table_add(s->months, month);
			month = NULL;
		} else if (code == DIAG_OK) {
			s->refused_at = clock_ms();
		}
		PQclear(res);
	}
	g_free(month);
	return code;
}

/* Partitions are made before the transaction and stay; an empty one does no
 * harm. */
static enum diag_code
make_partitions(struct store *s, const struct batch *b, struct span docs,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;
	char day[NUM_DATE_LEN];

	for (size_t i = docs.from; i < docs.to && code == DIAG_OK; i++) {
		const struct document_row *doc = batch_document(b, i);

		if (!document_row_is_aggregate(doc))
			continue;
		num_date(report_day(&doc->head), day);
		code = make_partition(s, day, d);
	}
	return code;
}

/* What was written ahead must belong to a new report, or it is rolled back. */
static enum diag_code
check_begun(const struct store *s, struct diag *d)
{
	if (s->begun == NULL || s->begun->outcome == OUTCOME_STORED)
		return DIAG_OK;
	return diag_set(d, DIAG_RETRY, REASON_AHEAD,
	    "a report that was written ahead is there already");
}

static enum diag_code
write_all(struct store *s, struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;

	if (!s->ahead.is_open)
		code = db_script(s->db, "BEGIN", d);
	if (code == DIAG_OK)
		code = store_reports(s->db, s->domains, b, from, to, d);
	if (code == DIAG_OK)
		code = check_begun(s, d);
	if (code == DIAG_OK)
		code = write_records(s, b, batch_span(b, from, to), d);
	if (code == DIAG_OK)
		code = lessons_write(s->lessons, s->db, d);
	if (code == DIAG_OK)
		code = store_tls(s->db, b, from, to, d);
	if (code == DIAG_OK)
		code = store_failures(s->db, b, from, to, s->failures.keep, d);
	if (code == DIAG_OK)
		code = ledger_write(s->db, b, from, to, d);
	if (code == DIAG_OK)
		code = db_script(s->db, "COMMIT", d);
	if (code == DIAG_OK)
		lessons_keep(s->lessons);
	return code;
}

/* After a rollback, ids and names learned in the transaction are invalid. */
static void
roll_back(struct store *s)
{
	db_rollback(s->db);
	s->ahead = (struct ahead){ 0 };
	s->begun = NULL;
	profile_ids_forget(s->ids);
	lessons_forget(s->lessons);
	g_hash_table_remove_all(s->domains);
	g_hash_table_remove_all(s->months);
}

/* The same; and reset what was found out about the reports. */
static void
undo(struct store *s, struct batch *b, struct span docs)
{
	roll_back(s);
	for (size_t i = docs.from; i < docs.to; i++) {
		struct document_row *doc = batch_document(b, i);

		doc->report_id = 0;
		if (!doc->recognised &&
		    (doc->outcome == OUTCOME_DUPLICATE ||
			doc->outcome == OUTCOME_CONFLICT))
			doc->outcome = doc->failure == NULL ?
			    OUTCOME_STORED :
			    OUTCOME_FAILURE_REPORT;
	}
}

/* Take over what was written ahead, if it is of one of these documents. */
static void
take_over(struct store *s, const struct batch *b, struct span docs)
{
	for (size_t i = docs.from; i < docs.to; i++) {
		struct document_row *doc = batch_document(b, i);

		if (!ahead_is_of(&s->ahead, b, doc))
			continue;
		s->begun = doc;
		doc->report_id = s->ahead.written.owner.report_id;
	}
	if (s->ahead.is_open && s->begun == NULL)
		roll_back(s);
}

/* Whether to try again; before is the SQLSTATE of the last attempt. */
static bool
is_worth_trying(const struct store *s, char before[6])
{
	const bool same = strcmp(before, db_state(s->db)) == 0;

	(void)g_strlcpy(before, db_state(s->db), 6);
	return db_is_alive(s->db) && !(same && db_failed_at_work(s->db));
}

enum diag_code
store_write(struct store *s, struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	const struct span docs = batch_span(b, from, to);
	enum diag_code code = DIAG_RETRY;
	char state[6] = "";

	take_over(s, b, docs);
	profile_ids_trim(s->ids);
	if (g_hash_table_size(s->domains) > LIMIT_DOMAIN_IDS)
		g_hash_table_remove_all(s->domains);
	for (int i = 0; i < ATTEMPTS && code == DIAG_RETRY; i++) {
		code = make_partitions(s, b, docs, d);
		if (code == DIAG_OK)
			code = write_all(s, b, from, to, d);
		if (code != DIAG_OK)
			undo(s, b, docs);
		if (code == DIAG_RETRY && !is_worth_trying(s, state))
			break;
	}
	s->ahead = (struct ahead){ 0 };
	s->ahead_failed = false;
	s->begun = NULL;
	return code;
}

enum diag_code
store_forget(struct store *s, struct diag *d)
{
	const int days = s->failures.days;

	return store_forget_failures(s->db, days == 0 ? FAILURE_DAYS : days, d);
}

/* ---- ahead ------------------------------------------------------------------ */

/* Partitions come before the transaction, which may take long: also those of
 * the documents before it. */
static enum diag_code
begin_ahead(struct store *s, const struct batch *b, struct diag *d)
{
	const struct span docs = { 0, b->documents->len };
	enum diag_code code = make_partitions(s, b, docs, d);
	char day[NUM_DATE_LEN];

	num_date(b->at_hand.day, day);
	if (code == DIAG_OK)
		code = make_partition(s, day, d);
	return code == DIAG_OK ? ahead_begin(&s->ahead, s->db, b, d) : code;
}

void
store_ahead(struct store *s, const struct batch *b)
{
	enum diag_code code = DIAG_OK;
	struct diag why;

	if (s->ahead_failed)
		return;
	if (!s->ahead.is_open) {
		if (!ahead_is_possible(b))
			return;
		code = begin_ahead(s, b, &why);
	}
	if (code == DIAG_OK)
		code = ahead_write(&s->ahead, s->db, s->ids, s->lessons, b,
		    &why);
	if (code == DIAG_OK)
		return;
	/* If the commit fails, too, it reports the error. */
	roll_back(s);
	s->ahead_failed = true;
}
