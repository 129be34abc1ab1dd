/*
 * store_tls: writes SMTP TLS reports of a batch to the database, unless they
 * are there.
 */
#ifndef INGEST_STORE_TLS_H
#define INGEST_STORE_TLS_H

#include <stddef.h>

#include "common/db.h"
#include "ingest/store/batch.h"

/* Within a transaction: store the TLS reports of items from..to-1 that are new,
 * and set the outcomes of all. */
enum diag_code store_tls(struct db *db, struct batch *b, size_t from, size_t to,
    struct diag *d) MUST_CHECK;

#endif
