/*
 * zlib_stream: gzip (RFC 1952) and zlib (RFC 1950), read with zlib itself.
 *
 * libarchive reads gzip, too, but compares neither check sum nor length, and
 * takes more time to open a file of the usual size than to read it.
 */
#ifndef INGEST_ZLIB_STREAM_H
#define INGEST_ZLIB_STREAM_H

#include <stdbool.h>
#include <stddef.h>

#include "common/diag.h"

struct zlib_stream;

/* Read in[0..len), which must stay until zlib_stream_close(). */
struct zlib_stream *zlib_stream_open(const void *in, size_t len, bool gzip);
void zlib_stream_close(struct zlib_stream *z); /* NULL is fine */

/*
 * Read up to size bytes; *n is 0 at the end.  The end is only reported when the
 * check sum and length of every member of the file are right.
 */
enum diag_code zlib_stream_read(struct zlib_stream *z, void *to, size_t size,
    size_t *n, struct diag *d) MUST_CHECK;

#endif
