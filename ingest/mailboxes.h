/*
 * mailboxes: the mailboxes of dmarc.conf, each once, or watched for ever.
 */
#ifndef INGEST_MAILBOXES_H
#define INGEST_MAILBOXES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/diag.h"
#include "ingest/config/config.h"
#include "ingest/run.h"

/*
 * Read all mails of the mailboxes.  The result is the database's; what fails
 * at a mailbox is told, counted, and does not keep the others.
 */
enum diag_code mailboxes_run(const struct run_means *means,
    const struct mailbox *boxes, size_t n, struct diag *d) MUST_CHECK;

/*
 * The same again and again, as mails arrive, until SIGTERM or SIGINT, when the
 * result is DIAG_OK.  A mailbox that fails is tried again, later and later.
 */
enum diag_code mailboxes_watch(const struct run_means *means,
    const struct mailbox *boxes, size_t n, struct diag *d) MUST_CHECK;

/* How long to wait before failure number n, from 1 on, is tried again. */
int mailboxes_back_off(unsigned n); /* seconds */

#endif
