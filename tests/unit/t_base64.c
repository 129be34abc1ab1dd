/* base64: what software writes, and what becomes of it on the way. */
#include <stdlib.h>
#include <string.h>

#include "ingest/decode/base64.h"
#include "tests/unit/unit.h"

static void
decodes_what_there_is(void)
{
	static const struct {
		const char *what;
		const char *text;
		const char *want;
	} rows[] = {
		{ "nothing", "", "" },
		{ "whole groups", "aGVs", "hel" },
		{ "one pad", "aGVsbG8=", "hello" },
		{ "two pads", "aGVsbA==", "hell" },
		{ "in lines", "aGVs\r\nbG8s\n\nIHlv\n", "hello, yo" },
		{ "lines in the middle of a group", "aG\r\nVsb\nG8=", "hello" },
		{ "no padding, three characters", "aGVsbG8", "hello" },
		{ "no padding, two characters", "aGVsbA", "hell" },
		{ "no padding, a line end", "aGVsbA\r\n", "hell" },
		{ "one character is nothing", "aGVsb", "hel" },
		{ "in padded pieces", "aGVsbA==\r\nbw==\nIHlv", "hello yo" },
		{ "padded pieces in one line", "aGVsbA==bw==", "hello" },
		{ "for URLs", "8J-YgA__", "\xf0\x9f\x98\x80\x0f\xff" },
		{ "quoted", "> aGVs\n> bG8=\n", "hello" },
		{ "a footer behind padding", "aGVsbG8=\n\nMailed by list\n",
		    "hello" },
		{ "padding alone", "====", "" },
		{ "no character of it", "!\"#$%", "" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const size_t len = strlen(rows[i].text);
		void *exact = unit_exact(rows[i].text, len);
		char *out = malloc(len + 1);
		size_t n;

		if (out == NULL)
			abort();
		n = base64_decode(exact, len, out);
		out[n] = '\0';
		CHECK_STR(out, rows[i].want, "%s", rows[i].what);
		free(out);
		free(exact);
	}
}

static void
knows_its_lines(void)
{
	static const struct {
		const char *text;
		size_t want;
	} rows[] = {
		{ "H4sIAAAA\nx y", 8 },
		{ "H4sI==\r\n", 7 },
		{ "H4sI AAA\n", 0 },
		{ "--=_b1\n", 0 },
		{ "\n", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		CHECK_INT(base64_line(rows[i].text, strlen(rows[i].text)),
		    rows[i].want, "row %zu", i);
}

static CU_TestInfo tests[] = {
	{ "decodes_what_there_is", decodes_what_there_is },
	{ "knows_its_lines", knows_its_lines },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_base64_suites[] = {
	{ "base64", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
