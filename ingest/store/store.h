/*
 * store: writes a batch of items to the database, in one transaction.
 *
 * First the reports, which shows which are new, duplicates or conflicts; then
 * new profiles; then the records by COPY; then the log.  All of it is stored,
 * or nothing.
 */
#ifndef INGEST_STORE_H
#define INGEST_STORE_H

#include <stddef.h>

#include "common/db.h"
#include "ingest/config/config.h"
#include "ingest/store/batch.h"

struct store;

/* The schema must have the right version.  The caller still owns the
 * connection.  failures says what is kept of failure reports. */
enum diag_code store_open(struct store **out, struct db *db,
    const struct failure_keeping *failures, struct diag *d) MUST_CHECK;
void store_close(struct store *s); /* NULL is fine */

/*
 * Write items from..to-1 and set the outcomes of their documents.  FORMAT: the
 * database refuses a value of an item; nothing is written, the outcomes are
 * unchanged, and the caller should try item by item.  RETRY, CONFIG: nothing is
 * written.  If db_failed_at_work(), it was retried in vain, and the items may
 * pass one by one.
 */
enum diag_code store_write(struct store *s, struct batch *b, size_t from,
    size_t to, struct diag *d) MUST_CHECK;

/* What is not to be kept any longer. */
enum diag_code store_forget(struct store *s, struct diag *d) MUST_CHECK;

/*
 * Write what there is of the document at hand, while the rest of it is being
 * decoded; nothing else may be asked of the connection until store_write() has
 * written it, which takes that over or undoes it.  It need not succeed.
 */
void store_ahead(struct store *s, const struct batch *b);

#endif
