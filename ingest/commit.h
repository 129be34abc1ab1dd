/*
 * commit: a batch into the database, and whoever wants to know is told: the
 * source, people, and what had been set aside.
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
 * Write a batch that is not empty.  What the database refuses of it is set
 * aside; what it does not get done, even alone, is told as a problem and left
 * where it is for the next run; the neighbours are stored.  RETRY, CONFIG:
 * nothing more is written, and nobody is told of what is not.
 */
enum diag_code commit_batch(const struct commit_means *means, struct batch *b,
    struct diag *d) MUST_CHECK;

#endif
