/*
 * mime_plain: a mail as nearly all reporters send it, taken as it lies.
 *
 * One attachment, or a multipart/mixed of a few parts that are no multiparts
 * themselves, each field once, plain ASCII where it matters.  GMime builds a
 * tree of some hundred objects for such a mail, which takes longer than to
 * unpack and parse the report in it: without this module all of decoding takes
 * 90 % more instructions.  Any other mail is left to GMime (mime_tree.c).  For
 * mail accepted here both must produce the same parts; fuzz_mime.c checks that.
 */
#ifndef INGEST_MIME_PLAIN_H
#define INGEST_MIME_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/diag.h"
#include "ingest/decode/mail.h"

/*
 * False: the mail is of another kind; nothing was handed out, info is as it
 * was.  True: *code is as of mime_walk().
 */
bool mime_plain(const char *bytes, size_t len, struct mail_info *info,
    const struct mime_visitor *v, struct diag *d, enum diag_code *code);

#endif
