/*
 * profile_memo: what was made before is what would be made now.
 */
#include <stdio.h>
#include <string.h>

#include "ingest/decode/chunk.h"
#include "ingest/limits.h"
#include "ingest/decode/profile_memo.h"
#include "tests/unit/unit.h"

#define Q(name) QUIRK_BIT(QUIRK_##name)

/* Some texts of a record, and the modes of its report. */
static const struct row {
	const char *from;
	const char *disposition;
	const char *eval_dkim;
	const char *domain;
	const char *reason;
	const char *comment;
	bool strict;
	uint64_t quirks;
} rows[] = {
	{ "example.jp", "none", "pass", "example.jp", NULL, NULL, false, 0 },
	{ "example.jp", "none", "pass", "example.jp", NULL, NULL, true, 0 },
	{ "example.jp", "none", "PASS", "mail.example.jp", NULL, NULL, false,
	    Q(CAPITAL_VALUE) },
	{ "example.jp", "pass", "fail", "example.com", "other", NULL, false,
	    0 },
	{ "example.jp", "none", "fail", "example.com", "local_policy",
	    "arc=pass", false, 0 },
	{ "example.jp", "none", "fail", "example.com", "local_policy",
	    "arc=fail", false, 0 },
	{ "Example.JP.", "odd", "pass", NULL, "", NULL, false,
	    Q(TRAILING_DOT) | Q(UNKNOWN_DISPOSITION) | Q(EMPTY_REASON_TYPE) },
	{ NULL, NULL, NULL, "a@example.jp", NULL, NULL, false,
	    Q(NO_HEADER_FROM) | Q(NO_VERDICT) | Q(ADDRESS_AS_DOMAIN) },
	{ "", "none", "pass", "\xc3\xa9.example", NULL, NULL, false,
	    Q(NO_HEADER_FROM) | Q(IDN_DOMAIN) },
};

static struct raw_record
raw_of(const struct row *row)
{
	struct raw_record raw = {
		.number = 1,
		.source_ip = "192.0.2.1",
		.count = "5",
		.disposition = row->disposition,
		.eval_dkim = row->eval_dkim,
		.eval_spf = "fail",
		.header_from = row->from,
		.dkim = { { row->domain, "s1", "pass", NULL } },
		.n_dkim = 1,
		.reasons = { { row->reason, row->comment } },
		.n_reasons = row->reason == NULL ? 0 : 1,
	};

	return raw;
}

static struct made_profile *
take(struct profile_memo *m, const struct row *row)
{
	const struct raw_record raw = raw_of(row);
	char strict[] = "s";
	const struct report_head head = { .adkim = row->strict ? strict : NULL,
		.pct = -1 };

	return profile_memo_take(m, &raw, &head);
}

static void
compare(const struct made_profile *got, const struct made_profile *want,
    size_t row)
{
	const struct auth_profile *p = &got->profile;
	const struct auth_profile *q = &want->profile;

	/* The digest is over all texts, but not what follows from them. */
	CHECK(memcmp(p->digest, q->digest, sizeof(p->digest)) == 0, "row %zu",
	    row);
	CHECK_STR(p->header_from, q->header_from, "row %zu", row);
	CHECK_STR(p->header_from_org, q->header_from_org, "row %zu", row);
	CHECK_INT(p->n_dkim, q->n_dkim, "row %zu", row);
	CHECK_STR(p->dkim[0].domain, q->dkim[0].domain, "row %zu", row);
	CHECK_STR(p->dkim[0].org_domain, q->dkim[0].org_domain, "row %zu", row);
	CHECK_INT(p->dkim[0].alignment, q->dkim[0].alignment, "row %zu", row);
	CHECK_INT(p->arc_pass, q->arc_pass, "row %zu", row);
	CHECK_INT(got->quirks, want->quirks, "row %zu", row);
	CHECK_INT(got->text, want->text, "row %zu", row);
}

static void
memory_changes_nothing(void)
{
	struct profile_memo *m = profile_memo_new();

	for (size_t i = 0; i < 3 * ROWS(rows); i++) {
		const struct row *row = &rows[i % ROWS(rows)];
		struct profile_memo *fresh = profile_memo_new();

		(void)profile_memo_begin(m);
		compare(take(m, row), take(fresh, row), i % ROWS(rows));
		CHECK_INT(take(m, row)->quirks, row->quirks, "row %zu", i);
		profile_memo_free(fresh);
	}
	profile_memo_free(m);
	profile_memo_free(NULL);
}

static void
rows_are_told_apart(void)
{
	struct profile_memo *m = profile_memo_new();
	struct made_profile *made[ROWS(rows)];

	for (size_t i = 0; i < ROWS(rows); i++)
		made[i] = take(m, &rows[i]);
	(void)profile_memo_begin(m);
	for (size_t i = 0; i < ROWS(rows); i++) {
		CHECK(take(m, &rows[i]) == made[i], "%zu is known", i);
		for (size_t k = 0; k < i; k++)
			CHECK(made[i] != made[k], "%zu and %zu", i, k);
	}
	profile_memo_free(m);
}

/* What is odd about a profile is said of every report that has it. */
static void
each_report_has_its_oddities(void)
{
	struct profile_memo *m = profile_memo_new();
	const struct raw_record odd = raw_of(&rows[6]);
	const struct raw_record passed = raw_of(&rows[3]);

	for (int i = 0; i < 3; i++) {
		struct report_head head = { .pct = -1 };
		struct report_totals totals = { 0 };
		struct chunker *c = chunker_new(m);

		chunker_add(c, &odd, &head, &totals);
		CHECK_INT(head.quirks, rows[6].quirks, "report %d", i);
		CHECK(!head.rfc9990, "report %d", i);
		chunker_add(c, &passed, &head, &totals);
		chunker_add(c, &odd, &head, &totals);
		CHECK(head.rfc9990, "report %d", i);
		CHECK_INT(chunker_chunk(c)->n_profiles, 2, "report %d", i);
		CHECK_INT(chunker_chunk(c)->records[2].profile, 0, "report %d",
		    i);
		chunker_free(c);
	}
	profile_memo_free(m);
}

/* Surely too many profiles, another each time. */
static void
overflow(struct profile_memo *m)
{
	char name[80];
	const size_t n = LIMIT_MADE_PROFILES / sizeof(struct made_profile) + 1;

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "a%zu.example", i);
		(void)take(m, &(struct row){ .from = name, .domain = name });
	}
}

/* Nothing of a chunk goes while it is there; then all of it. */
static void
it_is_bounded(void)
{
	struct profile_memo *m = profile_memo_new();
	struct profile_memo *fresh = profile_memo_new();
	struct made_profile *first;
	struct made_profile copy;

	CHECK_INT(profile_memo_begin(m), 1, "the first chunk");
	first = take(m, &rows[0]);
	first->chunk = 1;
	copy = *first;
	overflow(m);
	CHECK(take(m, &rows[0]) == first, "still there");
	CHECK(memcmp(first, &copy, sizeof(copy)) == 0, "as it was");
	compare(first, take(fresh, &rows[0]), 0);
	CHECK_INT(profile_memo_begin(m), 2, "the next chunk");
	CHECK_INT(take(m, &rows[0])->chunk, 0, "forgotten");
	compare(take(m, &rows[0]), take(fresh, &rows[0]), 0);
	profile_memo_free(fresh);
	profile_memo_free(m);
}

static CU_TestInfo tests[] = {
	{ "memory_changes_nothing", memory_changes_nothing },
	{ "rows_are_told_apart", rows_are_told_apart },
	{ "each_report_has_its_oddities", each_report_has_its_oddities },
	{ "it_is_bounded", it_is_bounded },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_profile_memo_suites[] = {
	{ "profile_memo", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
