/*
 * aggregate: XML events to an aggregate report, in either dialect (RFC 7489
 * App. C, RFC 9990 App. A) and every mix of them.
 *
 * Elements are known by name and parent; their order does not matter, unknown
 * ones are skipped and flagged.  A record's texts are handed to check.c as
 * they came.  Records can only be understood when the head is known (adkim,
 * aspf): where they come before it, the document is read once more, this time
 * with the head of the first pass.
 */
#ifndef INGEST_AGGREGATE_H
#define INGEST_AGGREGATE_H

#include <stdbool.h>

#include "common/diag.h"
#include "ingest/decode/profile_memo.h"
#include "ingest/decode/report.h"
#include "ingest/decode/xml.h"

/*
 * The receiver of the report.  A chunk and all that it points to is valid
 * during the call only.  False: stop reading, the receiver has failed.
 */
struct report_sink {
	void *ctx;
	bool (*chunk)(void *ctx, const struct report_head *head,
	    const struct chunk *chunk);
	/* Drop the chunks of this report: it is read again, or is bad. */
	void (*forget)(void *ctx);
};

struct aggregate;

/*
 * known: the head from an earlier pass, or NULL; recovering: this is the
 * second pass over broken XML.  The caller keeps known until close.
 */
struct aggregate *aggregate_open(struct profile_memo *memo,
    const struct report_sink *sink, struct report_head *known, bool recovering);
void aggregate_close(struct aggregate *a); /* NULL is fine */

/* Read the document. */
enum diag_code aggregate_read(struct aggregate *a,
    const struct xml_source *source, struct diag *d) MUST_CHECK;

enum aggregate_end {
	AGGREGATE_REPORT,    /* a report, complete; head and totals are valid */
	AGGREGATE_ONCE_MORE, /* records came before the head: again, with it */
	AGGREGATE_BAD,       /* a report that cannot be used: see the diag */
	AGGREGATE_NOTHING,   /* broken before any element: see the diag */
	AGGREGATE_OTHER      /* no report: see the diag for what it is */
};

/*
 * The document has ended, or reading it failed with *d.  For REPORT and
 * ONCE_MORE *head is the caller's to free, otherwise it may be partly filled
 * (to name the report in a message) and is the caller's, too.
 */
enum aggregate_end aggregate_finish(struct aggregate *a, bool failed,
    struct report_head *head, struct report_totals *totals, struct diag *d);

/* The report is complete: the error lies behind its end. */
bool aggregate_is_complete(const struct aggregate *a);

#endif
