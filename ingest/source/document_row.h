/*
 * document_row: one document of an item, from decoding to its row in the log
 * table.
 */
#ifndef INGEST_DOCUMENT_ROW_H
#define INGEST_DOCUMENT_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"
#include "ingest/decode/failure.h"
#include "ingest/decode/report.h"
#include "ingest/decode/tls_report.h"

/* What became of a document; outcome_name() has the words of the log table. */
enum outcome {
	OUTCOME_STORED,
	OUTCOME_DUPLICATE,
	OUTCOME_CONFLICT,
	OUTCOME_SET_ASIDE,
	OUTCOME_FAILURE_REPORT,
	OUTCOME_NOT_REPORT
};

const char *outcome_name(enum outcome outcome);

struct document_row {
	char *part;
	char *message_id;
	char *mail_from;
	char *mail_auth;   /* NULL: there is no mail */
	int64_t mail_date; /* 0: none */
	enum outcome outcome;
	bool is_missing;  /* no report, though the mail names one: kept */
	bool recognised;  /* seen before by its bytes: not decoded */
	struct diag diag; /* why, unless stored or duplicate */
	bool has_head;
	struct report_head head;
	struct report_totals totals;
	struct tls_report *tls;         /* NULL: it is no TLS report */
	struct failure_report *failure; /* NULL: it is none */
	size_t records; /* where in batch.records they begin, and how many */
	size_t n_records;
	size_t bad; /* the same in batch.bad */
	size_t n_bad;
	size_t profiles; /* where in batch.profiles those begin that are new */
	size_t held;     /* bytes of memory that this and its texts take */
	/* filled in by the store */
	int64_t report_id;
	int64_t policy_domain_id;
};

/* Whether it is an aggregate report; and one to be stored, unless it is a
 * duplicate. */
bool document_row_is_aggregate(const struct document_row *doc);
/* The same of an SMTP TLS report. */
bool document_row_is_tls(const struct document_row *doc);

/* The kind of report, in the words of the log table; NULL: none. */
const char *document_row_kind(const struct document_row *doc);

/* Give it copies of these, NULL for none; the bytes of memory they take. */
size_t document_row_copy(struct document_row *doc, const struct tls_report *tls,
    const struct failure_report *failure);

/* Free what it holds. */
void document_row_clear(struct document_row *doc);

#endif
