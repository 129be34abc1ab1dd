/* num: what is a number or a date and nothing else. */
#include "common/num.h"
#include "tests/unit/unit.h"

static void
reads_integers(void)
{
	static const struct {
		const char *s;
		int64_t lo;
		int64_t hi;
		bool ok;
		int64_t want;
	} rows[] = {
		{ "0", 0, 9, true, 0 },
		{ "5", 0, 9, true, 5 },
		{ "9", 0, 9, true, 9 },
		{ "10", 0, 9, false, 0 },
		{ "-1", 0, 9, false, 0 },
		{ "-1", -1, 9, true, -1 },
		{ "-2", -1, 9, false, 0 },
		{ "007", 0, 9, true, 7 },
		/* XML Schema's integer may have a plus (xsd 3.3.13). */
		{ "+5", 0, 9, true, 5 },
		{ "-0", 0, 9, true, 0 },
		{ "", 0, 9, false, 0 },
		{ " 5", 0, 9, false, 0 },
		{ "5 ", 0, 9, false, 0 },
		{ "\t5", 0, 9, false, 0 },
		{ "5x", 0, 9, false, 0 },
		{ "x5", 0, 9, false, 0 },
		{ "5.0", 0, 9, false, 0 },
		{ "5,0", 0, 9, false, 0 },
		{ "1e3", 0, 9999, false, 0 },
		{ "0x5", 0, 9, false, 0 },
		{ "+", 0, 9, false, 0 },
		{ "-", 0, 9, false, 0 },
		{ "+-5", -9, 9, false, 0 },
		{ "--5", -9, 9, false, 0 },
		{ "+ 5", 0, 9, false, 0 },
		/* digits of other scripts, U+FF15 and U+0665 */
		{ "\xef\xbc\x95", 0, 9, false, 0 },
		{ "\xd9\xa5", 0, 9, false, 0 },
		{ "9223372036854775806", 0, INT64_MAX, true, INT64_MAX - 1 },
		{ "9223372036854775807", 0, INT64_MAX, true, INT64_MAX },
		{ "9223372036854775808", 0, INT64_MAX, false, 0 },
		{ "18446744073709551617", 0, INT64_MAX, false, 0 },
		{ "99999999999999999999999999999999", 0, INT64_MAX, false, 0 },
		{ "-9223372036854775808", INT64_MIN, 0, true, INT64_MIN },
		{ "-9223372036854775809", INT64_MIN, 0, false, 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t n = 77;

		CHECK_INT(num_int64(rows[i].s, rows[i].lo, rows[i].hi, &n),
		    rows[i].ok, "%s", rows[i].s);
		CHECK_INT(n, rows[i].ok ? rows[i].want : 77, "%s", rows[i].s);
	}
}

static void
reads_integer_parts(void)
{
	static const struct {
		const char *s;
		bool ok;
		int64_t want;
	} rows[] = {
		{ "1337270400", true, 1337270400 },
		{ "1337270400.0", true, 1337270400 },
		{ "1337270400.999999", true, 1337270400 },
		{ "1337270400.", true, 1337270400 },
		{ "-5.5", true, -5 },
		{ "1.2.3", false, 0 },
		{ "1.x", false, 0 },
		{ "1.5x", false, 0 },
		{ "1.-5", false, 0 },
		{ ".5", false, 0 },
		{ ".", false, 0 },
		{ "", false, 0 },
		{ "1e9", false, 0 },
		{ "1.5e9", false, 0 },
		{ "9223372036854775807.9", true, INT64_MAX },
		{ "9223372036854775808.0", false, 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t n = 77;

		CHECK_INT(num_int64_part(rows[i].s, INT64_MIN, INT64_MAX, &n),
		    rows[i].ok, "%s", rows[i].s);
		CHECK_INT(n, rows[i].ok ? rows[i].want : 77, "%s", rows[i].s);
	}
}

static void
reads_whole_numbers(void)
{
	static const struct {
		const char *s;
		bool ok;
		int64_t want;
	} rows[] = {
		{ "5", true, 5 },
		{ "5.0", true, 5 },
		{ "5.", true, 5 },
		{ "5.000000", true, 5 },
		{ "-5.0", true, -5 },
		{ "5.01", false, 0 },
		{ "0.5", false, 0 },
		{ "5.0.0", false, 0 },
		{ "5,0", false, 0 },
		{ "5.0e1", false, 0 },
		{ ".0", false, 0 },
		{ "", false, 0 },
		{ "9223372036854775808.0", false, 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t n = 77;

		CHECK_INT(num_int64_whole(rows[i].s, INT64_MIN, INT64_MAX, &n),
		    rows[i].ok, "%s", rows[i].s);
		CHECK_INT(n, rows[i].ok ? rows[i].want : 77, "%s", rows[i].s);
	}
}

/* 1793491200 is 2026-11-01 00:00:00 UTC. */
static void
reads_moments_with_a_zone(void)
{
	static const struct {
		const char *s;
		int64_t want; /* 0: none */
	} rows[] = {
		{ "2026-11-01T00:00:00Z", 1793491200 },
		{ "2026-11-01t00:00:00z", 1793491200 },
		{ "2026-11-01 00:00:00 UTC", 1793491200 },
		{ "2026-11-01 00:00:00GMT", 1793491200 },
		{ "2026-11-01T09:00:00+09:00", 1793491200 },
		{ "2026-11-01T09:00:00+0900", 1793491200 },
		{ "2026-11-01 09:00:00+09", 1793491200 },
		{ "2026-10-31T20:30:00-03:30", 1793491200 },
		{ "2026-11-01T00:00:00.999Z", 1793491200 },
		{ "2024-02-29T00:00:00Z", 1709164800 },
		{ "2026-02-29T00:00:00Z", 0 },
		{ "2026-11-01T00:00:00", 0 },
		{ "2026-11-01 00:00:00", 0 },
		{ "2026-11-01", 0 },
		{ "2026-11-01Z", 0 },
		{ "2026-11-01T00:00Z", 0 },
		{ "2026-11-01T24:00:00Z", 0 },
		{ "2026-11-01T00:60:00Z", 0 },
		{ "2026-11-31T00:00:00Z", 0 },
		{ "2026-13-01T00:00:00Z", 0 },
		{ "2026-11-01T00:00:00 JST", 0 },
		{ "2026-11-01T00:00:00+9", 0 },
		{ "2026-11-01T00:00:00+09:", 0 },
		{ "2026-11-01T00:00:00+09:0", 0 },
		{ "2026-11-01T00:00:00+09:000", 0 },
		{ "2026-11-01T00:00:00.Z", 0 },
		{ "2026-11-01T00:00:00Z ", 0 },
		{ "26-11-01T00:00:00Z", 0 },
		{ "1793491200", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		int64_t n = 0;

		CHECK_INT(num_iso(rows[i].s, &n), rows[i].want != 0, "%s",
		    rows[i].s);
		CHECK_INT(n, rows[i].want, "%s", rows[i].s);
	}
}

static void
knows_dates_that_exist(void)
{
	static const struct {
		const char *s;
		bool want;
	} rows[] = {
		{ "2026-11-02", true },
		{ "2026-01-31", true },
		{ "2026-12-31", true },
		{ "1970-01-01", true },
		{ "1969-12-31", true },
		{ "9999-12-31", true },
		/* leap years: every fourth, not 1900, but 2000 */
		{ "2024-02-29", true },
		{ "2000-02-29", true },
		{ "2023-02-29", false },
		{ "1900-02-29", false },
		{ "2100-02-29", false },
		{ "2024-02-30", false },
		{ "2026-02-31", false },
		{ "2026-04-31", false },
		{ "2026-11-31", false },
		{ "2026-01-32", false },
		{ "2026-13-01", false },
		{ "2026-00-01", false },
		{ "2026-01-00", false },
		{ "", false },
		{ "2026", false },
		{ "2026-11", false },
		{ "2026-11-2", false },
		{ "2026-1-02", false },
		{ "2026-1-2", false },
		{ "2026-1-011", false },
		{ "26-11-02", false },
		{ "02026-11-02", false },
		{ "2026-11-02 ", false },
		{ " 2026-11-02", false },
		{ "2026- 1- 2", false },
		{ "  26-11-02", false },
		{ "2026-11- 2", false },
		{ "2026/11/02", false },
		{ "2026-11-02T00:00", false },
		{ "2026-11-0x", false },
		{ "-026-11-02", false },
		{ "+026-11-02", false },
		{ "\xef\xbc\x92"
		  "026-11-02",
		    false },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		CHECK_INT(num_is_date(rows[i].s), rows[i].want, "\"%s\"",
		    rows[i].s);
}

/* The wanted texts are GNU date's: date -u -d @N +'%F %T+00'. */
static void
prints_dates(void)
{
	static const struct {
		int64_t epoch;
		const char *date;
		const char *timestamp;
	} rows[] = {
		{ 0, "1970-01-01", "1970-01-01 00:00:00+00" },
		{ 1, "1970-01-01", "1970-01-01 00:00:01+00" },
		{ 86399, "1970-01-01", "1970-01-01 23:59:59+00" },
		{ 86400, "1970-01-02", "1970-01-02 00:00:00+00" },
		{ 951825599, "2000-02-29", "2000-02-29 11:59:59+00" },
		{ 1793491200, "2026-11-01", "2026-11-01 00:00:00+00" },
		{ 2147483648, "2038-01-19", "2038-01-19 03:14:08+00" },
		{ 253402300799, "9999-12-31", "9999-12-31 23:59:59+00" },
		{ -1, "1969-12-31", "1969-12-31 23:59:59+00" },
		{ -30610224000, "1000-01-01", "1000-01-01 00:00:00+00" },
		{ -30610224001, "999-12-31", "999-12-31 23:59:59+00" },
		{ 253402300800, "10000-01-01", "10000-01-01 00:00:00+00" },
		/* no year that a struct tm can hold */
		{ INT64_MAX, "-", "-" },
	};
	char out[NUM_DATE_LEN];

	for (size_t i = 0; i < ROWS(rows); i++) {
		num_date(rows[i].epoch, out);
		CHECK_STR(out, rows[i].date, "%lld", (long long)rows[i].epoch);
		num_timestamp(rows[i].epoch, out);
		CHECK_STR(out, rows[i].timestamp, "%lld",
		    (long long)rows[i].epoch);
	}
}

static CU_TestInfo tests[] = {
	{ "reads_integers", reads_integers },
	{ "reads_integer_parts", reads_integer_parts },
	{ "reads_whole_numbers", reads_whole_numbers },
	{ "reads_moments_with_a_zone", reads_moments_with_a_zone },
	{ "knows_dates_that_exist", knows_dates_that_exist },
	{ "prints_dates", prints_dates },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_num_suites[] = {
	{ "num", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
