/*
 * ahead: the records of one large report, written while the rest of it is still
 * being decoded.
 *
 * That is a transaction which the next commit takes over, with the report
 * itself.  Until then all of it is in the batch as well, so that whatever goes
 * wrong it can be rolled back and written as if it had never been.
 */
#ifndef INGEST_AHEAD_H
#define INGEST_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "ingest/store/batch.h"
#include "ingest/store/profile_ids.h"
#include "ingest/store/store_records.h"

struct ahead {
	bool is_open; /* the transaction */
	/* Which report, and that none of it was taken back: as in the batch. */
	size_t records_mark;
	uint64_t forgotten;
	struct batch_at_hand head;
	/* Behind what was written; its n is how many these are. */
	struct record_lot written;
};

/* Is the document at hand large enough to be written ahead, and may it be, from
 * what its head says so far? */
bool ahead_is_possible(const struct batch *b);

/* Begin a transaction for the document at hand. */
enum diag_code ahead_begin(struct ahead *a, struct db *db,
    const struct batch *b, struct diag *d) MUST_CHECK;

/* Write what there is of its records, if that is enough to be worth it.  RETRY,
 * too, when some were taken back that are written. */
enum diag_code
ahead_write(struct ahead *a, struct db *db, struct profile_ids *ids,
    struct lessons *lessons, const struct batch *b, struct diag *d) MUST_CHECK;

/* This document is the one, and its end says the same as its beginning. */
bool ahead_is_of(const struct ahead *a, const struct batch *b,
    const struct document_row *doc);

/* Its records that were not written yet. */
struct record_lot
ahead_rest(const struct ahead *a, const struct document_row *doc);

#endif
