/*
 * misbehave: what a decoder does that has fallen to its input, for tests.
 *
 * Built with -DTEST_STEPS, an item that holds "X-Misbehave: WORD" makes the
 * decoder do that; otherwise nothing of it is there.  The words are in
 * misbehave.c.
 */
#ifndef INGEST_MISBEHAVE_H
#define INGEST_MISBEHAVE_H

#ifdef TEST_STEPS
#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

/* True: that was all, nothing is to be decoded. */
bool misbehave(struct buf *out, const char *item, size_t len);
/* Remember what can be seen from inside, for "look". */
void misbehave_at_start(void);
#define MISBEHAVE(out, item, len) misbehave((out), (item), (len))
#define MISBEHAVE_AT_START()      misbehave_at_start()
#else
#define MISBEHAVE(out, item, len) (false)
#define MISBEHAVE_AT_START()      ((void)0)
#endif

#endif
