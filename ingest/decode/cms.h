/*
 * cms: the content of an S/MIME message (RFC 5652), unless it is encrypted.
 *
 * Signatures are not checked: the mail itself shows who sent a report.  The
 * parser is our own, because only five nested values matter, and because mail
 * programs also write BER with indefinite lengths.
 */
#ifndef INGEST_CMS_H
#define INGEST_CMS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

enum cms_kind {
	CMS_NONE,      /* something else */
	CMS_SIGNED,    /* signed-data; its content may be elsewhere */
	CMS_ENCRYPTED, /* enveloped-data, encrypted-data and their like */
	CMS_COMPRESSED /* compressed-data: its content is zlib's */
};

/* What begins at bytes, of which the first 64 do. */
enum cms_kind cms_look(const void *bytes, size_t len);

enum cms_found {
	CMS_OPEN,      /* it was appended */
	CMS_ELSEWHERE, /* a signature of what lies beside it */
	CMS_DAMAGED    /* or too large for out */
};

/* Append the content of signed-data or compressed-data. */
enum cms_found cms_content(const void *bytes, size_t len, struct buf *out);

#endif
