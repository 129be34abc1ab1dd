/*
 * replay_failure: a failure report that a decoder hands over, checked.
 */
#ifndef INGEST_REPLAY_FAILURE_H
#define INGEST_REPLAY_FAILURE_H

#include "ingest/decode/failure.h"
#include "ingest/worker/cursor.h"

/* Its texts stay the frame's. */
void replay_failure(struct cursor *c, struct failure_report *f);

#endif
