/* jsonb: rows as JSON. */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "check/jsonb.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_jsonb_suites[];

static void
writes_rows(void)
{
	const char *const list[] = { "a", "b\"c", "" };
	struct jsonb j;

	jsonb_init(&j);
	CHECK_STR(jsonb_finish(&j), "[]", "none");
	jsonb_clear(&j);
	jsonb_begin(&j);
	CU_ASSERT_TRUE(jsonb_end(&j));
	jsonb_begin(&j);
	jsonb_text(&j, "t", "a\\\"\n\x7f\xe6\x97\xa5");
	jsonb_text(&j, "n", NULL);
	jsonb_int(&j, "i", INT64_MIN);
	jsonb_list(&j, "l", list, 3);
	jsonb_list(&j, "e", NULL, 0);
	CU_ASSERT_TRUE(jsonb_end(&j));
	CU_ASSERT_EQUAL(j.n, 2);
	CHECK_STR(jsonb_finish(&j),
	    "[{},{\"t\":\"a\\u005c\\u0022\\u000a\\u007f\xe6\x97\xa5\","
	    "\"n\":null,\"i\":-9223372036854775808,"
	    "\"l\":[\"a\",\"b\\u0022c\",\"\"],\"e\":[]}]",
	    "two");
	jsonb_clear(&j);
	CHECK_STR(jsonb_finish(&j), "[]", "forgotten");
	jsonb_free(&j);
}

/* A row that does not fit is not there, and the others stay. */
static void
leaves_out_what_does_not_fit(void)
{
	const size_t len = (size_t)40 << 20;
	char *s = mem_calloc(len + 1, 1);
	struct jsonb j;

	memset(s, 'x', len);
	jsonb_init(&j);
	for (int i = 0; i < 2; i++) {
		jsonb_begin(&j);
		jsonb_text(&j, "t", s);
		CHECK_INT(jsonb_end(&j), i == 0, "%d", i);
	}
	jsonb_begin(&j);
	jsonb_int(&j, "i", 1);
	CU_ASSERT_TRUE(jsonb_end(&j));
	CU_ASSERT_EQUAL(j.n, 2);
	CHECK_STR(jsonb_finish(&j) + strlen("[{\"t\":\"") + len,
	    "\"},{\"i\":1}]", "end");
	jsonb_free(&j);
	free(s);
}

static CU_TestInfo tests[] = {
	{ "writes_rows", writes_rows },
	{ "leaves_out_what_does_not_fit", leaves_out_what_does_not_fit },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_jsonb_suites[] = {
	{ "jsonb", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
