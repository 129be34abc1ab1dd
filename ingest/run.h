/*
 * run: decodes every item of every source, writes items in batches, one
 * transaction each, and then informs their sources.
 */
#ifndef INGEST_RUN_H
#define INGEST_RUN_H

#include "common/db.h"
#include "common/diag.h"
#include "ingest/config/config.h"
#include "ingest/worker/decoders.h"
#include "ingest/source/source.h"
#include "ingest/tell.h"

struct run;

/* What a run needs; all of it must outlive the run. */
struct run_means {
	struct db *db; /* whose schema is right */
	struct decoders *decoders;
	struct run_counts *counts;
	struct failure_keeping failures;
};

/* The caller ends *out with run_end(). */
enum diag_code run_begin(struct run **out, const struct run_means *means,
    struct diag *d) MUST_CHECK;
void run_end(struct run *run); /* NULL is fine */

/*
 * Read a source to its end and close it.  The result is that of the database;
 * failures of the source are logged and counted.  Items are committed when the
 * batch is full, at the end of a source that has done(), and by run_flush().
 */
enum diag_code run_source(struct run *run, const struct source *source,
    struct diag *d) MUST_CHECK;
enum diag_code run_flush(struct run *run, struct diag *d) MUST_CHECK;

/* Add one item that is not from a source; the errand is emptied. */
enum diag_code
run_give(struct run *run, struct errand *errand, struct diag *d) MUST_CHECK;

/* Log and count that a source could not be opened or read further. */
void run_problem(struct run_counts *counts, const struct diag *d);

/*
 * Read all the sources that paths name.  DIAG_OK: all were read to their end;
 * the log and the counts say what became of the items.  RETRY, CONFIG: stopped;
 * what was committed before stays.
 */
enum diag_code run_sources(const struct run_means *means, char *const *paths,
    int n, struct diag *d) MUST_CHECK;

/* After a run: statistics for what the planner knows nothing of yet, which
 * those who only read may not make. */
void run_statistics(struct db *db);

/* Whether something in the run needs a person. */
int run_has_trouble(const struct run_counts *counts);

#endif
