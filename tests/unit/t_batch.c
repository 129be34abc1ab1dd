/*
 * batch: when it is full, whatever fills it.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/store/batch.h"
#include "ingest/limits.h"
#include "tests/unit/unit.h"

/* Selectors of 4,000 bytes, of which COPY's row of a profile is made. */
#define SELECTOR 4000
#define RESULTS  60

/* Hand over n profiles of 240 kB each, with one record; none is like another. */
static void
give_profiles(struct batch *b, unsigned char first, size_t n)
{
	const struct decode_sink sink = batch_sink(b);
	static char selector[SELECTOR + 1];
	struct auth_result results[RESULTS];
	struct auth_profile p = { .adkim = 'r', .aspf = 'r', .dkim = results };
	struct record r = { .count = 1 };
	const struct chunk chunk = { .profiles = &p,
		.n_profiles = 1,
		.records = &r,
		.n_records = 1 };
	static char domain[] = "example.jp";
	const struct report_head head = { .policy_domain = domain, .pct = -1 };

	memset(selector, 's', SELECTOR);
	for (size_t i = 0; i < RESULTS; i++)
		results[i] = (struct auth_result){ .domain = "example.jp",
			.qualifier = selector,
			.result = "pass" };
	p.n_dkim = RESULTS;
	for (size_t i = 0; i < n; i++) {
		p.digest[0] = (unsigned char)(first + i);
		CU_ASSERT_TRUE(sink.chunk(sink.ctx, &head, &chunk));
	}
}

static void
test_profiles(void)
{
	struct batch *b = batch_new();

	/* 32 MiB are 139 profiles and a half. */
	give_profiles(b, 0, 130);
	CHECK_INT(batch_is_full(b), false, "130 profiles of 240 kB");
	give_profiles(b, 130, 10);
	CHECK_INT(batch_is_full(b), true, "140 of them");
	batch_clear(b);
	CHECK_INT(batch_is_full(b), false, "cleared");
	give_profiles(b, 0, 200);
	batch_clear(b);
	/* The same once more take no room. */
	give_profiles(b, 0, 1);
	for (int i = 0; i < 200; i++)
		give_profiles(b, 0, 1);
	CHECK_INT(batch_is_full(b), false, "one, 201 times");
	batch_free(b);
}

static void
test_bad_records(void)
{
	struct batch *b = batch_new();
	const struct decode_sink sink = batch_sink(b);
	char *fields = calloc(LIMIT_MIB, 1);
	struct bad_record bad = { .number = 1,
		.reason = REASON_BAD_COUNT,
		.detail = "",
		.fields = fields };
	const struct chunk chunk = { .bad = &bad, .n_bad = 1 };
	static char domain[] = "example.jp";
	const struct report_head head = { .policy_domain = domain, .pct = -1 };

	memset(fields, 'x', LIMIT_MIB - 1);
	for (int i = 0; i < 32; i++)
		(void)sink.chunk(sink.ctx, &head, &chunk);
	CHECK_INT(batch_is_full(b), false, "32 bytes less than 32 MiB");
	(void)sink.chunk(sink.ctx, &head, &chunk);
	CHECK_INT(batch_is_full(b), true, "33 times what a bad record says");
	batch_free(b);
	free(fields);
}

/* A report of that id with a remark of n bytes on its reporter. */
static bool
give_leaf(struct batch *b, const char *id, size_t n)
{
	const struct decode_sink sink = batch_sink(b);
	static char domain[] = "example.jp";
	char *org = calloc(n + 1, 1);
	char *report_id = strdup(id);
	struct report_head head = { .policy_domain = domain,
		.reporter = domain,
		.org_name = org,
		.report_id = report_id,
		.pct = -1 };
	struct report_totals totals = { 0 };
	const struct leaf leaf = { .kind = LEAF_REPORT,
		.part = "",
		.head = &head,
		.totals = &totals };
	bool goes_on;

	memset(org, '\\', n);
	goes_on = sink.leaf(sink.ctx, &leaf);
	free(org);
	free(report_id);
	return goes_on;
}

static void
add_item(struct batch *b)
{
	struct errand errand = {
		.item = { .name = strdup("x"), .bytes = calloc(1, 1), .len = 1 }
	};
	struct diag why = { 0 };

	batch_add(b, &errand, &why);
}

/* What documents say counts, for the batch and for the bound of one item. */
static void
test_documents(void)
{
	struct batch *b = batch_new();
	size_t once;
	size_t n = 0;

	/* A text, and the row in which each of its bytes becomes two. */
	CHECK(give_leaf(b, "1", 3 * LIMIT_MIB), "3 MiB");
	add_item(b);
	CHECK_INT(batch_is_full(b), false, "9 MiB");
	CHECK(give_leaf(b, "2", 8 * LIMIT_MIB), "8 MiB");
	add_item(b);
	CHECK_INT(batch_is_full(b), true, "33 MiB");
	CHECK_INT(batch_held_at_hand(b), 0, "of the next item");
	while (give_leaf(b, "3", LIMIT_MIB) && n < 1000)
		n++;
	CHECK_INT(n, LIMIT_HELD / (3 * LIMIT_MIB), "before it is too much");
	batch_undo(b);
	CHECK_INT(batch_held_at_hand(b), 0, "undone");
	batch_clear(b);
	/* What a document without a text takes. */
	CHECK(give_leaf(b, "", 0), "an empty one");
	once = batch_held_at_hand(b);
	CHECK(once > sizeof(struct document_row) && once < 2 * LIMIT_KIB, "%zu",
	    once);
	CHECK(once * LIMIT_DOCUMENTS < LIMIT_HELD,
	    "so many documents are no trouble: %zu", once);
	batch_free(b);
}

/* One item's profiles, none of which it would get rid of by saying forget. */
static void
test_undo(void)
{
	struct batch *b = batch_new();
	const struct decode_sink sink = batch_sink(b);
	size_t weight;

	give_profiles(b, 0, 10);
	CHECK(give_leaf(b, "1", 0), "a report");
	add_item(b);
	weight = batch_weight(b);
	/* Two of them are the first item's. */
	give_profiles(b, 8, 12);
	sink.forget(sink.ctx);
	CHECK_INT(batch_weight(b), weight, "forgotten");
	CHECK_INT(b->profiles->len, 10, "profiles of the first item");
	give_profiles(b, 8, 12);
	CHECK_INT(b->profiles->len, 20, "given again");
	CHECK(give_leaf(b, "2", 100), "a report");
	give_profiles(b, 100, 10);
	batch_undo(b);
	CHECK_INT(batch_weight(b), weight, "undone");
	CHECK_INT(b->profiles->len, 10, "profiles of the first item");
	CHECK_INT(g_hash_table_size(b->profile_index), 10, "in the table");
	CHECK_INT(b->documents->len, 1, "its report");
	batch_free(b);
}

/* Rows of profiles, copied once to be sent. */
static void
test_profiles_of_one_item(void)
{
	struct batch *b = batch_new();

	give_profiles(b, 0, 10);
	CHECK(batch_held_at_hand(b) > 2 * b->profile_rows.len, "%zu",
	    batch_held_at_hand(b));
	CHECK_INT(b->profile_rows.len / 240000, 10, "rows");
	batch_free(b);
}

static CU_TestInfo tests[] = { { "profiles", test_profiles },
	{ "bad records", test_bad_records }, { "documents", test_documents },
	{ "undo", test_undo },
	{ "profiles of one item", test_profiles_of_one_item },
	CU_TEST_INFO_NULL };

CU_SuiteInfo t_batch_suites[] = {
	{ "batch", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
