/*
 * recognise: messages and files that came before, known by their bytes.
 *
 * A report that came alone in its message, and was stored whole, carries the
 * digest of the message's bytes.  The same bytes again need not be decoded: they
 * are a duplicate, as long as that report is there.
 */
#ifndef INGEST_RECOGNISE_H
#define INGEST_RECOGNISE_H

#include <stddef.h>

#include "common/db.h"
#include "common/diag.h"
#include "ingest/source/errand.h"

/* Work out the digests of n errands, and let those that came before know what
 * is in them. */
enum diag_code recognise(struct db *db, struct errand *errands, size_t n,
    struct diag *d) MUST_CHECK;

#endif
