/* tls: what is read of the JSON of a TLS report, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/decode/json_bounds.h"
#include "ingest/decode/tls_json.h"
#include "ingest/limits.h"
#include "tests/unit/unit.h"

struct got {
	enum tls_json_end end;
	struct report_head head;
	struct tls_report report;
	struct diag d;
};

static void
read_json(struct got *got, const char *json, size_t len)
{
	char *exact = unit_exact(json, len);

	*got = (struct got){ 0 };
	got->end = tls_json_read(exact, len, &got->head, &got->report, &got->d);
	free(exact);
}

static void
drop(struct got *got)
{
	report_head_free(&got->head);
	tls_report_clear(&got->report);
}

#define HEAD                                                \
	"{\"organization-name\":\"O\",\"report-id\":\"i\"," \
	"\"contact-info\":\"a@o.example\",\"date-range\":{" \
	"\"start-datetime\":\"2026-11-01T00:00:00Z\","      \
	"\"end-datetime\":\"2026-11-01T23:59:59Z\"},\"policies\":"
#define POLICY(of, ok, bad)                                          \
	"{\"policy\":{\"policy-type\":\"sts\"," of "},\"summary\":{" \
	"\"total-successful-session-count\":" ok ","                 \
	"\"total-failure-session-count\":" bad "}"
#define OF "\"policy-domain\":\"a.example\""

static void
reads_a_report(void)
{
	static const char json[] = HEAD
	    "["
	    "{\"policy\":{\"policy-type\":\"TLSA\",\"policy-domain\":"
	    "\"B.Example.\",\"policy-string\":\"one\",\"mx-host-pattern\":"
	    "[\"x\",\"y\"]},\"summary\":{\"total-successful-session-count\""
	    ":5,\"total-failure-session-count\":\"2\"},"
	    "\"failure-details\":[{\"result-type\":\"tlsa-invalid\","
	    "\"failed-session-count\":1.0,\"sending-mta-ip\":"
	    "\"2001:DB8:0::1\",\"receiving-mx-hostname\":\"MX.b.example.\","
	    "\"receiving-ip\":\"nonsense\",\"additional-info-uri\":\"u\","
	    "\"failure-reason-code\":\"c\",\"receiving-mx-helo\":\"h\"},"
	    "{\"result-type\":\"new-thing\"}]}," POLICY(OF, "7", "0") "}]}";
	const struct tls_policy *p;
	const struct tls_failure *f;
	struct got got;

	read_json(&got, json, strlen(json));
	CHECK_INT(got.end, TLS_JSON_REPORT, "%s", got.d.text);
	CHECK_STR(got.head.org_name, "O", "head");
	CHECK_STR(got.head.reporter, "o", "head");
	CHECK_STR(got.head.policy_domain, "a.example", "the least domain");
	CHECK_INT(got.head.begin, 1793491200, "begin");
	CHECK_INT(got.head.end, 1793577599, "end");
	CHECK_INT(got.report.policies->len, 2, "policies");
	p = tls_report_policy(&got.report, 0);
	CHECK_STR(p->type, "tlsa", "type");
	CHECK_STR(p->domain, "b.example", "domain");
	CHECK_STR(p->text, "one", "one string in place of an array");
	CHECK_STR(p->mx, "x\ny", "another name, an array");
	CHECK_INT(p->successes, 5, "a number");
	CHECK_INT(p->failures, 2, "a number as text");
	CHECK_INT(got.report.failures->len, 2, "failures");
	f = tls_report_failure(&got.report, 0);
	CHECK_INT(f->sessions, 1, "a number as 1.0");
	CHECK_STR(f->sending_ip, "2001:db8::1", "an address");
	CHECK_STR(f->receiving_ip, NULL, "no address");
	CHECK_STR(f->mx, "mx.b.example", "a mail server");
	CHECK_STR(f->info, "u", "another name");
	CHECK_STR(f->reason, "c", "reason");
	CHECK_STR(f->helo, "h", "helo");
	f = tls_report_failure(&got.report, 1);
	CHECK_STR(f->type, "new-thing", "an unknown result is kept");
	CHECK_INT(f->sessions, -1, "not said");
	CHECK_INT(got.head.quirks,
	    QUIRK_BIT(QUIRK_CAPITAL_VALUE) | QUIRK_BIT(QUIRK_COUNT_AS_TEXT) |
		QUIRK_BIT(QUIRK_TRAILING_DOT) | QUIRK_BIT(QUIRK_BAD_SOURCE_IP) |
		QUIRK_BIT(QUIRK_NO_SESSION_COUNT) |
		QUIRK_BIT(QUIRK_UNKNOWN_RESULT),
	    "oddities");
	drop(&got);
}

static void
takes_or_refuses(void)
{
	static const struct {
		const char *what;
		const char *json;
		const char *reason; /* NULL: it is read */
	} rows[] = {
		{ "plain", HEAD "[" POLICY(OF, "1", "0") "}]}", NULL },
		{ "one policy in place of an array",
		    HEAD POLICY(OF, "1", "0") "}}", NULL },
		{ "failure-details null",
		    HEAD
		    "[" POLICY(OF, "1", "0") ",\"failure-details\":null}]}",
		    NULL },
		{ "a byte order mark, and Ctrl-Z behind",
		    "\xef\xbb\xbf" HEAD "[" POLICY(OF, "1", "0") "}]}\r\n\x1a",
		    NULL },
		{ "the most that is believed",
		    HEAD "[" POLICY(OF, "1000000000000", "0") "}]}", NULL },
		{ "one more", HEAD "[" POLICY(OF, "1000000000001", "0") "}]}",
		    "bad_session_count" },
		{ "below zero", HEAD "[" POLICY(OF, "-1", "0") "}]}",
		    "bad_session_count" },
		{ "a half", HEAD "[" POLICY(OF, "1.5", "0") "}]}",
		    "bad_session_count" },
		{ "a word", HEAD "[" POLICY(OF, "\"many\"", "0") "}]}",
		    "bad_session_count" },
		{ "beyond 64 bits",
		    HEAD "[" POLICY(OF, "99999999999999999999", "0") "}]}",
		    "bad_json" },
		{ "beyond a double", HEAD "[" POLICY(OF, "1e999", "0") "}]}",
		    "bad_json" },
		{ "no policies", HEAD "[]}", "bad_tls_report" },
		{ "policies a number", HEAD "7}", "bad_tls_report" },
		{ "a policy that is none", HEAD "[7]}", "bad_tls_report" },
		{ "failure-details text",
		    HEAD
		    "[" POLICY(OF, "1", "0") ",\"failure-details\":\"x\"}]}",
		    "bad_tls_report" },
		{ "a failure that is none",
		    HEAD "[" POLICY(OF, "1", "0") ",\"failure-details\":[7]}]}",
		    "bad_tls_report" },
		{ "no summary", HEAD "[{\"policy\":{" OF "}}]}",
		    "bad_session_count" },
		{ "no domain", HEAD "[" POLICY("\"x\":1", "1", "0") "}]}",
		    "no_policy_domain" },
		{ "no domain beside two",
		    HEAD "[" POLICY(OF, "1",
			"0") "}," POLICY("\"policy-domain\":\"b.example\"", "1",
			"0") "}," POLICY("\"x\":1", "1", "0") "}]}",
		    "no_policy_domain" },
		{ "no dates",
		    "{\"organization-name\":\"O\",\"policies\":[" POLICY(OF,
			"1", "0") "}]}",
		    "no_date_range" },
		{ "no identity",
		    "{\"date-range\":{\"start-datetime\":1,\"end-datetime\":2},"
		    "\"policies\":[" POLICY(OF, "1", "0") "}]}",
		    "no_identity" },
		{ "a key twice", "{\"policies\":1,\"policies\":2}",
		    "bad_json" },
		{ "not closed", "{\"policies\":[", "bad_json" },
		{ "junk behind", HEAD "[" POLICY(OF, "1", "0") "}]}x",
		    "bad_json" },
		{ "no UTF-8", "{\"policies\":\"\xff\"}", "bad_json" },
		{ "an escaped NUL", "{\"policies\":\"\\u0000\"}", "bad_json" },
		{ "a surrogate alone", "{\"policies\":\"\\ud800\"}",
		    "bad_json" },
		{ "other JSON", "{\"a\":1}", "json" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct got got;

		read_json(&got, rows[i].json, strlen(rows[i].json));
		if (rows[i].reason == NULL) {
			CHECK_INT(got.end, TLS_JSON_REPORT, "%s: %s",
			    rows[i].what, got.d.text);
		} else {
			CHECK_INT(got.end,
			    strcmp(rows[i].reason, "json") == 0 ?
				TLS_JSON_OTHER :
				TLS_JSON_BAD,
			    "%s", rows[i].what);
			CHECK_STR(reason_name(got.d.reason), rows[i].reason,
			    "%s", rows[i].what);
		}
		drop(&got);
	}
}

static void
reads_dates(void)
{
	static const struct {
		const char *date;
		int64_t want; /* -1: refused */
	} rows[] = {
		{ "\"1970-01-01T00:00:00Z\"", 0 },
		{ "\"1970-01-01T09:00:01+09:00\"", 1 },
		{ "\"1970-01-01 00:00:02Z\"", 2 },
		{ "\"1970-01-01T00:00:03.9Z\"", 3 },
		{ "\"1970-01-01T00:00:04\"", 4 }, /* of no zone: UTC */
		{ "5", 5 },
		{ "\"yesterday\"", -1 },
		{ "\"1970-13-01T00:00:00Z\"", -1 },
		{ "[]", -1 },
		{ "null", -1 },
		{ "-1", -1 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct got got;
		char json[500];

		(void)snprintf(json, sizeof(json),
		    "{\"report-id\":\"i\",\"date-range\":{\"start-datetime\":"
		    "%s,\"end-datetime\":9},\"policies\":[" POLICY(OF, "1",
			"0") "}]}",
		    rows[i].date);
		read_json(&got, json, strlen(json));
		if (rows[i].want == -1)
			CHECK_INT(got.end, TLS_JSON_BAD, "%s", rows[i].date);
		else
			CHECK_INT(got.head.begin, rows[i].want, "%s: %s",
			    rows[i].date, got.d.text);
		drop(&got);
	}
}

/* n times what, with between between. */
static void
repeat(struct buf *b, const char *what, size_t n, const char *between)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			(void)buf_add(b, between);
		(void)buf_add(b, what);
	}
}

static void
expect(const struct buf *b, const char *reason, const char *what)
{
	struct got got;

	read_json(&got, b->data, b->len);
	if (reason == NULL)
		CHECK_INT(got.end, TLS_JSON_REPORT, "%s: %s", what, got.d.text);
	else
		CHECK_STR(reason_name(got.d.reason), reason, "%s", what);
	CHECK(got.report.failures == NULL ||
		got.report.failures->len <= LIMIT_TLS_FAILURES,
	    "%s", what);
	drop(&got);
}

/* Each bound, and one more. */
static void
is_bounded(void)
{
	for (int more = 0; more < 2; more++) {
		struct buf b;

		buf_init(&b, 32 * LIMIT_MIB);
		(void)buf_add(&b, HEAD "[");
		repeat(&b, POLICY(OF, "1", "0") "}",
		    LIMIT_TLS_POLICIES + (size_t)more, ",");
		(void)buf_add(&b, "]}");
		expect(&b, more ? "too_many_policies" : NULL, "policies");

		buf_truncate(&b, 0);
		(void)buf_add(&b,
		    HEAD "[" POLICY(OF, "1", "0") ",\"failure-details\":[");
		repeat(&b, "{\"failed-session-count\":1}",
		    LIMIT_TLS_FAILURES + (size_t)more, ",");
		(void)buf_add(&b, "]}]}");
		expect(&b, more ? "too_many_failures" : NULL, "failures");

		buf_truncate(&b, 0);
		(void)buf_add(&b, "{\"policies\":");
		repeat(&b, "[", LIMIT_JSON_DEPTH - 1 + (size_t)more, "");
		repeat(&b, "]", LIMIT_JSON_DEPTH - 1 + (size_t)more, "");
		(void)buf_add(&b, "}");
		expect(&b, more ? "json_too_deep" : "bad_tls_report", "depth");

		buf_truncate(&b, 0);
		(void)buf_add(&b, "{\"policies\":[");
		repeat(&b, "1", LIMIT_JSON_VALUES - 1 + (size_t)more, ",");
		(void)buf_add(&b, "]}");
		expect(&b, more ? "json_too_large" : "bad_tls_report",
		    "values");

		buf_truncate(&b, 0);
		(void)buf_add(&b, "{\"policies\":\"");
		repeat(&b, "a", LIMIT_TLS_REPORT - 15 + (size_t)more, "");
		(void)buf_add(&b, "\"}");
		expect(&b, more ? "json_too_large" : "bad_tls_report", "bytes");
		buf_free(&b);
	}
}

/* A text that is too long is cut between characters. */
static void
cuts_texts(void)
{
	struct buf b;
	struct got got;
	const struct tls_failure *f;

	buf_init(&b, LIMIT_MIB);
	(void)buf_add(&b,
	    HEAD "[" POLICY(OF, "1",
		"1") ",\"failure-details\":"
		     "[{\"failed-session-count\":1,\"receiving-mx-helo\":\"x");
	repeat(&b, "\xe3\x81\x82", 1000, "");
	(void)buf_add(&b,
	    "\",\"additional-information\":"
	    "\"a\\tb\\u001b[31m\\u202ec\"}]}]}");
	read_json(&got, b.data, b.len);
	CHECK_INT(got.end, TLS_JSON_REPORT, "%s", got.d.text);
	f = tls_report_failure(&got.report, 0);
	CHECK_INT(strlen(f->helo), 1 + 3 * 341, "1024 bytes have room for 341");
	CHECK(unit_is_text(f->helo, ""), "whole characters");
	CHECK_STR(f->info, "a b?[31m?c", "no control character is left");
	CHECK(got.head.quirks & QUIRK_BIT(QUIRK_VALUE_CUT), "it is said");
	drop(&got);
	buf_free(&b);
}

static void
order_is_the_same(void)
{
	static const char *const rows[] = {
		HEAD "[" POLICY(OF, "1",
		    "3") ",\"failure-details\":["
			 "{\"result-type\":\"a\",\"failed-session-count\":1},"
			 "{\"result-type\":\"b\",\"failed-session-count\":2}]}," POLICY(
			     "\"policy-domain\":\"b.example\"", "4", "0") "}]}",
		HEAD "[" POLICY("\"policy-domain\":\"b.example\"", "4",
		    "0") "}," POLICY(OF, "1",
		    "3") ",\"failure-details\":["
			 "{\"failed-session-count\":2,\"result-type\":\"b\"},"
			 "{\"result-type\":\"a\",\"failed-session-count\":1}]}"
			 "]}",
		HEAD "[" POLICY("\"policy-domain\":\"b.example\"", "4",
		    "0") "}," POLICY(OF, "1",
		    "3") ",\"failure-details\":["
			 "{\"failed-session-count\":1,\"result-type\":\"b\"},"
			 "{\"result-type\":\"a\",\"failed-session-count\":1}]}"
			 "]}",
	};
	unsigned char hash[ROWS(rows)][32];

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct got got;
		struct tls_report *copy;
		size_t bytes;

		read_json(&got, rows[i], strlen(rows[i]));
		CHECK_INT(got.end, TLS_JSON_REPORT, "%zu: %s", i, got.d.text);
		copy = tls_report_copy(&got.report, &bytes);
		drop(&got);
		tls_report_hash(copy, hash[i]);
		tls_report_free(copy);
	}
	CHECK(memcmp(hash[0], hash[1], 32) == 0, "another order");
	CHECK(memcmp(hash[1], hash[2], 32) != 0, "another number");
}

static CU_TestInfo tests[] = {
	{ "reads_a_report", reads_a_report },
	{ "takes_or_refuses", takes_or_refuses },
	{ "reads_dates", reads_dates },
	{ "is_bounded", is_bounded },
	{ "cuts_texts", cuts_texts },
	{ "order_is_the_same", order_is_the_same },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_tls_suites[] = {
	{ "tls", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
