/*
 * tls_value: the values in a TLS report's JSON, as they are kept.
 *
 * Each takes the member of an object that has that name, which need not be
 * there.  Texts become printable and are cut at LIMIT_TLS_TEXT; but for the
 * head's they are the report's own.  What is odd is flagged in the head.
 */
#ifndef INGEST_TLS_VALUE_H
#define INGEST_TLS_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "common/diag.h"
#include "ingest/decode/report.h"
#include "ingest/decode/tls_report.h"

struct tls_reader {
	struct report_head *head;
	struct tls_report *report;
	int64_t sessions; /* of all policies so far */
	struct diag *d;
};

void tls_quirk(const struct tls_reader *r, enum quirk q);

const char *
tls_get_text(const struct tls_reader *r, const json_t *o, const char *name);

/* The same for the head, which owns its texts. */
char *
tls_get_head(const struct tls_reader *r, const json_t *o, const char *name);

/* A word of a list, in lower case; what is not in it is kept and flagged. */
const char *tls_get_word(const struct tls_reader *r, const json_t *o,
    const char *name, const char *const *list, enum quirk other);

const char *
tls_get_domain(const struct tls_reader *r, const json_t *o, const char *name);

/* As inet_ntop() writes it; what is no address is dropped and flagged. */
const char *
tls_get_address(const struct tls_reader *r, const json_t *o, const char *name);

/* Of an array of strings, or of one string: one a line. */
const char *tls_get_lines(const struct tls_reader *r, const json_t *v);

/* A number of sessions, also as text or as 5.0. */
enum diag_code tls_get_count(const struct tls_reader *r, const json_t *o,
    const char *name, int64_t *n) MUST_CHECK;

/* Seconds since 1970 as text, which check_head() takes; "": it is missing.
 * False: it is no date. */
#define TLS_DATE_LEN 24
bool tls_get_date(const struct tls_reader *r, const json_t *range,
    const char *name, char out[TLS_DATE_LEN]);

#endif
