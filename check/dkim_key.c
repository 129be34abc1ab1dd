/* dkim_key: the record of a DKIM key, taken apart. */
#include "check/dkim_key.h"

#include <stdlib.h>
#include <string.h>

#include <nettle/asn1.h>
#include <nettle/base64.h>
#include <nettle/eddsa.h>
#include <nettle/rsa.h>

#include "common/mem.h"

/* Nobody verifies with larger ones. */
#define MODULUS_MAX_BITS 16384

static void
fault(struct dkim_key *k, enum dkim_key_fault f, struct tag_part wrong)
{
	if (!dkim_key_has(k, f))
		k->wrong[f] = wrong;
	k->faults |= 1u << f;
}

bool
dkim_key_has(const struct dkim_key *k, enum dkim_key_fault f)
{
	return (k->faults & 1u << f) != 0;
}

/* Whether the list with colons has one of the two. */
static bool
list_has(const struct dkim_key *k, const struct tag *t, const char *a,
    const char *b)
{
	struct tag_part rest = t->value;
	struct tag_part item;

	while (tags_next_item(&k->tags, &rest, ':', &item))
		if (tags_is_any_case(&k->tags, item, a) ||
		    tags_is_any_case(&k->tags, item, b))
			return true;
	return false;
}

static void
check_list(struct dkim_key *k)
{
	const struct tags *t = &k->tags;

	if (t->too_many)
		fault(k, DKIM_KEY_SYNTAX, (struct tag_part){ 0, t->len });
	for (size_t i = 0; i < t->n; i++) {
		const struct tag *tag = &t->all[i];

		if (!tag->has_equals || !tags_is_name(t, tag->name)) {
			fault(k, DKIM_KEY_SYNTAX, tag->all);
			continue;
		}
		for (size_t j = 0; j < i; j++)
			if (t->all[j].name.len == tag->name.len &&
			    memcmp(t->text + t->all[j].name.at,
				t->text + tag->name.at, tag->name.len) == 0)
				fault(k, DKIM_KEY_TWICE, tag->all);
	}
}

static void
check_tags(struct dkim_key *k)
{
	const struct tag *v = tags_find(&k->tags, "v");
	const struct tag *kind = tags_find(&k->tags, "k");
	const struct tag *service = tags_find(&k->tags, "s");
	const struct tag *hash = tags_find(&k->tags, "h");
	const struct tag *flags = tags_find(&k->tags, "t");

	if (v != NULL &&
	    (v != k->tags.all || !tags_is(&k->tags, v->value, "DKIM1")))
		fault(k, DKIM_KEY_VERSION, v->all);
	if (kind != NULL && tags_is_any_case(&k->tags, kind->value, "ed25519"))
		k->kind = DKIM_KEY_ED25519;
	else if (kind != NULL &&
	    !tags_is_any_case(&k->tags, kind->value, "rsa")) {
		k->kind = DKIM_KEY_OTHER;
		fault(k, DKIM_KEY_KIND, kind->all);
	}
	if (service != NULL && !list_has(k, service, "*", "email"))
		fault(k, DKIM_KEY_SERVICE, service->all);
	if (hash != NULL && !list_has(k, hash, "sha256", "sha256"))
		fault(k, DKIM_KEY_HASH, hash->all);
	if (flags == NULL)
		return;
	k->testing = list_has(k, flags, "y", "y");
	k->no_subdomains = list_has(k, flags, "s", "s");
}

/* Blanks between are fine; it is the caller who frees k->bytes. */
static bool
decode(struct dkim_key *k, const char *s, size_t len)
{
	struct base64_decode_ctx ctx;

	k->bytes = mem_calloc(BASE64_DECODE_LENGTH(len) + 1, 1);
	k->n = BASE64_DECODE_LENGTH(len);
	base64_decode_init(&ctx);
	if (base64_decode_update(&ctx, &k->n, k->bytes, len, s) == 1 &&
	    base64_decode_final(&ctx) == 1)
		return true;
	k->n = 0;
	return false;
}

/* Most wrap the key as SubjectPublicKeyInfo, as the examples of the RFC do;
 * its text has a bare RSAPublicKey.  Both are taken. */
static bool
read_rsa(const struct dkim_key *k, struct rsa_public_key *out)
{
	struct asn1_der_iterator i;
	struct asn1_der_iterator inner;

	if (k->n == 0 ||
	    asn1_der_iterator_first(&i, k->n, k->bytes) !=
		ASN1_ITERATOR_CONSTRUCTED ||
	    i.type != ASN1_SEQUENCE ||
	    asn1_der_decode_constructed(&i, &inner) == ASN1_ITERATOR_ERROR)
		return false;
	if (inner.type == ASN1_INTEGER)
		return rsa_public_key_from_der_iterator(out, MODULUS_MAX_BITS,
			   &i) == 1;
	if (inner.type != ASN1_SEQUENCE ||
	    asn1_der_iterator_next(&inner) != ASN1_ITERATOR_PRIMITIVE ||
	    inner.type != ASN1_BITSTRING ||
	    asn1_der_decode_bitstring_last(&inner) !=
		ASN1_ITERATOR_CONSTRUCTED ||
	    inner.type != ASN1_SEQUENCE)
		return false;
	return rsa_public_key_from_der_iterator(out, MODULUS_MAX_BITS,
		   &inner) == 1;
}

bool
dkim_key_rsa(const struct dkim_key *k, struct rsa_public_key *out)
{
	return k->kind == DKIM_KEY_RSA && read_rsa(k, out);
}

static unsigned
key_bits(const struct dkim_key *k)
{
	struct rsa_public_key rsa;
	unsigned bits = 0;

	if (k->kind == DKIM_KEY_ED25519)
		return k->n == ED25519_KEY_SIZE ? 256 : 0;
	if (k->kind != DKIM_KEY_RSA)
		return 0;
	rsa_public_key_init(&rsa);
	if (read_rsa(k, &rsa))
		bits = (unsigned)mpz_sizeinbase(rsa.n, 2);
	rsa_public_key_clear(&rsa);
	return bits;
}

static void
check_key(struct dkim_key *k)
{
	const struct tag *p = tags_find(&k->tags, "p");

	if (p == NULL) {
		fault(k, DKIM_KEY_MISSING, (struct tag_part){ 0, 0 });
		return;
	}
	if (p->value.len == 0) {
		fault(k, DKIM_KEY_REVOKED, p->all);
		return;
	}
	if (!decode(k, k->tags.text + p->value.at, p->value.len)) {
		fault(k, DKIM_KEY_BASE64, p->all);
		return;
	}
	k->bits = key_bits(k);
	if (k->bits == 0 && k->kind != DKIM_KEY_OTHER)
		fault(k, DKIM_KEY_BROKEN, p->all);
}

bool
dkim_key_parse(struct dkim_key *k, const char *text, size_t len)
{
	*k = (struct dkim_key){ .kind = DKIM_KEY_RSA };
	tags_parse(&k->tags, text, len);
	check_list(k);
	check_tags(k);
	check_key(k);
	return k->faults == 0;
}

void
dkim_key_free(struct dkim_key *k)
{
	tags_free(&k->tags);
	free(k->bytes);
	k->bytes = NULL;
	k->n = 0;
}

bool
dkim_key_is_meant(const char *text, size_t len)
{
	struct tags t;
	bool is;

	tags_parse(&t, text, len);
	is = tags_find(&t, "p") != NULL || tags_find(&t, "k") != NULL ||
	    (t.n > 0 && tags_is_any_case(&t, t.all[0].name, "v") &&
		t.all[0].value.len >= 4 &&
		tags_is_any_case(&t, (struct tag_part){ t.all[0].value.at, 4 },
		    "dkim"));
	tags_free(&t);
	return is;
}
