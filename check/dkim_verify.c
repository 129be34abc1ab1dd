/* dkim_verify: a signature and the key that DNS has for it. */
#include "check/dkim_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/bignum.h>
#include <nettle/eddsa.h>
#include <nettle/rsa.h>

#include "check/dkim_key.h"
#include "common/mem.h"

/* The smallest RSA key that counts (RFC 8301, section 3.2). */
#define LEAST_BITS 1024

/* The longest signature, that of a key of 16384 bits. */
#define SIGNATURE_MAX 2048

/* ---- the header's hash ------------------------------------------------------ */

/* A field to take in place of one of the mail. */
struct instead {
	const struct message_field *field; /* NULL: none */
	const char *bytes;
	size_t len;
};

static void
add_field(struct dkim_hash *h, const struct dkim_signature *s,
    const struct message_field *f, const struct instead *instead)
{
	if (f == instead->field)
		dkim_canon_field(h, instead->bytes, instead->len,
		    s->relaxed_header, false);
	else
		dkim_canon_field(h, s->m->bytes + f->at, f->len,
		    s->relaxed_header, false);
}

/* The last field of that name above the place `below`; NULL: none is left. */
static const struct message_field *
field_above(const struct message *m, const char *name, size_t len,
    const bool *taken)
{
	char copy[128];

	if (len >= sizeof(copy))
		return NULL;
	memcpy(copy, name, len);
	copy[len] = '\0';
	for (size_t i = m->n; i-- > 0;)
		if (!taken[i] && message_is(m, &m->fields[i], copy))
			return &m->fields[i];
	return NULL;
}

static void
add_signed_fields(struct dkim_hash *h, const struct dkim_signature *s,
    const struct instead *instead)
{
	bool *taken = mem_calloc(s->m->n + 1, sizeof(*taken));
	struct tag_part rest = tags_find(&s->tags, "h")->value;
	struct tag_part item;

	while (tags_next_item(&s->tags, &rest, ':', &item)) {
		const struct message_field *f = field_above(s->m,
		    s->tags.text + item.at, item.len, taken);

		/* One that is not there is signed as not there. */
		if (f == NULL)
			continue;
		taken[message_number(s->m, f)] = true;
		add_field(h, s, f, instead);
	}
	free(taken);
}

/* The signature itself, without what b= has. */
static void
add_own_field(struct dkim_hash *h, const struct dkim_signature *s)
{
	const struct tag *b = tags_find(&s->tags, "b");
	const char *start = s->m->bytes + s->field->at;
	const char *end = start + s->field->len;
	const char *from = s->tags.text + b->name.at + b->name.len;
	const char *to;
	char *copy = mem_calloc(s->field->len + 1, 1);
	size_t n;

	from = (const char *)memchr(from, '=', (size_t)(end - from)) + 1;
	to = memchr(from, ';', (size_t)(end - from));
	if (to == NULL)
		to = end;
	n = (size_t)(from - start);
	memcpy(copy, start, n);
	memcpy(copy + n, to, (size_t)(end - to));
	dkim_canon_field(h, copy, n + (size_t)(end - to), s->relaxed_header,
	    true);
	free(copy);
}

static size_t
header_hash(const struct dkim_signature *s, const struct instead *instead,
    unsigned char digest[DKIM_HASH_MAX])
{
	struct dkim_hash h;

	dkim_hash_init(&h, s->old_hash);
	add_signed_fields(&h, s, instead);
	add_own_field(&h, s);
	return dkim_hash_so_far(&h, digest);
}

/* ---- arithmetic ------------------------------------------------------------- */

static bool
is_made_by(const struct dkim_signature *s, const struct dkim_key *key,
    const unsigned char *digest)
{
	unsigned char bytes[SIGNATURE_MAX + 16];
	struct rsa_public_key rsa;
	mpz_t number;
	size_t n;
	bool ok = false;

	if (!dkim_signature_bytes(s, bytes, sizeof(bytes), &n))
		return false;
	if (s->ed25519)
		return n == ED25519_SIGNATURE_SIZE &&
		    ed25519_sha512_verify(key->bytes, SHA256_DIGEST_SIZE,
			digest, bytes) == 1;
	rsa_public_key_init(&rsa);
	nettle_mpz_init_set_str_256_u(number, n, bytes);
	if (dkim_key_rsa(key, &rsa))
		ok = (s->old_hash ?
			     rsa_sha1_verify_digest(&rsa, digest, number) :
			     rsa_sha256_verify_digest(&rsa, digest, number)) ==
		    1;
	mpz_clear(number);
	rsa_public_key_clear(&rsa);
	return ok;
}

/*
 * Mailing lists put "[name] " before a Subject.  Whether that is all that was
 * changed in the header.
 */
static bool
is_made_without_tag(const struct dkim_signature *s, const struct dkim_key *key)
{
	const struct message_field *f = message_find(s->m, "Subject");
	unsigned char digest[DKIM_HASH_MAX];
	struct instead instead = { .field = f };
	const char *open, *close, *end;
	char *copy;
	size_t n;
	bool ok;

	if (f == NULL || !dkim_signature_covers(s, "Subject"))
		return false;
	end = s->m->bytes + f->at + f->len;
	open = memchr(s->m->bytes + f->value, '[', f->at + f->len - f->value);
	close = open == NULL ? NULL : memchr(open, ']', (size_t)(end - open));
	if (close == NULL)
		return false;
	close += close + 1 < end && close[1] == ' ' ? 2 : 1;
	copy = mem_calloc(f->len + 1, 1);
	n = (size_t)(open - s->m->bytes) - f->at;
	memcpy(copy, s->m->bytes + f->at, n);
	memcpy(copy + n, close, (size_t)(end - close));
	instead.bytes = copy;
	instead.len = n + (size_t)(end - close);
	(void)header_hash(s, &instead, digest);
	ok = is_made_by(s, key, digest);
	free(copy);
	return ok;
}

/* ---- the key ---------------------------------------------------------------- */

static const char *const key_faults[] = {
	[DKIM_KEY_FINE] = "",
	[DKIM_KEY_SYNTAX] = "its record is no list of tags",
	[DKIM_KEY_TWICE] = "its record has a tag twice",
	[DKIM_KEY_VERSION] = "v= of its record is not DKIM1, or not first",
	[DKIM_KEY_KIND] = "k= of its record is no kind of key that is known",
	[DKIM_KEY_SERVICE] = "s= of its record does not allow mail",
	[DKIM_KEY_HASH] = "h= of its record does not allow sha256",
	[DKIM_KEY_MISSING] = "its record has no p=",
	[DKIM_KEY_REVOKED] = "the key was revoked: p= is empty",
	[DKIM_KEY_BASE64] = "p= of its record is no base64",
	[DKIM_KEY_BROKEN] = "p= of its record is no key of that kind",
};

/* Faults for which there is no key; h=sha1 is one only where sha256 is used. */
static void
check_key(struct dkim_signature *s, const struct dkim_key *key,
    const char *name)
{
	for (enum dkim_key_fault f = DKIM_KEY_SYNTAX; f < DKIM_KEY_FAULTS; f++)
		if (dkim_key_has(key, f))
			dkim_ended(s,
			    f == DKIM_KEY_HASH && s->old_hash ? DKIM_POLICY :
								DKIM_PERMERROR,
			    "key %s: %s", name, key_faults[f]);
	if (s->ed25519 != (key->kind == DKIM_KEY_ED25519))
		dkim_ended(s, DKIM_PERMERROR,
		    "key %s: it is not of the kind that a= names", name);
	if (key->no_subdomains && strcasecmp(s->identity, s->domain) != 0)
		dkim_ended(s, DKIM_PERMERROR,
		    "key %s: t=s allows no i= in a domain below", name);
}

/* It verifies; is it to be accepted? */
static void
check_policy(struct dkim_signature *s, const struct dkim_key *key,
    const char *name)
{
	if (s->old_hash)
		dkim_ended(s, DKIM_POLICY,
		    "it verifies, but rsa-sha1 counts no more (RFC 8301)");
	if (key->kind == DKIM_KEY_RSA && key->bits < LEAST_BITS)
		dkim_ended(s, DKIM_POLICY,
		    "it verifies, but the key %s has %u bits; fewer than %d count no more (RFC 8301)",
		    name, key->bits, LEAST_BITS);
	dkim_ended(s, DKIM_PASS, "%s", "");
}

static void
verify(struct dkim_signature *s, const char *text, size_t len, const char *name)
{
	static const struct instead nothing;
	unsigned char digest[DKIM_HASH_MAX];
	struct dkim_key key;

	(void)dkim_key_parse(&key, text, len);
	s->bits = key.bits;
	s->testing = key.testing;
	check_key(s, &key, name);
	if (s->result == DKIM_UNKNOWN_YET) {
		(void)header_hash(s, &nothing, digest);
		if (is_made_by(s, &key, digest))
			check_policy(s, &key, name);
		else if (is_made_without_tag(s, &key))
			dkim_ended(s, DKIM_FAIL,
			    "the Subject was changed after signing: without its [tag] the signature verifies, as with many mailing lists");
		else
			dkim_ended(s, DKIM_FAIL,
			    "the body is as it was signed, but the signature does not match: a field in h= was changed after signing, or the key at %s is another",
			    name);
	}
	dkim_key_free(&key);
}

void
dkim_signature_verify(struct dkim_signature *s, struct answers *dns)
{
	char name[DNS_NAME_LEN + 1];
	const struct answer *a;

	if (s->result != DKIM_UNKNOWN_YET)
		return;
	if (!dkim_signature_key_name(s, name)) {
		dkim_ended(s, DKIM_PERMERROR,
		    "s= and d= make no name that DNS can be asked for");
		return;
	}
	a = answers_get(dns, name, DNS_TXT);
	if (a == NULL)
		return;
	switch (a->state) {
	case ANSWER_RECORDS:
		if (a->n > 1)
			dkim_ended(s, DKIM_PERMERROR,
			    "%s has %zu TXT records; which is the key is not defined",
			    name, a->n);
		verify(s, a->records[0].text, a->records[0].len, name);
		break;
	case ANSWER_NO_DATA:
	case ANSWER_NO_NAME:
		dkim_ended(s, DKIM_PERMERROR,
		    "no key: %s has no TXT record%s%s", name,
		    a->n_aliases == 0 ? "" : "; a CNAME leads to ",
		    a->n_aliases == 0 ? "" : a->aliases[a->n_aliases - 1]);
		break;
	case ANSWER_FAILED:
		dkim_ended(s, DKIM_TEMPERROR, "DNS did not answer for %s",
		    name);
		break;
	}
}
