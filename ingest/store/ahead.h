/*
 * ahead: writes the first records of a large report while the rest is still
 * being decoded.
 *
 * The next commit completes the same transaction, with the report itself.
 * Until then the batch keeps these records too, so that after any failure the
 * transaction can be rolled back and everything written again.
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
	/* The report that it belongs to, and a check that no record of it was
	 * taken back; as in struct batch. */
	size_t records_mark;
	uint64_t forgotten;
	struct batch_at_hand head;
	/* What was written so far; n is the number of records. */
	struct record_lot written;
};

/* Whether the current document is large enough to be written ahead, and its
 * head allows it. */
bool ahead_is_possible(const struct batch *b);

/* Begin a transaction for the current document. */
enum diag_code ahead_begin(struct ahead *a, struct db *db,
    const struct batch *b, struct diag *d) MUST_CHECK;

/* Write the records that have arrived, if there are enough.  RETRY, also if
 * records were taken back that are already written. */
enum diag_code
ahead_write(struct ahead *a, struct db *db, struct profile_ids *ids,
    struct lessons *lessons, const struct batch *b, struct diag *d) MUST_CHECK;

/* Whether it is this document, and its head is still the same. */
bool ahead_is_of(const struct ahead *a, const struct batch *b,
    const struct document_row *doc);

/* Its records that are not written yet. */
struct record_lot
ahead_rest(const struct ahead *a, const struct document_row *doc);

#endif
