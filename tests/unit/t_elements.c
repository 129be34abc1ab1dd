/*
 * elements: every element and every text of the head has its row, and every
 * text reaches whoever takes it.
 */
#include "ingest/decode/elements.h"

#include <string.h>

#include "ingest/decode/head.h"
#include "tests/unit/unit.h"

static void
no_row_is_forgotten(void)
{
	for (int node = NODE_TOP; node < NODE_HEAD_TEXT + HEAD_TEXTS; node++)
		CHECK(element_section((enum node)node) != SECTION_FORGOTTEN,
		    "node %d has no row in elements.c", node);
	for (int i = 0; i < HEAD_TEXTS; i++)
		CHECK(head_fields[i].column != NULL,
		    "text %d of the head has no row in report.c", i);
	for (int q = 0; q < QUIRK_COUNT; q++)
		CHECK(quirk_name((enum quirk)q) != NULL,
		    "quirk %d has no name in report.c", q);
}

/* Each has a place of its own, and head_take() puts it there. */
static void
texts_of_the_head_go_where_they_belong(void)
{
	for (int i = 0; i < HEAD_TEXTS; i++) {
		struct head head = { .report.pct = -1 };

		head_take(&head, (enum node)(NODE_HEAD_TEXT + i), "");
		head_take(&head, (enum node)(NODE_HEAD_TEXT + i), "first");
		head_take(&head, (enum node)(NODE_HEAD_TEXT + i), "second");
		for (int k = 0; k < HEAD_TEXTS; k++)
			CHECK_STR(*head_text(&head.report, (enum head_text)k),
			    k == i ? "first" : NULL, "%d after %d", k, i);
		head_free(&head);
	}
}

/* The names of all but the reporter, which is worked out. */
static void
texts_of_the_head_have_names(void)
{
	static const char *const names[HEAD_TEXTS] = {
		"version",
		"org_name",
		"email",
		"extra_contact_info",
		"report_id",
		"generator",
		NULL,
		"domain",
		"p",
		"sp",
		"np",
		"adkim",
		"aspf",
		"fo",
		"testing",
		"discovery_method",
	};
	static const enum node parents[] = { NODE_FEEDBACK, NODE_METADATA,
		NODE_POLICY };

	for (int i = 0; i < HEAD_TEXTS; i++) {
		int found = 0;

		for (size_t k = 0; names[i] != NULL && k < 3; k++)
			found += element_find(parents[k], names[i]) ==
			    (enum node)(NODE_HEAD_TEXT + i);
		CHECK_INT(found, names[i] == NULL ? 0 : 1, "text %d", i);
	}
	CHECK_INT(element_find(NODE_POLICY, "t"), NODE_HEAD_TEXT + HEAD_TESTING,
	    "t");
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
	{ "no_row_is_forgotten", no_row_is_forgotten },
	{ "texts_of_the_head_go_where_they_belong",
	    texts_of_the_head_go_where_they_belong },
	{ "texts_of_the_head_have_names", texts_of_the_head_have_names },
	{ "only_text_is_in_leaves", only_text_is_in_leaves },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_elements_suites[] = {
	{ "elements", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
