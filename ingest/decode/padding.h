/*
 * padding: meaningless bytes before a document.
 */
#ifndef INGEST_PADDING_H
#define INGEST_PADDING_H

#include <stddef.h>

/*
 * How many there are: white space, byte order marks of UTF-8 (also one that was
 * taken for Latin-1 and encoded once more), and characters without a width.
 */
size_t padding_length(const void *bytes, size_t len);

#endif
