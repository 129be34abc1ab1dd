/*
 * mime_tree: any mail, however it is built or broken, as GMime reads it.
 */
#ifndef INGEST_MIME_TREE_H
#define INGEST_MIME_TREE_H

#include <stddef.h>

#include "common/diag.h"
#include "ingest/decode/mail.h"

/* As mime_walk(), whose bounds on the header fields were looked at. */
enum diag_code mime_tree(const void *bytes, size_t len, struct mail_info *info,
    const struct mime_visitor *v, struct diag *d) MUST_CHECK;

#endif
