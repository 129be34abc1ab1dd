/* args: the command line, with the clock as an argument. */
#include <string.h>

#include "common/cli/args.h"
#include "report/cmd.h"
#include "common/cli/out.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_args_suites[];

#define ARGC_MAX 12

/* 2026-03-01 00:00:30 UTC; the day before is 28 February. */
#define NOW 1772323230

static const struct command commands[] = {
	{ .name = "summary", .options = OPTIONS_WINDOW },
	{ .name = "unaligned", .options = OPTIONS_WINDOW },
	{ .name = "reporters", .options = OPTIONS_WINDOW },
	{ .name = "status" },
	{ .name = "one", .operands = "[DOMAIN]", .operands_max = 1 },
	{ .name = "two",
	    .operands = "NAME VALUE",
	    .operands_min = 2,
	    .operands_max = 2,
	    .options = OPTION(OPT_DAYS) },
	{ .name = NULL },
};

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
	return args_parse(a, commands, argc, argv, NOW, d);
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
		{ { NULL }, "summary", "", "", "", "", "" },
		{ { "status", NULL }, "status", "", "", "", "", "" },
		{ { "--format", "csv", "unaligned", NULL }, "unaligned", "csv",
		    "", "", "", "" },
		{ { "unaligned", "--format=csv", NULL }, "unaligned", "csv", "",
		    "", "", "" },
		{ { "--domain", "Example.CO.jp.", "reporters", "--db",
		      "dbname=x", NULL },
		    "reporters", "", "dbname=x", "example.co.jp", "", "" },
		{ { "--since", "2026-01-01", "--until", "2026-01-01", NULL },
		    "summary", "", "", "", "2026-01-01", "2026-01-01" },
		{ { "--until", "2024-02-29", NULL }, "summary", "", "", "", "",
		    "2024-02-29" },
		{ { "--days", "1", NULL }, "summary", "", "", "", "2026-03-01",
		    "2026-03-01" },
		{ { "--days", "2", "summary", NULL }, "summary", "", "", "",
		    "2026-02-28", "2026-03-01" },
		{ { "--days", "365", NULL }, "summary", "", "", "",
		    "2025-03-02", "2026-03-01" },
		{ { "status", "-d", "x", NULL }, "status", "", "x", "", "",
		    "" },
		{ { "--", "status", NULL }, "status", "", "", "", "", "" },
		{ { "--domain", "xn--eckwd4c7c.example", NULL }, "summary", "",
		    "", "xn--eckwd4c7c.example", "", "" },
		{ { "--domain", "_dmarc.example.jp", NULL }, "summary", "", "",
		    "_dmarc.example.jp", "", "" },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		struct args a;
		struct diag d = { .text = "" };

		CHECK_INT(parse(&a, cases[i].words, &d), DIAG_OK, "%zu", i);
		CHECK_STR(d.text, "", "%zu", i);
		CHECK_INT(a.action, ARGS_RUN, "%zu", i);
		CHECK_STR(a.command->name, cases[i].command, "%zu", i);
		CHECK_STR(or_empty(args_text(&a, OPT_FORMAT)), cases[i].format,
		    "%zu", i);
		CHECK_STR(or_empty(args_text(&a, OPT_DB)), cases[i].db, "%zu",
		    i);
		CHECK_INT(a.n_operands, 0, "%zu", i);
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
		{ { "--days", "3", "--days", "4", NULL },
		    "--days: given twice" },
		{ { "nonsense", NULL }, "no such command: nonsense" },
		{ { "--format", "xml", NULL },
		    "--format: text, csv or json, not xml" },
		{ { "--format=", NULL }, "--format: text, csv or json" },
		/* A command takes what is its own. */
		{ { "status", "--domain", "a.jp", NULL },
		    "--domain: status does not take it, only summary, unaligned and reporters" },
		{ { "--days", "3", "one", NULL },
		    "--days: one does not take it, only summary, unaligned, reporters and two" },
		{ { "status", "x", NULL },
		    "status: nothing goes behind it, not x" },
		{ { "one", "a.jp", "b.jp", NULL },
		    "one: only [DOMAIN] goes behind it, not b.jp" },
		{ { "two", "a", NULL }, "two: NAME VALUE goes behind it" },
		{ { "two", NULL }, "two: NAME VALUE goes behind it" },
		{ { "two", "a", "b", "c", NULL }, "not c" },
		{ { "two", "1", "2", "3", "4", "5", "6", "7", "8", NULL },
		    "only NAME VALUE goes behind it, not 3" },
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
hands_over_operands_and_options(void)
{
	static const char *const one[] = { "one", NULL };
	static const char *const two[] = { "two", "--days", "7", "a", "--",
		"-b", NULL };
	struct args a;
	struct diag d;

	CU_ASSERT_EQUAL(parse(&a, one, &d), DIAG_OK);
	CU_ASSERT_EQUAL(a.n_operands, 0);
	CU_ASSERT_FALSE(args_has(&a, OPT_DAYS));
	CU_ASSERT_EQUAL(args_number(&a, OPT_DAYS, 12), 12);
	CU_ASSERT_PTR_NULL(args_text(&a, OPT_DAYS));
	CU_ASSERT_EQUAL(parse(&a, two, &d), DIAG_OK);
	CHECK_STR(a.command->name, "two", "two");
	CU_ASSERT_EQUAL(a.n_operands, 2);
	CHECK_STR(a.operands[0], "a", "two");
	CHECK_STR(a.operands[1], "-b", "two");
	CU_ASSERT_TRUE(args_has(&a, OPT_DAYS));
	CU_ASSERT_EQUAL(args_number(&a, OPT_DAYS, 12), 7);
	CHECK_STR(args_text(&a, OPT_DAYS), "7", "two");
	CU_ASSERT_PTR_NULL(args_nth(&a, OPT_DAYS, 1));
}

/* What --format takes is what can be printed. */
static void
knows_every_format(void)
{
	const char *const *choices = options[OPT_FORMAT].choices;
	size_t n = 0;

	for (; choices[n] != NULL; n++)
		CHECK(out_find(choices[n]) != NULL, "%s", choices[n]);
	for (const struct out_format *f = out_formats; f->name != NULL; f++)
		n--;
	CU_ASSERT_EQUAL(n, 0);
}

/* Each row is there, and no letter and no name stands for two. */
static void
has_a_row_for_every_option(void)
{
	for (size_t i = 0; i < OPT_COUNT; i++) {
		const struct option_spec *o = &options[i];

		CHECK(o->name != NULL && o->help != NULL, "%zu", i);
		CHECK((o->kind == OPTION_FLAG) == (o->argument == NULL), "%s",
		    o->name);
		for (size_t k = 0; k < i; k++) {
			CHECK(strcmp(options[k].name, o->name) != 0, "%s",
			    o->name);
			CHECK(o->letter == '\0' ||
				options[k].letter != o->letter,
			    "%s", o->name);
		}
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
	{ "hands_over_operands_and_options", hands_over_operands_and_options },
	{ "knows_every_format", knows_every_format },
	{ "has_a_row_for_every_option", has_a_row_for_every_option },
	{ "answers_help_and_version_first", answers_help_and_version_first },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_args_suites[] = {
	{ "args", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
