/*
 * base64: a tolerant decoder for base64 as it arrives in mails.
 *
 * It accepts text with or without padding, in several padded pieces, in the
 * alphabet for URLs, in lines of any length, and with quote marks before the
 * lines.
 */
#ifndef INGEST_BASE64_H
#define INGEST_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Decode s[0..len) to out, which has room for as many bytes; returns how many
 * there are.  Characters outside the alphabet are skipped.  A line of other
 * text after padding, such as the footer of a mailing list, ends the data.
 */
size_t base64_decode(const char *s, size_t len, char *out);

/* How many of the bytes from s on are a line of base64 and nothing else. */
size_t base64_line(const char *s, size_t len);

#endif
