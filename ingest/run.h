/*
 * run: the straight line.  Every item of every source is decoded, written
 * with its neighbours in one transaction, and then its source is told.
 */
#ifndef INGEST_RUN_H
#define INGEST_RUN_H

#include <stdint.h>

#include "common/db.h"
#include "common/diag.h"

struct run_counts {
	uint64_t items;
	uint64_t stored;
	uint64_t duplicates;
	uint64_t conflicts;
	uint64_t set_aside;
	uint64_t bad_records;
	uint64_t not_reports;
	uint64_t problems; /* sources or files that could not be read */
	int64_t messages;  /* in the stored reports */
};

/*
 * Read all the sources that paths name.  DIAG_OK: everything was read to its
 * end, whatever became of it, which the counts tell and the log told.  RETRY,
 * CONFIG: stopped; what was committed before stays.
 */
enum diag_code run_sources(struct db *db, char *const *paths, int n,
    struct run_counts *counts, struct diag *d) MUST_CHECK;

/* Read the set-aside items again, and mark those that can be read now. */
enum diag_code
run_retry(struct db *db, struct run_counts *counts, struct diag *d) MUST_CHECK;

/* Something in the run needs a person. */
int run_has_trouble(const struct run_counts *counts);

#endif
