/*
 * check: do the values make sense?  From the texts of a record, as they came,
 * to a record and its profile; from the texts of the head to a usable head.
 *
 * Nothing is guessed: what the reporter did not say is NULL, a value outside
 * of the standard stays as text and is flagged.
 */
#ifndef INGEST_CHECK_H
#define INGEST_CHECK_H

#include "common/diag.h"
#include "ingest/report.h"

struct raw_result {
	const char *domain;
	const char *qualifier; /* selector or scope */
	const char *result;
	const char *human_result;
};

struct raw_reason {
	const char *type;
	const char *comment;
};

/* The texts of one record; NULL: the element was not there. */
struct raw_record {
	uint64_t number; /* from 1 */
	const char *source_ip;
	const char *count;
	const char *disposition;
	const char *eval_dkim;
	const char *eval_spf;
	const char *header_from;
	const char *envelope_from;
	const char *envelope_to;
	struct raw_result dkim[LIMIT_RESULTS];
	size_t n_dkim;
	struct raw_result spf[LIMIT_RESULTS];
	size_t n_spf;
	struct raw_reason reasons[LIMIT_RESULTS];
	size_t n_reasons;
};

/* Builds chunks of records; see chunker_add(). */
struct chunker;

struct chunker *chunker_new(void);
void chunker_free(struct chunker *c); /* NULL is fine */

/*
 * Add a record of the report with this head.  A record that cannot be used
 * (no valid count) goes to the chunk's bad ones, with the reason.  totals and
 * head->quirks are kept up.
 */
void chunker_add(struct chunker *c, const struct raw_record *raw,
    struct report_head *head, struct report_totals *totals);

/* Add a record that is known to be bad. */
void chunker_add_bad(struct chunker *c, const struct raw_record *raw,
    struct report_totals *totals, const char *reason, const char *detail);

/* It is time to hand the chunk on. */
bool chunker_is_full(const struct chunker *c);

/* What there is; valid until the next call that changes it. */
const struct chunk *chunker_chunk(struct chunker *c);
void chunker_clear(struct chunker *c);

/* The fingerprint of a whole report, over head and all records added. */
void chunker_hash(const struct chunker *c, const struct report_head *head,
    const struct report_totals *totals, unsigned char out[32]);

/* The head's dates, key and policy.  begin and end are the texts, or NULL. */
enum diag_code check_head(struct report_head *head, const char *begin,
    const char *end, struct diag *d) MUST_CHECK;

#endif
