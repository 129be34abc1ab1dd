/*
 * ledger: the log of all documents, and the bytes of what could not be read.
 *
 * ingest_log gets a row for every document. set_aside gets the bytes of items
 * and the fields of records, each only once. mailbox_mail gets a row for every
 * mail of a mailbox.
 */
#ifndef INGEST_LEDGER_H
#define INGEST_LEDGER_H

#include <stddef.h>

#include "common/db.h"
#include "ingest/store/batch.h"

/* Write the rows of items from..to-1, inside the caller's transaction. */
enum diag_code ledger_write(struct db *db, const struct batch *b, size_t from,
    size_t to, struct diag *d) MUST_CHECK;

#endif
