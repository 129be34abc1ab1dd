/*
 * unpack: the right bytes come out, or a reason.
 *
 * The sizes are those that Python's gzip, bz2, lzma, zipfile and tarfile, 7z
 * and zstd give for the same files.
 */
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include "ingest/limits.h"
#include "ingest/decode/sniff.h"
#include "ingest/decode/unpack.h"
#include "tests/unit/unit.h"

#define BUDGET (1024 * 1024)

struct outcome {
	enum diag_code code;
	struct diag diag;
	size_t members;  /* that ended well */
	size_t bytes;    /* of these */
	size_t total;    /* all that came out */
	size_t budget;   /* what is left of it */
	char first[200]; /* the first member's name */
	char start[40];  /* its first bytes as a string */
};

/* Read everything, in pieces of so many bytes. */
static void
unpack_all(const void *bytes, size_t len, enum kind kind, size_t budget,
    size_t piece, struct outcome *o)
{
	void *exact = unit_exact(bytes, len);
	char block[65536];
	struct unpack *u = NULL;
	const char *name = NULL;
	size_t n;
	size_t size;

	memset(o, 0, sizeof(*o));
	o->budget = budget;
	o->code = unpack_open(&u, exact, len, kind, &o->budget, &o->diag);
	while (o->code == DIAG_OK) {
		o->code = unpack_next(u, &name, &o->diag);
		if (o->code != DIAG_OK || name == NULL)
			break;
		if (o->members == 0)
			(void)snprintf(o->first, sizeof(o->first), "%s", name);
		size = 0;
		while ((o->code = unpack_read(u, block, piece, &n, &o->diag)) ==
			DIAG_OK &&
		    n > 0) {
			if (o->total == 0)
				(void)snprintf(o->start, sizeof(o->start),
				    "%.*s", (int)(n < 39 ? n : 39), block);
			size += n;
			o->total += n;
		}
		if (o->code != DIAG_OK)
			break;
		o->members++;
		o->bytes += size;
	}
	unpack_close(u);
	free(exact);
}

static const struct {
	const char *file;
	enum kind kind;
	size_t members;
	size_t bytes;
	const char *first;
} good[] = {
	{ "7z.7z", KIND_7Z, 1, 2469, "report.xml" },
	{ "bzip2.xml.bz2", KIND_BZIP2, 1, 2472, "" },
	{ "gzip-all-header-fields.xml.gz", KIND_GZIP, 1, 2489, "" },
	{ "gzip-fname.xml.gz", KIND_GZIP, 1, 2477, "" },
	{ "gzip-in-gzip.xml.gz.gz", KIND_GZIP, 1, 587, "" },
	{ "gzip-multi-member.xml.gz", KIND_GZIP, 1, 2484, "" },
	{ "gzip-no-fname.xml.gz", KIND_GZIP, 1, 2480, "" },
	{ "gzip-trailing-crlf.xml.gz", KIND_GZIP, 1, 2485, "" },
	{ "misnamed-gzip.zip", KIND_GZIP, 1, 2480, "" },
	{ "misnamed-zip.xml.gz", KIND_ZIP, 1, 2479, "report.xml" },
	{ "no-suffix", KIND_ZIP, 1, 2476, "report" },
	{ "tar-gzip.tar.gz", KIND_GZIP, 1, 10240, "" },
	{ "tar.tar", KIND_TAR, 2, 2481, "reports/report.xml" },
	{ "xz.xml.xz", KIND_XZ, 1, 2469, "" },
	{ "zip-data-descriptor.zip", KIND_ZIP, 1, 2486, "report.xml" },
	{ "zip-deflated.zip", KIND_ZIP, 1, 2479,
	    "receiver.example!example.jp!1793491200!1793577599.xml" },
	{ "zip-directories.zip", KIND_ZIP, 1, 2482, "a/b/report.xml" },
	{ "zip-eml-inside.zip", KIND_ZIP, 1, 1629, "report.eml" },
	{ "zip-good-and-broken.zip", KIND_ZIP, 3, 4205, "good.xml" },
	{ "zip-gzip-inside.zip", KIND_ZIP, 1, 590, "report.xml.gz" },
	{ "zip-macosx.zip", KIND_ZIP, 3, 2591, "report.xml" },
	{ "zip-no-member-name.zip", KIND_ZIP, 1, 2485, "" },
	{ "zip-path-traversal.zip", KIND_ZIP, 2, 4554,
	    "../../../../tmp/evil.xml" },
	{ "zip-several.zip", KIND_ZIP, 3, 7020, "1.xml" },
	{ "zip-stored-txt.zip", KIND_ZIP, 1, 2481, "report.txt" },
	{ "zstd.xml.zst", KIND_ZSTD, 1, 2471, "" },
	{ "hostile/gzip-unused.gz", KIND_GZIP, 1, 6, "" },
	{ "hostile/gzip-three-levels.xml.gz.gz.gz", KIND_GZIP, 1, 604, "" },
	{ "hostile/tar-symlink.tar", KIND_TAR, 0, 0, "" },
	{ "hostile/zip-300-members.zip", KIND_ZIP, 300, 300, "0.txt" },
	{ "hostile/zip-empty.zip", KIND_ZIP, 0, 0, "" },
	{ "hostile/zip-nested-bomb.zip", KIND_ZIP, 8, 8 * 3654, "0.zip" },
};

static void
takes_what_senders_send(void)
{
	/* The last one makes the sums by single bytes. */
	static const size_t pieces[] = { 65536, 100, 1 };
	struct outcome o;
	char path[200];
	struct buf b;

	for (size_t i = 0; i < ROWS(good); i++) {
		(void)snprintf(path, sizeof(path), "fixtures/attach/%s",
		    good[i].file);
		b = unit_file(path);
		CHECK_INT(sniff(b.data, b.len), good[i].kind, "%s",
		    good[i].file);
		for (size_t k = 0; k < ROWS(pieces); k++) {
			unpack_all(b.data, b.len, good[i].kind, BUDGET,
			    pieces[k], &o);
			CHECK(o.code == DIAG_OK, "%s: %s", good[i].file,
			    o.diag.text);
			CHECK_INT(o.members, good[i].members, "%s",
			    good[i].file);
			CHECK_INT(o.bytes, good[i].bytes, "%s, %zu",
			    good[i].file, pieces[k]);
			CHECK_INT(o.budget, BUDGET - good[i].bytes, "%s",
			    good[i].file);
			CHECK_STR(o.first, good[i].first, "%s", good[i].file);
		}
		buf_free(&b);
	}
}

static void
says_what_is_wrong(void)
{
	static const struct {
		const char *file;
		const char *reason; /* NULL: damaged or truncated */
		size_t members;     /* that are right before it */
	} rows[] = {
		{ "hostile/7z-truncated.7z", NULL, 0 },
		{ "hostile/gzip-bad-crc.xml.gz", "bad_crc", 0 },
		{ "hostile/gzip-bad-length.xml.gz", "bad_crc", 0 },
		{ "hostile/gzip-garbage-body.xml.gz", "damaged_archive", 0 },
		{ "hostile/gzip-truncated.xml.gz", NULL, 0 },
		{ "hostile/zip-bad-crc.zip", "damaged_archive", 0 },
		{ "hostile/zip-encrypted.zip", "encrypted", 0 },
		{ "hostile/zip-size-lie.zip", "damaged_archive", 0 },
		{ "hostile/zip-truncated.zip", NULL, 0 },
		/* without its directory nobody knows what is missing */
		{ "zip-no-directory.zip", NULL, 1 },
	};
	struct outcome o;
	char path[200];
	struct buf b;

	for (size_t i = 0; i < ROWS(rows); i++) {
		(void)snprintf(path, sizeof(path), "fixtures/attach/%s",
		    rows[i].file);
		b = unit_file(path);
		unpack_all(b.data, b.len, sniff(b.data, b.len), BUDGET, 4096,
		    &o);
		CHECK_INT(o.code, DIAG_FORMAT, "%s", rows[i].file);
		if (rows[i].reason != NULL)
			CHECK_STR(reason_name(o.diag.reason), rows[i].reason,
			    "%s: %s", rows[i].file, o.diag.text);
		else
			CHECK(o.diag.reason == REASON_DAMAGED_ARCHIVE ||
				o.diag.reason == REASON_TRUNCATED_ARCHIVE,
			    "%s: %s", rows[i].file, reason_name(o.diag.reason));
		CHECK_INT(o.members, rows[i].members, "%s", rows[i].file);
		CHECK_INT(o.budget, BUDGET - o.total, "%s", rows[i].file);
		buf_free(&b);
	}
}

/* Every archive, cut at every length: an error or nothing, never all of it. */
static void
notices_every_cut(void)
{
	static const char *const files[] = { "gzip-fname.xml.gz",
		"gzip-multi-member.xml.gz", "zip-stored-txt.zip",
		"zip-data-descriptor.zip", "zip-deflated.zip", "xz.xml.xz",
		"bzip2.xml.bz2", "zstd.xml.zst", "7z.7z" };
	struct outcome o;
	char path[200];
	struct buf b;
	size_t whole;

	for (size_t i = 0; i < ROWS(files); i++) {
		(void)snprintf(path, sizeof(path), "fixtures/attach/%s",
		    files[i]);
		b = unit_file(path);
		unpack_all(b.data, b.len, sniff(b.data, b.len), BUDGET, 4096,
		    &o);
		whole = o.bytes;
		for (size_t len = 8; len < b.len; len++) {
			const enum kind kind = sniff(b.data, b.len);

			unpack_all(b.data, len, kind, BUDGET, 4096, &o);
			/*
			 * Of a zip the directory at its end may be missing;
			 * a gzip member is whole without the next one.
			 */
			if (o.code == DIAG_OK &&
			    !(kind == KIND_ZIP && o.bytes == whole) &&
			    strcmp(files[i], "gzip-multi-member.xml.gz") != 0)
				CHECK(o.bytes == 0, "%s, %zu of %zu", files[i],
				    len, b.len);
			CHECK(unit_is_text(o.diag.text, ""), "%s, %zu",
			    files[i], len);
		}
		buf_free(&b);
	}
}

static void
stays_within_the_budget(void)
{
	static const struct {
		const char *file;
		size_t budget;
		bool ok;
	} rows[] = {
		{ "gzip-fname.xml.gz", 2477, true },
		{ "gzip-fname.xml.gz", 2476, false },
		{ "gzip-fname.xml.gz", 0, false },
		{ "zip-several.zip", 7020, true },
		{ "zip-several.zip", 7019, false },
		{ "zip-several.zip", 2480, false },
		{ "tar.tar", 2481, true },
		{ "tar.tar", 2480, false },
		{ "zip-empty.zip", 0, true },
		{ "hostile/bomb-50mb.xml.gz", 49999999, false },
		{ "hostile/bomb-50mb.xml.gz", 50000000, true },
		{ "hostile/bomb-50mb.xml.gz", 1, false },
	};
	struct outcome o;
	char path[200];
	struct buf b;

	for (size_t i = 0; i < ROWS(rows); i++) {
		(void)snprintf(path, sizeof(path), "fixtures/attach/%s%s",
		    strcmp(rows[i].file, "zip-empty.zip") == 0 ? "hostile/" :
								 "",
		    rows[i].file);
		b = unit_file(path);
		unpack_all(b.data, b.len, sniff(b.data, b.len), rows[i].budget,
		    4096, &o);
		CHECK_INT(o.code, rows[i].ok ? DIAG_OK : DIAG_LIMIT, "%s, %zu",
		    rows[i].file, rows[i].budget);
		if (!rows[i].ok)
			CHECK_STR(reason_name(o.diag.reason),
			    "unpacks_to_too_much", "%s, %zu", rows[i].file,
			    rows[i].budget);
		CHECK(o.total <= rows[i].budget, "%s, %zu", rows[i].file,
		    rows[i].budget);
		CHECK_INT(o.budget, rows[i].budget - o.total, "%s, %zu",
		    rows[i].file, rows[i].budget);
		buf_free(&b);
	}
}

/* What the bytes are is sniff's to say; another kind's reader refuses. */
static void
takes_only_the_kind_that_it_is_told(void)
{
	static const enum kind kinds[] = { KIND_GZIP, KIND_ZIP, KIND_XZ,
		KIND_ZSTD, KIND_BZIP2, KIND_7Z, KIND_TAR };
	struct outcome o;
	struct buf b = unit_file("fixtures/attach/zip-deflated.zip");

	for (size_t i = 0; i < ROWS(kinds); i++) {
		unpack_all(b.data, b.len, kinds[i], BUDGET, 4096, &o);
		/* raw hands out what no filter took; it is not the report */
		if (kinds[i] != KIND_ZIP)
			CHECK(o.code != DIAG_OK || o.bytes == 0 ||
				memcmp(o.start, "PK", 2) == 0,
			    "kind %d", (int)kinds[i]);
	}
	unpack_all(b.data, b.len, KIND_XML, BUDGET, 4096, &o);
	CHECK_INT(o.code, DIAG_CONFIG, "no archive at all");
	buf_free(&b);
}

static size_t
make_gzip(const char *text, unsigned char *to, size_t room)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)text,
		.avail_in = (uInt)strlen(text),
		.next_out = to,
		.avail_out = (uInt)room };

	(void)deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	(void)deflate(&z, Z_FINISH);
	(void)deflateEnd(&z);
	return (size_t)z.total_out;
}

/* RFC 1952 2.2: members follow each other; every one of them is checked. */
static void
checks_every_gzip_member(void)
{
	static const struct {
		const char *what;
		size_t flip; /* xor 1 at this place from an end */
		bool in_first;
		enum diag_code want;
	} rows[] = {
		{ "both right", 0, false, DIAG_OK },
		{ "CRC of the first", 8, true, DIAG_FORMAT },
		{ "length of the first", 4, true, DIAG_FORMAT },
		{ "CRC of the second", 8, false, DIAG_FORMAT },
		{ "length of the second", 1, false, DIAG_FORMAT },
	};
	unsigned char bytes[400];
	size_t first;
	size_t len;
	struct outcome o;

	for (size_t i = 0; i < ROWS(rows); i++) {
		first = make_gzip("<feedback>", bytes, sizeof(bytes));
		len = first +
		    make_gzip("</feedback>", bytes + first,
			sizeof(bytes) - first);
		if (rows[i].flip != 0)
			bytes[(rows[i].in_first ? first : len) -
			    rows[i].flip] ^= 1;
		unpack_all(bytes, len, KIND_GZIP, BUDGET, 4096, &o);
		CHECK_INT(o.code, rows[i].want, "%s: %s", rows[i].what,
		    o.diag.text);
		if (rows[i].want == DIAG_OK)
			CHECK_INT(o.bytes, 21, "%s", rows[i].what);
		else
			CHECK_STR(reason_name(o.diag.reason), "bad_crc", "%s",
			    rows[i].what);
	}
}

/* Behind a member: another one, whole or not, or bytes that mean nothing. */
static void
knows_what_follows_a_gzip_member(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *reason; /* NULL: read, and nothing more than it */
	} rows[] = {
		{ "\r\n", 2, NULL },
		{ "\0\0\0\0\0\0\0\0", 8, NULL },
		{ "\x1f\x8b", 2, NULL },
		{ "\x1f\x8b\x07\0\0\0\0\0\0\3", 10, NULL },
		{ "\x1f\x8b\x08\x20\0\0\0\0\0\3", 10, NULL },
		{ "\x1f\x8b\x08\0", 4, "truncated_archive" },
		{ "\x1f\x8b\x08\0\0\0\0\0\0\3", 10, "truncated_archive" },
		{ "\x1f\x8b\x08\0\0\0\0\0\0\3\xff", 11, "damaged_archive" },
	};
	unsigned char bytes[400];
	struct outcome o;
	size_t len;

	for (size_t i = 0; i < ROWS(rows); i++) {
		len = make_gzip("<feedback>", bytes, sizeof(bytes));
		memcpy(bytes + len, rows[i].bytes, rows[i].len);
		unpack_all(bytes, len + rows[i].len, KIND_GZIP, BUDGET, 4096,
		    &o);
		if (rows[i].reason == NULL) {
			CHECK(o.code == DIAG_OK, "%zu: %s", i, o.diag.text);
			CHECK_INT(o.bytes, 10, "%zu", i);
		} else {
			CHECK_INT(o.code, DIAG_FORMAT, "%zu", i);
			CHECK_STR(reason_name(o.diag.reason), rows[i].reason,
			    "%zu", i);
		}
	}
}

/* A tar whose first name begins with a blank is not padded. */
static void
tar_may_begin_with_a_blank(void)
{
	char bytes[20480];
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	size_t used = 0;
	struct outcome o;

	(void)archive_write_set_format_ustar(a);
	(void)archive_write_open_memory(a, bytes, sizeof(bytes), &used);
	archive_entry_set_pathname(e, " report.xml");
	archive_entry_set_size(e, 3);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0644);
	(void)archive_write_header(a, e);
	(void)archive_write_data(a, "<a>", 3);
	archive_entry_free(e);
	(void)archive_write_close(a);
	(void)archive_write_free(a);
	CHECK_INT(sniff(bytes, used), KIND_TAR, "sniff");
	unpack_all(bytes, used, KIND_TAR, BUDGET, 4096, &o);
	CHECK(o.code == DIAG_OK, "%s", o.diag.text);
	CHECK_INT(o.bytes, 3, "bytes");
	CHECK_STR(o.first, " report.xml", "name");
}

static CU_TestInfo tests[] = {
	{ "takes_what_senders_send", takes_what_senders_send },
	{ "says_what_is_wrong", says_what_is_wrong },
	{ "notices_every_cut", notices_every_cut },
	{ "stays_within_the_budget", stays_within_the_budget },
	{ "takes_only_the_kind_that_it_is_told",
	    takes_only_the_kind_that_it_is_told },
	{ "checks_every_gzip_member", checks_every_gzip_member },
	{ "knows_what_follows_a_gzip_member",
	    knows_what_follows_a_gzip_member },
	{ "tar_may_begin_with_a_blank", tar_may_begin_with_a_blank },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_unpack_suites[] = {
	{ "unpack", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
