/*
 * profile_ids: the database's numbers of profiles, asked for once each.
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

/* After a rollback, for what was handed out in it is nobody's; and when there
 * are too many. */
void profile_ids_forget(struct profile_ids *ids);
void profile_ids_trim(struct profile_ids *ids);

/* Store those of the batch's profiles that are needed (a byte each, 0: it is
 * not), unless they are there, and learn their ids. */
enum diag_code
profile_ids_write(struct profile_ids *ids, struct db *db, const struct batch *b,
    const unsigned char *needed, struct diag *d) MUST_CHECK;

/* The id of the batch's profile of that number; NULL: it is not known. */
const int *profile_ids_find(const struct profile_ids *ids,
    const struct batch *b, size_t number);

#endif
