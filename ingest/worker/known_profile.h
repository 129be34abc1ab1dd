/*
 * known_profile: the profiles that decoders speak of, each checked once.
 *
 * Reports repeat a few profiles enormously.  They are looked up here by the
 * bytes that a frame has for them, so that checking, digest and organizational
 * domains are work for the first time only.
 */
#ifndef INGEST_KNOWN_PROFILE_H
#define INGEST_KNOWN_PROFILE_H

#include "ingest/worker/cursor.h"
#include "ingest/decode/report.h"

struct known_profiles;

struct known_profiles *known_profiles_new(void);
void known_profiles_free(struct known_profiles *k); /* NULL is fine */

/* To be called between chunks: forget all, when that is much. */
void known_profiles_trim(struct known_profiles *k);

/*
 * The profile that stands at the cursor, complete; it is k's, until it is
 * trimmed.  NULL: the cursor has failed.
 */
const struct auth_profile *
known_profiles_take(struct known_profiles *k, struct cursor *c);

#endif
