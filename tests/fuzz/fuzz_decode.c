/*
 * decode: whatever the bytes are, there is a verdict on them; a report's
 * totals are the sums of its records; every text can be stored and shown.
 */
#include "tests/fuzz/fuzz.h"

#include "ingest/decode/decode.h"
#include "ingest/limits.h"

struct seen {
	struct report_totals sums; /* since the last leaf */
	size_t leaves;
	size_t not_reports;
};

static struct profile_memo *memo;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	decode_init();
	memo = profile_memo_new();
	return 0;
}

static void
check_results(const struct auth_result *r, size_t n)
{
	PROMISE(n <= LIMIT_RESULTS);
	for (size_t i = 0; i < n; i++) {
		PROMISE(r[i].domain != NULL || r[i].result != NULL);
		PROMISE(is_text(r[i].domain, ""));
		PROMISE(is_text(r[i].qualifier, ""));
		PROMISE(is_text(r[i].result, ""));
		PROMISE(is_text(r[i].org_domain, ""));
		PROMISE(
		    r[i].domain == NULL || strlen(r[i].domain) <= LIMIT_DOMAIN);
		PROMISE((r[i].domain == NULL) == (r[i].org_domain == NULL));
	}
}

static void
check_profile(const struct auth_profile *p)
{
	PROMISE(is_text(p->header_from, "") && is_text(p->envelope_from, ""));
	PROMISE(p->header_from == NULL || p->header_from[0] != '\0');
	PROMISE((p->header_from == NULL) == (p->header_from_org == NULL));
	PROMISE(p->adkim == 'r' || p->adkim == 's');
	PROMISE(p->aspf == 'r' || p->aspf == 's');
	PROMISE(is_text(p->disposition, ""));
	PROMISE(is_text(p->eval_dkim, "") && is_text(p->eval_spf, ""));
	check_results(p->dkim, p->n_dkim);
	check_results(p->spf, p->n_spf);
	for (size_t i = 0; i < p->n_reasons; i++)
		PROMISE(p->reasons[i] != NULL && is_text(p->reasons[i], ""));
}

static bool
is_pass(const struct auth_profile *p)
{
	return (p->eval_dkim != NULL && strcmp(p->eval_dkim, "pass") == 0) ||
	    (p->eval_spf != NULL && strcmp(p->eval_spf, "pass") == 0);
}

static bool
on_chunk(void *ctx, const struct report_head *head, const struct chunk *c)
{
	struct seen *seen = ctx;

	PROMISE(head->policy_domain != NULL);
	for (size_t i = 0; i < c->n_profiles; i++)
		check_profile(&c->profiles[i]);
	for (size_t i = 0; i < c->n_records; i++) {
		const struct record *r = &c->records[i];

		PROMISE(r->profile < c->n_profiles);
		PROMISE(r->family == 0 || r->family == 4 || r->family == 6);
		PROMISE(r->count >= 0 && r->count <= LIMIT_COUNT);
		PROMISE(
		    is_text(r->envelope_to, "") && is_text(r->remarks, "\n"));
		seen->sums.messages += r->count;
		if (is_pass(&c->profiles[r->profile]))
			seen->sums.passes += r->count;
	}
	for (size_t i = 0; i < c->n_bad; i++) {
		PROMISE(
		    c->bad[i].number > 0 && c->bad[i].reason != REASON_NONE);
		PROMISE(is_text(c->bad[i].detail, ""));
		PROMISE(is_text(c->bad[i].fields, "\n\t"));
	}
	seen->sums.records += (int64_t)(c->n_records + c->n_bad);
	seen->sums.bad += (int64_t)c->n_bad;
	return true;
}

static void
on_forget(void *ctx)
{
	((struct seen *)ctx)->sums = (struct report_totals){ 0 };
}

static void
check_head(const struct report_head *h)
{
	struct report_head copy = *h;

	for (int i = 0; i < HEAD_TEXTS; i++)
		PROMISE(is_text(*head_text(&copy, (enum head_text)i), ""));
	PROMISE(h->n_errors <= LIMIT_ERRORS);
	for (size_t i = 0; i < h->n_errors; i++)
		PROMISE(is_text(h->errors[i], ""));
	PROMISE(h->pct >= -1 && h->pct <= 100);
}

static void
check_report(const struct seen *seen, const struct leaf *leaf)
{
	const struct report_head *h = leaf->head;
	const struct report_totals *t = leaf->totals;

	PROMISE(h != NULL && t != NULL);
	PROMISE(t->records == seen->sums.records && t->bad == seen->sums.bad);
	PROMISE(t->messages == seen->sums.messages);
	PROMISE(t->passes == seen->sums.passes && t->passes <= t->messages);
	PROMISE(t->messages <= LIMIT_REPORT_MESSAGES);
	PROMISE(t->bad <= LIMIT_BAD_RECORDS);
	PROMISE(h->org_name != NULL || h->report_id != NULL);
	PROMISE(h->reporter != NULL && strlen(h->reporter) <= LIMIT_KEY_TEXT);
	PROMISE(h->report_id == NULL || strlen(h->report_id) <= LIMIT_KEY_TEXT);
	PROMISE(h->policy_domain != NULL && h->policy_domain[0] != '\0');
	PROMISE(strlen(h->policy_domain) <= LIMIT_DOMAIN);
	PROMISE(h->begin >= 0 && h->begin <= LIMIT_EPOCH);
	PROMISE(h->end >= 0 && h->end <= LIMIT_EPOCH);
	PROMISE(report_day(h) % 86400 == 0);
}

static bool
on_leaf(void *ctx, const struct leaf *leaf)
{
	struct seen *seen = ctx;

	seen->leaves++;
	PROMISE(leaf->part != NULL && is_text(leaf->part, ""));
	PROMISE(
	    is_text(leaf->diag.text, "") && leaf->diag.reason < REASON_COUNT);
	if (leaf->mail != NULL)
		PROMISE(is_text(leaf->mail->message_id, "") &&
		    is_text(leaf->mail->from, ""));
	if (leaf->head != NULL)
		check_head(leaf->head);
	if (leaf->kind == LEAF_REPORT) {
		check_report(seen, leaf);
	} else if (leaf->kind == LEAF_FAILURE) {
		PROMISE(leaf->failure != NULL);
	} else {
		PROMISE(seen->sums.records == 0); /* forgotten */
		PROMISE(leaf->diag.code == DIAG_FORMAT ||
		    leaf->diag.code == DIAG_LIMIT);
		PROMISE(leaf->diag.reason != REASON_NONE);
		PROMISE(leaf->diag.text[0] != '\0');
	}
	seen->not_reports += leaf->kind == LEAF_NOT_REPORT;
	seen->sums = (struct report_totals){ 0 };
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = { 0 };
	const struct decode_sink sink = { &seen, on_chunk, on_forget, on_leaf };

	decode(memo, data, size, &sink);
	PROMISE(seen.leaves >= 1);
	PROMISE(seen.not_reports == 0 || seen.leaves == 1);
	return 0;
}
