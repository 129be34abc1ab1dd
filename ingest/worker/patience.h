/*
 * patience: how long a decoder may let others wait for an item.
 */
#ifndef INGEST_PATIENCE_H
#define INGEST_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/diag.h"
#include "ingest/worker/decoder.h"

/* How often a decoder that lets us wait is looked at. */
#define PATIENCE_TICK_MS 500

/* All of it zero: nobody waits. */
struct patience {
	int64_t since; /* when the waiting began, 0: it did not */
	int64_t look;  /* when the decoder is looked at again */
	int64_t cpu;   /* what it had used then, -1: unknown */
	int64_t left;  /* since when nobody has waited */
};

/* Nobody waits any more: another item is the next one. */
void patience_reset(struct patience *p);

/* Begin to wait, or go on with it: what happened since somebody waited last is
 * not the item's fault.  And stop for now. */
void patience_begin(struct patience *p);
void patience_end(struct patience *p);

/* The item has let us wait for longer than it may; why. */
bool patience_is_over(struct patience *p, const struct decoder *dec,
    struct diag *why);

#endif
