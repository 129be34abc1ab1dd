/* domain: one spelling for each name, and who belongs to whom. */
#include <string.h>

#include "ingest/decode/domain.h"
#include "tests/unit/unit.h"

#define A10     "aaaaaaaaaa"
#define A50     A10 A10 A10 A10 A10
#define A250    A50 A50 A50 A50 A50

#define ADDRESS QUIRK_BIT(QUIRK_ADDRESS_AS_DOMAIN)
#define IDN     QUIRK_BIT(QUIRK_IDN_DOMAIN)
#define DOT     QUIRK_BIT(QUIRK_TRAILING_DOT)
#define CUT     QUIRK_BIT(QUIRK_VALUE_CUT)

/* The A-labels are those of Python's idna and of RFC 5891's own examples. */
static void
has_one_spelling(void)
{
	static const struct {
		const char *in;
		const char *want;
		uint64_t quirks;
	} rows[] = {
		{ "example.jp", "example.jp", 0 },
		{ "EXAMPLE.Co.JP", "example.co.jp", 0 },
		{ "example.jp.", "example.jp", DOT },
		{ "example.jp..", "example.jp", DOT },
		{ ".", "", DOT },
		{ "", "", 0 },
		{ "info@Example.jp", "example.jp", ADDRESS },
		{ "a@b@example.jp", "example.jp", ADDRESS },
		{ "\"a@b\"@example.jp.", "example.jp", ADDRESS | DOT },
		{ "Name <info@example.jp>", "example.jp", ADDRESS | DOT },
		{ "info@", "", ADDRESS },
		{ "_dmarc.example.jp", "_dmarc.example.jp", 0 },
		{ "xn--wgv71a119e.jp", "xn--wgv71a119e.jp", 0 },
		{ "XN--WGV71A119E.JP", "xn--wgv71a119e.jp", 0 },
		/* 日本語.jp */
		{ "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e.jp",
		    "xn--wgv71a119e.jp", IDN },
		{ "info@\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e.jp.",
		    "xn--wgv71a119e.jp", IDN | ADDRESS | DOT },
		/* bücher.example, decomposed and in capitals */
		{ "b\xc3\xbc"
		  "cher.example",
		    "xn--bcher-kva.example", IDN },
		{ "bu\xcc\x88"
		  "cher.example",
		    "xn--bcher-kva.example", IDN },
		{ "B\xc3\x9c"
		  "CHER.example",
		    "xn--bcher-kva.example", IDN },
		/* full width letters and dot are the same name */
		{ "\xef\xbd\x85xample\xe3\x80\x82jp", "example.jp", IDN },
		/* what is no name stays as it is */
		{ "not a domain", "not a domain", 0 },
		{ "a\\b", "a\\b", 0 },
		{ "192.0.2.1", "192.0.2.1", 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char out[DOMAIN_SIZE];
		uint64_t quirks = 0;

		domain_normalise(rows[i].in, out, &quirks);
		CHECK_STR(out, rows[i].want, "%s", rows[i].in);
		CHECK_INT(quirks, rows[i].quirks, "%s", rows[i].in);
		/* Once more changes nothing. */
		quirks = 0;
		domain_normalise(rows[i].want, out, &quirks);
		CHECK_STR(out, rows[i].want, "%s, again", rows[i].want);
		CHECK_INT(quirks, 0, "%s, again", rows[i].want);
	}
}

static void
is_cut_at_253_bytes(void)
{
	static const struct {
		const char *in;
		size_t want;
		uint64_t quirks;
	} rows[] = {
		{ A250 "aaa", 253, 0 },
		{ A250 "aaa.", 253, DOT },
		{ A250 "aaab", 253, CUT },
		{ A250 "aaabc", 253, CUT },
		{ A250 A250 A250, 253, CUT },
		{ "x@" A250 A250, 253, CUT | ADDRESS },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char out[DOMAIN_SIZE];
		uint64_t quirks = 0;

		domain_normalise(rows[i].in, out, &quirks);
		CHECK_INT(strlen(out), rows[i].want, "row %zu", i);
		CHECK_INT(quirks, rows[i].quirks, "row %zu", i);
	}
}

/* Too long for A-labels, so that it stays UTF-8: no half character. */
static void
is_cut_at_a_character(void)
{
	char in[400];

	for (size_t pad = 0; pad < 4; pad++) {
		char out[DOMAIN_SIZE];
		uint64_t quirks = 0;

		memset(in, 'a', pad);
		for (size_t i = pad; i + 3 < sizeof(in); i += 3)
			memcpy(in + i, "\xe3\x81\x82", 4);
		domain_normalise(in, out, &quirks);
		CHECK(unit_is_text(out, ""), "pad %zu", pad);
		CHECK(strlen(out) > 250 && strlen(out) <= 253, "pad %zu", pad);
		CHECK((quirks & IDN) != 0, "pad %zu", pad);
	}
}

/* After publicsuffix.org's list and its test data. */
static void
organizational_domains(void)
{
	static const struct {
		const char *name;
		const char *want;
	} rows[] = {
		{ "example.co.jp", "example.co.jp" },
		{ "info.example.co.jp", "example.co.jp" },
		{ "a.b.c.example.co.jp", "example.co.jp" },
		{ "example.jp", "example.jp" },
		{ "mail.example.jp", "example.jp" },
		{ "www.city.kobe.jp", "city.kobe.jp" },
		{ "a.b.c.kobe.jp", "b.c.kobe.jp" },
		{ "mail.example.com", "example.com" },
		{ "mail.example.co.uk", "example.co.uk" },
		/* public suffixes themselves have none above them */
		{ "co.jp", "co.jp" },
		{ "jp", "jp" },
		{ "com", "com" },
		/* no rule: the last label is the suffix (rule *) */
		{ "a.b.example", "b.example" },
		{ "localhost", "localhost" },
		{ "xn--wgv71a119e.jp", "xn--wgv71a119e.jp" },
		{ "a.xn--wgv71a119e.jp", "xn--wgv71a119e.jp" },
		{ "192.0.2.1", "192.0.2.1" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "", "" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *org = domain_org(rows[i].name);

		CHECK_STR(org, rows[i].want, "%s", rows[i].name);
		CHECK(org >= rows[i].name &&
			org <= rows[i].name + strlen(rows[i].name),
		    "%s: a part of it", rows[i].name);
	}
}

static const char *
org(const char *name)
{
	return name == NULL ? NULL : domain_org(name);
}

static void
aligns(void)
{
	static const struct {
		const char *name;
		const char *from;
		enum alignment want;
	} rows[] = {
		{ "example.co.jp", "example.co.jp", ALIGN_STRICT },
		{ "mail.example.co.jp", "example.co.jp", ALIGN_RELAXED },
		{ "example.co.jp", "mail.example.co.jp", ALIGN_RELAXED },
		{ "a.example.co.jp", "b.example.co.jp", ALIGN_RELAXED },
		{ "example.co.jp", "other.co.jp", ALIGN_NONE },
		{ "example.co.jp", "example.jp", ALIGN_NONE },
		{ "notexample.co.jp", "example.co.jp", ALIGN_NONE },
		{ "co.jp", "example.co.jp", ALIGN_NONE },
		{ "sendgrid.net", "example.co.jp", ALIGN_NONE },
		{ "192.0.2.1", "192.0.2.1", ALIGN_STRICT },
		{ "192.0.2.1", "198.51.2.1", ALIGN_NONE },
		{ NULL, "example.jp", ALIGN_UNKNOWN },
		{ "example.jp", NULL, ALIGN_UNKNOWN },
		{ "", "example.jp", ALIGN_UNKNOWN },
		{ "example.jp", "", ALIGN_UNKNOWN },
		{ "", "", ALIGN_UNKNOWN },
		{ NULL, NULL, ALIGN_UNKNOWN },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		CHECK_INT(domain_alignment(rows[i].name, org(rows[i].name),
			      rows[i].from, org(rows[i].from)),
		    rows[i].want, "row %zu", i);
}

static CU_TestInfo tests[] = {
	{ "has_one_spelling", has_one_spelling },
	{ "is_cut_at_253_bytes", is_cut_at_253_bytes },
	{ "is_cut_at_a_character", is_cut_at_a_character },
	{ "organizational_domains", organizational_domains },
	{ "aligns", aligns },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_domain_suites[] = {
	{ "domain", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
