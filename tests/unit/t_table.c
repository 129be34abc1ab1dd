/* table: sums, percentages, what people and programs read, hostile text. */
#include <stdint.h>
#include <string.h>

#include "common/cli/table.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_table_suites[];

enum {
	ROW,
	NAME,
	N,
	SHARE,
	COLUMNS
};

static const struct table_column columns[] = {
	[ROW] = { .name = "row", .type = TABLE_ROW },
	[NAME] = { .name = "name" },
	[N] = { .name = "n", .type = TABLE_COUNT, .flags = TABLE_SUM },
	[SHARE] = { .name = "share",
	    .type = TABLE_PERCENT,
	    .part = "n",
	    .whole = "n",
	    .of_head = true },
	[COLUMNS] = { .name = NULL },
};

enum {
	HEAD,
	LINE
};

static const struct table_section sections[] = {
	[HEAD] = { .name = "head" },
	[LINE] = { .name = "line" },
};

static void
reads_numbers_in_two_ways(void)
{
	static const struct {
		int64_t n;
		const char *pretty;
		const char *plain;
	} cases[] = {
		{ 0, "0", "0" },
		{ 7, "7", "7" },
		{ 999, "999", "999" },
		{ 1000, "1,000", "1000" },
		{ 999999, "999,999", "999999" },
		{ 1204332, "1,204,332", "1204332" },
		{ -123, "-123", "-123" },
		{ -1234, "-1,234", "-1234" },
		{ INT64_MAX, "9,223,372,036,854,775,807",
		    "9223372036854775807" },
		{ INT64_MIN, "-9,223,372,036,854,775,808",
		    "-9223372036854775808" },
	};
	struct table *t = table_new(columns, sections);
	const size_t row = table_add(t, LINE);
	char buf[TABLE_CELL_LEN];

	for (size_t i = 0; i < ROWS(cases); i++) {
		table_set_count(t, row, N, cases[i].n);
		CHECK_STR(table_pretty(t, row, N, buf), cases[i].pretty, "%s",
		    cases[i].pretty);
		CHECK_STR(table_plain(t, row, N, buf), cases[i].plain, "%s",
		    cases[i].plain);
	}
	table_free(t);
}

/* One decimal; some is never none, and not all is never all. */
static void
rounds_percentages_but_never_to_the_ends(void)
{
	static const struct {
		int64_t part;
		int64_t whole;
		const char *pretty;
		const char *plain;
	} cases[] = {
		{ 0, 10, "0.0 %", "0.0" },
		{ 10, 10, "100.0 %", "100.0" },
		{ 1, 3, "33.3 %", "33.3" },
		{ 2, 3, "66.7 %", "66.7" },
		{ 1, 8, "12.5 %", "12.5" },
		{ 1, 1000, "0.1 %", "0.1" },
		{ 1, 1999, "0.1 %", "0.1" },
		{ 1, 2001, "<0.1 %", "0.1" },
		{ 1, 1000000, "<0.1 %", "0.1" },
		{ 999, 1000, "99.9 %", "99.9" },
		{ 9995, 10000, ">99.9 %", "99.9" },
		{ 999999, 1000000, ">99.9 %", "99.9" },
		{ 1, INT64_MAX, "<0.1 %", "0.1" },
		{ INT64_MAX - 1, INT64_MAX, ">99.9 %", "99.9" },
		{ INT64_MAX, INT64_MAX, "100.0 %", "100.0" },
		{ INT64_MAX / 2, INT64_MAX, "50.0 %", "50.0" },
	};
	struct table *t = table_new(columns, sections);
	const size_t row = table_add(t, LINE);
	char buf[TABLE_CELL_LEN];

	for (size_t i = 0; i < ROWS(cases); i++) {
		table_set_percent(t, row, SHARE, cases[i].part, cases[i].whole);
		CHECK_STR(table_pretty(t, row, SHARE, buf), cases[i].pretty,
		    "%lld of %lld", (long long)cases[i].part,
		    (long long)cases[i].whole);
		CHECK_STR(table_plain(t, row, SHARE, buf), cases[i].plain,
		    "%lld of %lld", (long long)cases[i].part,
		    (long long)cases[i].whole);
	}
	table_free(t);
}

static void
has_no_percentage_of_nothing(void)
{
	struct table *t = table_new(columns, sections);
	const size_t row = table_add(t, LINE);
	char buf[TABLE_CELL_LEN];

	table_set_percent(t, row, SHARE, 0, 0);
	CU_ASSERT_TRUE(table_is_null(t, row, SHARE));
	CU_ASSERT_PTR_NULL(table_plain(t, row, SHARE, buf));
	table_free(t);
}

static void
begins_with_nulls(void)
{
	struct table *t = table_new(columns, sections);
	const size_t row = table_add(t, LINE);
	char buf[TABLE_CELL_LEN];

	CU_ASSERT_TRUE(table_is_null(t, row, NAME));
	CU_ASSERT_TRUE(table_is_null(t, row, N));
	CU_ASSERT_TRUE(table_is_null(t, row, SHARE));
	CU_ASSERT_PTR_NULL(table_pretty(t, row, N, buf));
	CU_ASSERT_STRING_EQUAL(table_show(t, row, "n", buf), "");
	/* A row always knows what it is. */
	CU_ASSERT_STRING_EQUAL(table_plain(t, row, ROW, buf), "line");
	table_set_text(t, row, NAME, "x");
	CU_ASSERT_FALSE(table_is_null(t, row, NAME));
	table_set_text(t, row, NAME, NULL);
	CU_ASSERT_TRUE(table_is_null(t, row, NAME));
	table_free(t);
}

static void
adds_up_the_lines_of_a_section(void)
{
	struct table *t = table_new(columns, sections);
	const size_t head = table_add(t, HEAD);
	size_t line[3];

	table_set_count(t, head, N, 1000); /* is no line */
	for (size_t i = 0; i < 3; i++) {
		line[i] = table_add(t, LINE);
		table_set_count(t, line[i], N, (int64_t)i + 1);
	}
	table_add_up(t, head, LINE, head, table_rows(t));
	CU_ASSERT_EQUAL(table_count(t, head, N), 6);
	/* The range is half open. */
	table_add_up(t, head, LINE, line[0], line[2]);
	CU_ASSERT_EQUAL(table_count(t, head, N), 3);
	/* NULL is nothing; no line is 0. */
	table_add(t, LINE);
	table_add_up(t, head, LINE, line[2], table_rows(t));
	CU_ASSERT_EQUAL(table_count(t, head, N), 3);
	table_add_up(t, head, LINE, 0, 0);
	CU_ASSERT_EQUAL(table_count(t, head, N), 0);
	/* Texts and percentages are not added up. */
	CU_ASSERT_TRUE(table_is_null(t, head, NAME));
	CU_ASSERT_TRUE(table_is_null(t, head, SHARE));
	table_free(t);
}

static void
stays_at_the_largest_sum(void)
{
	struct table *t = table_new(columns, sections);
	const size_t head = table_add(t, HEAD);

	for (int i = 0; i < 3; i++)
		table_set_count(t, table_add(t, LINE), N, INT64_MAX - 1);
	table_add_up(t, head, LINE, head, table_rows(t));
	CU_ASSERT_EQUAL(table_count(t, head, N), INT64_MAX);
	table_free(t);
}

static void
takes_the_whole_from_the_head(void)
{
	struct table *t = table_new(columns, sections);
	const size_t head = table_add(t, HEAD);
	const size_t line = table_add(t, LINE);
	char buf[TABLE_CELL_LEN];

	table_set_count(t, head, N, 8);
	table_set_percents(t, line, head); /* no count yet */
	CU_ASSERT_TRUE(table_is_null(t, line, SHARE));
	table_set_count(t, line, N, 1);
	table_set_percents(t, line, head);
	table_set_percents(t, head, head);
	CU_ASSERT_STRING_EQUAL(table_pretty(t, line, SHARE, buf), "12.5 %");
	CU_ASSERT_STRING_EQUAL(table_pretty(t, head, SHARE, buf), "100.0 %");
	table_free(t);
}

static void
makes_hostile_text_printable(void)
{
	static const struct {
		const char *in;
		const char *out;
	} cases[] = {
		{ "", "" }, { "example.co.jp", "example.co.jp" },
		{ "\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "\xf0\x9f\x93\xa7", "\xf0\x9f\x93\xa7" }, /* U+1F4E7 */
		{ "a\nb\tc\rd", "a?b?c?d" }, { "\x1b[31mred", "?[31mred" },
		{ "a\x7f"
		  "b",
		    "a?b" },
		{ "\xc2\x9b"
		  "31m",
		    "?31m" }, /* C1: CSI in one character */
		{ "\xc2\x80\xc2\x9f\xc2\xa0", "???" },
		{ "\xe2\x80\xaegnp.exe", "?gnp.exe" }, /* U+202E */
		{ "\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad", "????" },
		{ "\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9", "????" },
		{ "\xe2\x80\xa8\xe2\x80\xa9", "??" }, { "a\xff", "a?" },
		{ "\xc0\x8a", "??" },          /* a newline, too long */
		{ "\xed\xa0\x80", "???" },     /* a surrogate */
		{ "\xe6\x97", "??" },          /* cut */
		{ "\xf4\x90\x80\x80", "????" } /* beyond U+10FFFF */
	};
	struct table *t = table_new(columns, sections);
	const size_t row = table_add(t, LINE);
	char buf[TABLE_CELL_LEN];

	for (size_t i = 0; i < ROWS(cases); i++) {
		table_set_text(t, row, NAME, cases[i].in);
		CHECK_STR(table_plain(t, row, NAME, buf), cases[i].out, "%zu",
		    i);
	}
	table_free(t);
}

static void
grows(void)
{
	struct table *t = table_new(columns, sections);

	for (size_t i = 0; i < 10000; i++)
		table_set_count(t, table_add(t, LINE), N, (int64_t)i);
	CU_ASSERT_EQUAL(table_rows(t), 10000);
	CU_ASSERT_EQUAL(table_columns(t), COLUMNS);
	CU_ASSERT_EQUAL(table_count(t, 9999, N), 9999);
	CU_ASSERT_EQUAL(table_column(t, "share"), SHARE);
	table_free(t);
	table_free(NULL);
}

static CU_TestInfo tests[] = {
	{ "reads_numbers_in_two_ways", reads_numbers_in_two_ways },
	{ "rounds_percentages_but_never_to_the_ends",
	    rounds_percentages_but_never_to_the_ends },
	{ "has_no_percentage_of_nothing", has_no_percentage_of_nothing },
	{ "begins_with_nulls", begins_with_nulls },
	{ "adds_up_the_lines_of_a_section", adds_up_the_lines_of_a_section },
	{ "stays_at_the_largest_sum", stays_at_the_largest_sum },
	{ "takes_the_whole_from_the_head", takes_the_whole_from_the_head },
	{ "makes_hostile_text_printable", makes_hostile_text_printable },
	{ "grows", grows },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_table_suites[] = {
	{ "table", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
