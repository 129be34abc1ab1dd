/*
 * check: does the head of a report make sense?
 */
#ifndef INGEST_CHECK_H
#define INGEST_CHECK_H

#include "common/diag.h"
#include "ingest/decode/report.h"

/* The head's dates, key and policy.  begin and end are the texts, or NULL. */
enum diag_code check_head(struct report_head *head, const char *begin,
    const char *end, struct diag *d) MUST_CHECK;

#endif
