/*
 * pgbinary: values in the binary form of COPY (PostgreSQL manual, sql-copy),
 * which the server takes as they are.
 *
 * A row is the number of fields and then the fields, each of exactly the
 * column's type.  Text is valid UTF-8 without NUL.
 */
#ifndef INGEST_PGBINARY_H
#define INGEST_PGBINARY_H

#include <stdint.h>

#include "common/buf.h"

/* The start and the end of the data. */
void pgbinary_begin(struct buf *b);
void pgbinary_end(struct buf *b);

void pgbinary_row(struct buf *b, int fields);
void pgbinary_int8(struct buf *b, int64_t n);
void pgbinary_int4(struct buf *b, int32_t n);
void pgbinary_date(struct buf *b, int64_t epoch);
/* family 4 or 6, anything else NULL */
void pgbinary_inet(struct buf *b, int family, const unsigned char *ip);
void pgbinary_text(struct buf *b, const char *s); /* NULL is SQL's NULL */
/* text[], a member a line; NULL is SQL's NULL */
void pgbinary_lines(struct buf *b, const char *lines);

#endif
