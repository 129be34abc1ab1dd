/*
 * check_config: is dmarc.conf right?  Every mailbox is connected to, and what
 * would be done is printed; nothing is changed.
 */
#ifndef INGEST_CHECK_CONFIG_H
#define INGEST_CHECK_CONFIG_H

#include <stddef.h>

#include "common/diag.h"
#include "ingest/config/mailbox.h"
#include "ingest/run.h"

/* Prints to standard output; what fails is told and counted, and the others
 * are tried all the same.  RETRY: standard output cannot be written. */
enum diag_code check_config(const struct mailbox *boxes, size_t n,
    struct run_counts *counts, struct diag *d) MUST_CHECK;

#endif
