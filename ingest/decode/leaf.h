/*
 * leaf: what became of one document of an item.
 */
#ifndef INGEST_LEAF_H
#define INGEST_LEAF_H

#include "common/diag.h"
#include "ingest/decode/failure.h"
#include "ingest/decode/mail.h"
#include "ingest/decode/report.h"
#include "ingest/decode/tls_report.h"

enum leaf_kind {
	LEAF_REPORT,     /* read; its chunks went before */
	LEAF_BAD,        /* a report that cannot be read; diag says why */
	LEAF_FAILURE,    /* a failure report, read */
	LEAF_MISSING,    /* no report where one is promised; diag says why */
	LEAF_NOT_REPORT, /* nothing for us; diag says what it is */
	LEAF_KINDS
};

/* What became of one document of an item.  Gone after the call. */
struct leaf {
	enum leaf_kind kind;
	const char *part; /* path inside the item, "" for the item itself */
	const struct mail_info *mail;       /* the carrying mail, or NULL */
	const struct report_head *head;     /* NULL, or as far as it is known */
	const struct report_totals *totals; /* for LEAF_REPORT */
	/* For LEAF_REPORT that is an SMTP TLS report; it has no chunks. */
	const struct tls_report *tls;
	const struct failure_report *failure; /* for LEAF_FAILURE */
	struct diag diag;
};

#endif
