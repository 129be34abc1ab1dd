/* args: the command line, with the clock as an argument. */
#include <string.h>

#include "report/args.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_args_suites[];

#define ARGC_MAX 12

/* 2026-03-01 00:00:30 UTC; the day before is 28 February. */
#define NOW 1772323230

/* Parse a line of words that NULL ends. */
static enum diag_code
parse(struct args *a, const char *const words[], struct diag *d)
{
	static char copies[ARGC_MAX][300];
	char *argv[ARGC_MAX + 1] = { NULL };
	int argc = 0;

	argv[argc++] = strcpy(copies[0], "dmarc-report");
	for (; words[argc - 1] != NULL; argc++)
		argv[argc] = strcpy(copies[argc], words[argc - 1]);
	return args_parse(a, argc, argv, NOW, d);
}

static const char *
or_empty(const char *s)
{
	return s == NULL ? "" : s;
}

static void
takes_options_before_and_after_the_command(void)
{
	static const struct {
		const char *words[ARGC_MAX];
		const char *command, *format, *db, *domain, *since, *until;
	} cases[] = {
		{ { NULL }, "", "", "", "", "", "" },
		{ { "status", NULL }, "status", "", "", "", "", "" },
		{ { "--format", "csv", "unaligned", NULL }, "unaligned", "csv",
		    "", "", "", "" },
		{ { "unaligned", "--format=csv", NULL }, "unaligned", "csv", "",
		    "", "", "" },
		{ { "--domain", "Example.CO.jp.", "reporters", "--db",
		      "dbname=x", NULL },
		    "reporters", "", "dbname=x", "example.co.jp", "", "" },
		{ { "--since", "2026-01-01", "--until", "2026-01-01", NULL },
		    "", "", "", "", "2026-01-01", "2026-01-01" },
		{ { "--until", "2024-02-29", NULL }, "", "", "", "", "",
		    "2024-02-29" },
		{ { "--days", "1", NULL }, "", "", "", "", "2026-03-01",
		    "2026-03-01" },
		{ { "--days", "2", "summary", NULL }, "summary", "", "", "",
		    "2026-02-28", "2026-03-01" },
		{ { "--days", "365", NULL }, "", "", "", "", "2025-03-02",
		    "2026-03-01" },
		{ { "status", "-d", "x", NULL }, "status", "", "x", "", "",
		    "" },
		{ { "--", "status", NULL }, "status", "", "", "", "", "" },
		{ { "--domain", "xn--eckwd4c7c.example", NULL }, "", "", "",
		    "xn--eckwd4c7c.example", "", "" },
		{ { "--domain", "_dmarc.example.jp", NULL }, "", "", "",
		    "_dmarc.example.jp", "", "" },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		struct args a;
		struct diag d = { .text = "" };

		CHECK_INT(parse(&a, cases[i].words, &d), DIAG_OK, "%zu", i);
		CHECK_STR(d.text, "", "%zu", i);
		CHECK_INT(a.action, ARGS_RUN, "%zu", i);
		CHECK_STR(or_empty(a.command), cases[i].command, "%zu", i);
		CHECK_STR(or_empty(a.format), cases[i].format, "%zu", i);
		CHECK_STR(or_empty(a.db), cases[i].db, "%zu", i);
		CHECK_STR(a.domain, cases[i].domain, "%zu", i);
		CHECK_STR(a.since, cases[i].since, "%zu", i);
		CHECK_STR(a.until, cases[i].until, "%zu", i);
	}
}

/* Each mistake is named. */
static void
refuses_mistakes(void)
{
	static const struct {
		const char *words[ARGC_MAX];
		const char *text; /* is in the message */
	} cases[] = {
		{ { "--frobnicate", NULL }, "--frobnicate" },
		{ { "-x", NULL }, "-x" },
		{ { "--domain", NULL }, "--domain" },
		{ { "-d", NULL }, "-d" },
		{ { "--help=x", NULL }, "--help=x" },
		{ { "status", "unaligned", NULL }, "unaligned" },
		{ { "status", "--", "unaligned", NULL }, "unaligned" },
		{ { "--domain", "", NULL }, "--domain" },
		{ { "--domain", ".", NULL }, "--domain" },
		{ { "--domain", "a b", NULL }, "a b" },
		{ { "--domain", "a\nb", NULL }, "a?b" },
		{ { "--domain", "\xe6\x97\xa5.jp", NULL }, "xn--" },
		{ { "--domain", "a.jp", "--domain", "b.jp", NULL }, "twice" },
		{ { "--since", "2026-02-29", NULL }, "2026-02-29" },
		{ { "--since", "2026-13-01", NULL }, "2026-13-01" },
		{ { "--since", "2026-1-1", NULL }, "2026-1-1" },
		{ { "--since", "2026-01-0x", NULL }, "2026-01-0x" },
		{ { "--since", " 2026-01-1", NULL }, "2026-01-1" },
		{ { "--since", "2026-01-01 ", NULL }, "2026-01-01 " },
		{ { "--since", "yesterday", NULL }, "yesterday" },
		{ { "--since", "", NULL }, "--since" },
		{ { "--until", "0000-01-01", NULL }, "0000-01-01" },
		{ { "--until", "-026-01-01", NULL }, "-026-01-01" },
		{ { "--until", "20260101", NULL }, "20260101" },
		{ { "--since", "2026-01-02", "--until", "2026-01-01", NULL },
		    "after" },
		{ { "--days", "0", NULL }, "--days" },
		{ { "--days", "-1", NULL }, "--days" },
		{ { "--days", "1.5", NULL }, "--days" },
		{ { "--days", "", NULL }, "--days" },
		{ { "--days", "36501", NULL }, "36501" },
		{ { "--days", "99999999999999999999", NULL }, "--days" },
		{ { "--days", "3", "--since", "2026-01-01", NULL }, "--days" },
		{ { "--until", "2026-01-01", "--days", "3", NULL }, "--days" },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		struct args a;
		struct diag d = { .text = "" };

		CHECK_INT(parse(&a, cases[i].words, &d), DIAG_CONFIG, "%zu: %s",
		    i, cases[i].text);
		CHECK(strstr(d.text, cases[i].text) != NULL, "%zu: %s: %s", i,
		    cases[i].text, d.text);
	}
}

static void
refuses_a_domain_that_is_too_long(void)
{
	char domain[ARGS_DOMAIN_LEN + 1];
	const char *words[] = { "--domain", domain, NULL };
	struct args a;
	struct diag d;

	memset(domain, 'a', sizeof(domain) - 1);
	domain[sizeof(domain) - 1] = '\0'; /* 254 */
	CU_ASSERT_EQUAL(parse(&a, words, &d), DIAG_CONFIG);
	domain[sizeof(domain) - 2] = '.'; /* 253 and the root's dot */
	CU_ASSERT_EQUAL(parse(&a, words, &d), DIAG_OK);
	CU_ASSERT_EQUAL(strlen(a.domain), 253);
}

static void
answers_help_and_version_first(void)
{
	static const char *const help[] = { "status", "--help", "--days", "x",
		NULL };
	static const char *const h[] = { "-h", NULL };
	static const char *const version[] = { "--version", "--nonsense",
		NULL };
	struct args a;
	struct diag d;

	CU_ASSERT_EQUAL(parse(&a, help, &d), DIAG_OK);
	CU_ASSERT_EQUAL(a.action, ARGS_HELP);
	CU_ASSERT_EQUAL(parse(&a, h, &d), DIAG_OK);
	CU_ASSERT_EQUAL(a.action, ARGS_HELP);
	CU_ASSERT_EQUAL(parse(&a, version, &d), DIAG_OK);
	CU_ASSERT_EQUAL(a.action, ARGS_VERSION);
}

static CU_TestInfo tests[] = {
	{ "takes_options_before_and_after_the_command",
	    takes_options_before_and_after_the_command },
	{ "refuses_mistakes", refuses_mistakes },
	{ "refuses_a_domain_that_is_too_long",
	    refuses_a_domain_that_is_too_long },
	{ "answers_help_and_version_first", answers_help_and_version_first },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_args_suites[] = {
	{ "args", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
