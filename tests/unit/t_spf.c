/* spf: records taken apart, macros, evaluation. */
#include <stdlib.h>
#include <string.h>

#include "check/answers.h"
#include "check/spf.h"
#include "check/spf_macro.h"
#include "check/spf_record.h"
#include "common/mem.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_spf_suites[];

static void
knows_records(void)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{ "v=spf1", true },
		{ "v=spf1 ", true },
		{ "V=SPF1 -all", true },
		{ "v=spf1;", false },
		{ "v=spf10", false },
		{ " v=spf1", false },
		{ "v=spf", false },
		{ "spf2.0/pra", false },
		{ "", false },
	};

	for (size_t i = 0; i < ROWS(cases); i++)
		CHECK(spf_is_record(cases[i].text, strlen(cases[i].text)) ==
			cases[i].is,
		    "%s", cases[i].text);
}

/* Of each: the fault of the first term that has one, and what it marks. */
static void
finds_faults(void)
{
	static const struct {
		const char *text;
		enum spf_fault fault;
		const char *wrong;
	} cases[] = {
		{ "v=spf1 ipv4:192.0.2.1 -all", SPF_FAULT_MECHANISM,
		    "ipv4:192.0.2.1" },
		{ "v=spf1 192.0.2.1", SPF_FAULT_MECHANISM, "192.0.2.1" },
		{ "v=spf1 ip6: 2001:db8::/32", SPF_FAULT_NO_ARGUMENT, "ip6:" },
		{ "v=spf1 ip4", SPF_FAULT_NO_ARGUMENT, "ip4" },
		{ "v=spf1 include", SPF_FAULT_NO_ARGUMENT, "include" },
		{ "v=spf1 a:", SPF_FAULT_NO_ARGUMENT, "a:" },
		{ "v=spf1 redirect=", SPF_FAULT_NO_ARGUMENT, "redirect=" },
		{ "v=spf1 ip4:2001:db8::1", SPF_FAULT_ADDRESS, "2001:db8::1" },
		{ "v=spf1 ip6:192.0.2.1", SPF_FAULT_ADDRESS, "192.0.2.1" },
		{ "v=spf1 ip4:192.0.2", SPF_FAULT_ADDRESS, "192.0.2" },
		{ "v=spf1 ip4:192.0.2.01", SPF_FAULT_ADDRESS, "192.0.2.01" },
		{ "v=spf1 ip4:192.0.2.0/33", SPF_FAULT_PREFIX, "/33" },
		{ "v=spf1 ip4:192.0.2.0/028", SPF_FAULT_PREFIX, "/028" },
		{ "v=spf1 ip4:192.0.2.0/", SPF_FAULT_PREFIX, "/" },
		{ "v=spf1 ip6:2001:db8::/129", SPF_FAULT_PREFIX, "/129" },
		{ "v=spf1 a/33", SPF_FAULT_PREFIX, "/33" },
		{ "v=spf1 mx//129", SPF_FAULT_PREFIX, "//129" },
		{ "v=spf1 mx/24//64", SPF_FINE, "" },
		{ "v=spf1 a//64", SPF_FINE, "" },
		{ "v=spf1 mx:a.example/24//64", SPF_FINE, "" },
		{ "v=spf1 mx:museum", SPF_FAULT_DOMAIN, "museum" },
		{ "v=spf1 a:192.0.2.1", SPF_FAULT_DOMAIN, "192.0.2.1" },
		{ "v=spf1 a:x.-y", SPF_FAULT_DOMAIN, "x.-y" },
		{ "v=spf1 include:_spf.example.", SPF_FINE, "" },
		{ "v=spf1 exists:%{i}", SPF_FINE, "" },
		{ "v=spf1 exists:%{d0}", SPF_FAULT_MACRO, "%{d0}" },
		{ "v=spf1 exists:%{c}.a", SPF_FAULT_MACRO, "%{c}.a" },
		{ "v=spf1 exists:%a.b", SPF_FAULT_MACRO, "%a.b" },
		{ "v=spf1 all:x", SPF_FAULT_ARGUMENT, ":x" },
		{ "v=spf1 ptr/24", SPF_FAULT_ARGUMENT, "/24" },
		{ "v=spf1 -all\ta", SPF_FAULT_BYTE, "\t" },
		{ "v=spf1 \xe2\x80\x9c-all", SPF_FAULT_BYTE, "\xe2" },
		{ "v=spf1 redirect=a.b Redirect=c.d", SPF_FAULT_TWICE,
		    "Redirect=c.d" },
		{ "v=spf1 exp=a.b exp=a.b", SPF_FAULT_TWICE, "exp=a.b" },
		{ "v=spf1 moo=cow ip=%{d}", SPF_FINE, "" },
		{ "v=spf1 moo=%{", SPF_FAULT_MACRO, "%{" },
		{ "v=spf1 1x=y", SPF_FAULT_MECHANISM, "1x=y" },
		{ "v=spf1", SPF_FINE, "" },
		{ "v=spf1    +ALL   ", SPF_FINE, "" },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		const char *s = cases[i].text;
		struct spf_record r;
		const struct spf_term *t = spf_record_parse(&r, s, strlen(s));
		const size_t len = t == NULL ? 0 : t->wrong.len;

		CHECK((t == NULL ? SPF_FINE : t->fault) == cases[i].fault,
		    "%s: %s", s, t == NULL ? "" : spf_fault_text(t->fault));
		CHECK(strlen(cases[i].wrong) == len &&
			(t == NULL ||
			    memcmp(s + t->wrong.at, cases[i].wrong, len) == 0),
		    "%s: marks %.*s", s, (int)len,
		    t == NULL ? "" : s + t->wrong.at);
		spf_record_free(&r);
	}
}

static void
takes_terms_apart(void)
{
	static const char text[] =
	    "v=spf1 ?a:x.example/20//48 ~ip4:192.0.2.0/24"
	    " redirect=_spf.example";
	struct spf_record r;

	CHECK(spf_record_parse(&r, text, strlen(text)) == NULL, "no fault");
	CHECK_INT(r.n, 3, "terms");
	CHECK(r.terms[0].kind == SPF_A && r.terms[0].qualifier == '?' &&
		r.terms[0].prefix4 == 20 && r.terms[0].prefix6 == 48 &&
		r.terms[0].domain.len == strlen("x.example"),
	    "a");
	CHECK(r.terms[1].kind == SPF_IP4 && r.terms[1].qualifier == '~' &&
		r.terms[1].prefix4 == 24 && r.terms[1].ip.bytes[2] == 2,
	    "ip4");
	CHECK(r.terms[2].kind == SPF_REDIRECT && r.terms[2].qualifier == 0,
	    "redirect");
	spf_record_free(&r);
}

/* The examples of RFC 7208, section 7.4, and some of the rules around them. */
static void
expands_macros(void)
{
	static const struct {
		const char *macro;
		const char *want;
	} cases[] = {
		{ "%{s}", "strong-bad@email.example.com" },
		{ "%{o}", "email.example.com" },
		{ "%{d}", "email.example.com" },
		{ "%{d4}", "email.example.com" },
		{ "%{d3}", "email.example.com" },
		{ "%{d2}", "example.com" },
		{ "%{d1}", "com" },
		{ "%{dr}", "com.example.email" },
		{ "%{d2r}", "example.email" },
		{ "%{l}", "strong-bad" },
		{ "%{l-}", "strong.bad" },
		{ "%{lr}", "strong-bad" },
		{ "%{lr-}", "bad.strong" },
		{ "%{l1r-}", "strong" },
		{ "%{ir}.%{v}._spf.%{d2}",
		    "3.2.0.192.in-addr._spf.example.com" },
		{ "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
		{ "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}",
		    "3.2.0.192.in-addr.strong.lp._spf.example.com" },
		{ "%{d2}.trusted-domains.example.net",
		    "example.com.trusted-domains.example.net" },
		{ "a%%b%_c%-d", "a%b c%20d" },
		{ "%{S}", "strong-bad%40email.example.com" },
		{ "%{d99}", "email.example.com" },
		{ "%{h}/%{p}/%{r}/%{t}/%{c}",
		    "mx.example.org/unknown/me.example/9/192.0.2.3" },
	};
	struct spf_macro_values v = { .sender = "strong-bad@email.example.com",
		.domain = "email.example.com",
		.helo = "mx.example.org",
		.name = "unknown",
		.receiver = "me.example",
		.now = 9 };

	CHECK(address_parse("192.0.2.3", &v.ip), "address");
	for (size_t i = 0; i < ROWS(cases); i++) {
		const char *s = cases[i].macro;
		struct buf b;

		buf_init(&b, 1000);
		CHECK(spf_macro_fine(s, strlen(s), true), "%s", s);
		CHECK(spf_macro_expand(&b, s, strlen(s), &v), "%s", s);
		CHECK(strcmp(buf_str(&b), cases[i].want) == 0, "%s: %s", s,
		    buf_str(&b));
		buf_free(&b);
	}
	CHECK(address_parse("2001:db8::cb01", &v.ip), "address");
	{
		struct buf b;

		buf_init(&b, 1000);
		CHECK(spf_macro_expand(&b, "%{ir}.%{v}", 10, &v), "ip6");
		CHECK(strcmp(buf_str(&b),
			  "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
			  "8.b.d.0.1.0.0.2.ip6") == 0,
		    "%s", buf_str(&b));
		buf_free(&b);
		buf_init(&b, 5);
		CHECK(!spf_macro_expand(&b, "%{d}", 4, &v), "too long");
		buf_free(&b);
	}
}

static void
put_text(struct answers *dns, const char *name, const char *text)
{
	char *copy = mem_strdup(text);
	const struct answer_record r = { .text = copy, .len = strlen(text) };
	struct answer a = { .state = ANSWER_RECORDS };

	answer_add(&a, &r);
	answers_put(dns, name, DNS_TXT, &a);
	free(copy);
}

static void
put_nothing(struct answers *dns)
{
	const char *name;
	enum dns_type type;

	while (answers_wanted(dns, &name, &type)) {
		struct answer a = { .state = ANSWER_NO_NAME };

		answers_put(dns, name, type, &a);
	}
}

/* An include of itself ends at the eleventh term that asks, whatever it costs. */
static void
ends_a_loop(void)
{
	struct answers *dns = answers_new();
	struct spf_question q = { .sender = "joe@loop.example",
		.helo = "loop.example",
		.void_max = SPF_VOID_MAX };
	struct spf_outcome out;

	put_text(dns, "loop.example", "v=spf1 include:loop.example -all");
	CHECK(address_parse("192.0.2.1", &q.ip), "address");
	spf_check(dns, &q, &out);
	CHECK(out.result == SPF_PERMERROR, "%s", spf_result_name(out.result));
	CHECK_INT(out.asking, SPF_ASKING_MAX + 1, "terms");
	CHECK(strstr(out.why, "more than 10 terms") != NULL, "%s", out.why);
	answers_free(dns);
}

/* Nothing is decided before what it takes is known. */
static void
waits_for_answers(void)
{
	struct answers *dns = answers_new();
	struct spf_question q = { .sender = "",
		.helo = "mx.example",
		.void_max = SPF_VOID_MAX };
	struct spf_outcome out;
	const char *name;
	enum dns_type type;

	CHECK(address_parse("::ffff:192.0.2.1", &q.ip), "address");
	spf_check(dns, &q, &out);
	CHECK(out.result == SPF_UNKNOWN_YET, "the record");
	CHECK(answers_wanted(dns, &name, &type) && type == DNS_TXT &&
		strcmp(name, "mx.example") == 0,
	    "of helo");
	put_text(dns, "mx.example", "v=spf1 a a:b.example a:c.example -all");
	spf_check(dns, &q, &out);
	CHECK(out.result == SPF_UNKNOWN_YET, "an address");
	for (int i = 0; i < 3; i++) {
		put_nothing(dns);
		spf_check(dns, &q, &out);
	}
	CHECK(out.result == SPF_PERMERROR && out.voids == 3, "%s: %u voids",
	    spf_result_name(out.result), out.voids);
	answers_free(dns);
}

static CU_TestInfo tests[] = {
	{ "knows_records", knows_records },
	{ "finds_faults", finds_faults },
	{ "takes_terms_apart", takes_terms_apart },
	{ "expands_macros", expands_macros },
	{ "ends_a_loop", ends_a_loop },
	{ "waits_for_answers", waits_for_answers },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_spf_suites[] = {
	{ "spf", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
