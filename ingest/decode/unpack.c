/* unpack: an archive or compressed file in, the bytes of its members out. */
#include "ingest/decode/unpack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>
#define ZLIB_CONST
#include <zlib.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/decode/padding.h"
#include "ingest/decode/zip_mend.h"

struct unpack {
	struct archive *a;
	enum kind kind;
	const unsigned char *in;
	size_t len;
	size_t *budget;
	bool empty;            /* a gzip of nothing */
	unsigned char *mended; /* a zip whose headers were */
	/* zlib only, which libarchive does not read */
	z_stream z;
	bool z_open;
	bool z_ended;
	bool in_member;
	size_t members;
	char *name;
	/* gzip only: what its trailer is compared with */
	uint32_t crc;
	uint32_t out;
};

static const char *
reason_text(struct archive *a)
{
	const char *text = archive_error_string(a);

	return text == NULL || strcmp(text, "(null)") == 0 ? "damaged" : text;
}

static enum diag_code
damaged(struct unpack *u, struct diag *d)
{
	const char *text = reason_text(u->a);

	if (strstr(text, "assphrase") != NULL || strstr(text, "ncrypt") != NULL)
		return diag_set(d, DIAG_FORMAT, REASON_ENCRYPTED,
		    "archive is encrypted; ask the sender for one without a "
		    "password");
	if (strstr(text, "runcated") != NULL)
		return diag_set(d, DIAG_FORMAT, REASON_TRUNCATED_ARCHIVE,
		    "archive is truncated: %s", text);
	return diag_set(d, DIAG_FORMAT, REASON_DAMAGED_ARCHIVE,
	    "archive is damaged: %s", text);
}

/* A compression has this filter and no other: left to itself libarchive
 * looks through 25 of them, one inside the other. */
static bool
enable_filter(struct archive *a, int filter)
{
	return archive_read_append_filter(a, filter) >= ARCHIVE_WARN &&
	    archive_read_support_format_raw(a) >= ARCHIVE_WARN;
}

/* Switch on what this kind needs and nothing else. */
static bool
enable(struct archive *a, enum kind kind)
{
	switch (kind) {
	case KIND_GZIP:
		return enable_filter(a, ARCHIVE_FILTER_GZIP);
	case KIND_XZ:
		return enable_filter(a, ARCHIVE_FILTER_XZ);
	case KIND_ZSTD:
		return enable_filter(a, ARCHIVE_FILTER_ZSTD);
	case KIND_BZIP2:
		return enable_filter(a, ARCHIVE_FILTER_BZIP2);
	case KIND_LZ4:
		return enable_filter(a, ARCHIVE_FILTER_LZ4);
	case KIND_LZMA:
		return enable_filter(a, ARCHIVE_FILTER_LZMA);
	case KIND_LZIP:
		return enable_filter(a, ARCHIVE_FILTER_LZIP);
	case KIND_COMPRESS:
		return enable_filter(a, ARCHIVE_FILTER_COMPRESS);
	case KIND_ZIP:
		return archive_read_support_format_zip(a) >= ARCHIVE_WARN;
	case KIND_7Z:
		return archive_read_support_format_7zip(a) >= ARCHIVE_WARN;
	case KIND_TAR:
		return archive_read_support_format_tar(a) >= ARCHIVE_WARN;
	default:
		return false;
	}
}

/*
 * zlib's own verdict.  It checks every member of a gzip file (RFC 1952 allows
 * several), where one look at the last trailer cannot.
 */
static bool
zlib_is_content(const unsigned char *in, size_t len, uint64_t *out)
{
	unsigned char sink[16384];
	z_stream z = { .next_in = in, .avail_in = (uInt)len };
	int r;

	*out = 0;
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return false;
	do {
		z.next_out = sink;
		z.avail_out = sizeof(sink);
		r = inflate(&z, Z_NO_FLUSH);
		*out += sizeof(sink) - z.avail_out;
		if (r == Z_STREAM_END && z.avail_in > 0)
			r = inflateReset(&z);
	} while (r == Z_OK);
	(void)inflateEnd(&z);
	return r == Z_STREAM_END;
}

/* ---- zlib without a frame ------------------------------------------------- */

static enum diag_code
open_zlib(struct unpack *u, struct diag *d)
{
	u->z = (z_stream){ .next_in = u->in, .avail_in = (uInt)u->len };
	u->z_open = inflateInit(&u->z) == Z_OK;
	return u->z_open ? DIAG_OK :
			   diag_set(d, DIAG_FORMAT, REASON_DAMAGED_ARCHIVE,
			       "archive is damaged: no zlib stream");
}

/* Its check sum is compared at the end, which comes only when it is right. */
static enum diag_code
read_zlib(struct unpack *u, void *to, size_t size, size_t *n, struct diag *d)
{
	int r = Z_OK;

	*n = 0;
	if (u->z_ended)
		return DIAG_OK;
	u->z.next_out = to;
	u->z.avail_out = (uInt)size;
	while (r == Z_OK && u->z.avail_out > 0)
		r = inflate(&u->z, Z_NO_FLUSH);
	u->z_ended = r == Z_STREAM_END;
	*n = size - u->z.avail_out;
	if (u->z_ended || r == Z_OK)
		return DIAG_OK;
	return r == Z_BUF_ERROR ?
	    diag_set(d, DIAG_FORMAT, REASON_TRUNCATED_ARCHIVE,
		"archive is truncated: zlib stream without an end") :
	    diag_set(d, DIAG_FORMAT, REASON_DAMAGED_ARCHIVE,
		"archive is damaged: %s", u->z.msg == NULL ? "zlib" : u->z.msg);
}

/* libarchive has no word for a gzip of nothing; it calls it damaged. */
static bool
is_empty_gzip(const struct unpack *u)
{
	uint64_t out;

	return u->kind == KIND_GZIP && zlib_is_content(u->in, u->len, &out) &&
	    out == 0;
}

/* Behind the mark of an archive that was meant for several floppies, and with
 * its headers set right. */
static void
prepare_zip(struct unpack *u)
{
	if (u->len > 6 && memcmp(u->in + 4, "PK", 2) == 0 &&
	    (memcmp(u->in, "PK00", 4) == 0 ||
		memcmp(u->in, "PK\7\x08", 4) == 0)) {
		u->in += 4;
		u->len -= 4;
	}
	u->mended = zip_mend(u->in, u->len);
	if (u->mended != NULL)
		u->in = u->mended;
}

enum diag_code
unpack_open(struct unpack **out, const void *in, size_t len, enum kind kind,
    size_t *budget, struct diag *d)
{
	/* A tar begins with a name, and that may begin with a blank. */
	const size_t pad = kind == KIND_TAR ? 0 : padding_length(in, len);
	struct unpack *u = mem_calloc(1, sizeof(*u));
	enum diag_code code;
	bool opened;

	u->kind = kind;
	u->in = (const unsigned char *)in + pad;
	u->len = len - pad;
	u->budget = budget;
	if (kind == KIND_ZIP)
		prepare_zip(u);
	if (kind == KIND_ZLIB) {
		code = open_zlib(u, d);
		if (code != DIAG_OK)
			goto fail;
		*out = u;
		return DIAG_OK;
	}
	u->a = archive_read_new();
	if (u->a == NULL || !enable(u->a, kind)) {
		code = diag_set(d, DIAG_CONFIG, REASON_LIBARCHIVE,
		    "libarchive cannot read this format");
		goto fail;
	}
	opened = archive_read_open_memory(u->a, u->in, u->len) >= ARCHIVE_WARN;
	u->empty = !opened && is_empty_gzip(u);
	if (!opened && !u->empty) {
		code = damaged(u, d);
		goto fail;
	}
	*out = u;
	return DIAG_OK;
fail:
	unpack_close(u);
	return code;
}

void
unpack_close(struct unpack *u)
{
	if (u == NULL)
		return;
	if (u->z_open)
		(void)inflateEnd(&u->z);
	archive_read_free(u->a);
	free(u->name);
	free(u->mended);
	free(u);
}

/* A name for messages: compressions have none, archives may have none. */
static void
remember_name(struct unpack *u, struct archive_entry *entry)
{
	const char *name = NULL;

	if (u->kind == KIND_ZIP || u->kind == KIND_7Z || u->kind == KIND_TAR)
		name = archive_entry_pathname(entry);
	free(u->name);
	u->name = mem_strdup(name == NULL ? "" : name);
}

static uint32_t
little_endian(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

/*
 * The members of a 7z may be one stream (solid): what is passed over is
 * decompressed all the same, so it counts.
 */
static enum diag_code
pass_over(struct unpack *u, struct diag *d)
{
	char sink[16384];
	enum diag_code code = DIAG_OK;
	size_t n = 1;

	if (u->kind != KIND_7Z || !u->in_member)
		return DIAG_OK;
	while (code == DIAG_OK && n > 0)
		code = unpack_read(u, sink, sizeof(sink), &n, d);
	return code;
}

enum diag_code
unpack_next(struct unpack *u, const char **name, struct diag *d)
{
	struct archive_entry *entry;
	int r;

	*name = NULL;
	if (u->empty)
		return DIAG_OK;
	if (u->kind == KIND_ZLIB) {
		if (u->members++ == 0)
			*name = "";
		return DIAG_OK;
	}
	if (pass_over(u, d) != DIAG_OK)
		return d->code;
	u->in_member = false;
	do {
		r = archive_read_next_header(u->a, &entry);
		if (r == ARCHIVE_EOF)
			return DIAG_OK;
		/* A warning is about a name that is not of this locale. */
		if (r < ARCHIVE_WARN)
			return damaged(u, d);
		if (u->members++ == LIMIT_MEMBERS)
			return diag_set(d, DIAG_LIMIT, REASON_TOO_MANY_MEMBERS,
			    "archive has over %d members", LIMIT_MEMBERS);
	} while (!sniff_is_filter(u->kind) &&
	    archive_entry_filetype(entry) != AE_IFREG);
	remember_name(u, entry);
	*name = u->name;
	u->in_member = true;
	return DIAG_OK;
}

/*
 * libarchive does not look at gzip's CRC32 and length.  Compare them at the
 * end; where they differ the file may have several members, which zlib knows.
 */
static enum diag_code
check_gzip(struct unpack *u, struct diag *d)
{
	const int64_t used = archive_filter_bytes(u->a, -1);
	const unsigned char *trailer;
	uint64_t out;

	if (used < 18 || (uint64_t)used > u->len)
		return diag_set(d, DIAG_FORMAT, REASON_TRUNCATED_ARCHIVE,
		    "gzip is truncated");
	trailer = u->in + used - 8;
	if (little_endian(trailer) == u->crc &&
	    little_endian(trailer + 4) == u->out)
		return DIAG_OK;
	if (zlib_is_content(u->in, (size_t)used, &out))
		return DIAG_OK;
	return diag_set(d, DIAG_FORMAT, REASON_BAD_CRC,
	    "gzip check sum or length is wrong");
}

enum diag_code
unpack_read(struct unpack *u, void *to, size_t size, size_t *n, struct diag *d)
{
	la_ssize_t got = 0;

	if (u->kind == KIND_ZLIB) {
		if (read_zlib(u, to, size, n, d) != DIAG_OK)
			return d->code;
		got = (la_ssize_t)*n;
	} else {
		got = archive_read_data(u->a, to, size);
	}
	/* A warning here is zip's "bad CRC" or "wrong size". */
	if (got < 0)
		return damaged(u, d);
	if ((size_t)got > *u->budget)
		return diag_set(d, DIAG_LIMIT, REASON_UNPACKS_TO_TOO_MUCH,
		    "unpacks to too much: over %d times its size", LIMIT_RATIO);
	*u->budget -= (size_t)got;
	*n = (size_t)got;
	if (u->kind != KIND_GZIP)
		return DIAG_OK;
	if (got == 0)
		return check_gzip(u, d);
	u->crc = (uint32_t)crc32_z(u->crc, to, (size_t)got);
	u->out += (uint32_t)got;
	return DIAG_OK;
}
