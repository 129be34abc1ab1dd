/*
 * store: a batch of items to the database, in one transaction.
 *
 * Reports first, which tells the new ones from duplicates and conflicts; then
 * the profiles that are new; then the records by COPY; then the ledger.  All
 * of it is there afterwards, or nothing.
 */
#ifndef INGEST_STORE_H
#define INGEST_STORE_H

#include <stddef.h>

#include "common/db.h"
#include "ingest/store/batch.h"

struct store;

/* Take a connection whose schema is right, which the caller keeps owning. */
enum diag_code
store_open(struct store **out, struct db *db, struct diag *d) MUST_CHECK;
void store_close(struct store *s); /* NULL is fine */

/*
 * Write items from..to-1 and set the outcomes of their documents.  FORMAT:
 * the database refuses a value of some item, nothing is written and the
 * outcomes are as before; the caller goes item by item.  RETRY, CONFIG:
 * nothing is written; when db_failed_at_work() it was tried again, and one by
 * one the items may pass.
 */
enum diag_code store_write(struct store *s, struct batch *b, size_t from,
    size_t to, struct diag *d) MUST_CHECK;

/*
 * Write what there is of the document at hand, while the rest of it is being
 * decoded; nothing else may be asked of the connection until store_write() has
 * written it, which takes that over or undoes it.  It need not succeed.
 */
void store_ahead(struct store *s, const struct batch *b);

#endif
