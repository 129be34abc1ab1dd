/*
 * auth_results: what is kept of Authentication-Results fields.
 *
 * The fields are examples of RFC 8601, what servers write, and what somebody
 * would write who wants a forgery to look like a result.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/decode/auth_results.h"
#include "ingest/limits.h"
#include "tests/unit/unit.h"

static void
add(struct auth_results *r, const char *field)
{
	void *exact = unit_exact(field, strlen(field));

	(void)auth_results_add(r, exact, strlen(field));
	free(exact);
}

struct row {
	const char *field;
	const char *want;
};

static void
check_rows(const struct row *rows, size_t n)
{
	struct auth_results r;

	for (size_t i = 0; i < n; i++) {
		auth_results_init(&r);
		add(&r, rows[i].field);
		CHECK_STR(buf_str(&r.text), rows[i].want, "%s", rows[i].field);
		auth_results_free(&r);
	}
}

static void
reads_what_servers_write(void)
{
	static const struct row rows[] = {
		/* Gmail */
		{ " mx.google.com;\r\n"
		  "       dkim=pass header.i=@Google.com header.s=20230601"
		  " header.b=\"a/b+c=\";\r\n"
		  "       spf=pass (google.com: domain of x@google.com designates"
		  " 192.0.2.1 as permitted sender) smtp.mailfrom=x@Google.com;"
		  "\r\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE)"
		  " header.from=google.com",
		    "mx.google.com dmarc=pass header.from=google.com"
		    " dkim=pass header.i=google.com"
		    " spf=pass smtp.mailfrom=x@google.com" },
		/* Exchange Online has no authserv-id */
		{ "spf=pass (sender IP is 192.0.2.1)\r\n"
		  " smtp.mailfrom=google.com; dkim=pass (signature was verified)"
		  "\r\n header.d=google.com;dmarc=pass action=none\r\n"
		  " header.from=google.com;compauth=pass reason=100",
		    "- dmarc=pass header.from=google.com"
		    " dkim=pass header.d=google.com"
		    " spf=pass smtp.mailfrom=google.com" },
		/* opendmarc */
		{ "MX.example.jp; dmarc=pass (p=none dis=none)"
		  " header.from=google.com",
		    "mx.example.jp dmarc=pass header.from=google.com" },
		/* opendkim */
		{ "mx.example.jp;\n\tdkim=pass (2048-bit key; unprotected)"
		  " header.d=google.com header.i=@google.com header.a=rsa-sha256"
		  " header.s=x header.b=AbC/;\n\tdkim-atps=neutral",
		    "mx.example.jp dkim=pass header.d=google.com" },
		/* rspamd */
		{ "mx.example.jp;\n\tdkim=pass header.d=google.com"
		  " header.s=20230601 header.b=x;\n\tdmarc=pass (policy=reject)"
		  " header.from=google.com;\n\tspf=pass (mx.example.jp: domain of"
		  " x@google.com designates 192.0.2.1 as permitted sender)"
		  " smtp.mailfrom=x@google.com",
		    "mx.example.jp dmarc=pass header.from=google.com"
		    " dkim=pass header.d=google.com"
		    " spf=pass smtp.mailfrom=x@google.com" },
		/* Mail::AuthenticationResults */
		{ "mx.example.jp;\n    arc=none (no signatures found);\n"
		  "    dmarc=pass policy.published-domain-policy=reject\n"
		  "      policy.evaluated-disposition=none"
		  " (p=reject,d=none)\n      policy.policy-from=p"
		  " header.from=google.com;\n"
		  "    iprev=pass smtp.remote-ip=192.0.2.1 (mail.google.com)",
		    "mx.example.jp dmarc=pass header.from=google.com arc=none" },
		/* Yahoo */
		{ "atlas.example.jp; dkim=pass header.i=@google.com header.s=x;"
		  " spf=pass smtp.mailfrom=google.com;"
		  " dmarc=pass(p=REJECT) header.from=google.com;",
		    "atlas.example.jp dmarc=pass header.from=google.com"
		    " dkim=pass header.i=google.com"
		    " spf=pass smtp.mailfrom=google.com" },
		/* a null sender */
		{ "mx.example.jp; spf=pass smtp.mailfrom=<>"
		  " smtp.helo=Mail.google.com",
		    "mx.example.jp spf=pass smtp.helo=mail.google.com" },
		/* BATV */
		{ "mx.example.jp; spf=softfail"
		  " smtp.mailfrom=<prvs=12=Info@Example.NET.>",
		    "mx.example.jp spf=softfail"
		    " smtp.mailfrom=prvs=12=Info@example.net" },
	};

	check_rows(rows, ROWS(rows));
}

static void
follows_the_grammar(void)
{
	static const struct row rows[] = {
		/* RFC 8601, appendix B */
		{ "example.org 1; none", "example.org none" },
		{ "example.com;\r\n  auth=pass (cleartext)"
		  " smtp.auth=sender@example.net;\r\n  spf=pass"
		  " smtp.mailfrom=example.net",
		    "example.com spf=pass smtp.mailfrom=example.net" },
		{ "foo.example.net (foobar) 1 (baz);\n"
		  " dkim (Because I like it) / 1 (One yay) = (wait for it) fail"
		  "\n policy (A dot can go here) . (like that) expired\n"
		  " (this surprised me) = (as I wasn't expecting it) 1362471462",
		    "foo.example.net dkim=fail" },
		{ "example.com; dkim=pass reason=\"good; dmarc=pass\""
		  " header.i=@mail-router.example.net; dkim=fail"
		  " reason=\"bad signature\" header.i=@newyork.example.com",
		    "example.com dkim=pass header.i=mail-router.example.net"
		    " dkim=fail header.i=newyork.example.com" },
		/* layout and case */
		{ " \t\r\n mx ;\t DMARC\r\n = \r\n PASS HEADER . FROM = A.Jp ",
		    "mx dmarc=pass header.from=a.jp" },
		{ "\"mx.example.jp\"; dmarc=pass header.from=\"A.jp\"",
		    "mx.example.jp dmarc=pass header.from=a.jp" },
		{ "(a(b(c))d)mx(e\\)f);(;)dmarc=(=)pass(;)", "mx dmarc=pass" },
		{ "mx;dmarc=pass;;;spf=pass;", "mx dmarc=pass spf=pass" },
		/* what another version says is not known */
		{ "mx 2; dmarc=pass", "mx none" },
		{ "mx 12345678901234567890123456789012345678901; dmarc=pass",
		    "mx dmarc=pass" },
		{ "mx; dmarc/2=pass; dkim/1=pass; spf/=pass", "mx dkim=pass" },
		/* nothing of ours */
		{ "mx; none", "mx none" },
		{ "mx; NONE", "mx none" },
		{ "mx", "mx none" },
		{ "mx; iprev=pass; x-tls.subject=pass", "mx none" },
		/* too many of one kind */
		{ "mx; dkim=pass header.d=a; dkim=pass header.d=b;"
		  " dkim=fail header.d=c; dkim=pass header.d=d;"
		  " spf=none; spf=pass; arc=pass; arc=fail",
		    "mx dkim=pass header.d=a dkim=pass header.d=b"
		    " dkim=fail header.d=c spf=none arc=pass" },
		{ "mx; dkim=pass header.i=@i header.d=d1 header.d=d2",
		    "mx dkim=pass header.d=d1" },
		/* an address where a domain belongs */
		{ "mx; dmarc=pass header.from=<Info@Example.jp>",
		    "mx dmarc=pass header.from=example.jp" },
		/* a property of another kind says nothing */
		{ "mx; dmarc=pass smtp.from=a header.from.x=b policy.from=c"
		  " header=d from=e",
		    "mx dmarc=pass" },
	};

	check_rows(rows, ROWS(rows));
}

static void
survives_what_is_broken(void)
{
	static const struct row rows[] = {
		{ "", "? none" },
		{ " \r\n", "? none" },
		{ ";", "? none" },
		{ "; dmarc=pass", "? dmarc=pass" },
		{ "-; dmarc=pass", "? dmarc=pass" },
		{ "=; dmarc=pass", "= dmarc=pass" },
		{ "mx; =pass; dmarc; dmarc=; dkim pass; spf==",
		    "mx dmarc=? spf=?" },
		{ "mx; dmarc=pass.x", "mx dmarc=pass?x" },
		{ "mx; dmarc=pass, header.from=a.jp",
		    "mx dmarc=pass? header.from=a.jp" },
		{ "mx; dmarc=averyveryverylongresult", "mx dmarc=?" },
		/* the rest is a comment, or quoted */
		{ "mx; spf=pass (a; dmarc=pass", "mx spf=pass" },
		{ "mx; spf=pass (\\", "mx spf=pass" },
		{ "mx; spf=pass smtp.mailfrom=\"a; dmarc=pass",
		    "mx spf=pass smtp.mailfrom=a;?dmarc=pass" },
		{ "mx; spf=pass smtp.mailfrom=\"a\\",
		    "mx spf=pass smtp.mailfrom=a\\" },
		{ "mx; spf=pass ) a) b] ,,, .. ; dmarc=pass",
		    "mx dmarc=pass spf=pass" },
		{ "mx dmarc=pass; spf=pass", "mx spf=pass" },
		{ "mx; d\xc3\xa9=x; dmarc=pass header.from=\xe4\xbe\x8b.jp",
		    "mx dmarc=pass header.from=???.jp" },
		{ "mx; dmarc=pass header.from=a\x01\x7f\x1b.jp",
		    "mx dmarc=pass header.from=a???.jp" },
	};

	check_rows(rows, ROWS(rows));
}

/* What stands in an address is no result. */
static void
is_not_fooled(void)
{
	static const struct row rows[] = {
		{ "mx; spf=pass smtp.mailfrom=\"a; dmarc=pass header.from="
		  "google.com\"@evil.example; dmarc=fail"
		  " header.from=evil.example",
		    "mx dmarc=fail header.from=evil.example spf=pass"
		    " smtp.mailfrom=a;?dmarc=pass?header.from=google.com"
		    "@evil.example" },
		{ "mx; spf=pass smtp.mailfrom=\"a\\\"; dmarc=pass\"@e.example",
		    "mx spf=pass smtp.mailfrom=a\";?dmarc=pass@e.example" },
		{ "\"mx dmarc=pass\"; dmarc=fail", "mx?dmarc=pass dmarc=fail" },
		{ "mx; dmarc=\"pass dmarc=pass\"", "mx dmarc=pass?dmarc?pass" },
		{ "mx; dmarc=\"fail\nmx dmarc=pass\"", "mx dmarc=?" },
		/* a server that copies without care */
		{ "mx; spf=pass smtp.mailfrom=a; dmarc=pass header.from="
		  "google.com; dmarc=fail header.from=evil.example",
		    "mx dmarc=fail header.from=evil.example"
		    " spf=pass smtp.mailfrom=a" },
		{ "mx; dmarc=fail header.from=a; dmarc=pass header.from=b",
		    "mx dmarc=fail header.from=a" },
		{ "mx; dmarc=pass header.from=a; dmarc=pass header.from=b",
		    "mx dmarc=several header.from=a" },
		/* the first counts, and one that is too long is none */
		{ "mx; dmarc=pass header.from=a header.from=google.com",
		    "mx dmarc=pass header.from=a" },
	};

	check_rows(rows, ROWS(rows));
}

static void
keeps_the_order(void)
{
	struct auth_results r;

	auth_results_init(&r);
	CHECK_STR(buf_str(&r.text), "", "none");
	add(&r, "mx2; none");
	add(&r, "mx1; dmarc=pass header.from=a.jp");
	add(&r, "");
	CHECK_STR(buf_str(&r.text),
	    "mx2 none\nmx1 dmarc=pass header.from=a.jp\n? none", "three");
	CHECK_INT(r.fields, 3, "three");
	auth_results_free(&r);
}

/* A field of which every word is as long as it may be. */
static void
put_longest(struct buf *b)
{
	char word[LIMIT_AUTH_WORD + 1];

	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	(void)buf_printf(b, "%s", word);
	(void)buf_printf(b, ";dmarc=aaaaaaaaaaaaaaaa header.from=%s", word);
	for (int i = 0; i < 3; i++)
		(void)buf_printf(b, ";dkim=aaaaaaaaaaaaaaaa header.d=%s", word);
	(void)buf_printf(b, ";spf=aaaaaaaaaaaaaaaa smtp.mailfrom=%s", word);
	(void)buf_add(b, ";arc=aaaaaaaaaaaaaaaa");
}

static void
longest_field_fits(void)
{
	struct auth_results r;
	struct buf b;
	size_t len;

	buf_init(&b, 10000);
	put_longest(&b);
	auth_results_init(&r);
	CHECK(auth_results_add(&r, b.data, b.len), "the first");
	len = r.text.len;
	CHECK(len > 6 * LIMIT_AUTH_WORD && strchr(r.text.data, '?') == NULL,
	    "all of it is there");
	/* what stands below one that is missing is not kept */
	CHECK(!auth_results_add(&r, b.data, b.len), "the second");
	CHECK(!auth_results_add(&r, "mx", 2), "the third");
	CHECK_INT(r.text.len, len, "the second, the third");
	auth_results_free(&r);
	buf_free(&b);
}

static void
takes_hostile_lengths(void)
{
	static const struct {
		const char *name;
		const char *start;
		const char *again;
		const char *want;
	} rows[] = {
		{ "comments", "mx; dmarc=pass ", "(", "mx dmarc=pass" },
		{ "comment", "mx; dmarc=pass (", "a", "mx dmarc=pass" },
		{ "semicolons", "mx", ";", "mx none" },
		{ "blanks", "mx", " ", "mx none" },
		{ "quotes", "mx; dmarc=pass ", "\"", "mx dmarc=pass" },
		{ "id", "", "a", "? none" },
		{ "method", "mx;", "a", "mx none" },
		{ "result", "mx; dmarc=", "a", "mx dmarc=?" },
		{ "property", "mx; dmarc=pass header.", "a", "mx dmarc=pass" },
		{ "value", "mx; dmarc=pass header.from=", "a",
		    "mx dmarc=pass header.from=?" },
		{ "results", "mx", ";dmarc=pass", "mx dmarc=pass" },
		{ "properties", "mx; dmarc=pass", " header.from=a",
		    "mx dmarc=pass header.from=a" },
		{ "equals", "mx; dmarc", "=", "mx dmarc=?" },
	};
	struct auth_results r;
	struct buf b;

	for (size_t i = 0; i < ROWS(rows); i++) {
		buf_init(&b, 300000);
		(void)buf_add(&b, rows[i].start);
		while (b.len < LIMIT_MAIL_HEADER)
			(void)buf_add(&b, rows[i].again);
		auth_results_init(&r);
		CHECK(auth_results_add(&r, b.data, b.len), "%s", rows[i].name);
		CHECK_STR(buf_str(&r.text), rows[i].want, "%s", rows[i].name);
		auth_results_free(&r);
		buf_free(&b);
	}
}

static CU_TestInfo tests[] = {
	{ "reads_what_servers_write", reads_what_servers_write },
	{ "follows_the_grammar", follows_the_grammar },
	{ "survives_what_is_broken", survives_what_is_broken },
	{ "is_not_fooled", is_not_fooled },
	{ "keeps_the_order", keeps_the_order },
	{ "longest_field_fits", longest_field_fits },
	{ "takes_hostile_lengths", takes_hostile_lengths },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_auth_results_suites[] = {
	{ "auth_results", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
