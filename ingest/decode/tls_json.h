/*
 * tls_json: the JSON of an SMTP TLS report (RFC 8460 4.4) read.
 *
 * What reporters do otherwise is taken where its meaning is plain: numbers as
 * text, one string in place of an array, other names of fields.
 */
#ifndef INGEST_TLS_JSON_H
#define INGEST_TLS_JSON_H

#include <stddef.h>

#include "common/diag.h"
#include "ingest/decode/report.h"
#include "ingest/decode/tls_report.h"

enum tls_json_end {
	TLS_JSON_REPORT,
	TLS_JSON_BAD,  /* one that cannot be read: see the diag */
	TLS_JSON_OTHER /* JSON of another kind */
};

/* To be called once, before the process is locked in: the parser's seed. */
void tls_json_init(void);

/*
 * Read bytes[0..len).  *head and *report, which are empty before, have what was
 * read, also of a bad one; the caller frees both.
 */
enum tls_json_end tls_json_read(const char *bytes, size_t len,
    struct report_head *head, struct tls_report *report, struct diag *d);

#endif
