/*
 * profile_ids: the ids of profiles in the database, each asked for once.
 */
#ifndef INGEST_PROFILE_IDS_H
#define INGEST_PROFILE_IDS_H

#include <stddef.h>

#include "common/db.h"
#include "common/diag.h"
#include "ingest/store/batch.h"

struct profile_ids;

struct profile_ids *profile_ids_new(void);
void profile_ids_free(struct profile_ids *ids);

/* Forget all ids: after a rollback, which makes new ids invalid.  Trim: when
 * there are too many. */
void profile_ids_forget(struct profile_ids *ids);
void profile_ids_trim(struct profile_ids *ids);

/* Store those profiles of the batch that are needed (a byte each, 0: not
 * needed) and that the database does not have, and learn their ids. */
enum diag_code
profile_ids_write(struct profile_ids *ids, struct db *db, const struct batch *b,
    const unsigned char *needed, struct diag *d) MUST_CHECK;

/* The id of the batch's profile with that number; NULL: unknown. */
const int *profile_ids_find(const struct profile_ids *ids,
    const struct batch *b, size_t number);

#endif
