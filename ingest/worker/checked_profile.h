/*
 * checked_profile: the profiles that decoders speak of, each checked once.
 *
 * Reports repeat a few profiles enormously.  They are looked up here by the
 * bytes that a frame has for them, so that checking, digest and organizational
 * domains are work for the first time only.
 */
#ifndef INGEST_CHECKED_PROFILE_H
#define INGEST_CHECKED_PROFILE_H

#include "ingest/worker/cursor.h"
#include "ingest/decode/report.h"

struct checked_profiles;

struct checked_profiles *checked_profiles_new(void);
void checked_profiles_free(struct checked_profiles *k); /* NULL is fine */

/* To be called between chunks: forget all, when that is much. */
void checked_profiles_trim(struct checked_profiles *k);

/*
 * The profile that stands at the cursor, complete; it is k's, until it is
 * trimmed.  NULL: the cursor has failed.
 */
const struct auth_profile *
checked_profiles_take(struct checked_profiles *k, struct cursor *c);

#endif
