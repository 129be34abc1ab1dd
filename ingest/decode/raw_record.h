/*
 * raw_record: one record of a report as texts, as they came.
 */
#ifndef INGEST_RAW_RECORD_H
#define INGEST_RAW_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "ingest/limits.h"

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

/*
 * All of it, name, tab and value, one a line: for a person who looks at a
 * record that could not be read.
 */
void raw_record_fields(struct buf *b, const struct raw_record *raw);

#endif
