/*
 * store_records: writes records of a batch, and their profiles, to the
 * database.
 */
#ifndef INGEST_STORE_RECORDS_H
#define INGEST_STORE_RECORDS_H

#include <stdint.h>

#include "common/db.h"
#include "ingest/store/batch.h"
#include "ingest/store/lessons.h"
#include "ingest/store/profile_ids.h"
#include "ingest/store/record_row.h"

/* Consecutive records of one report in batch.records. */
struct record_lot {
	size_t at; /* where the first one lies */
	size_t n;
	struct record_owner owner;
};

/*
 * Within a transaction: write these lots by one COPY, after the profiles that
 * are new.  Each lot's at then is behind its last record, and which profiles
 * were in it is added to the lessons.
 */
enum diag_code store_records(struct db *db, struct profile_ids *ids,
    struct lessons *lessons, const struct batch *b, struct record_lot *lots,
    size_t n, struct diag *d) MUST_CHECK;

#endif
