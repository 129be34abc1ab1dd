/* zlib_stream: gzip and zlib, read with zlib itself. */
#include "ingest/decode/zlib_stream.h"

#include <stdlib.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

#include "common/mem.h"

struct zlib_stream {
	z_stream z;
	bool gzip;
	bool ended;
};

struct zlib_stream *
zlib_stream_open(const void *in, size_t len, bool gzip)
{
	struct zlib_stream *s = mem_calloc(1, sizeof(*s));

	s->gzip = gzip;
	s->z.next_in = in;
	s->z.avail_in = (uInt)len;
	if (inflateInit2(&s->z, gzip ? 15 + 16 : 15) != Z_OK)
		abort(); /* out of memory, and nothing else */
	return s;
}

void
zlib_stream_close(struct zlib_stream *s)
{
	if (s == NULL)
		return;
	(void)inflateEnd(&s->z);
	free(s);
}

/* Another member of a gzip file follows (RFC 1952 2.2).  Some mailers add line
 * ends behind the last; that and anything else is not read. */
static bool
another_member(const struct zlib_stream *s)
{
	return s->gzip && s->z.avail_in > 3 &&
	    memcmp(s->z.next_in, "\x1f\x8b\x08", 3) == 0 &&
	    (s->z.next_in[3] & 0xe0) == 0;
}

/* zlib has compared check sum and length, and says so in words only. */
static bool
is_wrong_sum(const char *msg)
{
	return strcmp(msg, "incorrect data check") == 0 ||
	    strcmp(msg, "incorrect length check") == 0;
}

static enum diag_code
damaged(const struct zlib_stream *s, int r, struct diag *d)
{
	const char *kind = s->gzip ? "gzip" : "zlib stream";
	const char *msg = s->z.msg == NULL ? "unknown error" : s->z.msg;

	if (r == Z_BUF_ERROR)
		return diag_set(d, DIAG_FORMAT, REASON_TRUNCATED_ARCHIVE,
		    "archive is truncated: %s without an end", kind);
	if (s->gzip && is_wrong_sum(msg))
		return diag_set(d, DIAG_FORMAT, REASON_BAD_CRC,
		    "gzip check sum or length is wrong");
	return diag_set(d, DIAG_FORMAT, REASON_DAMAGED_ARCHIVE,
	    "archive is damaged: %s: %s", kind, msg);
}

enum diag_code
zlib_stream_read(struct zlib_stream *s, void *to, size_t size, size_t *n,
    struct diag *d)
{
	int r = Z_OK;

	*n = 0;
	s->z.next_out = to;
	s->z.avail_out = (uInt)size;
	while (r == Z_OK && !s->ended && s->z.avail_out > 0) {
		r = inflate(&s->z, Z_NO_FLUSH);
		if (r != Z_STREAM_END)
			continue;
		s->ended = !another_member(s);
		r = s->ended ? Z_OK : inflateReset(&s->z);
	}
	*n = size - s->z.avail_out;
	return r == Z_OK ? DIAG_OK : damaged(s, r, d);
}
