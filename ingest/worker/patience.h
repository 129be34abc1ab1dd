/*
 * patience: how long the other workers wait for one item.
 */
#ifndef INGEST_PATIENCE_H
#define INGEST_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/diag.h"
#include "ingest/worker/decoder.h"

/* How often the processor time of a slow worker is read. */
#define PATIENCE_TICK_MS 500

/* All of it zero: nobody waits. */
struct patience {
	int64_t since; /* when the waiting began, 0: it did not */
	int64_t look;  /* when its processor time is read again */
	int64_t cpu;   /* the processor time then, -1: unknown */
	int64_t left;  /* since when nobody has waited */
};

/* Stop waiting: another item is next. */
void patience_reset(struct patience *p);

/* Start or resume the wait: time since the last wait does not count for the
 * item.  And pause it. */
void patience_begin(struct patience *p);
void patience_end(struct patience *p);

/* True: the item has taken too long; *why says so. */
bool patience_is_over(struct patience *p, const struct decoder *dec,
    struct diag *why);

#endif
