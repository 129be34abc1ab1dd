/*
 * checked_profile: the profiles that workers send, each validated once.
 *
 * Reports repeat a few profiles very often.  They are looked up here by their
 * bytes in the frame, so that validation, digest and organizational domains are
 * computed the first time only.
 *
 * Two more tables lead from a profile to its id, and stay apart from this one:
 * batch.profile_index ends with the batch, and profile_ids.c keeps half a
 * million ids of 92 bytes each, where a profile as it lies here takes some 800.
 */
#ifndef INGEST_CHECKED_PROFILE_H
#define INGEST_CHECKED_PROFILE_H

#include "ingest/worker/cursor.h"
#include "ingest/decode/report.h"

struct checked_profiles;

struct checked_profiles *checked_profiles_new(void);
void checked_profiles_free(struct checked_profiles *k); /* NULL is fine */

/* Call this between chunks: it empties the table when that has become large. */
void checked_profiles_trim(struct checked_profiles *k);

/*
 * The complete profile at the cursor.  It belongs to k and is valid until
 * checked_profiles_trim().  NULL: the cursor has failed.
 */
const struct auth_profile *
checked_profiles_take(struct checked_profiles *k, struct cursor *c);

#endif
