/*
 * base64: as nearly all software writes it, in the quick way.
 *
 * Lines of whole groups of four, padded at the end if at all, and nothing else
 * in it.  What decoders read in more than one way is not for this one.
 */
#ifndef INGEST_BASE64_H
#define INGEST_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Decode s[0..len) to out, which has room for len bytes: *n of them.  False:
 * it is written in another way, and what is in out means nothing.
 */
bool base64_decode(const char *s, size_t len, char *out, size_t *n);

#endif
