/*
 * print_failure: how the quick look shows a failure report, as text.
 */
#ifndef INGEST_PRINT_FAILURE_H
#define INGEST_PRINT_FAILURE_H

#include <stdio.h>

#include "ingest/decode/leaf.h"

void print_failure(FILE *fp, const char *name, const struct leaf *leaf);

#endif
