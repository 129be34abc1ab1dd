/* What a mail server says reaches libetpan and us in a form that is known. */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/imap/imap_item.h"
#include "ingest/imap/imap_lines.h"
#include "ingest/imap/imap_refusal.h"
#include "ingest/limits.h"
#include "tests/unit/unit.h"

#define DATE   "\"02-Nov-2026 03:00:00 +0000\""
#define SECOND 1793588400 /* of that */

/* ---- items ----------------------------------------------------------------- */

static void
items_are_read_for_themselves(void)
{
	static const struct {
		const char *text;
		uint32_t uid;
		uint32_t size;
		int64_t arrived;
		bool is_deleted;
		const char *odd;
	} rows[] = {
		{ "(UID 7 FLAGS (\\Seen \\Deleted) INTERNALDATE " DATE
		  " RFC822.SIZE 9)",
		    7, 9, SECOND, true, NULL },
		{ "(uid 7 flags (\\deleted) rfc822.size 9)", 7, 9, 0, true,
		    NULL },
		{ "(INTERNALDATE NIL UID 7)", 7, 0, 0, false, "INTERNALDATE" },
		{ "(INTERNALDATE \"\" UID 7)", 7, 0, 0, false, "INTERNALDATE" },
		{ "(INTERNALDATE 02-Nov-2026 03:00:00 +0000 UID 7)", 7, 0, 0,
		    false, "INTERNALDATE" },
		{ "(FLAGS (\\) UID 7)", 7, 0, 0, false, "FLAGS" },
		{ "(FLAGS (\\Deleted UID 7)", 7, 0, 0, true, "FLAGS" },
		{ "(FLAGS NIL UID 7)", 7, 0, 0, false, "FLAGS" },
		{ "(RFC822.SIZE NIL UID 7)", 7, 0, 0, false, "RFC822.SIZE" },
		{ "(RFC822.SIZE 4294967296 UID 7)", 7, 0, 0, false,
		    "RFC822.SIZE" },
		{ "(RFC822.SIZE 4294967295 UID 4294967295)", UINT32_MAX,
		    UINT32_MAX, 0, false, NULL },
		{ "(UID)", 0, 0, 0, false, "UID" },
		{ "(UID -7)", 0, 0, 0, false, "UID" },
		{ "(X \"UID 8\" Y (UIDS (9)) UID 7)", 7, 0, 0, false, NULL },
		{ "UID 7", 7, 0, 0, false, NULL },
		{ "", 0, 0, 0, false, NULL },
		{ "(((((", 0, 0, 0, false, NULL },
		{ "\"", 0, 0, 0, false, NULL },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char *text = unit_exact(rows[i].text, strlen(rows[i].text) + 1);
		struct imap_item item;

		imap_item_read(&item, text);
		CHECK_INT(item.uid, rows[i].uid, "%s", text);
		CHECK_INT(item.size, rows[i].size, "%s", text);
		CHECK_INT(item.arrived, rows[i].arrived, "%s", text);
		CHECK_INT(item.is_deleted, rows[i].is_deleted, "%s", text);
		CHECK_STR(item.odd, rows[i].odd, "%s", text);
		free(text);
	}
}

static void
dates_are_those_that_are_sure(void)
{
	static const struct {
		const char *text;
		int64_t want; /* 0: none */
	} rows[] = {
		{ "02-Nov-2026 03:00:00 +0000", SECOND },
		{ " 2-Nov-2026 03:00:00 +0000", SECOND },
		{ "2-nov-2026 3:00:00 +0000", SECOND },
		{ "02-Nov-2026 12:00:00 +0900", SECOND },
		{ "02-Nov-2026 01:30:00 -0130", SECOND },
		{ "02-Nov-2026 03:00:00 GMT", SECOND },
		{ "02-Nov-2026 03:00:00 utc", SECOND },
		{ "02-Nov-2026 03:00:00 Z", SECOND },
		{ "02-Nov-2026 03:00:00 JST", 0 },
		{ "02-Nov-2026 03:00:00", 0 },
		{ "02-Nov-2026 03:00:00 +000", 0 },
		{ "02-Nov-2026 03:00:00 +0060", 0 },
		{ "02-Nov-2026 24:00:00 +0000", 0 },
		{ "32-Nov-2026 03:00:00 +0000", 0 },
		{ "00-Jan-1970 00:00:00 +0000", 0 },
		{ "01-Jan-1970 00:00:00 +0000", 0 },
		{ "02-Foo-2026 03:00:00 +0000", 0 },
		{ "2026-11-02T03:00:00Z", 0 },
		{ "NIL", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const size_t len = strlen(rows[i].text);
		char *text = unit_exact(rows[i].text, len);
		int64_t got = 0;

		CHECK_INT(imap_item_date(text, len, &got), rows[i].want != 0,
		    "%s", rows[i].text);
		CHECK_INT(got, rows[i].want, "%s", rows[i].text);
		free(text);
	}
}

/* ---- lines ----------------------------------------------------------------- */

struct heard {
	struct buf bytes;
	struct buf items;
};

static void
on_bytes(void *ctx, const char *bytes, size_t n)
{
	(void)buf_append(&((struct heard *)ctx)->bytes, bytes, n);
}

static void
on_item(void *ctx, const struct imap_item *item)
{
	(void)buf_printf(&((struct heard *)ctx)->items, "%lu%s;",
	    (unsigned long)item->uid, item->has_body ? "b" : "");
}

/* For libetpan, of the command C7; the lines of LIST are kept. */
static const struct {
	const char *name;
	const char *in;
	const char *out;
	const char *kept; /* with | behind each */
	const char *bytes;
	const char *items;
} rows[] = {
	{ "plain", "* 3 EXISTS\r\n* 0 recent\r\nC7 OK [READ-WRITE] done\r\n",
	    "* 3 EXISTS\r\n* 0 RECENT\r\nC7 OK [READ-WRITE] -\r\n", "", "",
	    "" },
	{ "codes",
	    "* OK [UIDVALIDITY 9] x\r\n* OK [UIDVALIDITY x9] x\r\n"
	    "* OK [UIDNEXT ] x\r\n* OK [HIGHESTMODSEQ 7]\r\n",
	    "* OK [UIDVALIDITY 9] -\r\n", "", "", "" },
	{ "nobody knows",
	    "* XYZZY (\r\n* 5 XYZZY\r\n*\r\n* \r\n\r\n"
	    "[COPYUID 1 2 3]\r\nlorem\r\nC8 OK no\r\n* FLAGS (\\)"
	    "\r\n",
	    "", "", "", "" },
	{ "words of capability", "* CAPABILITY IMAP4rev1 A=\xff MOVE (x\r\n",
	    "* CAPABILITY IMAP4rev1 MOVE x\r\n", "", "", "" },
	{ "a refusal", "C7 NO [OVERQUOTA] full\r\n", "C7 NO -\r\n", "", "",
	    "" },
	{ "no text", "C7 BAD\r\n", "C7 BAD -\r\n", "", "", "" },
	{ "a question", "+ go on\r\n", "+ go on\r\n", "", "", "" },
	{ "names",
	    "* LIST () \"/\" a\r\n* LSUB () \"/\" b\r\n"
	    "* LIST () \"/\" {3}\r\nc\"d\r\n",
	    "", "() \"/\" a|() \"/\"  \"c\\\"d\"|", "", "" },
	{ "a mail", "* 1 FETCH (UID 7 BODY[] {5}\r\nab\r\nc)\r\n", "", "",
	    "ab\r\nc", "7b;" },
	{ "its number behind it", "* 1 FETCH (BODY[] {2}\r\n)( UID 7)\r\n", "",
	    "", ")(", "7b;" },
	{ "no bytes", "* 1 FETCH (BODY[] {0}\r\n UID 7)\r\n* 2 EXISTS\r\n",
	    "* 2 EXISTS\r\n", "", "", "7b;" },
	{ "a literal that is none of it",
	    "* 1 FETCH (X ({4}\r\n* 2 ) BODY[] {2}\r\nab UID 7)\r\n", "", "",
	    "ab", "7b;" },
	{ "only a part", "* 1 FETCH (BODY[HEADER] {2}\r\nab UID 7)\r\n", "", "",
	    "", "7;" },
	{ "what looks like a line",
	    "* 1 FETCH (UID 7 BODY[] {12}\r\n"
	    "C7 OK yes\r\n\n)\r\nC7 NO no\r\n",
	    "C7 NO -\r\n", "", "C7 OK yes\r\n\n", "7b;" },
};

static char *
joined(const GPtrArray *kept)
{
	GString *s = g_string_new(NULL);

	for (guint i = 0; i < kept->len; i++)
		g_string_append_printf(s, "%s|",
		    (const char *)g_ptr_array_index(kept, i));
	return g_string_free(s, FALSE);
}

/* step bytes at a time. */
static void
try_row(size_t i, size_t step)
{
	const int tag = 7;
	const size_t n = strlen(rows[i].in);
	struct imap_lines l;
	struct heard heard;
	char out[200];
	size_t got;
	char *kept;

	buf_init(&heard.bytes, 1 << 16);
	buf_init(&heard.items, 1 << 16);
	imap_lines_init(&l, &tag);
	imap_lines_begin(&l, false, "LIST");
	l.has_greeted = true;
	l.sink = (struct imap_sink){ on_bytes, on_item, &heard };
	for (size_t at = 0; at < n; at += step) {
		const size_t part = n - at < step ? n - at : step;
		char *piece = unit_exact(rows[i].in + at, part);

		CHECK_STR(imap_lines_put(&l, piece, part), NULL, "%s, %zu",
		    rows[i].name, step);
		free(piece);
	}
	got = imap_lines_get(&l, out, sizeof(out) - 1);
	out[got] = '\0';
	kept = joined(l.kept);
	CHECK_STR(out, rows[i].out, "%s, %zu", rows[i].name, step);
	CHECK_STR(kept, rows[i].kept, "%s, %zu", rows[i].name, step);
	CHECK_STR(buf_str(&heard.bytes), rows[i].bytes, "%s, %zu", rows[i].name,
	    step);
	CHECK_STR(buf_str(&heard.items), rows[i].items, "%s, %zu", rows[i].name,
	    step);
	g_free(kept);
	imap_lines_free(&l);
	buf_free(&heard.bytes);
	buf_free(&heard.items);
}

static void
lines_are_put_plainly(void)
{
	for (size_t i = 0; i < ROWS(rows); i++) {
		try_row(i, 1 << 16);
		try_row(i, 1);
		try_row(i, 3);
	}
}

static void
an_endless_line_is_cut(void)
{
	const int tag = 7;
	char *piece = mem_calloc(1 << 16, 1);
	struct imap_lines l;

	memset(piece, 'x', 1 << 16);
	imap_lines_init(&l, &tag);
	for (int i = 0; i < 64; i++)
		CHECK_STR(imap_lines_put(&l, piece, 1 << 16), NULL, "%d", i);
	CHECK(l.line.len <= LIMIT_IMAP_LINE, "%zu", l.line.len);
	free(piece);
	imap_lines_free(&l);
}

static void
put_line(struct imap_lines *l, const char *text, size_t n)
{
	CHECK_STR(imap_lines_put(l, text, n), NULL, "%.20s", text);
}

/* What is not kept is counted, and what was cut is known. */
static void
lines_that_are_wanted_are_bounded(void)
{
	static const char line[] = "* SEARCH 1\r\n";
	const size_t n = LIMIT_IMAP_LINE + 100;
	const int tag = 7;
	char *longest = mem_calloc(n, 1);
	struct imap_lines l;

	imap_lines_init(&l, &tag);
	imap_lines_begin(&l, true, "SEARCH");
	for (int i = 0; i < LIMIT_IMAP_KEPT + 3; i++)
		put_line(&l, line, sizeof(line) - 1);
	CHECK_INT(l.kept->len, LIMIT_IMAP_KEPT, "kept");
	CHECK_INT(l.left_out, 3, "left out");
	CHECK_INT(l.is_cut, false, "short ones");
	imap_lines_begin(&l, true, "SEARCH");
	CHECK_INT(l.left_out, 0, "another command");
	memset(longest, '1', n);
	memcpy(longest, "* SEARCH ", 9);
	longest[n - 1] = '\n';
	put_line(&l, longest, n);
	CHECK_INT(l.kept->len, 1, "one that was cut");
	CHECK_INT(l.is_cut, true, "one that was cut");
	free(longest);
	imap_lines_free(&l);
}

/* ---- refusals -------------------------------------------------------------- */

static void
a_refusal_for_now_is_known(void)
{
	static const struct {
		const char *code;
		const char *text;
		bool want;
	} texts[] = {
		{ "", "Request is throttled. Suggested Backoff Time: 92415 ms",
		    true },
		{ "", "User is authenticated but not connected.", true },
		{ "", "Server Unavailable. 15", true },
		{ "ALERT", "Too many simultaneous connections. (Failure)",
		    true },
		{ "", "Maximum number of connections from user+IP exceeded",
		    true },
		{ "OVERQUOTA", "Account exceeded command or bandwidth limits.",
		    true },
		{ "LIMIT", "no", true },
		{ "INUSE", "", true },
		{ "", "LOGIN failed.", false },
		{ "", "", false },
		{ "AUTHENTICATIONFAILED", "try again later", false },
		{ "", "Password is incorrect, or system is busy", false },
		{ "NONEXISTENT", "Mailbox is temporarily away", false },
		{ "", "Mailbox doesn't exist: x", false },
	};

	for (size_t i = 0; i < ROWS(texts); i++)
		CHECK_INT(imap_refusal_is_temporary(texts[i].code,
			      texts[i].text),
		    texts[i].want, "[%s] %s", texts[i].code, texts[i].text);
	CHECK_INT(imap_refusal_wait("Suggested Backoff Time: 92415 "
				    "milliseconds"),
	    93, "in milliseconds");
	CHECK_INT(imap_refusal_wait("backoff 30 seconds"), 30, "in seconds");
	CHECK_INT(imap_refusal_wait("Backoff Time: 99999999999999999999999"),
	    3600, "for ever");
	CHECK_INT(imap_refusal_wait("come back in 5 s"), 0, "no word of it");
	CHECK_INT(imap_refusal_wait("backoff"), 0, "not how long");
	CHECK_INT(imap_refusal_is_same("mail 17: no", "mail 4: no"), true,
	    "numbers");
	CHECK_INT(imap_refusal_is_same("mail 17: no", "mail 17: no!"), false,
	    "longer");
}

static CU_TestInfo tests[] = {
	{ "items_are_read_for_themselves", items_are_read_for_themselves },
	{ "dates_are_those_that_are_sure", dates_are_those_that_are_sure },
	{ "lines_are_put_plainly", lines_are_put_plainly },
	{ "an_endless_line_is_cut", an_endless_line_is_cut },
	{ "lines_that_are_wanted_are_bounded",
	    lines_that_are_wanted_are_bounded },
	{ "a_refusal_for_now_is_known", a_refusal_for_now_is_known },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_imap_lines_suites[] = {
	{ "imap_lines", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
