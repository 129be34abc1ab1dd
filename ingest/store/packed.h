/*
 * packed: records that wait for the commit, in as few bytes as will do: some
 * ten, so that a million of them are no burden.
 */
#ifndef INGEST_PACKED_H
#define INGEST_PACKED_H

#include <stdint.h>

#include "common/buf.h"
#include "ingest/decode/report.h"

/* Append a record, whose profile has the number given here instead. */
void packed_add(struct buf *b, const struct record *r, uint32_t profile);

/* Read the record at this offset; returns where the next one is.  Its texts
 * are gone when something is added. */
size_t packed_read(const struct buf *b, size_t at, struct record *r);

#endif
