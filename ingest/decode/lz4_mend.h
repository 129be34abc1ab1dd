/*
 * lz4_mend: mails that Dovecot has compressed with lz4.
 *
 * It writes a frame of its own around the blocks, which libarchive does not know:
 * a mark, the size of the largest piece, then each block behind its length, the
 * high byte first.  lz4's legacy frame is the same with another mark, without the
 * size, and with the low byte of a length first.
 */
#ifndef INGEST_LZ4_MEND_H
#define INGEST_LZ4_MEND_H

#include <stddef.h>

#define DOVECOT_LZ4 "Dovecot-LZ4\r*\x9b\xc5"

/* The same as a legacy frame of *out_len bytes, which the caller frees; NULL: it
 * is none of Dovecot's. */
unsigned char *lz4_mend(const unsigned char *in, size_t len, size_t *out_len);

#endif
