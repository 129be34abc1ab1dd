/*
 * tls_leaf: what decode() hands out for an SMTP TLS report.
 */
#ifndef INGEST_TLS_LEAF_H
#define INGEST_TLS_LEAF_H

#include <stdbool.h>
#include <stddef.h>

#include "ingest/decode/leaf.h"

struct tls_leaf {
	struct report_head head;
	struct tls_report report;
	struct report_totals totals;
	struct leaf leaf;
};

/*
 * Make a leaf of bytes[0..len), which are JSON.  False: it is JSON of another
 * kind, and l->leaf.diag says so.  To be cleared in either case.
 */
bool tls_leaf_read(struct tls_leaf *l, const char *bytes, size_t len);
void tls_leaf_clear(struct tls_leaf *l);

#endif
