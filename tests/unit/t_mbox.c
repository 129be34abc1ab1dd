/* mbox: messages are divided at From_ lines and nowhere else. */
#include <stdlib.h>
#include <string.h>

#include "ingest/decode/mbox.h"
#include "tests/unit/unit.h"

#define FROM      "From a@b Mon Nov  2 03:00:00 2026\n"
#define FROM_CRLF "From a@b Mon Nov  2 03:00:00 2026\r\n"

/* Is this the beginning of an mbox? */
static void
knows_an_mbox(void)
{
	static const struct {
		const char *text;
		bool want;
	} rows[] = {
		{ "From a@b Mon Nov  2 03:00:00 2026\nA: b\n", true },
		{ "From MAILER-DAEMON Fri Jul  8 12:08:34 2011\nA: b\n", true },
		{ "From - Mon Nov 02 03:00:00 2026 +0000\r\nA: b\r\n", true },
		{ "From a Mon Nov  2 03:00 2026\nA: b\n", true },
		{ "From a@b Mon Nov  2 03:00:00 2026", true },
		{ "\xef\xbb\xbf\r\n\nFrom a Mon Nov  2 03:00 2026\nA: b\n",
		    true },
		/* without a time: of fields that mails have */
		{ "From \nSubject: x\n", true },
		{ "From \r\nX-Mozilla-Status: 0001\r\n", true },
		{ "From\nReceived: x\n", true },
		{ "From - \nA: b\nFrom: c\n", true },
		{ "From a@b 2026-11-02\nReturn-Path: <a@b>\n", true },
		{ "From a@b\n>From a@b\nReturn-Path: <a@b>\n", true },
		{ "From a@b\rReturn-Path: <a@b>\r\rtext\r", true },
		{ "\1\1\1\1\nA: b\n", true },
		{ "From here we go\n", false },
		{ "From here we go\nNote: x\n", false },
		{ "From here we go\n\nSubject: x\n", false },
		{ "From 10 to 12:3", false },
		{ "From 1:30", false },
		{ "From: a@b 03:00:00\nSubject: x\n", false },
		{ "Fromage\nSubject: x\n", false },
		{ ">From a@b Mon Nov  2 03:00:00 2026\nA: b\n", false },
		{ "from a@b Mon Nov  2 03:00:00 2026\nA: b\n", false },
		{ "\1\1\1\nA: b\n", false },
		{ "From ", false },
		{ "From", false },
		{ "", false },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const size_t n = strlen(rows[i].text);
		void *exact = unit_exact(rows[i].text, n);

		CHECK_INT(mbox_begins(exact, n), rows[i].want, "%s",
		    rows[i].text);
		free(exact);
	}
}

struct piece {
	const char *s;
	size_t len;
};

static const char *
look(void *ctx, uint64_t at, size_t *n)
{
	const struct piece *p = ctx;

	*n = p->len - (size_t)at;
	return p->s + at;
}

struct row {
	const char *what;
	const char *mbox;
	const char *want[4]; /* the messages, NULL at the end */
	unsigned lines;      /* that begin with "From ", if more */
};

static void
check_row(const struct row *row)
{
	const size_t size = strlen(row->mbox);
	char *exact = unit_exact(row->mbox, size);
	struct piece p = { exact, size };
	const struct mbox_bytes bytes = { &p, look };
	struct mbox_mail mail;
	struct mbox m;
	size_t k = 0;
	char *got;

	mbox_open(&m, &bytes);
	while (mbox_next(&m, &mail) && k < 4) {
		got = strndup(exact + mail.start, mail.end - mail.start);
		CHECK_STR(got, row->want[k], "%s, message %zu", row->what, k);
		free(got);
		k++;
	}
	CHECK(k == 4 || row->want[k] == NULL, "%s: only %zu", row->what, k);
	CHECK_INT(m.at, size, "%s", row->what);
	CHECK_INT(m.mails, k, "%s", row->what);
	if (!m.mmdf && k > 0 && strncmp(row->mbox, "From", 4) == 0)
		CHECK_INT(m.begins, row->lines == 0 ? k : row->lines, "%s",
		    row->what);
	free(exact);
}

static void
divides(void)
{
	static const struct row rows[] = {
		{ "empty", "", { NULL }, 0 },
		{ "one", FROM "A: b\n\ntext\n", { "A: b\n\ntext\n" }, 0 },
		{ "one, no line end", FROM "A: b\n\ntext", { "A: b\n\ntext" },
		    0 },
		{ "two", FROM "A: b\n\nx\n\n" FROM "C: d\n\ny\n",
		    { "A: b\n\nx\n\n", "C: d\n\ny\n" }, 0 },
		{ "two, CRLF",
		    FROM_CRLF "A: b\r\n\r\nx\r\n\r\n" FROM_CRLF
			      "C: d\r\n\r\ny\r\n",
		    { "A: b\r\n\r\nx\r\n\r\n", "C: d\r\n\r\ny\r\n" }, 0 },
		{ "two, CR", "From a 03:00\rA: b\r\rx\rFrom \rTo: d\r\ry\r",
		    { "A: b\r\rx\r", "To: d\r\ry\r" }, 0 },
		{ "no From_ line at the start", "A: b\n\nx\n\n" FROM "C: d\n",
		    { "A: b\n\nx\n\n", "C: d\n" }, 0 },
		{ "no empty line before", FROM "A: b\n\nx\n" FROM "C: d\n\ny\n",
		    { "A: b\n\nx\n", "C: d\n\ny\n" }, 0 },
		{ "no field below: text", FROM "A: b\n\nx\n\n" FROM "y\n",
		    { "A: b\n\nx\n\n" FROM "y\n" }, 2 },
		{ "bare", "From \nTo: b\n\nx\nFrom \nTo: d\n\ny\n",
		    { "To: b\n\nx\n", "To: d\n\ny\n" }, 0 },
		{ "bare, the blank lost",
		    "From\nTo: b\n\nx\nFrom\nTo: d\n\ny\n",
		    { "To: b\n\nx\n", "To: d\n\ny\n" }, 0 },
		{ "a bare line in the text of a mail",
		    FROM "To: b\n\nx\nFrom\nTo: d\n\ny\n",
		    { "To: b\n\nx\nFrom\nTo: d\n\ny\n" }, 0 },
		{ "a date of its own kind",
		    "From a@b\nTo: b\n\nx\nFrom c@d 2026-11-02\nA: b\nTo: d\n",
		    { "To: b\n\nx\n", "A: b\nTo: d\n" }, 0 },
		{ "a sentence after an empty line",
		    FROM "A: b\n\nFrom here on\n\nFrom there\nNote: z\n",
		    { "A: b\n\nFrom here on\n\nFrom there\nNote: z\n" }, 3 },
		{ "quoted", FROM "A: b\n\n>" FROM "C: d\n\n>>" FROM "E: f\n",
		    { "A: b\n\n>" FROM "C: d\n\n>>" FROM "E: f\n" }, 0 },
		{ "nothing between", FROM "\n" FROM "A: b\n",
		    { "\n", "A: b\n" }, 0 },
		{ "a From_ line alone", FROM, { "" }, 0 },
		{ "two alone", FROM FROM, { FROM }, 2 },
		{ "three", FROM "A: 1\n\n" FROM "B: 2\n\n" FROM "C: 3\n",
		    { "A: 1\n\n", "B: 2\n\n", "C: 3\n" }, 0 },
		{ "MMDF",
		    "\1\1\1\1\nA: b\n\nx\n\1\1\1\1\n\1\1\1\1\nC: d\n\n" FROM
		    "E: f\n\1\1\1\1\n",
		    { "A: b\n\nx\n", "C: d\n\n" FROM "E: f\n" }, 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		check_row(&rows[i]);
}

static CU_TestInfo tests[] = {
	{ "knows_an_mbox", knows_an_mbox },
	{ "divides", divides },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_mbox_suites[] = {
	{ "mbox", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
