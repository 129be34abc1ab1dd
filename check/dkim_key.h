/*
 * dkim_key: the record of a DKIM key (RFC 6376, section 3.6.1; RFC 8463),
 * taken apart.
 *
 * A pure function of the text.  What is wrong has a name and a place; what is
 * not wrong is there even when something else is.
 */
#ifndef CHECK_DKIM_KEY_H
#define CHECK_DKIM_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "check/tags.h"

struct rsa_public_key; /* of nettle */

enum dkim_key_kind {
	DKIM_KEY_RSA,
	DKIM_KEY_ED25519,
	DKIM_KEY_OTHER /* nobody can use it */
};

/* Why no signature can be verified with it. */
enum dkim_key_fault {
	DKIM_KEY_FINE,
	DKIM_KEY_SYNTAX,  /* no list of tags */
	DKIM_KEY_TWICE,   /* a tag is there twice */
	DKIM_KEY_VERSION, /* v= is not DKIM1, or not the first tag */
	DKIM_KEY_KIND,    /* k= is none that is known */
	DKIM_KEY_SERVICE, /* s= leaves e-mail out */
	DKIM_KEY_HASH,    /* h= leaves sha256 out */
	DKIM_KEY_MISSING, /* no p= */
	DKIM_KEY_REVOKED, /* p= is empty */
	DKIM_KEY_BASE64,  /* p= is no base64 */
	DKIM_KEY_BROKEN,  /* what p= has is no key of that kind */
	DKIM_KEY_FAULTS
};

struct dkim_key {
	struct tags tags;
	enum dkim_key_kind kind;
	/* A bit (1 << fault) for each, and the part of the text that the first
	 * of each is about. */
	unsigned faults;
	struct tag_part wrong[DKIM_KEY_FAULTS];
	bool testing;         /* t=y: as if the mail were unsigned */
	bool no_subdomains;   /* t=s: i= must be of the domain itself */
	unsigned char *bytes; /* p=, decoded */
	size_t n;
	unsigned bits; /* of the modulus; of Ed25519 256; 0: no key */
};

/* text must outlive k, which dkim_key_free() empties.  True: no fault. */
bool dkim_key_parse(struct dkim_key *k, const char *text, size_t len);
void dkim_key_free(struct dkim_key *k);

bool dkim_key_has(const struct dkim_key *k, enum dkim_key_fault fault);

/* The RSA key, for nettle; out is initialised by the caller.  Ed25519 keys are
 * the 32 bytes themselves. */
bool dkim_key_rsa(const struct dkim_key *k, struct rsa_public_key *out);

/* Whether the text, a TXT record at a selector, means to be a key at all. */
bool dkim_key_is_meant(const char *text, size_t len);

#endif
