/*
 * limits: what is allowed passes, and one more does not.  The bounds that take
 * minutes to reach are left out: LIMIT_ITEM and LIMIT_UNPACKED (gigabytes),
 * LIMIT_RECORDS; those of xml.c, chunk.c and domain.c are in their own tests.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include "ingest/decode/auth_results.h"
#include "ingest/limits.h"
#include "ingest/decode/unpack.h"
#include "tests/unit/unit.h"

#define HEAD_OF(org, id)                                            \
	"<feedback><report_metadata><org_name>" org "</org_name>"   \
	"<report_id>" id "</report_id><date_range><begin>0</begin>" \
	"<end>86399</end></date_range></report_metadata>" POLICY
#define POLICY "<policy_published><domain>d.example</domain></policy_published>"
#define HEAD   HEAD_OF("O", "1")
#define RECORD "<record><row><count>1</count></row></record>"
#define REPORT HEAD RECORD "</feedback>"

static void
repeat(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!buf_add(b, s))
			abort();
}

/* Decode b, which is freed; there is one leaf: its kind and reason. */
static void
expect(struct buf *b, enum leaf_kind kind, const char *reason, const char *what)
{
	struct seen seen = { 0 };

	seen_decode(&seen, b->data, b->len);
	if (CHECK_INT(seen.n, 1, "%s", what)) {
		CHECK_INT(seen.leaves[0].kind, kind, "%s: %s", what,
		    seen.leaves[0].diag.text);
		if (kind != LEAF_REPORT) {
			CHECK_STR(reason_name(seen.leaves[0].diag.reason),
			    reason, "%s", what);
			CHECK_INT(seen.leaves[0].diag.code, DIAG_LIMIT, "%s",
			    what);
		}
	}
	seen_free(&seen);
	buf_free(b);
}

static struct buf
big(void)
{
	struct buf b;

	buf_init(&b, 256 * LIMIT_MIB);
	return b;
}

/* ---- mails ------------------------------------------------------------- */

static void
header_fields(void)
{
	for (size_t more = 0; more < 2; more++) {
		const size_t size = LIMIT_MAIL_HEADER + more;
		struct buf b = big();

		/* all of it fields, the last one as long as it takes */
		(void)buf_add(&b, "Content-Type: text/xml\n");
		while (b.len + 100 < size)
			(void)buf_add(&b, "X-A: 567890123456789012345678\n");
		(void)buf_add(&b, "X-B: ");
		while (b.len + 1 < size)
			(void)buf_putc(&b, 'x');
		(void)buf_add(&b, "\n\n" REPORT);
		expect(&b, more ? LEAF_BAD : LEAF_REPORT, "header_too_long",
		    more ? "one byte more" : "all that is allowed");
	}
}

static void
mime_parts(void)
{
	for (size_t n = LIMIT_MIME_PARTS; n <= LIMIT_MIME_PARTS + 1; n++) {
		struct buf b = big();
		struct seen seen = { 0 };

		(void)buf_add(&b,
		    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
		    "Content-Type: text/xml; name=r\n\n" REPORT "\n");
		repeat(&b, "--b\nContent-Type: text/plain\n\nx\n", n - 1);
		(void)buf_add(&b, "--b--\n");
		seen_decode(&seen, b.data, b.len);
		/* What came before the bound was met is there. */
		CHECK_INT(seen.leaves[0].kind, LEAF_REPORT, "%zu", n);
		CHECK_INT(seen.n, n == LIMIT_MIME_PARTS ? 1 : 2, "%zu", n);
		if (seen.n == 2) {
			CHECK_INT(seen.leaves[1].kind, LEAF_BAD, "%zu", n);
			CHECK_STR(reason_name(seen.leaves[1].diag.reason),
			    "too_many_parts", "%zu", n);
		}
		seen_free(&seen);
		buf_free(&b);
	}
}

static void
mime_depth(void)
{
	for (int depth = LIMIT_MIME_DEPTH; depth <= LIMIT_MIME_DEPTH + 1;
	     depth++) {
		struct buf b = big();

		for (int i = 0; i < depth; i++)
			(void)buf_printf(&b,
			    "%sContent-Type: multipart/mixed; "
			    "boundary=b%d\n\n--b%d\n",
			    i == 0 ? "Subject: x\n" : "", i, i);
		(void)buf_add(&b, "Content-Type: text/xml\n\n" REPORT "\n");
		for (int i = depth - 1; i >= 0; i--)
			(void)buf_printf(&b, "--b%d--\n", i);
		expect(&b, depth == LIMIT_MIME_DEPTH ? LEAF_REPORT : LEAF_BAD,
		    "mail_too_deep", "multiparts");
	}
}

/* Mails that are attached as files are mails again. */
static void
mail_depth(void)
{
	for (int depth = LIMIT_MIME_DEPTH; depth <= LIMIT_MIME_DEPTH + 1;
	     depth++) {
		struct buf b = big();

		for (int i = 1; i < depth; i++)
			(void)buf_add(&b,
			    "Content-Type: application/octet-stream;"
			    " name=m\n\n");
		(void)buf_add(&b, "Content-Type: text/xml\n\n" REPORT "\n");
		expect(&b, depth == LIMIT_MIME_DEPTH ? LEAF_REPORT : LEAF_BAD,
		    "mail_too_deep", "mails");
	}
}

/* ---- archives ---------------------------------------------------------- */

struct zip {
	struct archive *a;
	struct buf b;
	size_t used;
};

static void
zip_begin(struct zip *z, size_t room)
{
	*z = (struct zip){ .a = archive_write_new() };
	buf_init(&z->b, room);
	for (size_t i = 0; i < room; i += 1024)
		(void)buf_append(&z->b, (char[1024]){ 0 }, 1024);
	(void)archive_write_set_format_zip(z->a);
	(void)archive_write_open_memory(z->a, z->b.data, z->b.len, &z->used);
}

static void
zip_add(struct zip *z, const char *name, const void *bytes, size_t len)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, name);
	archive_entry_set_size(e, (la_int64_t)len);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	if (archive_write_header(z->a, e) != ARCHIVE_OK ||
	    archive_write_data(z->a, bytes, len) != (la_ssize_t)len) {
		(void)fprintf(stderr, "%s\n", archive_error_string(z->a));
		abort();
	}
	archive_entry_free(e);
}

static struct buf
zip_end(struct zip *z)
{
	if (archive_write_close(z->a) != ARCHIVE_OK)
		abort();
	(void)archive_write_free(z->a);
	buf_truncate(&z->b, z->used);
	return z->b;
}

static void
archive_members(void)
{
	for (int n = LIMIT_MEMBERS; n <= LIMIT_MEMBERS + 1; n++) {
		struct buf b;
		struct zip z;
		struct seen seen = { 0 };
		char name[20];

		zip_begin(&z, 8 * LIMIT_MIB);
		zip_add(&z, "0", REPORT, sizeof(REPORT) - 1);
		for (int i = 1; i < n; i++) {
			(void)snprintf(name, sizeof(name), "%d", i);
			zip_add(&z, name, "x", 1);
		}
		b = zip_end(&z);
		seen_decode(&seen, b.data, b.len);
		CHECK_INT(seen.leaves[0].kind, LEAF_REPORT, "%d", n);
		CHECK_INT(seen.n, n == LIMIT_MEMBERS ? 1 : 2, "%d", n);
		if (seen.n == 2)
			CHECK_STR(reason_name(seen.leaves[1].diag.reason),
			    "too_many_members", "%d", n);
		seen_free(&seen);
		buf_free(&b);
	}
}

/* Compress b in place. */
static void
gzip(struct buf *b)
{
	z_stream z = { .next_in = (Bytef *)b->data, .avail_in = (uInt)b->len };
	struct buf out;
	char block[65536];
	int r;

	buf_init(&out, 64 * LIMIT_MIB);
	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		abort();
	do {
		z.next_out = (Bytef *)block;
		z.avail_out = sizeof(block);
		r = deflate(&z, Z_FINISH);
		(void)buf_append(&out, block, sizeof(block) - z.avail_out);
	} while (r == Z_OK);
	(void)deflateEnd(&z);
	buf_free(b);
	*b = out;
}

static void
archive_depth(void)
{
	for (int depth = LIMIT_FILTER_DEPTH; depth <= LIMIT_FILTER_DEPTH + 1;
	     depth++) {
		struct buf b = big();

		(void)buf_add(&b, REPORT);
		for (int i = 0; i < depth; i++)
			gzip(&b);
		expect(&b, depth == LIMIT_FILTER_DEPTH ? LEAF_REPORT : LEAF_BAD,
		    "nested_too_deeply", "gzip in gzip");
	}
}

/* What a small file may become: LIMIT_UNPACKED_LOW. */
static void
unpacked(void)
{
	for (size_t more = 0; more < 2; more++) {
		const size_t size = LIMIT_UNPACKED_LOW + more;
		struct buf b = big();

		(void)buf_add(&b, HEAD RECORD);
		while (b.len < size - 11)
			(void)buf_putc(&b, b.len % 1000 == 0 ? '\n' : ' ');
		(void)buf_add(&b, "</feedback>");
		CHECK_INT(b.len, size, "made");
		gzip(&b);
		CHECK(b.len * LIMIT_RATIO < LIMIT_UNPACKED_LOW, "small");
		expect(&b, more ? LEAF_BAD : LEAF_REPORT, "unpacks_to_too_much",
		    more ? "one byte more" : "all that is allowed");
	}
}

/* The budget is one for all members and for archives in archives. */
static void
unpacked_together(void)
{
	static char blanks[9 * 1024 * 1024];
	struct seen seen = { 0 };
	struct buf b;
	struct zip z;

	memset(blanks, ' ', sizeof(blanks));
	memcpy(blanks, "<a>", 3);
	memcpy(blanks + sizeof(blanks) - 4, "</a>", 4);
	zip_begin(&z, LIMIT_MIB);
	zip_add(&z, "0", blanks, sizeof(blanks));
	zip_add(&z, "1", blanks, sizeof(blanks));
	b = zip_end(&z);
	seen_decode(&seen, b.data, b.len);
	CHECK(seen.n >= 1, "leaves");
	CHECK_INT(seen.leaves[0].kind, LEAF_BAD, "second member");
	CHECK_STR(reason_name(seen.leaves[0].diag.reason),
	    "unpacks_to_too_much", "second member");
	CHECK_STR(seen.leaves[0].part, "1", "second member");
	seen_free(&seen);
	buf_free(&b);
}

/* An archive in an archive is held in memory. */
static void
nested_size(void)
{
	const size_t len = LIMIT_NESTED + 1;
	char *zeros = calloc(1, len);
	unsigned char noise[400 * 1024];
	uint32_t x = 1;
	struct buf b;
	struct zip z;

	if (zeros == NULL)
		abort();
	/* Something that does not shrink, so that the ratio allows it. */
	for (size_t i = 0; i < sizeof(noise); i++) {
		x = x * 1664525 + 1013904223;
		noise[i] = (unsigned char)(x >> 24);
	}
	/* Nobody asks what is in a picture. */
	memcpy(noise, "\x89PNG", 4);
	memcpy(zeros, "PK\3\4", 4);
	zip_begin(&z, LIMIT_MIB);
	zip_add(&z, "0.zip", zeros, len);
	zip_add(&z, "noise", noise, sizeof(noise));
	b = zip_end(&z);
	free(zeros);
	expect(&b, LEAF_BAD, "nested_too_large", "a zip of 64 MiB in a zip");
}

/* Reading a document twice means to go through the archive again. */
static void
repeats(void)
{
	static const char late_head[] =
	    "<feedback>" RECORD
	    "<report_metadata><org_name>O</org_name><date_range>"
	    "<begin>0</begin><end>9</end></date_range></report_metadata>" POLICY
	    "</feedback>";
	struct seen seen = { 0 };
	struct buf b;
	struct zip z;
	char name[20];

	zip_begin(&z, LIMIT_MIB);
	for (int i = 0; i <= LIMIT_REPEATS; i++) {
		(void)snprintf(name, sizeof(name), "%d", i);
		zip_add(&z, name, late_head, sizeof(late_head) - 1);
	}
	zip_add(&z, "sound", REPORT, sizeof(REPORT) - 1);
	b = zip_end(&z);
	seen_decode(&seen, b.data, b.len);
	CHECK_INT(seen.n, LIMIT_REPEATS + 2, "leaves");
	for (size_t i = 0; i < seen.n; i++)
		CHECK_INT(seen.leaves[i].kind,
		    i == LIMIT_REPEATS ? LEAF_BAD : LEAF_REPORT, "leaf %zu", i);
	if (seen.n > LIMIT_REPEATS)
		CHECK_STR(reason_name(seen.leaves[LIMIT_REPEATS].diag.reason),
		    "too_many_broken", "the last");
	seen_free(&seen);
	buf_free(&b);
}

/* ---- XML --------------------------------------------------------------- */

static void
xml_depth(void)
{
	/* feedback is one of them */
	for (size_t n = LIMIT_XML_DEPTH - 1; n <= LIMIT_XML_DEPTH; n++) {
		struct buf b = big();

		(void)buf_add(&b, HEAD RECORD);
		repeat(&b, "<x>", n);
		repeat(&b, "</x>", n);
		(void)buf_add(&b, "</feedback>");
		expect(&b, n < LIMIT_XML_DEPTH ? LEAF_REPORT : LEAF_BAD,
		    "xml_too_deep", "depth");
	}
}

static void
xml_silence(void)
{
	struct buf b = big();

	(void)buf_add(&b, HEAD RECORD "<x y='");
	repeat(&b, "0123456789", 200000);
	(void)buf_add(&b, "'/></feedback>");
	expect(&b, LEAF_BAD, "xml_token_too_long", "a tag of 2 MB");
	b = big();
	(void)buf_add(&b, HEAD RECORD);
	/* not long, but many */
	repeat(&b, "<!-- 0123456789 --><x y='0123456789'/>", 50000);
	(void)buf_add(&b, "</feedback>");
	expect(&b, LEAF_REPORT, NULL, "2 MB of small ones");
}

/* ---- reports ----------------------------------------------------------- */

static void
key_texts(void)
{
	for (int which = 0; which < 2; which++)
		for (size_t n = LIMIT_KEY_TEXT; n <= LIMIT_KEY_TEXT + 1; n++) {
			struct buf b = big();

			(void)buf_add(&b,
			    "<feedback><report_metadata><org_name>o");
			if (which == 0)
				repeat(&b, "x", n - 1);
			(void)buf_add(&b, "</org_name><report_id>i");
			if (which == 1)
				repeat(&b, "x", n - 1);
			(void)buf_add(&b,
			    "</report_id><date_range><begin>0</begin>"
			    "<end>9</end></date_range></report_metadata>" POLICY
				RECORD "</feedback>");
			expect(&b, n == LIMIT_KEY_TEXT ? LEAF_REPORT : LEAF_BAD,
			    "key_too_long",
			    which == 0 ? "org_name" : "report_id");
		}
}

static void
texts_are_cut(void)
{
	for (size_t n = LIMIT_TEXT; n <= LIMIT_TEXT + 1; n++) {
		struct seen seen = { 0 };
		struct buf b = big();

		(void)buf_add(&b,
		    HEAD "<record><row><count>1</count><policy_evaluated>"
			 "<reason><comment>");
		repeat(&b, "x", n);
		(void)buf_add(&b,
		    "</comment></reason></policy_evaluated></row></record>"
		    "</feedback>");
		seen_decode(&seen, b.data, b.len);
		CHECK_INT(seen.leaves[0].kind, LEAF_REPORT, "%zu", n);
		CHECK_INT((seen.leaves[0].quirks &
			      QUIRK_BIT(QUIRK_VALUE_CUT)) != 0,
		    n > LIMIT_TEXT, "%zu", n);
		seen_free(&seen);
		buf_free(&b);
	}
}

/* Texts of one record, each with the NUL that ends it. */
static void
record_text(void)
{
	/* count, header_from, and 63 comments of 4096 and one that fills */
	const size_t rest = LIMIT_RECORD_TEXT - 2 - 10 - 63 * 4097;

	for (size_t more = 0; more < 2; more++) {
		struct seen seen = { 0 };
		struct buf b = big();

		(void)buf_add(&b,
		    HEAD RECORD "<record><row><count>1</count>"
				"<policy_evaluated>");
		for (int i = 0; i < 63; i++) {
			(void)buf_add(&b, "<reason><comment>");
			repeat(&b, "x", 4096);
			(void)buf_add(&b, "</comment></reason>");
		}
		(void)buf_add(&b, "<reason><comment>");
		repeat(&b, "x", rest - 1 + more);
		(void)buf_add(&b,
		    "</comment></reason></policy_evaluated></row>"
		    "<identifiers><header_from>d.example</header_from>"
		    "</identifiers></record></feedback>");
		seen_decode(&seen, b.data, b.len);
		CHECK_INT(seen.leaves[0].kind, LEAF_REPORT, "%zu more", more);
		CHECK_INT(seen.leaves[0].totals.records, 2, "%zu more", more);
		CHECK_INT(seen.leaves[0].totals.bad, more, "%zu more", more);
		if (more)
			CHECK(strstr(seen_text(&seen),
				  "bad 2 broken_record has too much text\n") !=
				NULL,
			    "%.2000s", seen_text(&seen));
		seen_free(&seen);
		buf_free(&b);
	}
}

static size_t
count_of(const char *text, const char *what)
{
	size_t n = 0;

	while ((text = strstr(text, what)) != NULL) {
		text += strlen(what);
		n++;
	}
	return n;
}

static void
results(void)
{
	static const struct {
		const char *before;
		const char *each; /* with a number for %d */
		const char *after;
		const char *line;
	} rows[] = {
		{ "<auth_results>", "<dkim><domain>a%d.example</domain></dkim>",
		    "</auth_results>", "\n  dkim " },
		{ "<auth_results>", "<spf><domain>a%d.example</domain></spf>",
		    "</auth_results>", "\n  spf " },
		{ "<row><policy_evaluated>",
		    "<reason><type>other</type><comment>%d</comment>"
		    "</reason>",
		    "</policy_evaluated></row>", "\n  reason " },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		for (int n = LIMIT_RESULTS; n <= LIMIT_RESULTS + 1; n++) {
			struct seen seen = { 0 };
			struct buf b = big();
			char one[100];

			(void)buf_add(&b,
			    HEAD "<record><row><count>1</count></row>");
			(void)buf_add(&b, rows[i].before);
			for (int k = 0; k < n; k++) {
				const char *mark = strstr(rows[i].each, "%d");

				(void)snprintf(one, sizeof(one), "%.*s%d%s",
				    (int)(mark - rows[i].each), rows[i].each, k,
				    mark + 2);
				(void)buf_add(&b, one);
			}
			(void)buf_add(&b, rows[i].after);
			(void)buf_add(&b, "</record></feedback>");
			seen_decode(&seen, b.data, b.len);
			CHECK_INT(seen.leaves[0].kind, LEAF_REPORT,
			    "row %zu, %d", i, n);
			CHECK_INT((seen.leaves[0].quirks &
				      QUIRK_BIT(QUIRK_TOO_MANY_RESULTS)) != 0,
			    n > LIMIT_RESULTS, "row %zu, %d", i, n);
			CHECK_INT(count_of(seen_text(&seen), rows[i].line),
			    LIMIT_RESULTS, "row %zu, %d", i, n);
			seen_free(&seen);
			buf_free(&b);
		}
}

static void
errors(void)
{
	struct seen seen = { 0 };
	struct buf b = big();

	(void)buf_add(&b,
	    "<feedback><report_metadata><org_name>O</org_name>"
	    "<date_range><begin>0</begin><end>9</end>"
	    "</date_range>");
	repeat(&b, "<error>e</error>", LIMIT_ERRORS + 1);
	(void)buf_add(&b, "</report_metadata>" POLICY RECORD "</feedback>");
	seen_decode(&seen, b.data, b.len);
	CHECK_INT(seen.leaves[0].kind, LEAF_REPORT, "errors");
	CHECK_INT(count_of(seen_text(&seen), "\nerror e"), LIMIT_ERRORS,
	    "errors");
	seen_free(&seen);
	buf_free(&b);
}

static void
bad_records(void)
{
	for (size_t n = LIMIT_BAD_RECORDS; n <= LIMIT_BAD_RECORDS + 1; n++) {
		struct buf b = big();

		(void)buf_add(&b, HEAD RECORD);
		repeat(&b, "<record/>", n);
		(void)buf_add(&b, "</feedback>");
		expect(&b, n == LIMIT_BAD_RECORDS ? LEAF_REPORT : LEAF_BAD,
		    "too_many_bad_records", "bad records");
	}
}

/* More records than one chunk holds are one report all the same. */
static void
chunks(void)
{
	const size_t n = 2 * LIMIT_CHUNK_RECORDS + 1;
	struct seen seen = { 0 };
	struct buf b = big();

	(void)buf_add(&b, HEAD);
	repeat(&b, RECORD, n);
	(void)buf_add(&b, "</feedback>");
	seen_decode(&seen, b.data, b.len);
	CHECK_INT(seen.n, 1, "chunks");
	CHECK_INT(seen.leaves[0].kind, LEAF_REPORT, "chunks");
	CHECK_INT(seen.leaves[0].totals.records, n, "chunks");
	CHECK_INT(seen.leaves[0].totals.messages, n, "chunks");
	CHECK_INT(seen.leaves[0].sums.messages, n, "chunks");
	CHECK_INT(seen.chunks, 3, "chunks");
	seen_free(&seen);
	buf_free(&b);
}

/* The field below the last one that is kept is not, nor is a longer word. */
static void
auth_results(void)
{
	char word[LIMIT_AUTH_WORD + 2];
	struct auth_results r;

	auth_results_init(&r);
	for (int i = 0; i <= LIMIT_AUTH_FIELDS; i++)
		CHECK_INT(auth_results_add(&r, "mx", 2), i < LIMIT_AUTH_FIELDS,
		    "field %d", i);
	CHECK_INT(r.text.len, LIMIT_AUTH_FIELDS * strlen("mx none\n") - 1,
	    "fields");
	auth_results_free(&r);

	memset(word, 'a', sizeof(word));
	for (size_t len = LIMIT_AUTH_WORD; len <= LIMIT_AUTH_WORD + 1; len++) {
		auth_results_init(&r);
		CHECK(auth_results_add(&r, word, len), "word of %zu", len);
		CHECK_INT(r.text.len,
		    (len == LIMIT_AUTH_WORD ? len : 1) + strlen(" none"),
		    "word of %zu", len);
		auth_results_free(&r);
	}
}

struct count {
	size_t leaves;
	struct diag last;
};

static bool
count_leaf(void *ctx, const struct leaf *leaf)
{
	struct count *c = ctx;

	c->leaves++;
	c->last = leaf->diag;
	return true;
}

static bool
no_chunk(void *ctx, const struct report_head *head, const struct chunk *chunk)
{
	(void)ctx;
	(void)head;
	(void)chunk;
	return true;
}

static void
no_forget(void *ctx)
{
	(void)ctx;
}

/* An mbox of so many mails with two more. */
static void
documents(void)
{
	struct count c = { 0 };
	const struct decode_sink sink = { &c, no_chunk, no_forget, count_leaf };
	struct profile_memo *memo = profile_memo_new();
	struct buf b = big();

	repeat(&b, "From a Mon Nov  2 03:02:00 2026\nX: y\n\n<feedback/>\n\n",
	    LIMIT_DOCUMENTS + 2);
	decode(memo, b.data, b.len, &sink);
	CHECK_INT(c.leaves, LIMIT_DOCUMENTS + 1, "documents");
	CHECK_STR(reason_name(c.last.reason), "too_many_documents",
	    "documents");
	buf_free(&b);
	profile_memo_free(memo);
}

/* What may be taken together is what the units of systemd allow; tests of
 * these are in T90-install.sh. */
static void
memory(void)
{
	CHECK_INT(LIMIT_DECODERS_MEMORY / LIMIT_MIB, 1736, "decoders");
	CHECK_INT(LIMIT_PARENT_MEMORY / LIMIT_MIB, 1248, "parent");
	CHECK(LIMIT_DECODERS_MEMORY + LIMIT_PARENT_MEMORY <= LIMIT_MEMORY,
	    "together");
	CHECK(LIMIT_REPORT_TEXT < LIMIT_HELD, "a report of texts");
}

static CU_TestInfo tests[] = {
	{ "header_fields", header_fields },
	{ "auth_results", auth_results },
	{ "mime_parts", mime_parts },
	{ "mime_depth", mime_depth },
	{ "mail_depth", mail_depth },
	{ "archive_members", archive_members },
	{ "archive_depth", archive_depth },
	{ "unpacked", unpacked },
	{ "unpacked_together", unpacked_together },
	{ "nested_size", nested_size },
	{ "repeats", repeats },
	{ "xml_depth", xml_depth },
	{ "xml_silence", xml_silence },
	{ "key_texts", key_texts },
	{ "texts_are_cut", texts_are_cut },
	{ "record_text", record_text },
	{ "results", results },
	{ "errors", errors },
	{ "bad_records", bad_records },
	{ "chunks", chunks },
	{ "documents", documents },
	{ "memory", memory },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_limits_suites[] = {
	{ "limits", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
