/*
 * say: what a worker that was taken over writes to the parent: bytes that are no
 * frame, frames with impossible values, and far too many of them.
 */
#ifndef TESTS_SAY_H
#define TESTS_SAY_H

#include <stdbool.h>

#include "common/buf.h"

/* What was to be refused was not. */
#define GOT_OUT 42

/* What belongs to the items before. */
void say_the_rest(struct buf *out);

/* Each is an act of misbehave(), and says so as that does. */
bool say_garbage(struct buf *out);
bool say_half(struct buf *out);
bool say_too_much(struct buf *out);
bool say_nothing(struct buf *out);
bool say_wrong_sum(struct buf *out);
bool say_no_text(struct buf *out);
bool say_for_ever(struct buf *out);
bool flood_parts(struct buf *out);
bool flood_heads(struct buf *out);
bool flood_profiles(struct buf *out);
bool flood_idle_profiles(struct buf *out);

#endif
