/*
 * decode: bytes in, reports out.
 *
 * A pure function of its input: no file, no socket, no clock, no database.  All
 * untrusted bytes are parsed here and in the steps below (sniff, mime, unpack,
 * xml, aggregate, check), and nowhere else.
 */
#ifndef INGEST_DECODE_H
#define INGEST_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/diag.h"
#include "ingest/decode/leaf.h"
#include "ingest/decode/mime.h"
#include "ingest/decode/profile_memo.h"
#include "ingest/decode/report.h"

struct decode_sink {
	void *ctx;
	/* Records of the current report.  False: stop, the receiver failed. */
	bool (*chunk)(void *ctx, const struct report_head *head,
	    const struct chunk *chunk);
	/* Drop the chunks since the last leaf: the report is read again. */
	void (*forget)(void *ctx);
	/* The document has ended.  False: stop. */
	bool (*leaf)(void *ctx, const struct leaf *leaf);
};

/* To be called once before the first decode(). */
void decode_init(void);

/*
 * Decode one item.  At least one leaf is handed out, unless the sink stopped
 * it; LEAF_NOT_REPORT only when there is nothing else, and then once. memo only
 * makes it faster; the sink must not use it.
 */
void decode(struct profile_memo *memo, const void *bytes, size_t len,
    const struct decode_sink *sink);

#endif
