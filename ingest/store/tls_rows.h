/*
 * tls_rows: SMTP TLS reports as rows for COPY.
 */
#ifndef INGEST_TLS_ROWS_H
#define INGEST_TLS_ROWS_H

#include <stddef.h>

#include "common/buf.h"
#include "ingest/source/document_row.h"

/* The statements that take them. */
extern const char tls_rows_copy_reports[];
extern const char tls_rows_copy_policies[];
extern const char tls_rows_copy_failures[];

/* Append the rows of the document, whose number in the batch is n and which
 * comes from source. */
void tls_rows_report(struct buf *b, size_t n, const struct document_row *doc,
    const char *source);
void tls_rows_policies(struct buf *b, size_t n, const struct tls_report *t);
void tls_rows_failures(struct buf *b, size_t n, const struct tls_report *t);

#endif
