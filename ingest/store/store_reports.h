/*
 * store_reports: writes reports of a batch to the database, unless they are
 * there.
 */
#ifndef INGEST_STORE_REPORTS_H
#define INGEST_STORE_REPORTS_H

#include <stddef.h>

#include <glib.h>

#include "common/db.h"
#include "ingest/store/batch.h"

/*
 * Within a transaction: store the reports of items from..to-1 that are new, and
 * set the outcomes and ids of all.  A document that has an id keeps it.
 * domains: the names of policy domains that are there.
 */
enum diag_code store_reports(struct db *db, GHashTable *domains,
    struct batch *b, size_t from, size_t to, struct diag *d) MUST_CHECK;

#endif
