/* domain_check: what is asked of DNS, and what is found in texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/domain_check.h"
#include "check/dmarc_record.h"
#include "check/record_text.h"
#include "check/report_uri.h"
#include "check/spf_lint.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_domain_check_suites[];

/* Every kind of finding has a name, and a sentence without a hole. */
static void
table_is_whole(void)
{
	for (int i = 0; i < FINDING_COUNT; i++) {
		const struct finding_kind *k = &finding_kinds[i];
		size_t open = 0;

		CHECK(k->name != NULL && strlen(k->name) == 3, "row %d", i);
		CHECK(k->section != NULL, "row %d", i);
		CHECK(k->sentence != NULL && k->sentence[0] != '\0', "row %d",
		    i);
		for (const char *p = k->sentence; p != NULL && *p != '\0'; p++)
			open += *p == '{' ? 1 : *p == '}' ? (size_t)-1 : 0;
		CHECK(open == 0, "%s", k->sentence);
	}
}

/* Answer what is wanted: iN and jN have SPF records, each with one more
 * include; counted are the names of which SPF was asked. */
static size_t
answer_flood(struct answers *dns, const char *flood)
{
	const char *name;
	enum dns_type type;
	size_t n = 0;

	while (answers_wanted(dns, &name, &type)) {
		struct answer a = { .state = ANSWER_NO_NAME };
		struct answer_record r = { .text = NULL };
		char text[100];

		if (type == DNS_TXT && strcmp(name, "flood.example") == 0) {
			a.state = ANSWER_RECORDS;
			r.text = (char *)(uintptr_t)flood;
		} else if (type == DNS_TXT && name[0] == 'i') {
			(void)snprintf(text, sizeof(text),
			    "v=spf1 include:j%s ~all", name + 1);
			a.state = ANSWER_RECORDS;
			r.text = text;
			n++;
		} else if (type == DNS_TXT && name[0] == 'j') {
			a.state = ANSWER_RECORDS;
			r.text = (char *)(uintptr_t) "v=spf1 ~all";
			n++;
		}
		if (r.text != NULL) {
			r.len = strlen(r.text);
			answer_add(&a, &r);
		}
		answers_put(dns, name, type, &a);
	}
	return n;
}

static void
asks_for_ten(void)
{
	static const size_t includes[] = { 1, 5, 6, 11, 200 };
	static const size_t asked[] = { 2, 10, 10, 10, 10 };

	for (size_t i = 0; i < ROWS(includes); i++) {
		struct answers *dns = answers_new();
		const struct domain_question q = { .domain = "flood.example" };
		struct domain_check c;
		char flood[8000] = "v=spf1";
		size_t n = 0;

		for (size_t k = 0; k < includes[i]; k++)
			(void)snprintf(flood + strlen(flood),
			    sizeof(flood) - strlen(flood),
			    " include:i%zu.flood.example", k);
		(void)strncat(flood, " ~all", 6);
		while (!domain_check(&c, dns, &q)) {
			domain_check_free(&c);
			n += answer_flood(dns, flood);
		}
		CHECK_INT(n, asked[i], "%zu includes", includes[i]);
		CHECK(findings_have(&c.f, S06_LOOKUPS) == (includes[i] > 5),
		    "%zu includes", includes[i]);
		domain_check_free(&c);
		answers_free(dns);
	}
}

/* The domain's own record decides, whatever DNS does above it. */
static void
knows_policy(void)
{
	static const char own[] =
	    "v=DMARC1; p=reject; rua=mailto:a@x.flood.example";

	for (int has_own = 0; has_own < 2; has_own++) {
		struct answers *dns = answers_new();
		const struct domain_question q = {
			.domain = "x.flood.example"
		};
		struct domain_check c;
		const char *name;
		enum dns_type type;

		while (!domain_check(&c, dns, &q)) {
			domain_check_free(&c);
			while (answers_wanted(dns, &name, &type)) {
				struct answer a = { .state = ANSWER_NO_NAME };
				struct answer_record r = {
					.text = (char *)(uintptr_t)own,
					.len = strlen(own)
				};

				if (strcmp(name, "_dmarc.example") == 0)
					a.state = ANSWER_FAILED;
				if (has_own == 1 &&
				    strcmp(name, "_dmarc.x.flood.example") ==
					0) {
					a.state = ANSWER_RECORDS;
					answer_add(&a, &r);
				}
				answers_put(dns, name, type, &a);
			}
		}
		CHECK_STR(c.policy,
		    has_own ? "reject, by _dmarc.x.flood.example" : "",
		    "own record: %d", has_own);
		CHECK(findings_have(&c.f, U01_FAILED) == (has_own == 0),
		    "own record: %d", has_own);
		CHECK(!findings_have(&c.f, D01_NONE), "own record: %d",
		    has_own);
		domain_check_free(&c);
		answers_free(dns);
	}
}

/* A text with very many faults: findings are bounded, and told to be. */
static void
bounds_findings(void)
{
	struct findings f = { 0 };
	char *text = malloc(65000);
	size_t len = 6;
	char *fixed;

	memcpy(text, "v=spf1", 6);
	while (len < 64000)
		len += (size_t)snprintf(text + len, 65000 - len, " x%zu:", len);
	fixed = spf_lint(&f, "example.jp", text, len);
	CHECK(fixed == NULL, "nobody repairs that");
	CHECK_INT(f.n, FINDINGS_MAX, "at most");
	CHECK(f.more > 1000, "the others are counted");
	findings_free(&f);
	free(text);
}

static void
shows_bytes(void)
{
	char *s = finding_shown("a\033[31m\xff", 7, 100);

	CHECK_STR(s, "a\\027[31m\\255", "no byte is shown raw");
	free(s);
	s = finding_shown("aaaaaaaaaa", 10, 4);
	CHECK_STR(s, "aaaa...", "no more than wanted");
	free(s);
}

static void
takes_uris(void)
{
	static const struct {
		const char *text;
		enum uri_state state;
		const char *fixed;
	} cases[] = {
		{ "mailto:a@example.jp", URI_MAIL, NULL },
		{ "MAILTO:a@Example.JP", URI_MAIL, NULL },
		{ "mailto:a@example.jp!10m", URI_MAIL, "mailto:a@example.jp" },
		{ "mailto:a@example.jp!", URI_MAIL, "mailto:a@example.jp" },
		{ "https://example.jp/x", URI_OTHER, NULL },
		{ "https://", URI_BROKEN, NULL },
		{ "mailto:", URI_BROKEN, NULL },
		{ "mailto:@example.jp", URI_BROKEN, NULL },
		{ "mailto:a@localhost", URI_BROKEN, NULL },
		{ "a@example.jp", URI_BROKEN, "mailto:a@example.jp" },
		{ "mailto:<a@example.jp>", URI_BROKEN, "mailto:a@example.jp" },
		{ "mailto:a@b@example.jp", URI_BROKEN, NULL },
		{ "", URI_BROKEN, NULL },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		struct report_uri u;

		report_uri_parse(&u, cases[i].text, strlen(cases[i].text));
		CHECK_INT(u.state, cases[i].state, "%s", cases[i].text);
		CHECK_STR(u.fixed, cases[i].fixed, "%s", cases[i].text);
		report_uri_free(&u);
	}
}

static CU_TestInfo tests[] = {
	{ "table_is_whole", table_is_whole },
	{ "asks_for_ten", asks_for_ten },
	{ "knows_policy", knows_policy },
	{ "bounds_findings", bounds_findings },
	{ "shows_bytes", shows_bytes },
	{ "takes_uris", takes_uris },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_domain_check_suites[] = {
	{ "domain_check", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
