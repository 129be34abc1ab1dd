/*
 * sniff: what these bytes are, by the bytes alone.
 *
 * Senders label attachments badly, so neither name nor media type is asked.
 */
#ifndef INGEST_SNIFF_H
#define INGEST_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

enum kind {
	KIND_EMPTY, /* nothing, or only white space */
	KIND_XML,
	KIND_HTML,
	KIND_JSON,
	KIND_TLS_REPORT, /* JSON of RFC 8460 */
	KIND_GZIP,
	KIND_ZIP,
	KIND_XZ,
	KIND_ZSTD,
	KIND_BZIP2,
	KIND_7Z,
	KIND_TAR,
	KIND_MBOX, /* begins with a From_ line */
	KIND_MAIL,
	KIND_OTHER
};

/* How many bytes are enough to be sure. */
#define SNIFF_BYTES 1024

enum kind sniff(const void *bytes, size_t len);

/* One of the archives and compressions. */
bool sniff_is_archive(enum kind kind);

#endif
