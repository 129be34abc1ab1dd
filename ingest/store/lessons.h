/*
 * lessons: which profiles the records of which reports have.  The database
 * learns from those reports that count which selectors verified and which
 * services sent (dmarc.learned).
 */
#ifndef INGEST_LESSONS_H
#define INGEST_LESSONS_H

#include <stdint.h>

#include "common/db.h"
#include "ingest/store/record_row.h"

struct lessons;

struct lessons *lessons_new(void);
void lessons_free(struct lessons *l); /* NULL is fine */

/* A record of this report has this profile, a number of the database's. */
void lessons_add(struct lessons *l, const struct record_owner *owner,
    int profile_id);

/* Forget what was added and not written: it was rolled back. */
void lessons_forget(struct lessons *l);

/*
 * Within the transaction that stores the reports, behind them: have the
 * database learn what was added.
 */
enum diag_code
lessons_write(struct lessons *l, struct db *db, struct diag *d) MUST_CHECK;

/* That transaction was committed: the like need not be said again. */
void lessons_keep(struct lessons *l);

#endif
