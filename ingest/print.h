/*
 * print: shows reports without a database.
 */
#ifndef INGEST_PRINT_H
#define INGEST_PRINT_H

#include <stdbool.h>

#include "common/diag.h"
#include "ingest/worker/decoders.h"
#include "ingest/run.h"

/*
 * Print what is in the sources to standard output: text for people, or CSV
 * with a row a record.  What cannot be read goes to the log.  The result is
 * as for run_sources(); RETRY is a failed write.
 */
enum diag_code
print_sources(char *const *paths, int n, bool csv, struct decoders *decoders,
    struct run_counts *counts, struct diag *d) MUST_CHECK;

#endif
