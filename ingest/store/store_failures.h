/*
 * store_failures: failure reports of a batch into the database: counted, and of
 * what they say no more than dmarc.conf allows.
 */
#ifndef INGEST_STORE_FAILURES_H
#define INGEST_STORE_FAILURES_H

#include <stddef.h>

#include "common/db.h"
#include "ingest/config/config.h"
#include "ingest/store/batch.h"

/* Within a transaction: count those of items from..to-1 that are new, and set
 * the outcomes of all. */
enum diag_code store_failures(struct db *db, struct batch *b, size_t from,
    size_t to, enum failure_keep keep, struct diag *d) MUST_CHECK;

/* Of those that are older than so many days only the count stays. */
enum diag_code
store_forget_failures(struct db *db, int days, struct diag *d) MUST_CHECK;

/*
 * What is left of a text of that kind when addresses lose all but their domain;
 * NULL: nothing.  The caller frees it.
 */
char *failure_redacted(enum failure_text which, const char *s);

#endif
