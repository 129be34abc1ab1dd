/*
 * base64: as software writes it, and as it becomes on the way.
 *
 * With padding or without, padded in pieces, in the alphabet for URLs, in lines
 * of any length, with marks of quoting before them.
 */
#ifndef INGEST_BASE64_H
#define INGEST_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Decode s[0..len) to out, which has room for as many bytes; returns how many
 * there are.  What is not of the alphabet is passed over; a line of other text
 * behind padding, such as the footer of a mailing list, is the end.
 */
size_t base64_decode(const char *s, size_t len, char *out);

/* How many of the bytes from s on are a line of base64 and nothing else. */
size_t base64_line(const char *s, size_t len);

#endif
