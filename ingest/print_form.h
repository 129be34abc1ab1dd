/*
 * print_form: how the quick look shows records and reports, as text or CSV.
 *
 * What is shown is as strangers wrote it, but printable.
 */
#ifndef INGEST_PRINT_FORM_H
#define INGEST_PRINT_FORM_H

#include <stddef.h>
#include <stdio.h>

#include "common/buf.h"
#include "ingest/decode/decode.h"
#include "ingest/decode/report.h"

/* The header line of CSV. */
void print_csv_names(FILE *fp);

/* A row a record; name is the item's, b is used on the way. */
void print_csv_record(FILE *fp, const char *name, const struct report_head *h,
    const struct auth_profile *p, const struct record *r, struct buf *b);
void print_text_record(FILE *fp, const struct auth_profile *p,
    const struct record *r, struct buf *b);

/* Print before and text for people, whose terminal control characters are not
 * for; NULL is "-". */
void print_say(FILE *fp, const char *before, const char *s);

/* The lines that every kind of report begins with, up to its period and without
 * the end of that line; what and period are their labels. */
void print_head(FILE *fp, const char *name, const struct leaf *leaf,
    const char *what, const char *period);

/* The heading of a report, and below it rows[0..len), its records. */
void print_text_report(FILE *fp, const char *name, const struct leaf *leaf,
    const char *rows, size_t len);

#endif
