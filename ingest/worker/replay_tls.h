/*
 * replay_tls: validates a TLS report from a worker, as replay.h does.
 */
#ifndef INGEST_REPLAY_TLS_H
#define INGEST_REPLAY_TLS_H

#include "ingest/decode/tls_report.h"
#include "ingest/worker/cursor.h"

/*
 * Read it from c, which fails if it is invalid.  The texts are not copied; the
 * caller clears *t.
 */
void replay_tls(struct cursor *c, struct tls_report *t);

#endif
