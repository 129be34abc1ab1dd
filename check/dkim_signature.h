/*
 * dkim_signature: one DKIM-Signature field of a mail (RFC 6376, RFC 8301, RFC
 * 8463): taken apart, hashed, verified.
 *
 * Nettle does the arithmetic.  libopendkim would do it all, but has one number
 * for what is wrong; here each step says what it found, which is what somebody
 * with a broken signature asks.
 */
#ifndef CHECK_DKIM_SIGNATURE_H
#define CHECK_DKIM_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check/answers.h"
#include "check/dkim_canon.h"
#include "check/message.h"
#include "check/tags.h"

/* The names of RFC 8601, section 2.7.1. */
enum dkim_result {
	DKIM_UNKNOWN_YET, /* its key is wanted of DNS */
	DKIM_PASS,
	DKIM_FAIL,
	DKIM_POLICY, /* it verifies, but is not to be accepted */
	DKIM_TEMPERROR,
	DKIM_PERMERROR
};

/* Names in h= that are looked at; a signature with more is not verified. */
#define DKIM_SIGNED_MAX 200
#define DKIM_WHY_LEN    400

struct dkim_signature {
	const struct message *m;
	const struct message_field *field;
	struct tags tags;
	bool old_hash; /* rsa-sha1 */
	bool ed25519;
	bool relaxed_header;
	bool relaxed_body;
	char domain[DNS_NAME_LEN + 1];
	char selector[DNS_NAME_LEN + 1];
	char identity[DNS_NAME_LEN + 1]; /* the domain of i= */
	int64_t length;                  /* l=; -1: none */
	int64_t timestamp;               /* t=; -1: none */
	int64_t expires;                 /* x=; -1: none */
	/* What came out. */
	enum dkim_result result;
	char why[DKIM_WHY_LEN]; /* a sentence; "" for a pass */
	unsigned bits;          /* of the key; 0: not known */
	bool testing;           /* the key says t=y */
	int64_t unsigned_bytes; /* of the body, behind l= */
};

/*
 * Take the field apart and hash the body.  When result is DKIM_UNKNOWN_YET the
 * signature is sound as far as can be told without its key.  now: seconds since
 * 1970.
 */
void dkim_signature_parse(struct dkim_signature *s, const struct message *m,
    const struct message_field *f, int64_t now);
void dkim_signature_free(struct dkim_signature *s);

/* Verify with the key that DNS has; nothing happens when the result is known,
 * or the key is not. */
void dkim_signature_verify(struct dkim_signature *s, struct answers *dns);

/* The name at which the key is; false: it is none. */
bool dkim_signature_key_name(const struct dkim_signature *s,
    char out[DNS_NAME_LEN + 1]);

/* Whether h= has the name. */
bool dkim_signature_covers(const struct dkim_signature *s, const char *name);

const char *dkim_result_name(enum dkim_result r);

#endif
