/*
 * rows: reports and profiles as rows for COPY.
 */
#ifndef INGEST_ROWS_H
#define INGEST_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "ingest/decode/report.h"

/* Where a report came from. */
struct rows_origin {
	const char *source;
	const char *part; /* "" for none */
	const char *message_id;
	const char *mail_from;
	const char *mail_auth; /* NULL: no mail, "": it says nothing */
	int64_t mail_date;     /* 0: none */
	const char *digest;    /* of its bytes, when nothing else is in them */
};

/* Append the statement that takes rows_report()'s rows. */
void rows_copy_reports(struct buf *statement);

/* A row of incoming_report with the number n. */
void rows_report(struct buf *b, size_t n, const struct report_head *h,
    const struct report_totals *t, const struct rows_origin *from);

/* The names of quirks, as a field. */
void rows_quirks(struct buf *b, uint64_t quirks);

/* A row of incoming_profile without its number, which goes before it. */
void rows_profile(struct buf *b, const struct auth_profile *p);

#endif
