/*
 * small_record: TLS-RPT (RFC 8460), MTA-STS (RFC 8461) and BIMI records: what is
 * wrong with their text, and the text that it was meant to be.
 */
#ifndef CHECK_SMALL_RECORD_H
#define CHECK_SMALL_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "check/finding.h"

enum small_kind {
	SMALL_TLSRPT,
	SMALL_STS,
	SMALL_BIMI
};

/* The corrected record, which the caller frees; NULL: nothing is to be
 * corrected, or nobody knows how. */
char *small_record_check(struct findings *f, enum small_kind kind,
    const char *text, size_t len);

/* Whether it begins as such a record has to; means to be one. */
bool small_record_is(enum small_kind kind, const char *text, size_t len);
bool small_record_is_meant(enum small_kind kind, const char *text, size_t len);

#endif
