/* mbox: messages are divided at From_ lines and nowhere else. */
#include <stdlib.h>
#include <string.h>

#include "ingest/decode/mbox.h"
#include "tests/unit/unit.h"

#define FROM      "From a@b Mon Nov  2 03:00:00 2026\n"
#define FROM_CRLF "From a@b Mon Nov  2 03:00:00 2026\r\n"

static void
knows_from_lines(void)
{
	static const struct {
		const char *line;
		bool want;
	} rows[] = {
		{ "From a@b Mon Nov  2 03:00:00 2026", true },
		{ "From MAILER-DAEMON Fri Jul  8 12:08:34 2011", true },
		{ "From - Mon Nov 02 03:00:00 2026 +0000", true },
		{ "From a Mon Nov  2 03:00 2026", true },
		{ "From here we go", false },
		{ "From 10 to 12:3", false },
		{ "From 1:30", false },
		{ "From: a@b 03:00:00", false },
		{ ">From a@b Mon Nov  2 03:00:00 2026", false },
		{ " From a@b Mon Nov  2 03:00:00 2026", false },
		{ "from a@b Mon Nov  2 03:00:00 2026", false },
		{ "From ", false },
		{ "From", false },
		{ "", false },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const size_t n = strlen(rows[i].line);
		void *exact = unit_exact(rows[i].line, n);

		CHECK_INT(mbox_is_from_line(exact, n), rows[i].want, "%s",
		    rows[i].line);
		free(exact);
	}
}

static void
divides(void)
{
	static const struct {
		const char *what;
		const char *mbox;
		const char *want[4]; /* the messages, NULL at the end */
	} rows[] = {
		{ "empty", "", { NULL } },
		{ "one", FROM "A: b\n\ntext\n", { "A: b\n\ntext\n" } },
		{ "one, no line end", FROM "A: b\n\ntext", { "A: b\n\ntext" } },
		{ "two", FROM "A: b\n\nx\n\n" FROM "C: d\n\ny\n",
		    { "A: b\n\nx\n\n", "C: d\n\ny\n" } },
		{ "two, CRLF",
		    FROM_CRLF "A: b\r\n\r\nx\r\n\r\n" FROM_CRLF
			      "C: d\r\n\r\ny\r\n",
		    { "A: b\r\n\r\nx\r\n\r\n", "C: d\r\n\r\ny\r\n" } },
		{ "no From_ line at the start", "A: b\n\nx\n\n" FROM "C: d\n",
		    { "A: b\n\nx\n\n", "C: d\n" } },
		{ "no empty line before: the same message",
		    FROM "A: b\n\nx\n" FROM "y\n",
		    { "A: b\n\nx\n" FROM "y\n" } },
		{ "a sentence after an empty line",
		    FROM "A: b\n\nFrom here on\n\nFrom there\n",
		    { "A: b\n\nFrom here on\n\nFrom there\n" } },
		{ "quoted", FROM "A: b\n\n>" FROM "\n>>" FROM,
		    { "A: b\n\n>" FROM "\n>>" FROM } },
		{ "a line with a blank is not empty",
		    FROM "A: b\n\nx\n \n" FROM "y\n",
		    { "A: b\n\nx\n \n" FROM "y\n" } },
		{ "nothing between", FROM "\n" FROM "A: b\n",
		    { "\n", "A: b\n" } },
		{ "a From_ line alone", FROM, { "" } },
		{ "two alone, no empty line", FROM FROM, { FROM } },
		{ "three", FROM "1\n\n" FROM "2\n\n" FROM "3\n",
		    { "1\n\n", "2\n\n", "3\n" } },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const size_t size = strlen(rows[i].mbox);
		char *exact = unit_exact(rows[i].mbox, size);
		size_t at = 0;
		size_t k = 0;
		size_t start;
		size_t len;
		char *got;

		while (mbox_next(exact, size, &at, &start, &len) && k < 4) {
			got = strndup(exact + start, len);
			CHECK_STR(got, rows[i].want[k], "%s, message %zu",
			    rows[i].what, k);
			free(got);
			k++;
		}
		CHECK(k == 4 || rows[i].want[k] == NULL, "%s: only %zu",
		    rows[i].what, k);
		CHECK_INT(at, size, "%s", rows[i].what);
		free(exact);
	}
}

static CU_TestInfo tests[] = {
	{ "knows_from_lines", knows_from_lines },
	{ "divides", divides },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_mbox_suites[] = {
	{ "mbox", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
