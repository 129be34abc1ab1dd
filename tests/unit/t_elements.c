/*
 * elements: a name that is known by its address is the name that it is.
 */
#include "ingest/decode/elements.h"
#include "tests/unit/unit.h"

/* More names than have a place of their own, at addresses of all kinds. */
static void
recalls_what_it_finds(void)
{
	static const char names[] = "domain\0dkim\0spf\0DKIM\0result\0reason\0"
				    "record\0row\0row\0count\0p\0x\0t\0fo";
	struct element_memo memo = { 0 };

	for (int round = 0; round < 3; round++)
		for (int parent = NODE_TOP; parent <= NODE_HUMAN_RESULT;
		     parent++)
			for (size_t i = 0; i < sizeof(names); i++)
				CHECK_INT(element_recall(&memo,
					      (enum node)parent, names + i),
				    element_find((enum node)parent, names + i),
				    "%s in %d", names + i, parent);
}

static void
only_text_is_in_leaves(void)
{
	CHECK(element_is_leaf(NODE_COUNT), "count");
	CHECK(element_is_leaf(NODE_HUMAN_RESULT), "human_result");
	CHECK(element_is_leaf(NODE_IGNORED), "ignored");
	CHECK(!element_is_leaf(NODE_REASON), "reason");
	CHECK(!element_is_leaf(NODE_TOP), "top");
	CHECK(!element_is_leaf(NODE_UNKNOWN), "unknown");
	CHECK(!element_is_leaf(NODE_EXTENSION), "extension");
	CHECK_INT(element_find(NODE_UNKNOWN, "record"), NODE_UNKNOWN, "in it");
	CHECK_INT(element_find(NODE_COUNT, "record"), NODE_UNKNOWN, "in it");
}

static CU_TestInfo tests[] = {
	{ "recalls_what_it_finds", recalls_what_it_finds },
	{ "only_text_is_in_leaves", only_text_is_in_leaves },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_elements_suites[] = {
	{ "elements", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
