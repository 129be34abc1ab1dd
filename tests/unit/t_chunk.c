/*
 * chunk: from the texts of records to records and their profiles.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/decode/chunk.h"
#include "ingest/limits.h"
#include "ingest/decode/report.h"
#include "tests/unit/unit.h"

#define Q(name) QUIRK_BIT(QUIRK_##name)

/* A record as most of them are. */
static struct raw_record
usual(void)
{
	struct raw_record raw = {
		.number = 1,
		.source_ip = "192.0.2.1",
		.count = "5",
		.disposition = "none",
		.eval_dkim = "pass",
		.eval_spf = "fail",
		.header_from = "example.jp",
		.envelope_from = "bounce.example.jp",
		.dkim = { { "example.jp", "s1", "pass", NULL } },
		.n_dkim = 1,
		.spf = { { "bounce.example.jp", "mfrom", "fail", NULL } },
		.n_spf = 1,
	};

	return raw;
}

struct made {
	struct profile_memo *memo;
	struct chunker *c;
	struct report_head head;
	struct report_totals totals;
};

static void
make(struct made *m)
{
	*m = (struct made){ .memo = profile_memo_new(), .head = { .pct = -1 } };
	m->c = chunker_new(m->memo);
}

static void
done(struct made *m)
{
	chunker_free(m->c);
	profile_memo_free(m->memo);
}

static void
add(struct made *m, const struct raw_record *raw)
{
	chunker_add(m->c, raw, &m->head, &m->totals);
}

static const struct auth_profile *
last_profile(struct made *m)
{
	const struct chunk *chunk = chunker_chunk(m->c);

	if (!CHECK(chunk->n_records > 0, "a record"))
		abort();
	return &chunk->profiles[chunk->records[chunk->n_records - 1].profile];
}

static void
counts(void)
{
	static const struct {
		const char *count;
		int64_t want; /* -1: the record is bad */
	} rows[] = {
		{ "1", 1 },
		{ "0", 0 },
		{ "007", 7 },
		{ "+5", 5 },
		{ "1000000000000", 1000000000000 },
		{ NULL, -1 },
		{ "", -1 },
		{ "-1", -1 },
		{ "-5", -1 },
		{ "5.0", 5 },
		{ "5.", 5 },
		{ "5.01", -1 },
		{ "2.5", -1 },
		{ "1e3", -1 },
		{ "many", -1 },
		{ "5 5", -1 },
		{ "1,000", -1 },
		{ "0x10", -1 },
		{ "1000000000001", -1 },
		{ "9007199254740993", -1 },
		{ "9223372036854775807", -1 },
		{ "9223372036854775808", -1 },
		{ "18446744073709551617", -1 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *name = rows[i].count == NULL ? "absent" :
							   rows[i].count;
		struct raw_record raw = usual();
		const struct chunk *chunk;
		struct made m;

		make(&m);
		raw.count = rows[i].count;
		raw.number = 42;
		add(&m, &raw);
		chunk = chunker_chunk(m.c);
		CHECK_INT(m.totals.records, 1, "%s", name);
		CHECK_INT(m.totals.bad, rows[i].want == -1, "%s", name);
		CHECK_INT(chunk->n_bad, rows[i].want == -1, "%s", name);
		CHECK_INT(chunk->n_records, rows[i].want != -1, "%s", name);
		CHECK_INT(m.totals.messages,
		    rows[i].want == -1 ? 0 : rows[i].want, "%s", name);
		CHECK_INT(m.totals.passes, m.totals.messages, "%s", name);
		CHECK_INT((m.head.quirks & Q(NO_COUNTED_MAIL)) != 0,
		    rows[i].want == 0, "%s", name);
		if (chunk->n_bad == 1) {
			CHECK_STR(reason_name(chunk->bad[0].reason),
			    "bad_count", "%s", name);
			CHECK_INT(chunk->bad[0].number, 42, "%s", name);
			CHECK(strstr(chunk->bad[0].fields,
				  "source_ip\t192.0.2.1\n") != NULL,
			    "%s: %s", name, chunk->bad[0].fields);
		}
		done(&m);
	}
}

/* 9 * 10^12 messages are 9 records of 10^12; the tenth does not fit. */
static void
sums_do_not_overflow(void)
{
	struct raw_record raw = usual();
	struct made m;

	make(&m);
	raw.count = "1000000000000";
	for (int i = 0; i < 9; i++)
		add(&m, &raw);
	CHECK_INT(m.totals.bad, 0, "nine");
	CHECK_INT(m.totals.messages, LIMIT_REPORT_MESSAGES, "nine");
	raw.count = "1";
	add(&m, &raw);
	CHECK_INT(m.totals.bad, 1, "one more");
	CHECK_INT(m.totals.messages, LIMIT_REPORT_MESSAGES, "one more");
	raw.count = "0";
	add(&m, &raw);
	CHECK_INT(m.totals.bad, 1, "nothing more");
	CHECK_INT(m.totals.records, 11, "all");
	done(&m);
}

static void
addresses(void)
{
	static const struct {
		const char *text;
		int family;
		const char *want;
		uint64_t quirks;
	} rows[] = {
		{ "192.0.2.1", 4, "192.0.2.1", 0 },
		{ "255.255.255.255", 4, "255.255.255.255", 0 },
		{ "0.0.0.0", 4, "0.0.0.0", 0 },
		{ "2001:db8::1", 6, "2001:db8::1", 0 },
		{ "2001:0DB8:0:0:0:0:0:1", 6, "2001:db8::1", 0 },
		{ "::", 6, "::", 0 },
		{ "::192.0.2.1", 6, "::192.0.2.1", 0 },
		{ "64:ff9b::192.0.2.1", 6, "64:ff9b::c000:201", 0 },
		{ "::ffff:192.0.2.1", 4, "192.0.2.1", Q(MAPPED_ADDRESS) },
		{ "::FFFF:c000:0201", 4, "192.0.2.1", Q(MAPPED_ADDRESS) },
		{ NULL, 0, "", Q(NO_SOURCE_IP) },
		{ "", 0, "", Q(NO_SOURCE_IP) },
		{ "bad-ip", 0, "", Q(BAD_SOURCE_IP) },
		{ "192.0.2.300", 0, "", Q(BAD_SOURCE_IP) },
		{ "192.0.2", 0, "", Q(BAD_SOURCE_IP) },
		{ "192.0.2.1.2", 0, "", Q(BAD_SOURCE_IP) },
		{ "192.0.2.01", 0, "", Q(BAD_SOURCE_IP) },
		{ "192.0.2.0/24", 0, "", Q(BAD_SOURCE_IP) },
		{ "192.0.2.1/31", 0, "", Q(BAD_SOURCE_IP) },
		{ "192.0.2.1:smtp", 0, "", Q(BAD_SOURCE_IP) },
		{ "[192.0.2.1", 0, "", Q(BAD_SOURCE_IP) },
		{ "[]", 0, "", Q(BAD_SOURCE_IP) },
		{ "2001:db8::1/64", 0, "", Q(BAD_SOURCE_IP) },
		/* of which nothing is changed */
		{ "192.0.2.1:25", 4, "192.0.2.1", 0 },
		{ "192.0.2.1/32", 4, "192.0.2.1", 0 },
		{ "[192.0.2.1]", 4, "192.0.2.1", 0 },
		{ "[2001:db8::1]", 6, "2001:db8::1", 0 },
		{ "2001:db8::1/128", 6, "2001:db8::1", 0 },
		{ "2001:db8::1%eth0", 0, "", Q(BAD_SOURCE_IP) },
		{ "2001:db8:::1", 0, "", Q(BAD_SOURCE_IP) },
		{ "3232235777", 0, "", Q(BAD_SOURCE_IP) },
		{ "mail.example.jp", 0, "", Q(BAD_SOURCE_IP) },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *name = rows[i].text == NULL ? "absent" :
							  rows[i].text;
		struct raw_record raw = usual();
		char text[INET6_ADDRSTRLEN] = "";
		const struct record *r;
		struct made m;

		make(&m);
		raw.source_ip = rows[i].text;
		add(&m, &raw);
		r = chunker_chunk(m.c)->records;
		CHECK_INT(r->family, rows[i].family, "%s", name);
		if (r->family != 0)
			(void)inet_ntop(r->family == 4 ? AF_INET : AF_INET6,
			    r->ip, text, sizeof(text));
		CHECK_STR(text, rows[i].want, "%s", name);
		CHECK_INT(m.head.quirks, rows[i].quirks, "%s", name);
		/* What is no address stays to be looked at. */
		if (rows[i].quirks == Q(BAD_SOURCE_IP))
			CHECK(r->remarks != NULL &&
				strstr(r->remarks, rows[i].text) != NULL,
			    "%s", name);
		done(&m);
	}
}

static void
verdicts(void)
{
	static const struct {
		const char *dkim;
		const char *spf;
		const char *want_dkim;
		const char *want_spf;
		bool pass;
		uint64_t quirks;
	} rows[] = {
		{ "pass", "pass", "pass", "pass", true, 0 },
		{ "pass", "fail", "pass", "fail", true, 0 },
		{ "fail", "pass", "fail", "pass", true, 0 },
		{ "fail", "fail", "fail", "fail", false, 0 },
		{ "Pass", "FAIL", "pass", "fail", true, Q(CAPITAL_VALUE) },
		{ NULL, "pass", NULL, "pass", true, Q(NO_VERDICT) },
		{ NULL, NULL, NULL, NULL, false, Q(NO_VERDICT) },
		{ "", "", NULL, NULL, false, Q(NO_VERDICT) },
		{ "fail", NULL, "fail", NULL, false, Q(NO_VERDICT) },
		/* not "pass", whatever else it is */
		{ "none", "softfail", "none", "softfail", false,
		    Q(UNKNOWN_VERDICT) },
		{ "passed", "fail", "passed", "fail", false,
		    Q(UNKNOWN_VERDICT) },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct raw_record raw = usual();
		const struct auth_profile *p;
		struct made m;

		make(&m);
		raw.eval_dkim = rows[i].dkim;
		raw.eval_spf = rows[i].spf;
		add(&m, &raw);
		p = last_profile(&m);
		CHECK_STR(p->eval_dkim, rows[i].want_dkim, "row %zu", i);
		CHECK_STR(p->eval_spf, rows[i].want_spf, "row %zu", i);
		CHECK_INT(m.totals.passes, rows[i].pass ? 5 : 0, "row %zu", i);
		CHECK_INT(m.head.quirks, rows[i].quirks, "row %zu", i);
		done(&m);
	}
}

#define LONG_WORD                                  \
	"0123456789012345678901234567890123456789" \
	"012345678901234567890123456789"

static void
keywords(void)
{
	static const struct {
		const char *in;
		const char *want;
		uint64_t quirks;
	} dispositions[] = {
		{ "none", "none", 0 },
		{ "quarantine", "quarantine", 0 },
		{ "reject", "reject", 0 },
		{ "pass", "pass", 0 },
		{ "None", "none", Q(CAPITAL_VALUE) },
		{ "REJECT", "reject", Q(CAPITAL_VALUE) },
		{ "deliver", "deliver", Q(UNKNOWN_DISPOSITION) },
		{ "Deliver", "deliver",
		    Q(UNKNOWN_DISPOSITION) | Q(CAPITAL_VALUE) },
		{ "", NULL, 0 },
		{ NULL, NULL, 0 },
		{ LONG_WORD, LONG_WORD, Q(UNKNOWN_DISPOSITION) },
	}, results[] = {
		{ "none", "none", 0 },
		{ "pass", "pass", 0 },
		{ "fail", "fail", 0 },
		{ "policy", "policy", 0 },
		{ "neutral", "neutral", 0 },
		{ "temperror", "temperror", 0 },
		{ "permerror", "permerror", 0 },
		{ "softfail", "softfail", 0 },
		{ "PermError", "permerror", Q(CAPITAL_VALUE) },
		{ "hardfail", "fail", Q(HARDFAIL) },
		{ "HardFail", "fail", Q(HARDFAIL) },
		{ "unknown", "unknown", Q(UNKNOWN_RESULT) },
		{ "", NULL, 0 },
		{ NULL, NULL, 0 },
	}, reasons[] = {
		{ "forwarded", "forwarded", 0 },
		{ "sampled_out", "sampled_out", 0 },
		{ "trusted_forwarder", "trusted_forwarder", 0 },
		{ "mailing_list", "mailing_list", 0 },
		{ "local_policy", "local_policy", 0 },
		{ "other", "other", 0 },
		{ "policy_test_mode", "policy_test_mode", 0 },
		{ "Forwarded", "forwarded", Q(CAPITAL_VALUE) },
		{ "arc", "arc", Q(UNKNOWN_REASON) },
		{ "", "other", Q(EMPTY_REASON_TYPE) },
		{ NULL, "other", Q(EMPTY_REASON_TYPE) },
	}, scopes[] = {
		{ "mfrom", "mfrom", 0 },
		{ "helo", "helo", 0 },
		{ "MFrom", "mfrom", Q(CAPITAL_VALUE) },
		{ "pra", "pra", Q(UNKNOWN_RESULT) },
		{ "", NULL, 0 },
		{ NULL, NULL, 0 },
	};
	struct made m;

	for (size_t i = 0; i < ROWS(dispositions); i++) {
		struct raw_record raw = usual();

		make(&m);
		raw.disposition = dispositions[i].in;
		add(&m, &raw);
		CHECK_STR(last_profile(&m)->disposition, dispositions[i].want,
		    "disposition %zu", i);
		CHECK_INT(m.head.quirks, dispositions[i].quirks,
		    "disposition %zu", i);
		done(&m);
	}
	for (size_t i = 0; i < ROWS(results); i++) {
		struct raw_record raw = usual();

		make(&m);
		raw.dkim[0].result = results[i].in;
		add(&m, &raw);
		CHECK_STR(last_profile(&m)->dkim[0].result, results[i].want,
		    "result %zu", i);
		CHECK_INT(m.head.quirks, results[i].quirks, "result %zu", i);
		done(&m);
	}
	for (size_t i = 0; i < ROWS(reasons); i++) {
		struct raw_record raw = usual();

		make(&m);
		raw.reasons[0].type = reasons[i].in;
		raw.n_reasons = 1;
		add(&m, &raw);
		CHECK_STR(last_profile(&m)->reasons[0], reasons[i].want,
		    "reason %zu", i);
		CHECK_INT(m.head.quirks, reasons[i].quirks, "reason %zu", i);
		done(&m);
	}
	for (size_t i = 0; i < ROWS(scopes); i++) {
		struct raw_record raw = usual();

		make(&m);
		raw.spf[0].qualifier = scopes[i].in;
		add(&m, &raw);
		CHECK_STR(last_profile(&m)->spf[0].qualifier, scopes[i].want,
		    "scope %zu", i);
		CHECK_INT(m.head.quirks, scopes[i].quirks, "scope %zu", i);
		done(&m);
	}
}

static void
results_are_made_usable(void)
{
	struct raw_record raw = usual();
	const struct auth_profile *p;
	struct made m;

	make(&m);
	raw.n_dkim = 6;
	raw.dkim[0] = (struct raw_result){ "Mail.Example.JP.", "s1", "pass",
		"good" };
	raw.dkim[1] = (struct raw_result){ "sendgrid.net", "", "pass", NULL };
	/* said again, once a message */
	raw.dkim[2] = (struct raw_result){ "mail.example.jp", "s1", "pass",
		"good" };
	/* a selector is no keyword: its case stays */
	raw.dkim[3] = (struct raw_result){ "example.jp", "S1", "fail", NULL };
	/* nothing in it */
	raw.dkim[4] = (struct raw_result){ "", "", "", "" };
	raw.dkim[5] = (struct raw_result){ NULL, "s", "none", NULL };
	add(&m, &raw);
	p = last_profile(&m);
	CHECK_INT(p->n_dkim, 4, "repeated and empty ones are gone");
	CHECK_STR(p->dkim[0].domain, "mail.example.jp", "first");
	CHECK_STR(p->dkim[0].org_domain, "example.jp", "first");
	CHECK_INT(p->dkim[0].alignment, ALIGN_RELAXED, "first");
	CHECK_STR(p->dkim[1].domain, "sendgrid.net", "second");
	CHECK_STR(p->dkim[1].qualifier, NULL, "second");
	CHECK_INT(p->dkim[1].alignment, ALIGN_NONE, "second");
	CHECK_STR(p->dkim[2].qualifier, "S1", "third");
	CHECK_INT(p->dkim[2].alignment, ALIGN_STRICT, "third");
	CHECK_STR(p->dkim[3].domain, NULL, "fourth");
	CHECK_STR(p->dkim[3].org_domain, NULL, "fourth");
	CHECK_STR(p->dkim[3].result, "none", "fourth");
	CHECK_INT(p->dkim[3].alignment, ALIGN_UNKNOWN, "fourth");
	CHECK_STR(p->header_from_org, "example.jp", "author");
	CHECK_INT(m.head.quirks, Q(TRAILING_DOT) | Q(EMPTY_RESULT), "quirks");
	CHECK_STR(chunker_chunk(m.c)->records[0].remarks,
	    "dkim: good\ndkim: good", "remarks");
	done(&m);
}

static void
identifiers(void)
{
	struct raw_record raw = usual();
	const struct auth_profile *p;
	struct made m;

	make(&m);
	raw.header_from = NULL;
	raw.envelope_from = "";
	raw.envelope_to = "Info@Receiver.Example";
	add(&m, &raw);
	p = last_profile(&m);
	CHECK_STR(p->header_from, NULL, "absent");
	CHECK_STR(p->header_from_org, NULL, "absent");
	CHECK_STR(p->envelope_from, "", "the null sender is not nobody");
	CHECK_STR(chunker_chunk(m.c)->records[0].envelope_to,
	    "receiver.example", "envelope_to");
	CHECK_INT(p->dkim[0].alignment, ALIGN_UNKNOWN, "with nobody");
	CHECK_INT(m.head.quirks, Q(NO_HEADER_FROM) | Q(ADDRESS_AS_DOMAIN),
	    "quirks");
	raw = usual();
	raw.envelope_from = NULL;
	add(&m, &raw);
	CHECK_STR(last_profile(&m)->envelope_from, NULL, "not said");
	done(&m);
}

/* Add two records: is it one profile, is it one digest? */
static void
compare(const char *what, const struct raw_record *a,
    const struct raw_record *b, bool same_digest)
{
	const struct chunk *chunk;
	struct made m;
	bool same;

	make(&m);
	add(&m, a);
	add(&m, b);
	chunk = chunker_chunk(m.c);
	same = memcmp(chunk->profiles[chunk->records[0].profile].digest,
		   chunk->profiles[chunk->records[1].profile].digest, 32) == 0;
	CHECK_INT(same, same_digest, "%s", what);
	/* Different digests are different profiles. */
	CHECK(same || chunk->n_profiles == 2, "%s", what);
	done(&m);
}

static void
a_profile_is_its_texts(void)
{
	static const struct {
		const char *what;
		size_t at; /* the member of struct raw_record */
		const char *value;
		bool same;
	} rows[] = {
		{ "nothing", offsetof(struct raw_record, count), "5", true },
		{ "count", offsetof(struct raw_record, count), "6", true },
		{ "address", offsetof(struct raw_record, source_ip),
		    "192.0.2.2", true },
		{ "envelope_to", offsetof(struct raw_record, envelope_to),
		    "x.example", true },
		{ "capitals", offsetof(struct raw_record, eval_dkim), "PASS",
		    true },
		{ "capital domain", offsetof(struct raw_record, header_from),
		    "EXAMPLE.jp.", true },
		{ "disposition", offsetof(struct raw_record, disposition),
		    "reject", false },
		{ "no disposition", offsetof(struct raw_record, disposition),
		    NULL, false },
		{ "dkim", offsetof(struct raw_record, eval_dkim), "fail",
		    false },
		{ "spf", offsetof(struct raw_record, eval_spf), "pass", false },
		{ "header_from", offsetof(struct raw_record, header_from),
		    "example.com", false },
		{ "envelope_from NULL",
		    offsetof(struct raw_record, envelope_from), NULL, false },
		{ "envelope_from empty",
		    offsetof(struct raw_record, envelope_from), "", false },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct raw_record a = usual();
		struct raw_record b = usual();

		memcpy((char *)&b + rows[i].at, &rows[i].value,
		    sizeof(rows[i].value));
		compare(rows[i].what, &a, &b, rows[i].same);
	}
}

static void
lists_tell_profiles_apart(void)
{
	struct raw_record a = usual();
	struct raw_record b = usual();

	a.envelope_from = NULL;
	b.envelope_from = "";
	compare("NULL and empty", &a, &b, false);

	a = usual();
	a.n_dkim = 2;
	a.dkim[1] = (struct raw_result){ "b.example", "s2", "fail", NULL };
	b = a;
	compare("two results", &a, &b, true);
	b.dkim[0] = a.dkim[1];
	b.dkim[1] = a.dkim[0];
	compare("their order", &a, &b, false);
	b = a;
	b.n_dkim = 1;
	compare("one of them", &a, &b, false);
	b = a;
	b.dkim[1].qualifier = NULL;
	compare("no selector", &a, &b, false);

	/* the same texts, but a signature is no SPF result */
	a = usual();
	a.n_spf = 0;
	b = a;
	b.spf[0] = b.dkim[0];
	b.n_spf = 1;
	b.n_dkim = 0;
	compare("dkim and spf", &a, &b, false);

	/* a text does not run into its neighbour */
	a = usual();
	a.dkim[0] = (struct raw_result){ "ab.example", "c", "pass", NULL };
	b = usual();
	b.dkim[0] = (struct raw_result){ "a", "b.examplec", "pass", NULL };
	compare("borders", &a, &b, false);

	/* comments are no part of it, unless they say arc=pass */
	a = usual();
	a.n_reasons = 1;
	a.reasons[0] = (struct raw_reason){ "local_policy", "x" };
	b = a;
	b.reasons[0].comment = "y";
	compare("comments", &a, &b, true);
	b.reasons[0].comment = "arc=pass";
	compare("arc=pass", &a, &b, false);
	b.n_reasons = 0;
	compare("reason", &a, &b, false);
	b = a;
	b.n_reasons = 2;
	b.reasons[1] = (struct raw_reason){ "other", NULL };
	compare("two reasons", &a, &b, false);
}

/* adkim and aspf are part of the verdicts' meaning. */
static void
modes_tell_profiles_apart(void)
{
	static const struct {
		const char *adkim;
		const char *aspf;
		char want_adkim;
		char want_aspf;
	} rows[] = {
		{ NULL, NULL, 'r', 'r' },
		{ "r", "s", 'r', 's' },
		{ "s", "r", 's', 'r' },
		{ "s", "s", 's', 's' },
		{ "strict", "x", 'r', 'r' },
	};
	unsigned char digests[ROWS(rows)][32];

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct raw_record raw = usual();
		char adkim[8];
		char aspf[8];
		struct made m;

		make(&m);
		(void)snprintf(adkim, sizeof(adkim), "%s",
		    rows[i].adkim == NULL ? "" : rows[i].adkim);
		(void)snprintf(aspf, sizeof(aspf), "%s",
		    rows[i].aspf == NULL ? "" : rows[i].aspf);
		m.head.adkim = rows[i].adkim == NULL ? NULL : adkim;
		m.head.aspf = rows[i].aspf == NULL ? NULL : aspf;
		add(&m, &raw);
		CHECK_INT(last_profile(&m)->adkim, rows[i].want_adkim,
		    "row %zu", i);
		CHECK_INT(last_profile(&m)->aspf, rows[i].want_aspf, "row %zu",
		    i);
		memcpy(digests[i], last_profile(&m)->digest, 32);
		done(&m);
	}
	CHECK(memcmp(digests[0], digests[4], 32) == 0, "both relaxed");
	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < i; k++)
			CHECK(memcmp(digests[i], digests[k], 32) != 0,
			    "%zu and %zu", i, k);
}

/* RFC 8617 7.2.2: a local_policy reason whose comment says arc=pass. */
static void
arc(void)
{
	static const struct {
		const char *type;
		const char *comment;
		bool want;
	} rows[] = {
		{ "local_policy", "arc=pass as[2].d=d2.example", true },
		{ "local_policy", "x arc=pass", true },
		{ "Local_Policy", "ARC = Pass", true },
		{ "local_policy", "(arc=pass)", true },
		{ "local_policy", "arc=fail", false },
		{ "local_policy", "arc=passed", false },
		{ "local_policy", "march=pass", false },
		{ "local_policy", "", false },
		{ "local_policy", NULL, false },
		{ "other", "arc=pass", false },
		{ NULL, "arc=pass", false },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct raw_record raw = usual();
		struct made m;

		make(&m);
		raw.n_reasons = 2;
		raw.reasons[0] = (struct raw_reason){ "other", "x" };
		raw.reasons[1] = (struct raw_reason){ rows[i].type,
			rows[i].comment };
		add(&m, &raw);
		CHECK_INT(last_profile(&m)->arc_pass, rows[i].want, "row %zu",
		    i);
		done(&m);
	}
}

static void
hash_of(const struct raw_record *records, size_t n, const char *p,
    size_t clear_after, unsigned char out[32])
{
	char policy[16];
	struct made m;

	make(&m);
	(void)snprintf(policy, sizeof(policy), "%s", p == NULL ? "" : p);
	m.head.p = p == NULL ? NULL : policy;
	for (size_t i = 0; i < n; i++) {
		add(&m, &records[i]);
		if (i + 1 == clear_after)
			chunker_clear(m.c);
	}
	chunker_hash(m.c, &m.head, &m.totals, out);
	done(&m);
}

static void
a_report_has_a_fingerprint(void)
{
	struct raw_record r[3] = { usual(), usual(), usual() };
	struct raw_record s[3];
	unsigned char want[32];
	unsigned char got[32];

	r[1].source_ip = "2001:db8::1";
	r[2].count = "-1"; /* a bad one is content, too */
	hash_of(r, 3, "none", 0, want);
	hash_of(r, 3, "none", 0, got);
	CHECK(memcmp(got, want, 32) == 0, "the same");

	s[0] = r[2];
	s[1] = r[1];
	s[2] = r[0];
	hash_of(s, 3, "none", 0, got);
	CHECK(memcmp(got, want, 32) == 0, "another order");
	hash_of(r, 3, "none", 1, got);
	CHECK(memcmp(got, want, 32) == 0, "in two chunks");

	for (size_t i = 0; i < 3; i++) {
		memcpy(s, r, sizeof(s));
		s[i].count = i == 2 ? "-2" : "6";
		hash_of(s, 3, "none", 0, got);
		CHECK(memcmp(got, want, 32) != 0, "count of %zu", i);
	}
	memcpy(s, r, sizeof(s));
	s[0].source_ip = "192.0.2.2";
	hash_of(s, 3, "none", 0, got);
	CHECK(memcmp(got, want, 32) != 0, "address");
	memcpy(s, r, sizeof(s));
	s[1].eval_dkim = "fail";
	hash_of(s, 3, "none", 0, got);
	CHECK(memcmp(got, want, 32) != 0, "verdict");
	hash_of(r, 2, "none", 0, got);
	CHECK(memcmp(got, want, 32) != 0, "one less");
	hash_of(r, 3, "reject", 0, got);
	CHECK(memcmp(got, want, 32) != 0, "policy");
	hash_of(r, 3, NULL, 0, got);
	CHECK(memcmp(got, want, 32) != 0, "no policy");

	/* What a record has more, another may not have less. */
	memcpy(s, r, sizeof(s));
	s[0].count = "4";
	s[1].count = "6";
	hash_of(s, 3, "none", 0, got);
	CHECK(memcmp(got, want, 32) != 0, "the same sum");
	s[0] = r[0];
	s[1] = r[0];
	hash_of(s, 2, "none", 0, want);
	s[0].count = "10";
	hash_of(s, 1, "none", 0, got);
	CHECK(memcmp(got, want, 32) != 0, "twice five is not ten");
}

static void
chunks_fill_up(void)
{
	struct raw_record raw = usual();
	char name[40];
	struct made m;

	make(&m);
	CHECK(!chunker_is_full(m.c), "new");
	for (int i = 0; i < LIMIT_CHUNK_RECORDS - 1; i++)
		add(&m, &raw);
	CHECK(!chunker_is_full(m.c), "one less");
	add(&m, &raw);
	CHECK(chunker_is_full(m.c), "records");
	CHECK_INT(chunker_chunk(m.c)->n_profiles, 1, "one profile");
	chunker_clear(m.c);
	CHECK(!chunker_is_full(m.c), "cleared");
	CHECK_INT(chunker_chunk(m.c)->n_records, 0, "cleared");
	CHECK_INT(chunker_chunk(m.c)->n_profiles, 0, "cleared");
	for (int i = 0; i < LIMIT_CHUNK_PROFILES; i++) {
		CHECK(!chunker_is_full(m.c), "profile %d", i);
		(void)snprintf(name, sizeof(name), "a%d.example", i);
		raw.header_from = name;
		add(&m, &raw);
	}
	CHECK(chunker_is_full(m.c), "profiles");
	/* The totals go on. */
	CHECK_INT(m.totals.records, LIMIT_CHUNK_RECORDS + LIMIT_CHUNK_PROFILES,
	    "totals");
	done(&m);
	chunker_free(NULL);
}

static CU_TestInfo tests[] = {
	{ "counts", counts },
	{ "sums_do_not_overflow", sums_do_not_overflow },
	{ "addresses", addresses },
	{ "verdicts", verdicts },
	{ "keywords", keywords },
	{ "results_are_made_usable", results_are_made_usable },
	{ "identifiers", identifiers },
	{ "a_profile_is_its_texts", a_profile_is_its_texts },
	{ "lists_tell_profiles_apart", lists_tell_profiles_apart },
	{ "modes_tell_profiles_apart", modes_tell_profiles_apart },
	{ "arc", arc },
	{ "a_report_has_a_fingerprint", a_report_has_a_fingerprint },
	{ "chunks_fill_up", chunks_fill_up },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_chunk_suites[] = {
	{ "chunk", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
