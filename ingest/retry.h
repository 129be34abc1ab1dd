/*
 * retry: decodes set-aside items again.
 */
#ifndef INGEST_RETRY_H
#define INGEST_RETRY_H

#include "common/diag.h"
#include "ingest/run.h"

/* Read the set-aside items again, and mark those that can be read now.  As
 * run_sources(). */
enum diag_code
retry_all(const struct run_means *means, struct diag *d) MUST_CHECK;

#endif
