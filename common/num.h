/*
 * num: strict numbers and dates from text.
 */
#ifndef COMMON_NUM_H
#define COMMON_NUM_H

#include <stdbool.h>
#include <stdint.h>

/* The whole of s is a decimal integer, lo <= *out <= hi; else false. */
bool num_int64(const char *s, int64_t lo, int64_t hi, int64_t *out);

/*
 * The whole of s is a decimal number; *out is its integer part (reporters
 * write 1337270400.0).  False when it is none or out of range.
 */
bool num_int64_part(const char *s, int64_t lo, int64_t hi, int64_t *out);

/* The same of a decimal number whose fraction is nothing (5.0). */
bool num_int64_whole(const char *s, int64_t lo, int64_t hi, int64_t *out);

/*
 * The whole of s is a moment of ISO 8601 with its zone, as RFC 3339 has it or
 * with a blank in the middle: 2026-11-01T09:00:00+09:00, 2026-11-01 00:00:00Z.
 * *out is the second since 1970, without a fraction.
 */
bool num_iso(const char *s, int64_t *out);

/* A count from the database.  A sum that is too large for int64_t becomes
 * INT64_MAX. */
int64_t num_count(const char *s);

/* s is a date that exists, YYYY-MM-DD and nothing else. */
bool num_is_date(const char *s);

/* Seconds since 1970 as "YYYY-MM-DD" or "YYYY-MM-DD HH:MM:SS+00", UTC. */
#define NUM_DATE_LEN 40
void num_date(int64_t epoch, char out[NUM_DATE_LEN]);
void num_timestamp(int64_t epoch, char out[NUM_DATE_LEN]);

#endif
