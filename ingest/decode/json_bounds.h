/*
 * json_bounds: how deep and how large a JSON text is, before it is parsed.
 *
 * A parser that makes a tree takes a hundred bytes of memory for two bytes of
 * text, and goes down as deep as the text does.
 */
#ifndef INGEST_JSON_BOUNDS_H
#define INGEST_JSON_BOUNDS_H

#include <stddef.h>

#include "common/diag.h"

/* LIMIT: it is deeper than depth, or has more than values members and
 * elements.  Whether it is JSON at all is not asked. */
enum diag_code json_bounds(const char *s, size_t len, size_t depth,
    size_t values, struct diag *d) MUST_CHECK;

#endif
