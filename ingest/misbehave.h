/*
 * misbehave: what a decoder does that has fallen to its input, for tests.
 *
 * Built with -DTEST_STEPS, an item that holds "X-Misbehave: WHAT" makes the
 * decoder do that; otherwise nothing of it is there.  The words are in
 * misbehave.c.
 */
#ifndef INGEST_MISBEHAVE_H
#define INGEST_MISBEHAVE_H

#ifdef TEST_STEPS
#include <stddef.h>

void misbehave(const char *item, size_t len);
/* Remember what can be seen from inside, for "look". */
void misbehave_at_start(void);
#define MISBEHAVE(item, len) misbehave((item), (len))
#define MISBEHAVE_AT_START() misbehave_at_start()
#else
#define MISBEHAVE(item, len) ((void)0)
#define MISBEHAVE_AT_START() ((void)0)
#endif

#endif
