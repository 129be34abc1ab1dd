/* host: names as DNS gives them. */
#include <string.h>

#include "check/host.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_host_suites[];

#define LABEL63 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void
cleans_and_knows(void)
{
	static const struct {
		const char *name;
		const char *clean;
		bool plain;
		const char *org;
	} cases[] = {
		{ "MX.Example.CO.JP.", "mx.example.co.jp", true,
		    "example.co.jp" },
		{ "example.jp", "example.jp", true, "example.jp" },
		{ "a_b-1.example.jp", "a_b-1.example.jp", true, "example.jp" },
		{ "co.jp", "co.jp", true, NULL },
		{ "localhost", "localhost", true, NULL },
		{ "192.0.2.1", "192.0.2.1", true, NULL },
		{ "a..example.jp", "a..example.jp", false, NULL },
		{ ".example.jp", ".example.jp", false, NULL },
		{ "", "", false, NULL },
		{ ".", "", false, NULL },
		{ "a b.example.jp", "a b.example.jp", false, NULL },
		{ "*.example.jp", "*.example.jp", false, NULL },
		{ "a\\.", "a\\.", false, NULL },
		{ "\\009x.example.jp", "\\009x.example.jp", false, NULL },
		{ LABEL63 ".jp", LABEL63 ".jp", true, LABEL63 ".jp" },
		{ LABEL63 "a.jp", LABEL63 "a.jp", false, NULL },
		{ LABEL63 "." LABEL63 "." LABEL63 "." LABEL63,
		    LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, false, NULL },
		{ "\xc3\xa9.jp", "\xc3\xa9.jp", false, NULL },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		char name[300];

		CU_ASSERT_FATAL(strlen(cases[i].name) < sizeof(name));
		(void)strcpy(name, cases[i].name);
		host_clean(name);
		CHECK_STR(name, cases[i].clean, "%s", cases[i].name);
		CHECK_INT(host_is_plain(name), cases[i].plain, "%s",
		    cases[i].name);
		CHECK_STR(host_org(name), cases[i].org, "%s", cases[i].name);
	}
}

static CU_TestInfo tests[] = {
	{ "cleans_and_knows", cleans_and_knows },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_host_suites[] = {
	{ "host", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
