/*
 * replay: validates a worker's output and passes it to a sink.
 *
 * An item may have taken control of the worker, so nothing is trusted: every
 * length lies within its frame, every number in its range, every text is UTF-8
 * without control characters; the sums of a report are those of its records;
 * and what can be computed from the rest (the digest of a profile,
 * organizational domains, alignment) is computed here.
 */
#ifndef INGEST_REPLAY_H
#define INGEST_REPLAY_H

#include <stdbool.h>

#include "common/diag.h"
#include "ingest/decode/decode.h"
#include "ingest/worker/frame.h"

struct replay;

struct replay *replay_new(void);
void replay_free(struct replay *r); /* NULL is fine */

enum replay_end {
	REPLAY_MORE, /* the item goes on */
	REPLAY_DONE, /* it has ended, as decode() promises */
	REPLAY_BAD   /* invalid, or too much: see the diag */
};

/* A new item begins, or the same one again. */
void replay_begin(struct replay *r);

/*
 * Process one frame.  The sink is called as decode() would call it.  If the
 * sink says stop, which it does when it can hold no more of one item, it is not
 * called again and the frame is BAD.  Calls before a BAD frame are not taken
 * back.
 */
enum replay_end replay_frame(struct replay *r, const struct frame *f,
    const struct decode_sink *sink, struct diag *d);

/*
 * Whether something in the finished item was set aside or repaired.  An attack
 * on a worker usually needs an input like that.
 */
bool replay_was_odd(const struct replay *r);

#endif
