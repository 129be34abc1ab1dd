/* buf: grows to its maximum and not a byte further. */
#include <string.h>

#include "common/buf.h"
#include "tests/unit/unit.h"

static void
refuses_what_does_not_fit(void)
{
	/* The compiler knows better than to copy so much. */
	volatile size_t huge = SIZE_MAX;
	static const struct {
		size_t max;
		const char *first;
		const char *second;
		bool want;
		const char *text;
	} rows[] = {
		{ 0, "", "", true, "" },
		{ 0, "", "a", false, "" },
		{ 1, "", "a", true, "a" },
		{ 3, "abc", "", true, "abc" },
		{ 3, "abc", "d", false, "abc" },
		{ 3, "ab", "cd", false, "ab" },
		{ 4, "ab", "cd", true, "abcd" },
	};
	struct buf b;

	for (size_t i = 0; i < ROWS(rows); i++) {
		buf_init(&b, rows[i].max);
		CHECK_STR(buf_str(&b), "", "row %zu, new", i);
		CHECK(buf_add(&b, rows[i].first), "row %zu", i);
		CHECK_INT(buf_add(&b, rows[i].second), rows[i].want, "row %zu",
		    i);
		CHECK_STR(buf_str(&b), rows[i].text, "row %zu", i);
		CHECK_INT(b.len, strlen(rows[i].text), "row %zu", i);
		buf_free(&b);
		CHECK_INT(b.max, rows[i].max, "row %zu, freed", i);
		CHECK_STR(buf_str(&b), "", "row %zu, freed", i);
	}
	/* A size that would wrap around. */
	buf_init(&b, 10);
	CHECK(buf_add(&b, "abc"), "wrap");
	CHECK(!buf_append(&b, "x", huge), "wrap");
	CHECK(!buf_append(&b, "x", huge - 2), "wrap");
	CHECK_STR(buf_str(&b), "abc", "wrap");
	buf_free(&b);
}

static void
grows_byte_by_byte(void)
{
	struct buf b;

	buf_init(&b, 1000);
	for (size_t i = 0; i < 1000; i++)
		CHECK(buf_putc(&b, (char)('a' + i % 26)), "byte %zu", i);
	CHECK(!buf_putc(&b, 'x'), "byte 1000");
	CHECK_INT(b.len, 1000, "all");
	CHECK_INT(strlen(buf_str(&b)), 1000, "all");
	CHECK_INT(b.data[999], 'a' + 999 % 26, "the last");
	buf_free(&b);
}

static void
keeps_bytes_of_any_value(void)
{
	struct buf b;

	buf_init(&b, 10);
	CHECK(buf_append(&b, "a\0b\xff", 4), "NUL");
	CHECK_INT(b.len, 4, "NUL");
	CHECK(b.data != NULL && memcmp(b.data, "a\0b\xff", 5) == 0, "NUL");
	buf_free(&b);
}

static void
truncates(void)
{
	static const struct {
		size_t len;
		const char *want;
	} rows[] = {
		{ 9, "abc" },
		{ 3, "abc" },
		{ 2, "ab" },
		{ 0, "" },
	};
	struct buf b;

	for (size_t i = 0; i < ROWS(rows); i++) {
		buf_init(&b, 4);
		CHECK(buf_add(&b, "abc"), "to %zu", rows[i].len);
		buf_truncate(&b, rows[i].len);
		CHECK_STR(buf_str(&b), rows[i].want, "to %zu", rows[i].len);
		CHECK(buf_putc(&b, '!'), "to %zu, room again", rows[i].len);
		buf_free(&b);
	}
	buf_init(&b, 4);
	buf_truncate(&b, 0);
	CHECK_STR(buf_str(&b), "", "nothing there");
	buf_free(&b);
}

static void
prints(void)
{
	char long_text[1001];
	struct buf b;

	memset(long_text, 'x', 1000);
	long_text[1000] = '\0';
	buf_init(&b, 1005);
	CHECK(buf_printf(&b, "%d-%s", 42, "a"), "short");
	CHECK_STR(buf_str(&b), "42-a", "short");
	/* 255 and 256 characters: the turn from one way to the other */
	for (int n = 255; n <= 257; n++) {
		buf_truncate(&b, 0);
		CHECK(buf_printf(&b, "%.*s", n, long_text), "%d", n);
		CHECK_INT(b.len, n, "%d", n);
	}
	buf_truncate(&b, 0);
	CHECK(buf_printf(&b, "<%s>", long_text), "long");
	CHECK_INT(b.len, 1002, "long");
	CHECK(!buf_printf(&b, "%s", "1234"), "full");
	CHECK_INT(b.len, 1002, "full");
	CHECK(!buf_printf(&b, "%s", long_text), "full, long");
	CHECK_INT(b.len, 1002, "full, long");
	buf_free(&b);
}

static CU_TestInfo tests[] = {
	{ "refuses_what_does_not_fit", refuses_what_does_not_fit },
	{ "grows_byte_by_byte", grows_byte_by_byte },
	{ "keeps_bytes_of_any_value", keeps_bytes_of_any_value },
	{ "truncates", truncates },
	{ "prints", prints },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_buf_suites[] = {
	{ "buf", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
