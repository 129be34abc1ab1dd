/* What a mail server says is looked at before it is parsed. */
#include <stdlib.h>
#include <string.h>

#include "ingest/imap/imap_guard.h"
#include "ingest/limits.h"
#include "tests/unit/unit.h"

/* text, then n times c, then rest; n bytes of a literal count as text. */
static const struct {
	const char *name;
	const char *text;
	char c;
	size_t n;
	const char *rest;
	const char *want; /* NULL: nothing against it */
} rows[] = {
	{ "greeting", "* OK hello\r\n", 'x', 0, "", NULL },
	{ "as deep as may be", "* 1 FETCH ", '(', LIMIT_IMAP_DEPTH, "\r\n",
	    NULL },
	{ "one deeper", "* 1 FETCH ", '(', LIMIT_IMAP_DEPTH + 1, "\r\n",
	    "nested too deep" },
	{ "each line begins anew", "* 1 FETCH ((((\r\n* 2 FETCH ", '(',
	    LIMIT_IMAP_DEPTH, "\r\n", NULL },
	{ "in a literal it is text", "* 1 FETCH (BODY[] {300}\r\n", '(', 300,
	    ")\r\n", NULL },
	{ "after the literal it is not", "* 1 FETCH (BODY[] {3}\r\nabc", '(',
	    LIMIT_IMAP_DEPTH, "\r\n", "nested too deep" },
	{ "free text has no literals", "* OK so {300}\r\n", '(', 300, "\r\n",
	    "nested too deep" },
	{ "nor has a tagged answer", "12 OK so {300}\r\n", '(', 300, "\r\n",
	    "nested too deep" },
	{ "nor what is no end of a line", "* 1 FETCH {300} ", '(', 300, "\r\n",
	    "nested too deep" },
	{ "a quote hides nothing", "* 1 FETCH \"", '(', 300, "\r\n",
	    "nested too deep" },
	{ "a folder's name may be a literal", "* LIST () \"/\" {300}\r\n", '(',
	    300, "\r\n", NULL },
	{ "4 GiB less 1", "* 1 FETCH (BODY[] {4294967295}\r\n", 'x', 1, "",
	    NULL },
	{ "4 GiB", "* 1 FETCH (BODY[] {4294967296}\r\n", 'x', 1, "",
	    "more than 4 GiB" },
	{ "what wraps around", "* 1 FETCH (BODY[] {18446744073709551617}\r\n",
	    'x', 1, "", "more than 4 GiB" },
	{ "goodbye", "* BYE going down\r\n", 'x', 0, "",
	    "the server says goodbye: going down" },
	{ "goodbye in other letters", "* bye x\r\n", 'x', 0, "",
	    "the server says goodbye: x" },
	{ "goodbye in a mail is text",
	    "* 1 FETCH (BODY[] {9}\r\n* BYE x\r\n)\r\n", 'x', 0, "", NULL },
	{ "a long goodbye", "* BYE ", 'z', 5000, "\r\n",
	    "the server says goodbye: zzz" },
};

static struct buf
bytes_of(size_t i)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	(void)buf_add(&b, rows[i].text);
	for (size_t k = 0; k < rows[i].n; k++)
		(void)buf_putc(&b, rows[i].c);
	(void)buf_add(&b, rows[i].rest);
	return b;
}

/* step bytes at a time. */
static const char *
look(struct imap_guard *g, const struct buf *b, size_t step)
{
	const char *why = NULL;
	char *piece;

	for (size_t at = 0; at < b->len && why == NULL; at += step) {
		const size_t n = b->len - at < step ? b->len - at : step;

		piece = unit_exact(b->data + at, n);
		why = imap_guard(g, piece, n);
		free(piece);
	}
	return why;
}

static void
it_refuses_what_is_beyond_reason(void)
{
	static const size_t steps[] = { 1 << 20, 1, 7 };

	for (size_t i = 0; i < ROWS(rows); i++)
		for (size_t k = 0; k < ROWS(steps); k++) {
			struct imap_guard g = { 0 };
			struct buf b = bytes_of(i);
			const char *why = look(&g, &b, steps[k]);

			if (rows[i].want == NULL)
				CHECK_STR(why, NULL, "%s, %zu", rows[i].name,
				    steps[k]);
			else
				CHECK(why != NULL &&
					strstr(why, rows[i].want) != NULL,
				    "%s, %zu: %s", rows[i].name, steps[k],
				    why == NULL ? "NULL" : why);
			buf_free(&b);
		}
}

static void
it_knows_bad(void)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
		{ "1 BAD no\r\n", true },
		{ "a7 bad no\r\n", true },
		{ "1 NO BAD \r\n", false },
		{ "1 OK yes\r\n", false },
		{ "1 BAD no\r\n* 3 EXISTS\r\n", true },
		{ "1 BAD no\r\n2 OK yes\r\n", false },
		{ "* BAD no\r\n", false },
		{ "\r\n", false },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		struct imap_guard g = { 0 };

		(void)imap_guard(&g, cases[i].text, strlen(cases[i].text));
		CHECK_INT(g.was_bad, cases[i].want, "%s", cases[i].text);
	}
}

static void
it_counts_questions(void)
{
	static const char plus[] = "+ \r\n";
	static const char text[] = "* 1 FETCH (BODY[] {4}\r\n+ \r\n)\r\n";
	struct imap_guard g = { 0 };
	const char *why = NULL;

	for (int i = 0; i < LIMIT_IMAP_QUESTIONS && why == NULL; i++)
		why = imap_guard(&g, plus, strlen(plus));
	CHECK_STR(why, NULL, "as many as may be");
	why = imap_guard(&g, text, strlen(text));
	CHECK_STR(why, NULL, "in a mail it is text");
	CHECK_STR(imap_guard(&g, plus, strlen(plus)),
	    "more questions than it may ask", "one more");
	g.questions = 0;
	CHECK_STR(imap_guard(&g, plus, strlen(plus)), NULL,
	    "the next command begins anew");
}

static CU_TestInfo tests[] = {
	{ "it_refuses_what_is_beyond_reason",
	    it_refuses_what_is_beyond_reason },
	{ "it_knows_bad", it_knows_bad },
	{ "it_counts_questions", it_counts_questions },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_imap_guard_suites[] = {
	{ "imap_guard", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
