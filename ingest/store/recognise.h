/*
 * recognise: finds messages and files that were stored before, by their bytes.
 *
 * A report that was alone in its message and was stored completely has the
 * digest of the message.  The same bytes again are a duplicate and need not be
 * decoded, as long as that report exists.
 */
#ifndef INGEST_RECOGNISE_H
#define INGEST_RECOGNISE_H

#include <stddef.h>

#include "common/db.h"
#include "common/diag.h"
#include "ingest/source/errand.h"

/* Compute the digests of n errands, and set the field seen of those that came
 * before. */
enum diag_code recognise(struct db *db, struct errand *errands, size_t n,
    struct diag *d) MUST_CHECK;

#endif
