/*
 * lessons: which profiles the records of which reports have.  From reports that
 * count the database learns which selectors verified and which services sent
 * (dmarc.learned).
 */
#ifndef INGEST_LESSONS_H
#define INGEST_LESSONS_H

#include <stdint.h>

#include "common/db.h"
#include "ingest/store/record_row.h"

struct lessons;

struct lessons *lessons_new(void);
void lessons_free(struct lessons *l); /* NULL is fine */

/* A record of this report has the profile with this id. */
void lessons_add(struct lessons *l, const struct record_owner *owner,
    int profile_id);

/* Drop what was added: the transaction was rolled back. */
void lessons_forget(struct lessons *l);

/*
 * Inside the transaction, after the reports: write what was added.
 */
enum diag_code
lessons_write(struct lessons *l, struct db *db, struct diag *d) MUST_CHECK;

/* The transaction was committed: remember it, and do not write it again. */
void lessons_keep(struct lessons *l);

#endif
