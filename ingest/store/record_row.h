/*
 * record_row: a record as a row for COPY.
 */
#ifndef INGEST_RECORD_ROW_H
#define INGEST_RECORD_ROW_H

#include <stdint.h>

#include "common/buf.h"
#include "ingest/decode/report.h"

/* What a record's row holds of its report. */
struct record_owner {
	int64_t report_id;
	int64_t policy_domain_id;
	int64_t day; /* report_day(), seconds since 1970 */
	/* A hash; reports of one domain that are trusted by the same rules have
	 * the same one. */
	uint64_t voucher_key;
};

/* The statement that takes these rows; pgbinary_begin() and pgbinary_end() go
 * around them. */
extern const char record_row_copy[];

/* Append a record's row; profile_id is the database's. */
void record_row(struct buf *rows, const struct record_owner *owner,
    const struct record *r, int profile_id);

#endif
