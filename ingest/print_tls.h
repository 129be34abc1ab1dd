/*
 * print_tls: how the quick look shows a TLS report, as text.
 */
#ifndef INGEST_PRINT_TLS_H
#define INGEST_PRINT_TLS_H

#include <stdio.h>

#include "ingest/decode/leaf.h"

/* name: of the item that it is in. */
void print_tls_report(FILE *fp, const char *name, const struct leaf *leaf);

#endif
