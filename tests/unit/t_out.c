/* out and fit: one table, two printers; and how a terminal is filled. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/csv_text.h"
#include "common/cli/fit.h"
#include "common/cli/out.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_out_suites[];

enum {
	HEAD,
	LINE,
	REST,
	TOTAL
};
enum {
	ROW,
	NAME,
	RESULT,
	MORE,
	N,
	RARE,
	HIDDEN,
	SHARE,
	COLUMNS
};

#define LINES (1u << LINE)

static const struct table_column columns[] = {
	[ROW] = { .name = "row", .type = TABLE_ROW },
	[NAME] = { .name = "name",
	    .title = "NAME",
	    .sections = LINES,
	    .note = "result",
	    .more = "more",
	    .absent = "nobody" },
	[RESULT] = { .name = "result" },
	[MORE] = { .name = "more", .type = TABLE_COUNT },
	[N] = { .name = "n",
	    .title = "N",
	    .type = TABLE_COUNT,
	    .sections = LINES,
	    .flags = TABLE_SUM | TABLE_DASH },
	[RARE] = { .name = "rare",
	    .title = "RARE",
	    .type = TABLE_COUNT,
	    .sections = LINES,
	    .flags = TABLE_OPTIONAL },
	[HIDDEN] = { .name = "hidden",
	    .title = "HIDDEN",
	    .sections = 1u << TOTAL },
	[SHARE] = { .name = "share",
	    .title = "SHARE",
	    .type = TABLE_PERCENT,
	    .sections = LINES,
	    .part = "n",
	    .whole = "n",
	    .of_head = true },
	[COLUMNS] = { .name = NULL },
};

static void
heading(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "# %s\n", table_show(t, row, "n", buf));
}

static const struct table_section sections[] = {
	[HEAD] = { .name = "head", .heading = heading },
	[LINE] = { .name = "line" },
	[REST] = { .name = "others", .total = true, .rest = true },
	[TOTAL] = { .name = "total", .label = "total", .total = true },
};

/* What the format prints; the caller frees. */
static char *
print(const char *format, const struct table *t)
{
	const struct out_format *f = out_find(format);
	char *s = NULL;
	size_t len = 0;
	FILE *fp = open_memstream(&s, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_PTR_NOT_NULL_FATAL(fp);
	CU_ASSERT_TRUE(f->print(fp, t));
	CU_ASSERT_EQUAL(fclose(fp), 0);
	return s;
}

static size_t
add_line(struct table *t, const char *name, const char *result, int64_t n)
{
	const size_t row = table_add(t, LINE);

	table_set_text(t, row, NAME, name);
	table_set_text(t, row, RESULT, result);
	table_set_count(t, row, N, n);
	return row;
}

static struct table *
sample(void)
{
	struct table *t = table_new(columns, sections);
	const size_t head = table_add(t, HEAD);
	size_t total;

	add_line(t, "example.jp", "pass", 1500);
	table_set_count(t, add_line(t, "=cmd|x", "fail", 500), MORE, 2);
	add_line(t, NULL, NULL, 0);
	total = table_add(t, TOTAL);
	table_add_up(t, head, LINE, head, total);
	table_add_up(t, total, LINE, head, total);
	for (size_t row = 0; row <= total; row++)
		table_set_percents(t, row, head);
	return t;
}

static void
prints_text(void)
{
	struct table *t = sample();
	char *s = print("text", t);

	CU_ASSERT_STRING_EQUAL(s,
	    "# 2,000\n"
	    "\n"
	    "  NAME                  N    SHARE\n"
	    "  example.jp        1,500   75.0 %\n"
	    "  =cmd|x (fail) +2    500   25.0 %\n"
	    "  nobody                -    0.0 %\n"
	    "  total             2,000  100.0 %\n");
	free(s);
	table_free(t);
}

static void
prints_csv(void)
{
	struct table *t = sample();
	char *s = print("csv", t);

	CU_ASSERT_STRING_EQUAL(s,
	    "row,name,result,more,n,rare,hidden,share\n"
	    "head,,,,2000,,,100.0\n"
	    "line,\"example.jp\",\"pass\",,1500,,,75.0\n"
	    "line,\"'=cmd|x\",\"fail\",2,500,,,25.0\n"
	    "line,,,,0,,,0.0\n"
	    "total,,,,2000,,,100.0\n");
	free(s);
	table_free(t);
}

static void
shows_an_optional_column_where_it_says_something(void)
{
	struct table *t = table_new(columns, sections);
	char *s;

	table_set_count(t, add_line(t, "a", NULL, 1), RARE, 3);
	table_set_count(t, add_line(t, "b", NULL, 2), RARE, 0);
	s = print("text", t);
	CU_ASSERT_STRING_EQUAL(s,
	    "  NAME  N  RARE  SHARE\n"
	    "  a     1     3      -\n"
	    "  b     2     0      -\n");
	free(s);
	table_free(t);
}

/* The sums of rows that are not here count in the total. */
static void
says_how_many_rows_are_not_here(void)
{
	struct table *t = table_new(columns, sections);
	size_t rest, total;
	char *s;

	add_line(t, "a", NULL, 7);
	rest = table_add(t, REST);
	table_set_count(t, rest, MORE, 4980);
	table_set_count(t, rest, N, 5000);
	total = table_add(t, TOTAL);
	table_add_up(t, total, LINE, 0, total);
	s = print("text", t);
	CU_ASSERT_STRING_EQUAL(s,
	    "  NAME                        N  SHARE\n"
	    "  a                           7      -\n"
	    "  and 4,980 more (--all)  5,000\n"
	    "  total                   5,007\n");
	free(s);
	s = print("csv", t);
	CU_ASSERT_PTR_NOT_NULL(strstr(s, "\nothers,,,4980,5000,,,\n"));
	free(s);
	table_free(t);
}

/* 300 characters of three bytes: text has 252 and "...", CSV all of them. */
static void
cuts_long_texts(void)
{
	struct table *t = table_new(columns, sections);
	char name[901] = "";
	char want[900];
	char *s;

	for (size_t i = 0; i < 300; i++)
		memcpy(name + 3 * i, "→", 3);
	add_line(t, name, NULL, 1);
	s = print("csv", t);
	CU_ASSERT_PTR_NOT_NULL(strstr(s, name));
	free(s);
	s = print("text", t);
	(void)snprintf(want, sizeof(want), "  %.*s...  1 ", 3 * 252, name);
	CU_ASSERT_PTR_NOT_NULL(strstr(s, want));
	free(s);
	table_free(t);
}

static void
prints_an_empty_table(void)
{
	struct table *t = table_new(columns, sections);
	char *text = print("text", t);
	char *csv = print("csv", t);

	CU_ASSERT_STRING_EQUAL(text, "");
	CU_ASSERT_STRING_EQUAL(csv,
	    "row,name,result,more,n,rare,hidden,share\n");
	free(text);
	free(csv);
	table_free(t);
}

/* Each row is a text and how its cell stands in CSV. */
static void
guards_csv_against_formulas(void)
{
	static const struct {
		const char *text;
		const char *cell;
	} cases[] = {
		{ "plain", "\"plain\"" },
		{ "=1+1", "\"'=1+1\"" },
		{ "+1", "\"'+1\"" },
		{ "-1", "\"'-1\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "\t=1", "\"?=1\"" },
		{ "\r=1", "\"?=1\"" },
		{ "a=1", "\"a=1\"" },
		{ "say \"no\"", "\"say \"\"no\"\"\"" },
		{ "=\"x\"", "\"'=\"\"x\"\"\"" },
		{ "a,b", "\"a,b\"" },
		{ "", "\"\"" },
		{ " =1", "\"' =1\"" },
		{ "  \"-1\"", "\"'  \"\"-1\"\"\"" },
		{ "\xc2\xa0=1", "\"?=1\"" },
		{ "\xe3\x80\x80@A", "\"?@A\"" },
		/* of full width, as a Japanese input method has them */
		{ "\xef\xbc\x9d"
		  "1",
		    "\"'\xef\xbc\x9d"
		    "1\"" },
		{ "\xef\xbc\x8b"
		  "1",
		    "\"'\xef\xbc\x8b"
		    "1\"" },
		{ "\xef\xbc\x8d"
		  "1",
		    "\"'\xef\xbc\x8d"
		    "1\"" },
		{ "\xef\xbc\xa0"
		  "A",
		    "\"'\xef\xbc\xa0"
		    "A\"" },
		/* small ones, a minus, a superscript */
		{ "\xef\xb9\xa6"
		  "1",
		    "\"'\xef\xb9\xa6"
		    "1\"" },
		{ "\xef\xb9\xab"
		  "A",
		    "\"'\xef\xb9\xab"
		    "A\"" },
		{ "\xe2\x88\x92"
		  "1",
		    "\"'\xe2\x88\x92"
		    "1\"" },
		{ "\xe2\x81\xba"
		  "1",
		    "\"'\xe2\x81\xba"
		    "1\"" },
		/* what cannot be seen is a ? by now */
		{ "\xe2\x80\x8b=1", "\"?=1\"" },
		{ "\xc2\xad=1", "\"?=1\"" },
		/* no formulas: a long vowel, a quotation, blanks */
		{ "\xe3\x83\xbc=1", "\"\xe3\x83\xbc=1\"" },
		{ "a\xef\xbc\x9d"
		  "1",
		    "\"a\xef\xbc\x9d"
		    "1\"" },
		{ "\"x\"", "\"\"\"x\"\"\"" },
		{ "  a", "\"  a\"" },
		{ " ", "\" \"" },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		struct table *t = table_new(columns, sections);
		char want[100];
		char *s;

		add_line(t, cases[i].text, NULL, -1);
		s = print("csv", t);
		(void)snprintf(want, sizeof(want), "\nline,%s,,,-1,,,\n",
		    cases[i].cell);
		CHECK(strstr(s, want) != NULL, "%s", cases[i].cell);
		free(s);
		table_free(t);
	}
}

/* A full disk shows when what was printed is written out. */
static void
tells_a_failed_write(void)
{
	for (const struct out_format *f = out_formats; f->name != NULL; f++) {
		struct table *t = sample();
		FILE *fp = fopen("/dev/full", "w");

		CU_ASSERT_PTR_NOT_NULL_FATAL(fp);
		setbuf(fp, NULL);
		CHECK(!f->print(fp, t), "%s", f->name);
		(void)fclose(fp);
		table_free(t);
	}
}

static void
finds_formats_by_name(void)
{
	CU_ASSERT_PTR_NOT_NULL(out_find("text"));
	CU_ASSERT_PTR_NOT_NULL(out_find("csv"));
	CU_ASSERT_PTR_NULL(out_find("CSV"));
	CU_ASSERT_PTR_NULL(out_find(""));
	CU_ASSERT_STRING_EQUAL(out_formats[0].name, "text");
}

static void
breaks_lines_where_words_end(void)
{
	static const struct {
		const char *in;
		size_t width;
		const char *out;
	} cases[] = {
		{ "", 5, "" },
		{ "short", 5, "short" },
		{ "two words", 5, "two\nwords" },
		{ "two words", 6, "two\nwords" },
		{ "two  words", 5, "two\nwords" },
		{ "no author DKIM signature", 14, "no author DKIM\nsignature" },
		{ "mail.example.co.jp", 13, "mail.example.\nco.jp" },
		{ "2001:db8:0:1::25", 10, "2001:db8:\n0:1::25" },
		{ "abcdefgh", 3, "abc\ndef\ngh" },
		{ "ab cdefgh", 3, "ab\ncde\nfgh" },
		{ "abc", 1, "a\nb\nc" },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		char *s = fit_wrap(cases[i].in, cases[i].width);

		CHECK_STR(s, cases[i].out, "%s", cases[i].in);
		free(s);
	}
}

static void
narrows_the_widest_column(void)
{
	struct fit_column c[] = {
		{ .width = 10, .least = 10 },
		{ .width = 30, .least = 12 },
		{ .width = 20, .least = 12 },
	};

	fit_columns(c, 3, 2, 64); /* as it is */
	CU_ASSERT_EQUAL(c[1].width, 30);
	fit_columns(c, 3, 2, 54);
	CU_ASSERT_EQUAL(c[0].width, 10);
	CU_ASSERT_EQUAL(c[1].width, 20);
	CU_ASSERT_EQUAL(c[2].width, 20);
	fit_columns(c, 3, 2, 40);
	CU_ASSERT_EQUAL(c[1].width + c[2].width, 26);
	CU_ASSERT_FALSE(c[0].out || c[1].out || c[2].out);
}

static void
leaves_out_from_the_right_what_can_be_missed(void)
{
	struct fit_column c[] = {
		{ .width = 10, .least = 10 },
		{ .width = 10, .least = 10, .missable = true },
		{ .width = 10, .least = 10, .missable = true },
		{ .width = 10, .least = 10 },
	};

	fit_columns(c, 4, 1, 42);
	CU_ASSERT_TRUE(!c[1].out && c[2].out);
	fit_columns(c, 4, 1, 5); /* too narrow, but never without the rest */
	CU_ASSERT_TRUE(!c[0].out && c[1].out && c[2].out && !c[3].out);
	fit_columns(c, 0, 1, 5);
}

/* As it comes, without being made printable before. */
static void
guards_raw_cells(void)
{
	static const struct {
		const char *text;
		const char *cell;
	} cases[] = {
		{ "\ta", "\"'\ta\"" },
		{ "\ra", "\"'\ra\"" },
		{ "\na", "\"'\na\"" },
		{ "\v=1", "\"'\v=1\"" },
		{ "\xef\xbb\xbf=1", "\"'\xef\xbb\xbf=1\"" },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		char *s = NULL;
		size_t len = 0;
		FILE *fp = open_memstream(&s, &len);

		if (fp == NULL)
			abort();
		CHECK(csv_text(fp, cases[i].text), "row %zu", i);
		(void)fclose(fp);
		CHECK_STR(s, cases[i].cell, "row %zu", i);
		free(s);
	}
}

static CU_TestInfo out_tests[] = {
	{ "prints_text", prints_text },
	{ "prints_csv", prints_csv },
	{ "shows_an_optional_column_where_it_says_something",
	    shows_an_optional_column_where_it_says_something },
	{ "says_how_many_rows_are_not_here", says_how_many_rows_are_not_here },
	{ "cuts_long_texts", cuts_long_texts },
	{ "prints_an_empty_table", prints_an_empty_table },
	{ "guards_csv_against_formulas", guards_csv_against_formulas },
	{ "guards_raw_cells", guards_raw_cells },
	{ "tells_a_failed_write", tells_a_failed_write },
	{ "finds_formats_by_name", finds_formats_by_name },
	CU_TEST_INFO_NULL,
};

static CU_TestInfo fit_tests[] = {
	{ "breaks_lines_where_words_end", breaks_lines_where_words_end },
	{ "narrows_the_widest_column", narrows_the_widest_column },
	{ "leaves_out_from_the_right_what_can_be_missed",
	    leaves_out_from_the_right_what_can_be_missed },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_out_suites[] = {
	{ "out", NULL, NULL, NULL, NULL, out_tests },
	{ "fit", NULL, NULL, NULL, NULL, fit_tests },
	CU_SUITE_INFO_NULL,
};
