/*
 * misbehave: a place where tests make a worker misbehave.
 *
 * Built with -DTEST_STEPS, which links tests/misbehave/, an item that holds
 * "X-Misbehave: WORD" makes the worker do what that word says; otherwise
 * nothing of it is there.
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
