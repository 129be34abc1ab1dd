/*
 * batch: when it is full, whatever fills it.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/batch.h"
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
		.reason = "bad_count",
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

static CU_TestInfo tests[] = { { "profiles", test_profiles },
	{ "bad records", test_bad_records }, CU_TEST_INFO_NULL };

CU_SuiteInfo t_batch_suites[] = {
	{ "batch", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
