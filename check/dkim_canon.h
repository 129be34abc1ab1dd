/*
 * dkim_canon: the hashes that a DKIM signature is made over (RFC 6376, sections
 * 3.4 and 3.7).
 */
#ifndef CHECK_DKIM_CANON_H
#define CHECK_DKIM_CANON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include "check/message.h"

#define DKIM_HASH_MAX SHA256_DIGEST_SIZE

/* SHA-256, or SHA-1 as signatures before 2018 had it. */
struct dkim_hash {
	bool old; /* SHA-1 */
	struct sha256_ctx sha256;
	struct sha1_ctx sha1;
};

void dkim_hash_init(struct dkim_hash *h, bool old);
void dkim_hash_add(struct dkim_hash *h, const void *p, size_t n);
/* The digest so far; more may be added afterwards.  Returns its length. */
size_t
dkim_hash_so_far(const struct dkim_hash *h, unsigned char out[DKIM_HASH_MAX]);

/*
 * Add the body, of at most limit bytes in its canonical form (-1: all of it).
 * *used is how many there were.  wanted, if it is there, is the digest that is
 * looked for at the end of each line: *found becomes the number of lines that
 * give it, or -1.
 */
void dkim_canon_body(struct dkim_hash *h, const struct message *m, bool relaxed,
    int64_t limit, int64_t *used, const unsigned char *wanted, int64_t *found);

/* Add a field as it is signed; without_end: no line end behind it. */
void dkim_canon_field(struct dkim_hash *h, const char *bytes, size_t len,
    bool relaxed, bool without_end);

#endif
