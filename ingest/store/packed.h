/*
 * packed: records that wait for the commit, in about ten bytes each, so that a
 * million of them fit into memory easily.
 */
#ifndef INGEST_PACKED_H
#define INGEST_PACKED_H

#include <stdint.h>

#include "common/buf.h"
#include "ingest/decode/report.h"

/* Append a record, with this number as its profile. */
void packed_add(struct buf *b, const struct record *r, uint32_t profile);

/* Read the record at this offset; returns the offset of the next.  Its texts
 * are valid until a record is added. */
size_t packed_read(const struct buf *b, size_t at, struct record *r);

#endif
