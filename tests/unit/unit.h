/*
 * unit: what the tests share.
 *
 * Every t_x.c exports suites that main.c lists.  Cases are rows; a check names
 * the row, because a line number inside of a loop says little.
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>

#include "common/buf.h"
#include "common/diag.h"
#include "ingest/decode/decode.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/*
 * Each takes at its end a format and arguments that name the row.  They are
 * true when it is as it should be.
 */
#define CHECK(ok, ...) unit_check((ok), __FILE__, __LINE__, #ok, __VA_ARGS__)
#define CHECK_INT(got, want, ...)                                         \
	unit_int((long long)(got), (long long)(want), __FILE__, __LINE__, \
	    #got, __VA_ARGS__)
#define CHECK_STR(got, want, ...) \
	unit_str((got), (want), __FILE__, __LINE__, #got, __VA_ARGS__)

bool unit_check(bool ok, const char *file, unsigned line, const char *what,
    const char *row, ...) __attribute__((format(printf, 5, 6)));
bool unit_int(long long got, long long want, const char *file, unsigned line,
    const char *what, const char *row, ...)
    __attribute__((format(printf, 6, 7)));
/* NULL is a value, too. */
bool unit_str(const char *got, const char *want, const char *file,
    unsigned line, const char *what, const char *row, ...)
    __attribute__((format(printf, 6, 7)));

/* The bytes of a file; the test fails and there are none if it cannot be
 * read.  The caller frees them with buf_free(). */
struct buf unit_file(const char *path);

/* len bytes in memory of exactly that size, so that a sanitizer sees one too
 * far; the caller frees with free(). */
void *unit_exact(const void *bytes, size_t len);

/* Valid UTF-8, and of the control characters only those allowed. */
bool unit_is_text(const char *s, const char *allowed);

/* ---- everything that decode() hands out -------------------------------- */

struct seen_leaf {
	enum leaf_kind kind;
	char *part;
	struct diag diag;
	bool has_mail;
	char *message_id;
	/* of the head */
	bool has_head;
	char *org_name;
	char *report_id;
	char *policy_domain;
	int64_t begin;
	int64_t end;
	uint64_t quirks;
	bool rfc9990;
	enum report_kind report_kind;
	struct report_totals totals;
	/* counted over the chunks */
	struct report_totals sums;
};

struct seen {
	struct seen_leaf *leaves;
	size_t n;
	struct buf text;           /* all of it, a line for each thing */
	struct report_totals sums; /* since the last leaf */
	size_t records_at; /* where the lines since the last leaf begin */
	size_t chunks;
	size_t forgets;
	size_t after_stop; /* calls after a "stop" */
	bool stop_chunk;   /* say "stop" to the first chunk, leaf */
	bool stop_leaf;
	bool stopped;
};

/* Decode a copy of these bytes; free it with seen_free(). */
void seen_decode(struct seen *seen, const void *bytes, size_t len);
void seen_free(struct seen *seen);

/* The lines of the records as text; see unit.c for their form. */
const char *seen_text(const struct seen *seen);

#endif
