/*
 * mime: a mail in, its parts out, decoded.
 *
 * Everything is walked: nested multiparts, attached messages, parts without a
 * name or with a wrong type, a mail that is nothing but an archive.  Bounds
 * are in limits.h; what goes beyond them ends the walk with DIAG_LIMIT.
 */
#ifndef INGEST_MIME_H
#define INGEST_MIME_H

#include <stddef.h>

#include "common/diag.h"
#include "ingest/decode/mail.h"

/* To be called once before the first mime_walk(). */
void mime_init(void);

/*
 * Walk bytes[0..len).  info is filled in before the first part is handed out;
 * the caller frees it with mail_info_free(), also after a failure.
 */
enum diag_code mime_walk(const void *bytes, size_t len, struct mail_info *info,
    const struct mime_visitor *v, struct diag *d) MUST_CHECK;

#endif
