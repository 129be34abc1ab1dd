/*
 * mime: every part comes out, decoded.
 *
 * Names and sizes are those that Python's email package gives, where it can
 * read the mail at all.
 */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/decode/mime.h"
#include "tests/unit/unit.h"

#define NAME "receiver.example!example.jp!1793491200!1793577599.xml.gz"
#define LONG_NAME                                                  \
	"receiver.example!a-very-long-name.example.jp!1793491200!" \
	"1793577599.xml.gz"

/* What came out, as text: "name size body, ...". */
struct parts {
	struct buf text;
	size_t n;
	size_t stop_at; /* 0: never */
};

static enum diag_code
on_part(void *ctx, const char *name, bool body, const void *bytes, size_t len,
    struct diag *d)
{
	struct parts *p = ctx;
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += ((const unsigned char *)bytes)[i];
	(void)sum; /* for the sanitizer: all of it can be read */
	(void)buf_printf(&p->text, "%s%s %zu%s", p->text.len > 0 ? ", " : "",
	    name, len, body ? " body" : "");
	if (++p->n == p->stop_at)
		return diag_set(d, DIAG_RETRY, REASON_STOPPED, "stop");
	return DIAG_OK;
}

static enum diag_code
walk(const void *bytes, size_t len, struct parts *p, struct mail_info *info,
    struct diag *d)
{
	const struct mime_visitor visitor = { p, on_part };
	void *exact = unit_exact(bytes, len);
	enum diag_code code;

	buf_init(&p->text, 100000);
	code = mime_walk(exact, len, info, &visitor, d);
	free(exact);
	return code;
}

static void
hands_out_every_part(void)
{
	static const struct {
		const char *file;
		enum mail_kind kind;
		const char *want;
	} rows[] = {
		{ "bare-lf.eml", MAIL_PLAIN, " 28 body, " NAME " 573" },
		{ "crlf.eml", MAIL_PLAIN, " 28 body, " NAME " 571" },
		/* base64 that nobody said is base64 stays as it is */
		{ "base64-no-cte.eml", MAIL_PLAIN, " 28 body, " NAME " 782" },
		{ "binary-part.eml", MAIL_PLAIN, " 28 body,  576" },
		{ "eight-bit-headers.eml", MAIL_PLAIN,
		    " 28 body, " NAME " 578" },
		{ "good-and-broken.eml", MAIL_PLAIN,
		    " 28 body, " NAME " 536, " NAME " 579" },
		{ "nested-8.eml", MAIL_PLAIN, NAME " 573" },
		{ "no-end-boundary.eml", MAIL_PLAIN, " 28 body, " NAME " 579" },
		{ "plain-xml.eml", MAIL_PLAIN, " 2476 body" },
		{ "quoted-printable.eml", MAIL_PLAIN,
		    " 28 body, receiver.example!example.jp!1793491200!"
		    "1793577599.xml 2482" },
		{ "rfc2047-name.eml", MAIL_PLAIN,
		    " 28 body, \xe3\x83\xac\xe3\x83\x9d\xe3\x83\xbc\xe3\x83"
		    "\x88.xml.gz 576" },
		{ "rfc2231-split-name.eml", MAIL_PLAIN,
		    " 28 body, " LONG_NAME " 581" },
		{ "rfc822.eml", MAIL_PLAIN,
		    " 28 body,  28 body, " NAME " 572" },
		{ "signed.eml", MAIL_PLAIN,
		    " 28 body, " NAME " 572, smime.p7s 17" },
		{ "two-reports.eml", MAIL_PLAIN,
		    " 28 body, " NAME " 574,  827" },
		/* not the mail that bounced */
		{ "hostile/bounce.eml", MAIL_BOUNCE, NULL },
		{ "hostile/failure-report.eml", MAIL_FAILURE_REPORT, NULL },
		{ "hostile/tls-report.eml", MAIL_TLS_REPORT,
		    " 53 body, receiver.example!example.jp!1793491200!"
		    "1793577599!1.json.gz 311" },
		{ "hostile/header-long.eml", MAIL_PLAIN,
		    " 28 body, " NAME " 574" },
		{ "hostile/plain.eml", MAIL_PLAIN, " 44 body" },
	};
	struct parts p;
	struct mail_info info;
	struct diag d;
	char path[200];
	struct buf b;

	for (size_t i = 0; i < ROWS(rows); i++) {
		(void)snprintf(path, sizeof(path), "fixtures/mail/%s",
		    rows[i].file);
		b = unit_file(path);
		p = (struct parts){ 0 };
		CHECK_INT(walk(b.data, b.len, &p, &info, &d), DIAG_OK, "%s",
		    rows[i].file);
		CHECK_INT(info.kind, rows[i].kind, "%s", rows[i].file);
		if (rows[i].want != NULL)
			CHECK_STR(buf_str(&p.text), rows[i].want, "%s",
			    rows[i].file);
		mail_info_free(&info);
		buf_free(&p.text);
		buf_free(&b);
	}
}

/* Of a bounce nothing is read: what came back is nobody's report. */
static void
leaves_the_mail_in_a_bounce_alone(void)
{
	static const char mail[] =
	    "Content-Type: multipart/report; report-type=%s; boundary=b\n"
	    "\n--b\nContent-Type: text/plain\n\nfailed\n"
	    "--b\nContent-Type: message/rfc822\n\n"
	    "Content-Type: application/gzip; name=inner.gz\n\ninner\n"
	    "--b--\n";
	static const struct {
		const char *type;
		const char *want;
	} rows[] = {
		{ "delivery-status", "" },
		{ "Delivery-Status", "" },
		{ "feedback-report", " 6 body" },
		{ "disposition-notification", "" },
		{ "dmarc", " 6 body, inner.gz 5" },
	};
	struct parts p;
	struct mail_info info;
	struct diag d;
	char text[1000];

	for (size_t i = 0; i < ROWS(rows); i++) {
		const int n = snprintf(text, sizeof(text), mail, rows[i].type);

		p = (struct parts){ 0 };
		CHECK_INT(walk(text, (size_t)n, &p, &info, &d), DIAG_OK, "%s",
		    rows[i].type);
		CHECK_STR(buf_str(&p.text), rows[i].want, "%s", rows[i].type);
		mail_info_free(&info);
		buf_free(&p.text);
	}
}

static void
tells_what_a_mail_is(void)
{
	static const struct {
		const char *mail;
		enum mail_kind kind;
		const char *message_id;
		const char *from;
		int64_t date;
	} rows[] = {
		{ "Message-ID: <a@b>\nFrom: A <x@y.jp>\n"
		  "Date: Mon, 2 Nov 2026 03:00:00 +0900\n\nx",
		    MAIL_PLAIN, "a@b", "A <x@y.jp>", 1793556000 },
		{ "From: x@y.jp\r\n\r\nx", MAIL_PLAIN, NULL, "x@y.jp", 0 },
		{ "Subject: x\n\nx", MAIL_PLAIN, NULL, NULL, 0 },
		/* Some reporters send so. */
		{ "Return-Path: <>\n\nx", MAIL_PLAIN, NULL, NULL, 0 },
		{ "Return-Path: <>\nFrom: MAILER-DAEMON@x.jp\n\nx", MAIL_BOUNCE,
		    NULL, NULL, 0 },
		{ "Return-Path: <>\nSubject: Undelivered Mail\n\nx",
		    MAIL_BOUNCE, NULL, NULL, 0 },
		{ "Auto-Submitted: auto-replied\n\nx", MAIL_BOUNCE, NULL, NULL,
		    0 },
		{ "Auto-Submitted: auto-generated\n\nx", MAIL_PLAIN, NULL, NULL,
		    0 },
		{ "Auto-Submitted: auto-generated\nContent-Type: message/rfc822"
		  "\n\nA: b\n\nx",
		    MAIL_BOUNCE, NULL, NULL, 0 },
		{ "Content-Type: message/rfc822\n\nA: b\n\nx", MAIL_PLAIN, NULL,
		    NULL, 0 },
		{ "Return-Path: <a@b>\n\nx", MAIL_PLAIN, NULL, NULL, 0 },
		{ "X-Failed-Recipients: a@b\n\nx", MAIL_BOUNCE, NULL, NULL, 0 },
		{ "TLS-Report-Domain: a\n\nx", MAIL_TLS_REPORT, NULL, NULL, 0 },
		{ "Content-Type: multipart/report; report-type=tlsrpt;"
		  " boundary=b\n\n--b\n\nx\n--b--\n",
		    MAIL_TLS_REPORT, NULL, NULL, 0 },
		{ "Content-Type: multipart/report; boundary=b\n\n--b\n\n"
		  "x\n--b--\n",
		    MAIL_PLAIN, NULL, NULL, 0 },
		{ "Date: yesterday\n\nx", MAIL_PLAIN, NULL, NULL, 0 },
	};
	struct parts p;
	struct mail_info info;
	struct diag d;

	for (size_t i = 0; i < ROWS(rows); i++) {
		p = (struct parts){ 0 };
		CHECK_INT(walk(rows[i].mail, strlen(rows[i].mail), &p, &info,
			      &d),
		    DIAG_OK, "row %zu", i);
		CHECK_INT(info.kind, rows[i].kind, "row %zu", i);
		CHECK_STR(info.message_id, rows[i].message_id, "row %zu", i);
		if (rows[i].from != NULL)
			CHECK_STR(info.from, rows[i].from, "row %zu", i);
		CHECK_INT(info.date, rows[i].date, "row %zu", i);
		mail_info_free(&info);
		CHECK(info.message_id == NULL && info.from == NULL, "row %zu",
		    i);
		buf_free(&p.text);
	}
}

/* Of the mail that came here, not of one in it; the topmost first. */
static void
keeps_authentication_results(void)
{
	static const struct {
		const char *mail;
		const char *want;
	} rows[] = {
		{ "From: a@b\n\nx", "" },
		{ "authentication-RESULTS: mx; dmarc=pass\n"
		  "\theader.from=a.jp\nFrom: a@b\n"
		  "ARC-Authentication-Results: i=1; arc; dmarc=pass\n"
		  "Authentication-Results-Original: o; dmarc=pass\n"
		  "Authentication-Results: other; dmarc=fail\n\nx",
		    "mx dmarc=pass header.from=a.jp\nother dmarc=fail" },
		{ "From: a@b\nContent-Type: multipart/mixed; boundary=b\n"
		  "\n--b\nAuthentication-Results: part; dmarc=pass\n\nx\n"
		  "--b\nContent-Type: message/rfc822\n\n"
		  "Authentication-Results: inner; dmarc=pass\n\nx\n--b--\n",
		    "" },
		{ "Authentication-Results: outer; none\n"
		  "Content-Type: message/rfc822\n\n"
		  "Authentication-Results: inner; dmarc=pass\n\nx",
		    "outer none" },
		{ "\nAuthentication-Results: body; dmarc=pass\n", "" },
	};
	struct parts p;
	struct mail_info info;
	struct diag d;

	for (size_t i = 0; i < ROWS(rows); i++) {
		p = (struct parts){ 0 };
		CHECK_INT(walk(rows[i].mail, strlen(rows[i].mail), &p, &info,
			      &d),
		    DIAG_OK, "row %zu", i);
		CHECK_STR(info.auth_results, rows[i].want, "row %zu", i);
		mail_info_free(&info);
		CHECK(info.auth_results == NULL, "row %zu", i);
		buf_free(&p.text);
	}
}

/* What is kept of the head can go to a log and into a database. */
static void
cleans_what_it_keeps(void)
{
	static const char mail[] =
	    "Message-ID: <\xff\x01@b>\n"
	    "From: =?UTF-8?Q?a=0Ab=1B=5Bm?= <a@y.jp>\n\nx";
	struct parts p = { 0 };
	struct mail_info info;
	struct diag d;

	CHECK_INT(walk(mail, sizeof(mail) - 1, &p, &info, &d), DIAG_OK, "mail");
	CHECK(info.message_id != NULL && unit_is_text(info.message_id, ""),
	    "Message-ID");
	CHECK(info.from != NULL && unit_is_text(info.from, ""), "From");
	mail_info_free(&info);
	buf_free(&p.text);
}

/* Usual values are read here, all others by GMime: to the same end. */
static void
reads_date_and_sender(void)
{
	static const struct {
		const char *date;
		const char *from;
		int64_t seconds;
		const char *shown;
	} rows[] = {
		{ "Wed, 28 Oct 2026 03:01:00 +0000", "a@b.example", 1793156460,
		    "a@b.example" },
		{ "Wed, 28 Oct 2026 03:01:00 +0900", "a@b.example", 1793124060,
		    "a@b.example" },
		{ "Wed, 28 Oct 2026 03:01:00 -0730", "<a@b.example>",
		    1793183460, "a@b.example" },
		{ "28 Oct 2026 03:01:00 GMT", "A B <a@b.example>", 1793156460,
		    "A B <a@b.example>" },
		{ "Sat, 31 Oct 2026 03:01:00 +0000", "\"A B\" <a@b.example>",
		    1793415660, "A B <a@b.example>" },
		{ "Sat,\n 31 Oct 2026 03:01:00 +0000", "\"A, B\" <a@b.example>",
		    1793415660, "\"A, B\" <a@b.example>" },
		{ "yesterday", ".a@b.example", 0, NULL },
	};
	struct parts p = { 0 };
	struct mail_info info;
	struct diag d;
	char *mail;

	for (size_t i = 0; i < ROWS(rows); i++) {
		mail = mem_printf("Date: %s\nFrom: %s\n\nx", rows[i].date,
		    rows[i].from);
		CHECK_INT(walk(mail, strlen(mail), &p, &info, &d), DIAG_OK,
		    "row %zu", i);
		CHECK_INT(info.date, rows[i].seconds, "row %zu", i);
		CHECK_STR(info.from, rows[i].shown, "row %zu", i);
		mail_info_free(&info);
		buf_free(&p.text);
		free(mail);
	}
}

static void
stops_when_told(void)
{
	struct buf b = unit_file("fixtures/mail/two-reports.eml");
	struct parts p;
	struct mail_info info;
	struct diag d;

	for (size_t n = 1; n <= 3; n++) {
		p = (struct parts){ .stop_at = n };
		CHECK_INT(walk(b.data, b.len, &p, &info, &d), DIAG_RETRY,
		    "at %zu", n);
		CHECK_STR(reason_name(d.reason), "stopped", "at %zu", n);
		CHECK_INT(p.n, n, "at %zu", n);
		mail_info_free(&info);
		buf_free(&p.text);
	}
	buf_free(&b);
}

static CU_TestInfo tests[] = {
	{ "hands_out_every_part", hands_out_every_part },
	{ "leaves_the_mail_in_a_bounce_alone",
	    leaves_the_mail_in_a_bounce_alone },
	{ "tells_what_a_mail_is", tells_what_a_mail_is },
	{ "keeps_authentication_results", keeps_authentication_results },
	{ "cleans_what_it_keeps", cleans_what_it_keeps },
	{ "reads_date_and_sender", reads_date_and_sender },
	{ "stops_when_told", stops_when_told },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_mime_suites[] = {
	{ "mime", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
