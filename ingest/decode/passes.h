/*
 * passes: one XML document, read as often as it takes.
 *
 * Once, as a rule.  Once more with the head of the first pass, when records
 * came before it; and once more in recovering mode, when the XML is broken.
 */
#ifndef INGEST_PASSES_H
#define INGEST_PASSES_H

#include <stddef.h>

#include "common/diag.h"
#include "ingest/decode/aggregate.h"
#include "ingest/decode/document.h"
#include "ingest/decode/report.h"

struct passes {
	enum aggregate_end end;  /* never AGGREGATE_ONCE_MORE */
	struct report_head head; /* the caller frees it, whatever the end */
	struct report_totals totals;
	struct diag diag; /* why it is bad, or what else it is */
};

/*
 * Read the document whose first bytes are start[0..start_len).  *repeats is
 * raised with every pass after the first; LIMIT_REPEATS of them are enough for
 * an item.  Of a bad document the sink holds nothing afterwards.
 */
void passes_run(struct passes *p, struct document *doc,
    struct profile_memo *memo, const struct report_sink *sink,
    const char *start, size_t start_len, int *repeats);

#endif
