/*
 * run: every item of every source is decoded, written with its neighbours in one
 * transaction, and then its source learns what became of it.
 */
#ifndef INGEST_RUN_H
#define INGEST_RUN_H

#include "common/db.h"
#include "common/diag.h"
#include "ingest/worker/decoders.h"
#include "ingest/source/source.h"
#include "ingest/tell.h"

struct run;

/* What a run needs, all of which outlives it. */
struct run_means {
	struct db *db; /* whose schema is right */
	struct decoders *decoders;
	struct run_counts *counts;
};

/* The caller ends *out with run_end(). */
enum diag_code run_begin(struct run **out, const struct run_means *means,
    struct diag *d) MUST_CHECK;
void run_end(struct run *run); /* NULL is fine */

/*
 * Read a source to its end and close it.  The result is the database's: what
 * fails at the source is told and counted.  What was read is committed only
 * when the batch is full, when the source wants to know (ops->done), and by
 * run_flush().
 */
enum diag_code run_source(struct run *run, const struct source *source,
    struct diag *d) MUST_CHECK;
enum diag_code run_flush(struct run *run, struct diag *d) MUST_CHECK;

/* One item that comes from elsewhere; the errand is emptied. */
enum diag_code
run_give(struct run *run, struct errand *errand, struct diag *d) MUST_CHECK;

/* A source could not be opened or goes no further: tell and count it. */
void run_problem(struct run_counts *counts, const struct diag *d);

/*
 * Read all the sources that paths name.  DIAG_OK: everything was read to its
 * end, whatever became of it, which the counts tell and the log told.  RETRY,
 * CONFIG: stopped; what was committed before stays.
 */
enum diag_code run_sources(const struct run_means *means, char *const *paths,
    int n, struct diag *d) MUST_CHECK;

/* After a run: statistics for what the planner knows nothing of yet, which
 * those who only read may not make. */
void run_statistics(struct db *db);

/* Something in the run needs a person. */
int run_has_trouble(const struct run_counts *counts);

#endif
