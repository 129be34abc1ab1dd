/* sniff: the bytes tell, whatever the name says. */
#include <stdlib.h>
#include <string.h>

#include "ingest/decode/padding.h"
#include "ingest/decode/sniff.h"
#include "tests/unit/unit.h"

#define BYTES(s) s, sizeof(s) - 1

static void
knows_every_kind(void)
{
	static const struct {
		const char *what;
		const char *bytes;
		size_t len;
		enum kind want;
	} rows[] = {
		{ "nothing", BYTES(""), KIND_EMPTY },
		{ "white space", BYTES(" \t\r\n"), KIND_EMPTY },
		{ "byte order mark alone", BYTES("\xef\xbb\xbf"), KIND_EMPTY },
		{ "NUL", BYTES("\0"), KIND_OTHER },
		{ "one letter", BYTES("a"), KIND_TEXT },
		{ "XML", BYTES("<?xml version=\"1.0\"?><a/>"), KIND_XML },
		{ "XML, no declaration", BYTES("<feedback>"), KIND_XML },
		{ "<", BYTES("<"), KIND_XML },
		{ "XML after white space", BYTES("\r\n <?xml"), KIND_XML },
		{ "XML after a byte order mark", BYTES("\xef\xbb\xbf<?xml"),
		    KIND_XML },
		{ "both", BYTES("\xef\xbb\xbf\n<?xml"), KIND_XML },
		{ "half a mark", BYTES("\xef\xbb<a>"), KIND_TEXT },
		{ "UTF-16 LE with mark", BYTES("\xff\xfe<\0a\0"), KIND_XML },
		{ "UTF-16 BE with mark", BYTES("\xfe\xff\0<\0a"), KIND_XML },
		{ "UTF-16 LE", BYTES("<\0?\0"), KIND_XML },
		{ "UTF-16 BE", BYTES("\0<\0?"), KIND_XML },
		{ "HTML", BYTES("<html>"), KIND_HTML },
		{ "HTML, capitals", BYTES("<!DOCTYPE HTML PUBLIC"), KIND_HTML },
		{ "HTML after white space", BYTES("\n<!doctype html>"),
		    KIND_HTML },
		{ "JSON", BYTES("{\"a\":1}"), KIND_JSON },
		{ "TLS report", BYTES("{\"organization-name\":\"a\"}"),
		    KIND_TLS_REPORT },
		{ "TLS report, another way", BYTES("{\"policies\":[]}"),
		    KIND_TLS_REPORT },
		{ "gzip", BYTES("\x1f\x8b\x08\0"), KIND_GZIP },
		{ "gzip, its two bytes", BYTES("\x1f\x8b"), KIND_GZIP },
		{ "gzip, one byte", BYTES("\x1f"), KIND_OTHER },
		{ "gzip after CRLF", BYTES("\r\n\x1f\x8b\x08"), KIND_GZIP },
		{ "zip", BYTES("PK\x03\x04xxxx"), KIND_ZIP },
		{ "zip, empty", BYTES("PK\x05\x06xxxx"), KIND_ZIP },
		{ "zip, short", BYTES("PK\x03"), KIND_OTHER },
		{ "PK", BYTES("PKxx"), KIND_TEXT },
		{ "xz",
		    BYTES("\xfd"
			  "7zXZ\0"),
		    KIND_XZ },
		{ "xz, short",
		    BYTES("\xfd"
			  "7zXZ"),
		    KIND_TEXT },
		{ "zstd", BYTES("\x28\xb5\x2f\xfd"), KIND_ZSTD },
		{ "bzip2", BYTES("BZh91AY&SY"), KIND_BZIP2 },
		{ "7z", BYTES("7z\xbc\xaf\x27\x1c"), KIND_7Z },
		{ "mbox", BYTES("From a Mon Nov  2 03:00:00 2026\nA: b\n"),
		    KIND_MBOX },
		{ "mail", BYTES("Subject: x\n\ntext"), KIND_MAIL },
		{ "mail, CRLF", BYTES("Return-Path: <>\r\n"), KIND_MAIL },
		{ "mail, From:", BYTES("From: a@b\n"), KIND_MAIL },
		{ "mail after an empty line", BYTES("\nTo: a\n"), KIND_MAIL },
		{ "a field and no line end", BYTES("Subject: x"), KIND_TEXT },
		{ "text", BYTES("Hello world: this\n"), KIND_TEXT },
		{ "colon first", BYTES(": x\n"), KIND_TEXT },
		{ "no colon", BYTES("Subject\nx: y\n"), KIND_TEXT },
		{ "a text with From", BYTES("From"), KIND_TEXT },
		{ "picture", BYTES("\x89PNG\r\n\x1a\n"), KIND_HARMLESS },
		{ "PDF", BYTES("%PDF-1.4\n"), KIND_HARMLESS },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		void *exact = unit_exact(rows[i].bytes, rows[i].len);

		CHECK_INT(sniff(exact, rows[i].len), rows[i].want, "%s",
		    rows[i].what);
		free(exact);
	}
}

/* A text that happens to begin with a word does not become something else. */
static void
from_is_a_word_too(void)
{
	CHECK_INT(sniff(BYTES("from here on: nothing\n")), KIND_TEXT,
	    "small letters");
	CHECK_INT(sniff(BYTES("From here on: nothing\n")), KIND_TEXT,
	    "no time of day");
	CHECK_INT(sniff(BYTES("FROM THE DESK OF\n")), KIND_TEXT, "capitals");
}

static void
long_names_are_no_header_fields(void)
{
	char s[200];

	/* 79 characters and a colon, and one more */
	for (size_t n = 79; n <= 80; n++) {
		memset(s, 'A', n);
		memcpy(s + n, ": x\n", 4);
		CHECK_INT(sniff(s, n + 4), n < 80 ? KIND_MAIL : KIND_TEXT,
		    "%zu", n);
	}
}

static void
knows_tar_by_its_place(void)
{
	char s[512] = "report.xml";

	memcpy(s + 257, "ustar", 5);
	CHECK_INT(sniff(s, sizeof(s)), KIND_TAR, "whole block");
	CHECK_INT(sniff(s, 511), KIND_OTHER, "less than a block");
	CHECK_INT(sniff(s + 1, 511), KIND_OTHER, "a byte off");
}

/* Whoever sends a mail may choose what its first 512 bytes add up to. */
static void
a_mail_is_no_tar(void)
{
	char s[1024];
	char sum[8];
	unsigned n = 0;

	memset(s, 'a', sizeof(s));
	memcpy(s, "Return-Path: <", 14);
	memset(s + 148, ' ', 8);
	memcpy(s + 500, "\n\nbody", 6);
	for (size_t i = 0; i < 512; i++)
		n += (unsigned char)s[i];
	(void)snprintf(sum, sizeof(sum), "%07o", n);
	memcpy(s + 148, sum, 7);
	CHECK_INT(sniff(s, sizeof(s)), KIND_MAIL, "check sum of a tar");
	memcpy(s + 257, "ustar", 5);
	CHECK_INT(sniff(s, sizeof(s)), KIND_MAIL, "mark of a tar");
}

static void
padding_is_what_goes_before(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		size_t want;
	} rows[] = {
		{ BYTES(""), 0 },
		{ BYTES("x"), 0 },
		{ BYTES(" x"), 1 },
		{ BYTES("\r\n\t x"), 4 },
		{ BYTES("\xef\xbb\xbfx"), 3 },
		{ BYTES("\xef\xbb\xbf \nx"), 5 },
		{ BYTES(" \xef\xbb\xbfx"), 4 },
		{ BYTES("\xef\xbb\xbf\xef\xbb\xbfx"), 6 },
		{ BYTES("\xc3\xaf\xc2\xbb\xc2\xbfx"), 6 },
		{ BYTES("\xe2\x80\x8bx"), 3 },
		{ BYTES("\xc2\xa0\xe2\x81\xa0x"), 5 },
		{ BYTES("\xe2\x80x"), 0 },
		{ BYTES("\xef\xbb"), 0 },
		{ BYTES("   "), 3 },
		{ BYTES("\0 x"), 0 },
		{ BYTES(" \0x"), 1 },
		{ BYTES("\vx"), 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		void *exact = unit_exact(rows[i].bytes, rows[i].len);

		CHECK_INT(padding_length(exact, rows[i].len), rows[i].want,
		    "row %zu", i);
		free(exact);
	}
}

static void
archives_are_what_unpack_takes(void)
{
	static const enum kind yes[] = { KIND_GZIP, KIND_ZIP, KIND_XZ,
		KIND_ZSTD, KIND_BZIP2, KIND_7Z, KIND_TAR };
	static const enum kind no[] = { KIND_EMPTY, KIND_XML, KIND_HTML,
		KIND_JSON, KIND_TLS_REPORT, KIND_MBOX, KIND_MAIL, KIND_OTHER };

	for (size_t i = 0; i < ROWS(yes); i++)
		CHECK(sniff_is_archive(yes[i]), "kind %d", (int)yes[i]);
	for (size_t i = 0; i < ROWS(no); i++)
		CHECK(!sniff_is_archive(no[i]), "kind %d", (int)no[i]);
}

static CU_TestInfo tests[] = {
	{ "knows_every_kind", knows_every_kind },
	{ "from_is_a_word_too", from_is_a_word_too },
	{ "long_names_are_no_header_fields", long_names_are_no_header_fields },
	{ "knows_tar_by_its_place", knows_tar_by_its_place },
	{ "a_mail_is_no_tar", a_mail_is_no_tar },
	{ "padding_is_what_goes_before", padding_is_what_goes_before },
	{ "archives_are_what_unpack_takes", archives_are_what_unpack_takes },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_sniff_suites[] = {
	{ "sniff", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
