/*
 * ahead: writes the first records of a large report while the rest is still
 * being decoded.
 */
#include "ingest/store/ahead.h"

#include <string.h>
#include <time.h>

#include "common/num.h"
#include "gen/sql.h"
#include "ingest/limits.h"

/* Days that have a partition of their month, as make_partition() has it: from
 * 2011-01-01 to 31 days from now; with a day to spare. */
#define FIRST_MONTH (INT64_C(1293840000) + 86400)
#define LAST_MONTH  (INT64_C(30) * 86400)

bool
ahead_is_possible(const struct batch *b)
{
	const int64_t day = b->at_hand.day;

	/* All other days share one partition, and a long transaction on it
	 * would block others. */
	return batch_records_at_hand(b) >= LIMIT_AHEAD_RECORDS &&
	    day >= FIRST_MONTH && day <= (int64_t)time(NULL) + LAST_MONTH;
}

static enum diag_code
read_ids(struct record_owner *owner, struct db *db, const char *domain,
    struct diag *d)
{
	const char *params[] = { domain };
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_store_ahead, 1, params, d);

	if (code != DIAG_OK)
		return code;
	if (PQntuples(res) != 1 ||
	    !num_int64(PQgetvalue(res, 0, 0), 0, INT32_MAX,
		&owner->policy_domain_id) ||
	    !num_int64(PQgetvalue(res, 0, 1), 0, INT64_MAX, &owner->report_id))
		code = diag_set(d, DIAG_RETRY, REASON_AHEAD,
		    "database: another is storing the domain %s", domain);
	PQclear(res);
	return code;
}

enum diag_code
ahead_begin(struct ahead *a, struct db *db, const struct batch *b,
    struct diag *d)
{
	enum diag_code code = db_script(db, "BEGIN", d);

	*a = (struct ahead){
		.is_open = true,
		.records_mark = b->records_mark,
		.forgotten = b->forgotten,
		.head = b->at_hand,
		.written = { .at = b->records_mark,
		    .owner = { .day = b->at_hand.day } },
	};
	if (code == DIAG_OK)
		code = read_ids(&a->written.owner, db, a->head.domain, d);
	/* Which voucher it has is known at its end; until then its key is
	 * unique. */
	a->written.owner.voucher_key = (uint64_t)a->written.owner.report_id;
	return code;
}

enum diag_code
ahead_write(struct ahead *a, struct db *db, struct profile_ids *ids,
    struct lessons *lessons, const struct batch *b, struct diag *d)
{
	struct record_lot lot = a->written;
	enum diag_code code;

	if (a->forgotten != b->forgotten)
		return diag_set(d, DIAG_RETRY, REASON_AHEAD,
		    "records were taken back");
	/* This report is complete and the next one of its item has begun. */
	if (a->records_mark != b->records_mark)
		return DIAG_OK;
	lot.n = batch_records_at_hand(b) - a->written.n;
	if (lot.n < LIMIT_AHEAD_RECORDS)
		return DIAG_OK;
	code = store_records(db, ids, lessons, b, &lot, 1, d);
	/* It is emptied at each commit, but this one is far away. */
	if (code == DIAG_OK)
		code = db_script(db, "TRUNCATE pg_temp.incoming_profile", d);
	a->written.at = lot.at;
	a->written.n += lot.n;
	return code;
}

bool
ahead_is_of(const struct ahead *a, const struct batch *b,
    const struct document_row *doc)
{
	return a->written.n > 0 && a->forgotten == b->forgotten &&
	    doc->outcome == OUTCOME_STORED && doc->records == a->records_mark &&
	    doc->n_records >= a->written.n &&
	    report_day(&doc->head) == a->head.day &&
	    strcmp(doc->head.policy_domain, a->head.domain) == 0;
}

struct record_lot
ahead_rest(const struct ahead *a, const struct document_row *doc)
{
	struct record_lot lot = a->written;

	lot.n = doc->n_records - a->written.n;
	return lot;
}
