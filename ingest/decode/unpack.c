/* unpack: an archive or compressed file in, the bytes of its members out. */
#include "ingest/decode/unpack.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/decode/lz4_mend.h"
#include "ingest/decode/padding.h"
#include "ingest/decode/zlib_stream.h"
#include "ingest/decode/zip_mend.h"

struct unpack {
	struct archive *a;
	enum kind kind;
	const unsigned char *in;
	size_t len;
	size_t *budget;
	unsigned char *mended; /* a zip or lz4 whose headers were */
	struct zlib_stream *z; /* gzip and zlib; then there is no a */
	bool in_member;
	size_t members;
	char *name;
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

static void
prepare_lz4(struct unpack *u)
{
	u->mended = lz4_mend(u->in, u->len, &u->len);
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

	u->kind = kind;
	u->in = (const unsigned char *)in + pad;
	u->len = len - pad;
	u->budget = budget;
	if (kind == KIND_ZIP)
		prepare_zip(u);
	if (kind == KIND_LZ4)
		prepare_lz4(u);
	if (kind == KIND_GZIP || kind == KIND_ZLIB) {
		u->z = zlib_stream_open(u->in, u->len, kind == KIND_GZIP);
		*out = u;
		return DIAG_OK;
	}
	u->a = archive_read_new();
	if (u->a == NULL || !enable(u->a, kind)) {
		code = diag_set(d, DIAG_CONFIG, REASON_LIBARCHIVE,
		    "libarchive cannot read this format");
		goto fail;
	}
	if (archive_read_open_memory(u->a, u->in, u->len) < ARCHIVE_WARN) {
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
	zlib_stream_close(u->z);
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
	if (u->z != NULL) {
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

/* A warning here is zip's "bad CRC" or "wrong size". */
static enum diag_code
read_archive(struct unpack *u, void *to, size_t size, size_t *n, struct diag *d)
{
	const la_ssize_t got = archive_read_data(u->a, to, size);

	if (got < 0)
		return damaged(u, d);
	*n = (size_t)got;
	return DIAG_OK;
}

enum diag_code
unpack_read(struct unpack *u, void *to, size_t size, size_t *n, struct diag *d)
{
	const enum diag_code code = u->z != NULL ?
	    zlib_stream_read(u->z, to, size, n, d) :
	    read_archive(u, to, size, n, d);

	if (code != DIAG_OK)
		return code;
	if (*n > *u->budget)
		return diag_set(d, DIAG_LIMIT, REASON_UNPACKS_TO_TOO_MUCH,
		    "unpacks to too much: over %d times its size", LIMIT_RATIO);
	*u->budget -= *n;
	return DIAG_OK;
}
