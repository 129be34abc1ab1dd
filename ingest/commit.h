/*
 * commit: writes a batch to the database, then informs the source and the
 * operator, and marks set-aside items that were resolved.
 */
#ifndef INGEST_COMMIT_H
#define INGEST_COMMIT_H

#include "common/db.h"
#include "ingest/store/batch.h"
#include "ingest/source/source.h"
#include "ingest/store/store.h"
#include "ingest/tell.h"

struct commit_means {
	struct db *db;
	struct store *store;
	struct run_counts *counts;
	const struct source *source; /* where the items came from */
};

/*
 * Write a batch that is not empty.  Items that the database refuses are set
 * aside.  An item that it cannot finish, even alone, is logged as a problem and
 * left for the next run; the others are stored.  RETRY, CONFIG: nothing more is
 * written, and nothing is reported about what is not written.
 */
enum diag_code commit_batch(const struct commit_means *means, struct batch *b,
    struct diag *d) MUST_CHECK;

#endif
