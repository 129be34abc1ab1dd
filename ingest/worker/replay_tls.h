/*
 * replay_tls: a TLS report that a decoder hands over, checked as replay.h says.
 */
#ifndef INGEST_REPLAY_TLS_H
#define INGEST_REPLAY_TLS_H

#include "ingest/decode/tls_report.h"
#include "ingest/worker/cursor.h"

/*
 * Read it from c, which fails when it cannot be.  The texts stay the cursor's;
 * the caller clears *t.
 */
void replay_tls(struct cursor *c, struct tls_report *t);

#endif
