/*
 * sniff: the format of some bytes, found from the bytes alone.
 *
 * Senders label attachments badly, so neither name nor media type is asked.
 */
#ifndef INGEST_SNIFF_H
#define INGEST_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

enum kind {
	KIND_EMPTY, /* nothing, or only what means nothing */
	KIND_XML,
	KIND_HTML,
	KIND_JSON,
	KIND_TLS_REPORT, /* JSON of RFC 8460 */
	/* compressions */
	KIND_GZIP,
	KIND_XZ,
	KIND_ZSTD,
	KIND_BZIP2,
	KIND_LZ4,
	KIND_LZMA,
	KIND_LZIP,
	KIND_COMPRESS, /* .Z */
	KIND_ZLIB,     /* RFC 1950, without a frame around it */
	/* archives */
	KIND_ZIP,
	KIND_7Z,
	KIND_TAR,
	KIND_TNEF, /* winmail.dat */
	KIND_CMS,  /* S/MIME */
	KIND_MBOX,
	KIND_MAIL,
	KIND_PGP,         /* a message of OpenPGP, in ASCII or binary */
	KIND_ENCRYPTED,   /* by the mail server */
	KIND_HARMLESS,    /* a picture, a PDF, a calendar: surely no report */
	KIND_UNSUPPORTED, /* known, and not read: see sniff_unsupported() */
	KIND_TEXT,        /* any other text */
	KIND_OTHER        /* any other bytes */
};

/* How many bytes are enough to be sure. */
#define SNIFF_BYTES 1024

enum kind sniff(const void *bytes, size_t len);

/* One of the archives, and one of the compressions. */
bool sniff_is_archive(enum kind kind);
bool sniff_is_filter(enum kind kind);

/* What something of KIND_UNSUPPORTED is, for people. */
const char *sniff_unsupported(const void *bytes, size_t len);

#endif
