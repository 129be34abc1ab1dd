/* xml: elements and their texts, whatever the pieces; and no more than that. */
#include <stdlib.h>
#include <string.h>

#include "ingest/limits.h"
#include "ingest/decode/xml.h"
#include "tests/unit/unit.h"

#define BYTES(s) s, sizeof(s) - 1

struct events {
	struct xml *xml;
	struct buf text;
	size_t n;
	bool cut;
	size_t stop_at; /* 0: never */
	struct diag why;
	size_t errors;
	bool root;
	bool replaced;
};

static void
on_start(void *ctx, const char *name, const char *uri)
{
	struct events *e = ctx;

	(void)buf_printf(&e->text, "<%s%s%s>", name, uri == NULL ? "" : " ",
	    uri == NULL ? "" : uri);
	if (++e->n == e->stop_at)
		xml_stop(e->xml, &e->why);
}

static void
on_end(void *ctx, char *text, size_t len, bool cut)
{
	struct events *e = ctx;

	CHECK(text[len] == '\0' && strlen(text) == len, "text of %zu", len);
	CHECK(unit_is_text(text, "\t\n\r"), "text");
	(void)buf_printf(&e->text, "%s/", text);
	e->cut = e->cut || cut;
	memset(text, 'x', len); /* it may be changed */
}

/* Bytes that come piece by piece. */
struct pieces {
	const char *at;
	size_t left;
	size_t piece;
};

static bool
next(void *ctx, const char **piece, size_t *n)
{
	struct pieces *p = ctx;

	*piece = p->at;
	*n = p->left < p->piece ? p->left : p->piece;
	p->at += *n;
	p->left -= *n;
	return true;
}

static enum diag_code
parse(const void *bytes, size_t len, size_t piece, bool recover,
    struct events *e, struct diag *d)
{
	const struct xml_handler handler = { e, on_start, on_end };
	char *exact = unit_exact(bytes, len);
	struct pieces pieces = { exact, len, piece };
	const struct xml_source source = { &pieces, next };
	enum diag_code code;

	buf_init(&e->text, 4 * LIMIT_MIB);
	*d = (struct diag){ 0 };
	e->xml = xml_open(&handler, recover);
	code = xml_read(e->xml, &source, d);
	e->errors = xml_errors(e->xml);
	e->root = xml_has_root(e->xml);
	e->replaced = xml_replaced(e->xml);
	xml_close(e->xml);
	free(exact);
	return code;
}

static void
reports_elements_and_texts(void)
{
	static const struct {
		const char *what;
		const char *xml;
		const char *want;
	} rows[] = {
		{ "one", "<a>x</a>", "<a>x/" },
		{ "empty", "<a/>", "<a>/" },
		{ "nested", "<a><b>x</b><c>y</c></a>", "<a><b>x/<c>y//" },
		{ "text since the last start or end", "<a>1<b>2</b>3<c/>4</a>",
		    "<a><b>2/<c>/4/" },
		{ "white space stays", "<a> x\n\ty </a>", "<a> x\n\ty /" },
		{ "CRLF is a line end", "<a>x\r\ny</a>", "<a>x\ny/" },
		{ "entities", "<a>&lt;&amp;&gt;&quot;&apos;</a>",
		    "<a><&>\"'/" },
		{ "character references", "<a>&#65;&#x3042;&#128512;</a>",
		    "<a>A\xe3\x81\x82\xf0\x9f\x98\x80/" },
		{ "CDATA", "<a>x<![CDATA[<b>&amp;]]>y</a>", "<a>x<b>&amp;y/" },
		{ "comments and instructions are not there",
		    "<?x y?><!-- a --><a>x<!-- <b> -->y<?z?>z</a><!---->",
		    "<a>xyz/" },
		{ "prefixes are looked through",
		    "<p:a xmlns:p='urn:1'><p:b>x</p:b><c/></p:a>",
		    "<a urn:1><b urn:1>x/<c>//" },
		{ "a namespace is handed on", "<a xmlns='urn:1'><b/></a>",
		    "<a urn:1><b urn:1>//" },
		{ "attributes are not there", "<a b='c' d=\"e\">x</a>",
		    "<a>x/" },
	};
	static const size_t pieces[] = { SIZE_MAX, 1, 2, 7 };
	struct events e;
	struct diag d;

	for (size_t i = 0; i < ROWS(rows); i++)
		for (size_t k = 0; k < ROWS(pieces); k++) {
			e = (struct events){ 0 };
			CHECK(parse(rows[i].xml, strlen(rows[i].xml), pieces[k],
				  false, &e, &d) == DIAG_OK,
			    "%s: %s", rows[i].what, d.text);
			CHECK_STR(buf_str(&e.text), rows[i].want, "%s, by %zu",
			    rows[i].what, pieces[k]);
			CHECK(e.root && e.errors == 0 && !e.cut, "%s",
			    rows[i].what);
			buf_free(&e.text);
		}
}

/* Of every fixture: byte by byte and as a whole, the same. */
static void
pieces_make_no_difference(void)
{
	static const char *const files[] = { "attributes", "cdata", "comments",
		"dkim-120", "email-entities", "enc-euc-jp", "enc-iso-2022-jp",
		"enc-shift_jis", "enc-utf-16le-bom", "enc-windows-1252",
		"extension", "layout-crlf", "ns-prefix-all", "plain-7489",
		"plain-9990", "plain-japanese", "text-astral" };
	struct events whole;
	struct events bytes;
	struct diag d;
	char path[200];
	struct buf b;

	for (size_t i = 0; i < ROWS(files); i++) {
		(void)snprintf(path, sizeof(path), "fixtures/xml/%s.xml",
		    files[i]);
		b = unit_file(path);
		whole = (struct events){ 0 };
		bytes = (struct events){ 0 };
		CHECK(parse(b.data, b.len, SIZE_MAX, false, &whole, &d) ==
			DIAG_OK,
		    "%s: %s", files[i], d.text);
		CHECK(parse(b.data, b.len, 1, false, &bytes, &d) == DIAG_OK,
		    "%s: %s", files[i], d.text);
		CHECK(whole.n > 10, "%s", files[i]);
		CHECK_STR(buf_str(&bytes.text), buf_str(&whole.text), "%s",
		    files[i]);
		buf_free(&whole.text);
		buf_free(&bytes.text);
		buf_free(&b);
	}
}

/* The bytes are those of iconv -f utf-8 -t ENCODING for 日本 and for ü€. */
static void
reads_encodings(void)
{
	static const struct {
		const char *what;
		const char *bytes;
		size_t len;
		const char *want;
	} rows[] = {
		{ "UTF-8",
		    BYTES("<?xml version='1.0' encoding='UTF-8'?>"
			  "<a>\xe6\x97\xa5\xe6\x9c\xac</a>"),
		    "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "none named", BYTES("<a>\xe6\x97\xa5\xe6\x9c\xac</a>"),
		    "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "ISO-2022-JP",
		    BYTES("<?xml version='1.0' encoding='ISO-2022-JP'?>"
			  "<a>\x1b$BF|K\\\x1b(B</a>"),
		    "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "Shift_JIS",
		    BYTES("<?xml version='1.0' encoding='Shift_JIS'?>"
			  "<a>\x93\xfa\x96{</a>"),
		    "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "EUC-JP",
		    BYTES("<?xml version='1.0' encoding='EUC-JP'?>"
			  "<a>\xc6\xfc\xcb\xdc</a>"),
		    "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "windows-1252",
		    BYTES("<?xml version='1.0' encoding='windows-1252'?>"
			  "<a>\xfc\x80</a>"),
		    "\xc3\xbc\xe2\x82\xac" },
		{ "ISO-8859-1",
		    BYTES("<?xml version='1.0' encoding='ISO-8859-1'?>"
			  "<a>\xfc</a>"),
		    "\xc3\xbc" },
		{ "UTF-16 LE with mark",
		    BYTES("\xff\xfe<\0a\0>\0\xe5\x65\x2c\x67<\0/\0a\0>\0"),
		    "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "UTF-16 BE with mark",
		    BYTES("\xfe\xff\0<\0a\0>\x65\xe5\x67\x2c\0<\0/\0a\0>"),
		    "\xe6\x97\xa5\xe6\x9c\xac" },
	};
	struct events e;
	struct diag d;
	char want[100];

	for (size_t i = 0; i < ROWS(rows); i++)
		for (size_t piece = 1; piece <= 1000; piece += 999) {
			e = (struct events){ 0 };
			(void)snprintf(want, sizeof(want), "<a>%s/",
			    rows[i].want);
			CHECK(parse(rows[i].bytes, rows[i].len, piece, false,
				  &e, &d) == DIAG_OK,
			    "%s: %s", rows[i].what, d.text);
			CHECK_STR(buf_str(&e.text), want, "%s, by %zu",
			    rows[i].what, piece);
			buf_free(&e.text);
		}
}

static void
refuses_what_is_broken(void)
{
	static const struct {
		const char *what;
		const char *bytes;
		size_t len;
		enum diag_code code;
		const char *reason;
		bool root;
	} rows[] = {
		{ "nothing", BYTES(""), DIAG_FORMAT, "broken_xml", false },
		{ "text", BYTES("hello"), DIAG_FORMAT, "broken_xml", false },
		{ "no end", BYTES("<a>b<c/>"), DIAG_FORMAT, "broken_xml",
		    true },
		{ "other end", BYTES("<a></b>"), DIAG_FORMAT, "broken_xml",
		    true },
		{ "crossed", BYTES("<a><b></a></b>"), DIAG_FORMAT, "broken_xml",
		    true },
		{ "two roots", BYTES("<a/><b/>"), DIAG_FORMAT, "broken_xml",
		    true },
		{ "an entity that is not there", BYTES("<a>&nbsp;</a>"),
		    DIAG_FORMAT, "broken_xml", true },
		{ "NUL", BYTES("<a>\0</a>"), DIAG_FORMAT, "broken_xml", true },
		{ "NUL behind the end", BYTES("<a/>\0"), DIAG_FORMAT,
		    "broken_xml", true },
		{ "NUL and more", BYTES("<a/>\n\0<a/>"), DIAG_FORMAT,
		    "broken_xml", true },
		{ "BEL", BYTES("<a>\a</a>"), DIAG_FORMAT, "broken_xml", true },
		{ "BEL by number", BYTES("<a>&#7;</a>"), DIAG_FORMAT,
		    "broken_xml", true },
		{ "surrogate by number", BYTES("<a>&#xd800;</a>"), DIAG_FORMAT,
		    "broken_xml", true },
		{ "no UTF-8", BYTES("<a>\xfc\xfc</a>"), DIAG_FORMAT,
		    "broken_xml", true },
		{ "overlong", BYTES("<a>\xc0\xaf</a>"), DIAG_FORMAT,
		    "broken_xml", true },
		{ "DOCTYPE", BYTES("<!DOCTYPE feedback><feedback/>"),
		    DIAG_FORMAT, "doctype", false },
		{ "DOCTYPE with entities",
		    BYTES("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
		    DIAG_FORMAT, "doctype", false },
		{ "DOCTYPE with a file",
		    BYTES("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"),
		    DIAG_FORMAT, "doctype", false },
		{ "DOCTYPE html", BYTES("<!DOCTYPE html><html></html>"),
		    DIAG_FORMAT, "html", false },
		{ "DOCTYPE HTML", BYTES("<!DOCTYPE HTML PUBLIC 'a' 'b'>"),
		    DIAG_FORMAT, "html", false },
	};
	struct events e;
	struct diag d;

	for (size_t i = 0; i < ROWS(rows); i++)
		for (size_t piece = 1; piece <= 1000; piece += 999) {
			e = (struct events){ 0 };
			CHECK_INT(parse(rows[i].bytes, rows[i].len, piece,
				      false, &e, &d),
			    rows[i].code, "%s, by %zu", rows[i].what, piece);
			CHECK_STR(reason_name(d.reason), rows[i].reason,
			    "%s, by %zu", rows[i].what, piece);
			CHECK_INT(e.root, rows[i].root, "%s, by %zu",
			    rows[i].what, piece);
			CHECK(d.text[0] != '\0' && unit_is_text(d.text, ""),
			    "%s", rows[i].what);
			buf_free(&e.text);
		}
}

/* libxml2 asks for 4,000 bytes at a time: wherever the end is, it is met. */
static void
meets_the_end(void)
{
	char text[8200];
	struct events e;
	struct diag d;

	for (size_t len = 3900; len < sizeof(text); len++) {
		memset(text, ' ', len);
		memcpy(text, "<a/>", 4);
		for (int recover = 0; recover < 2; recover++) {
			e = (struct events){ 0 };
			CHECK(parse(text, len, SIZE_MAX, recover == 1, &e,
				  &d) == DIAG_OK,
			    "%zu bytes: %s", len, d.text);
			buf_free(&e.text);
			e = (struct events){ 0 };
			text[len - 1] = 'x';
			CHECK(parse(text, len, SIZE_MAX, recover == 1, &e,
				  &d) == DIAG_FORMAT,
			    "%zu bytes and more", len - 1);
			buf_free(&e.text);
			text[len - 1] = ' ';
		}
	}
}

/* A DOCTYPE is refused in the recovering pass, too. */
static void
recovers(void)
{
	static const struct {
		const char *what;
		const char *bytes;
		size_t len;
		const char *want;
		bool hurt; /* the structure, maybe */
		bool replaced;
	} rows[] = {
		{ "sound", BYTES("<a>x<b/></a>"), "<a><b>//", false, false },
		{ "entity", BYTES("<a>x&nbsp;y</a>"), "<a>xy/", false, false },
		{ "BEL", BYTES("<a>x\ay</a>"), NULL, false, false },
		{ "other end", BYTES("<a><b>x</c></a>"), NULL, true, false },
		{ "no end", BYTES("<a><b>x</b>"), "<a><b>x/", true, false },
		{ "Latin-1", BYTES("<a>\xfc</a>"), NULL, false, true },
		{ "Latin-1 umlaut, then a tail byte",
		    BYTES("<a>\xfc\x8a\x94"
			  "</a>"),
		    NULL, false, true },
		{ "tail bytes", BYTES("<a>\x8a\x94\x8e\xae</a>"), NULL, false,
		    true },
		{ "overlong", BYTES("<a>\xc0\xaf\xe0\x80\xaf</a>"), NULL, false,
		    true },
		{ "surrogate", BYTES("<a>\xed\xa0\x80</a>"), NULL, false,
		    true },
	};
	struct events e;
	struct diag d;

	for (size_t i = 0; i < ROWS(rows); i++) {
		e = (struct events){ 0 };
		CHECK(parse(rows[i].bytes, rows[i].len, SIZE_MAX, true, &e,
			  &d) == DIAG_OK,
		    "%s: %s", rows[i].what, d.text);
		CHECK(e.root, "%s", rows[i].what);
		CHECK_INT(e.errors > 0, rows[i].hurt, "%s", rows[i].what);
		/* What libxml2 leaves out need not be replaced. */
		CHECK(e.replaced == rows[i].replaced ||
			strstr(buf_str(&e.text), "<a>/") != NULL,
		    "%s", rows[i].what);
		if (rows[i].want != NULL)
			CHECK_STR(buf_str(&e.text), rows[i].want, "%s",
			    rows[i].what);
		CHECK(unit_is_text(buf_str(&e.text), "\a"), "%s", rows[i].what);
		buf_free(&e.text);
	}
	e = (struct events){ 0 };
	CHECK(parse(BYTES("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), SIZE_MAX,
		  true, &e, &d) == DIAG_FORMAT,
	    "DOCTYPE");
	CHECK_STR(reason_name(d.reason), "doctype", "DOCTYPE");
	CHECK_INT(e.n, 0, "DOCTYPE");
	buf_free(&e.text);
}

static void
stops_when_told(void)
{
	static const char xml[] = "<a><b/><c/><d/></a>";
	struct events e;
	struct diag d;

	for (size_t n = 1; n <= 4; n++)
		for (size_t piece = 1; piece <= 1000; piece += 999) {
			e = (struct events){ .stop_at = n };
			(void)diag_set(&e.why, DIAG_RETRY, REASON_STOPPED,
			    "enough");
			CHECK_INT(parse(BYTES(xml), piece, false, &e, &d),
			    DIAG_RETRY, "at %zu", n);
			CHECK_STR(reason_name(d.reason), "stopped", "at %zu",
			    n);
			CHECK_INT(e.n, n, "at %zu", n);
			buf_free(&e.text);
		}
}

/* So deep and no deeper. */
static void
depth_is_bounded(void)
{
	static const struct {
		int depth;
		enum diag_code want;
	} rows[] = {
		{ LIMIT_XML_DEPTH, DIAG_OK },
		{ LIMIT_XML_DEPTH + 1, DIAG_LIMIT },
		{ 10000, DIAG_LIMIT },
	};
	struct events e;
	struct diag d;
	struct buf b;

	for (size_t i = 0; i < ROWS(rows); i++)
		for (int recover = 0; recover < 2; recover++) {
			buf_init(&b, LIMIT_MIB);
			for (int k = 0; k < rows[i].depth; k++)
				(void)buf_add(&b, "<a>");
			for (int k = 0; k < rows[i].depth; k++)
				(void)buf_add(&b, "</a>");
			e = (struct events){ 0 };
			CHECK_INT(parse(b.data, b.len, SIZE_MAX, recover != 0,
				      &e, &d),
			    rows[i].want, "%d", rows[i].depth);
			if (rows[i].want != DIAG_OK)
				CHECK_STR(reason_name(d.reason), "xml_too_deep",
				    "%d", rows[i].depth);
			CHECK(e.n <= LIMIT_XML_DEPTH, "%d", rows[i].depth);
			buf_free(&e.text);
			buf_free(&b);
		}
}

/* What the parser must hold as a whole may not be large. */
static void
silence_is_bounded(void)
{
	static const struct {
		const char *what;
		const char *before;
		const char *after;
		size_t len;
		enum diag_code want;
	} rows[] = {
		{ "start tag", "<a b='", "'/>", 2000000, DIAG_LIMIT },
		{ "comment", "<a><!--", "--></a>", 2000000, DIAG_LIMIT },
		{ "attribute without an end", "<a b='", "", 2000000,
		    DIAG_LIMIT },
		{ "name", "<", "/>", 2000000, DIAG_LIMIT },
		{ "instruction", "<a><?b ", "?></a>", 2000000, DIAG_LIMIT },
		{ "comment before the root", "<!--", "--><a/>", 2000000,
		    DIAG_LIMIT },
		{ "a long attribute", "<a b='", "'/>", 10000, DIAG_OK },
		{ "a long comment", "<a><!--", "--></a>", 30000, DIAG_OK },
		/* text is handed on as it comes */
		{ "text", "<a>", "</a>", 2000000, DIAG_OK },
		/* libxml2 holds all of it */
		{ "CDATA", "<a><![CDATA[", "]]></a>", 2000000, DIAG_LIMIT },
		{ "a long CDATA", "<a><![CDATA[", "]]></a>", 30000, DIAG_OK },
	};
	struct events e;
	struct diag d;
	struct buf b;

	for (size_t i = 0; i < ROWS(rows); i++)
		for (int recover = 0; recover < 2; recover++) {
			buf_init(&b, 3 * LIMIT_MIB);
			(void)buf_add(&b, rows[i].before);
			for (size_t k = 0; k < rows[i].len; k++)
				(void)buf_putc(&b, 'x');
			(void)buf_add(&b, rows[i].after);
			e = (struct events){ 0 };
			CHECK_INT(parse(b.data, b.len, SIZE_MAX, recover != 0,
				      &e, &d),
			    rows[i].want, "%s, %d: %s", rows[i].what, recover,
			    d.text);
			if (rows[i].want != DIAG_OK)
				CHECK_STR(reason_name(d.reason),
				    "xml_token_too_long", "%s, %d",
				    rows[i].what, recover);
			buf_free(&e.text);
			buf_free(&b);
		}
}

static void
text_is_cut(void)
{
	static const struct {
		const char *what;
		const char *unit;
		size_t n;
		size_t want;
		bool cut;
	} rows[] = {
		{ "all fits", "x", LIMIT_TEXT, LIMIT_TEXT, false },
		{ "one more", "x", LIMIT_TEXT + 1, LIMIT_TEXT, true },
		{ "much more", "x", 100000, LIMIT_TEXT, true },
		{ "pieces", "x&amp;", LIMIT_TEXT / 2, LIMIT_TEXT, false },
		/* 4096 = 1365 * 3 + 1: the last one is cut in the middle */
		{ "halved character", "\xe3\x81\x82", 2000, LIMIT_TEXT, true },
	};
	struct events e;
	struct diag d;
	struct buf b;

	for (size_t i = 0; i < ROWS(rows); i++) {
		buf_init(&b, LIMIT_MIB);
		(void)buf_add(&b, "<a>");
		for (size_t k = 0; k < rows[i].n; k++)
			(void)buf_add(&b, rows[i].unit);
		(void)buf_add(&b, "</a>");
		e = (struct events){ 0 };
		CHECK(parse(b.data, b.len, 1000, false, &e, &d) == DIAG_OK,
		    "%s", rows[i].what);
		/* "<a>" goes before and "/" behind */
		CHECK_INT(e.text.len - 4, rows[i].want, "%s", rows[i].what);
		CHECK_INT(e.cut, rows[i].cut, "%s", rows[i].what);
		CHECK(unit_is_text(buf_str(&e.text), ""), "%s", rows[i].what);
		buf_free(&e.text);
		buf_free(&b);
	}
}

static CU_TestInfo tests[] = {
	{ "reports_elements_and_texts", reports_elements_and_texts },
	{ "pieces_make_no_difference", pieces_make_no_difference },
	{ "reads_encodings", reads_encodings },
	{ "refuses_what_is_broken", refuses_what_is_broken },
	{ "recovers", recovers },
	{ "stops_when_told", stops_when_told },
	{ "depth_is_bounded", depth_is_bounded },
	{ "meets_the_end", meets_the_end },
	{ "silence_is_bounded", silence_is_bounded },
	{ "text_is_cut", text_is_cut },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_xml_suites[] = {
	{ "xml", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
