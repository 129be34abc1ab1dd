/*
 * pgtext: no value ends its field.  The forms are PostgreSQL's: COPY's text
 * format (manual, sql-copy), arrays (8.15) and composites (8.16).
 */
#include <string.h>

#include "ingest/store/pgtext.h"
#include "tests/unit/unit.h"

static void
strings_are_escaped(void)
{
	static const struct {
		const char *in;
		const char *want;
	} rows[] = {
		{ NULL, "\\N\t" },
		{ "", "\t" },
		{ "abc", "abc\t" },
		{ "NULL", "NULL\t" },
		{ "\\N", "\\\\N\t" },
		{ "\\.", "\\\\.\t" },
		{ "a\tb", "a\\tb\t" },
		{ "a\nb", "a\\nb\t" },
		{ "a\rb", "a\\rb\t" },
		{ "\t\n\r\\", "\\t\\n\\r\\\\\t" },
		{ "a\\", "a\\\\\t" },
		{ "\"{},()'", "\"{},()'\t" },
		{ "\xe6\x97\xa5", "\xe6\x97\xa5\t" },
	};
	struct buf b;

	for (size_t i = 0; i < ROWS(rows); i++) {
		buf_init(&b, 1000);
		pgtext_str(&b, rows[i].in);
		CHECK_STR(buf_str(&b), rows[i].want, "row %zu", i);
		buf_free(&b);
	}
}

static void
other_types(void)
{
	struct buf b;

	buf_init(&b, 1000);
	pgtext_int(&b, INT64_MIN);
	pgtext_int(&b, INT64_MAX);
	pgtext_bool(&b, true);
	pgtext_bool(&b, false);
	pgtext_time(&b, 1793491200);
	pgtext_date(&b, 1793577599);
	pgtext_bytea(&b, "\x00\x7f\xff", 3);
	pgtext_bytea(&b, "", 0);
	pgtext_end(&b);
	CHECK_STR(buf_str(&b),
	    "-9223372036854775808\t9223372036854775807\tt\tf\t"
	    "2026-11-01 00:00:00+00\t2026-11-01\t\\\\x007fff\t\\\\x\n",
	    "a row");
	buf_free(&b);
}

/* The field of an array whose only member is this composite, step by step. */
static void
want_array_of(struct buf *field, const char *composite)
{
	struct buf array;

	buf_init(&array, 1000);
	(void)buf_add(&array, "{\"");
	for (const char *s = composite; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			(void)buf_putc(&array, '\\');
		(void)buf_putc(&array, *s);
	}
	(void)buf_add(&array, "\"}");
	pgtext_str(field, buf_str(&array));
	buf_free(&array);
}

static void
lists_are_escaped(void)
{
	static const struct {
		const char *members[4];
		size_t n;
		const char *array;
		const char *composite;
	} rows[] = {
		{ { NULL }, 0, "{}", "()" },
		{ { NULL }, 1, "{NULL}", "()" },
		{ { NULL, NULL }, 2, "{NULL,NULL}", "(,)" },
		{ { "" }, 1, "{\"\"}", "(\"\")" },
		{ { "NULL" }, 1, "{\"NULL\"}", "(\"NULL\")" },
		{ { "", NULL, "NULL" }, 3, "{\"\",NULL,\"NULL\"}",
		    "(\"\",,\"NULL\")" },
		{ { "a", "b" }, 2, "{\"a\",\"b\"}", "(\"a\",\"b\")" },
		{ { "a\"b" }, 1, "{\"a\\\"b\"}", "(\"a\\\"b\")" },
		{ { "a\\b" }, 1, "{\"a\\\\b\"}", "(\"a\\\\b\")" },
		{ { "\\" }, 1, "{\"\\\\\"}", "(\"\\\\\")" },
		{ { "{}", "()", ",", " " }, 4, "{\"{}\",\"()\",\",\",\" \"}",
		    "(\"{}\",\"()\",\",\",\" \")" },
		{ { "a\tb\nc\rd" }, 1, "{\"a\tb\nc\rd\"}", "(\"a\tb\nc\rd\")" },
	};
	struct pgtext_list array;
	struct pgtext_list one;
	struct buf got;
	struct buf want;

	for (size_t i = 0; i < ROWS(rows); i++)
		for (int composite = 0; composite < 2; composite++) {
			struct pgtext_list *l = composite ? &one : &array;

			buf_init(&got, 1000);
			buf_init(&want, 1000);
			pgtext_array_begin(&array, &got);
			if (composite)
				pgtext_composite_begin(&one, &array);
			for (size_t k = 0; k < rows[i].n; k++)
				pgtext_list_add(l, rows[i].members[k]);
			if (composite)
				pgtext_composite_end(&one, &array);
			pgtext_array_end(&array);
			if (composite)
				want_array_of(&want, rows[i].composite);
			else
				pgtext_str(&want, rows[i].array);
			CHECK_STR(buf_str(&got), buf_str(&want), "row %zu, %s",
			    i, composite ? "composite" : "array");
			buf_free(&got);
			buf_free(&want);
		}
}

/* A composite in an array in a field: each layer adds its own. */
static void
layers_add_up(void)
{
	struct pgtext_list array;
	struct pgtext_list one;
	struct buf b;

	buf_init(&b, 1000);
	pgtext_array_begin(&array, &b);
	for (int i = 0; i < 2; i++) {
		pgtext_composite_begin(&one, &array);
		pgtext_list_add(&one, "a\"b\\c\td");
		pgtext_list_add(&one, NULL);
		pgtext_composite_end(&one, &array);
	}
	pgtext_array_end(&array);
	CHECK_STR(buf_str(&b),
	    "{\"(\\\\\"a\\\\\\\\\\\\\"b\\\\\\\\\\\\\\\\c\\td\\\\\",)\","
	    "\"(\\\\\"a\\\\\\\\\\\\\"b\\\\\\\\\\\\\\\\c\\td\\\\\",)\"}\t",
	    "field");
	buf_free(&b);
}

static CU_TestInfo tests[] = {
	{ "strings_are_escaped", strings_are_escaped },
	{ "other_types", other_types },
	{ "lists_are_escaped", lists_are_escaped },
	{ "layers_add_up", layers_add_up },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_pgtext_suites[] = {
	{ "pgtext", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
