/*
 * replay: what a decoder says, checked, and told to a sink.
 *
 * The decoder may have fallen to the bytes it met, so nothing it says is
 * believed: every length lies within its frame, every number in its range,
 * every text is UTF-8 without control characters; the sums of a report are
 * those of its records; and what follows from the rest (the digest of a
 * profile, organizational domains, alignment) is worked out here.
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
	REPLAY_BAD   /* that cannot be, or is too much: see the diag */
};

/* A new item begins, or one begins anew. */
void replay_begin(struct replay *r);

/*
 * One frame of it.  The sink is called as decode() would; once it has said
 * stop, which it does when it cannot hold more of one item, that is the end:
 * it is not called again, and the frame is BAD.  What the sink was told before
 * a BAD stays told.
 */
enum replay_end replay_frame(struct replay *r, const struct frame *f,
    const struct decode_sink *sink, struct diag *d);

/*
 * Of the item that has ended: something in it is set aside, or was mended.
 * Whoever wants to take a decoder over has to send something odd, as a rule.
 */
bool replay_was_odd(const struct replay *r);

#endif
