/*
 * cms: what is inside an S/MIME message (RFC 5652), as far as it lies open.
 *
 * A signature is not checked: who sent a report is told by the mail that
 * brought it.  Read by hand, since only five nested values are of interest, in
 * BER with lengths that are not given, too, as mail programs write them.
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
