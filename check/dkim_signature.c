/* dkim_signature: one DKIM-Signature field of a mail. */
#include "check/dkim_signature.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <nettle/base64.h>

#include "check/dkim_run.h"
#include "common/mem.h"
#include "common/num.h"

const char *
dkim_result_name(enum dkim_result r)
{
	static const char *const names[] = { [DKIM_UNKNOWN_YET] = "unknown",
		[DKIM_PASS] = "pass",
		[DKIM_FAIL] = "fail",
		[DKIM_POLICY] = "policy",
		[DKIM_TEMPERROR] = "temperror",
		[DKIM_PERMERROR] = "permerror" };

	return names[r];
}

void
dkim_ended(struct dkim_signature *s, enum dkim_result result, const char *fmt,
    ...)
{
	va_list ap;

	if (s->result != DKIM_UNKNOWN_YET)
		return;
	s->result = result;
	va_start(ap, fmt);
	(void)vsnprintf(s->why, sizeof(s->why), fmt, ap);
	va_end(ap);
}

/* ---- tags ------------------------------------------------------------------- */

/* The value of a tag, cut to what has room; false: there is no such tag. */
static bool
value(struct dkim_signature *s, const char *name, char *out, size_t size)
{
	const struct tag *t = tags_find(&s->tags, name);
	size_t len;

	out[0] = '\0';
	if (t == NULL)
		return false;
	if (t->value.len >= size)
		dkim_ended(s, DKIM_PERMERROR, "%s= is too long", name);
	len = t->value.len < size ? t->value.len : size - 1;
	memcpy(out, s->tags.text + t->value.at, len);
	out[len] = '\0';
	return true;
}

static bool
is_one_of(const char *s, const char *a, const char *b)
{
	return strcasecmp(s, a) == 0 || strcasecmp(s, b) == 0;
}

static void
check_list(struct dkim_signature *s)
{
	static const char *const wanted[] = { "v", "a", "b", "bh", "d", "h",
		"s" };
	const struct tags *t = &s->tags;

	for (size_t i = 0; i < t->n; i++) {
		if (!t->all[i].has_equals || !tags_is_name(t, t->all[i].name))
			dkim_ended(s, DKIM_PERMERROR,
			    "part %zu of the signature is no tag=value", i + 1);
		for (size_t j = 0; j < i; j++)
			if (t->all[i].name.len == t->all[j].name.len &&
			    memcmp(t->text + t->all[i].name.at,
				t->text + t->all[j].name.at,
				t->all[i].name.len) == 0)
				dkim_ended(s, DKIM_PERMERROR,
				    "the tag %.*s= is there twice",
				    (int)t->all[i].name.len,
				    t->text + t->all[i].name.at);
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (tags_find(t, wanted[i]) == NULL)
			dkim_ended(s, DKIM_PERMERROR,
			    "the signature has no %s=", wanted[i]);
	if (t->too_many)
		dkim_ended(s, DKIM_PERMERROR, "the signature has over %d tags",
		    TAGS_MAX);
}

static void
take_algorithm(struct dkim_signature *s)
{
	char a[32];
	char v[16];

	if (value(s, "v", v, sizeof(v)) && strcmp(v, "1") != 0)
		dkim_ended(s, DKIM_PERMERROR,
		    "v=%s is no version of DKIM; it must be v=1", v);
	(void)value(s, "a", a, sizeof(a));
	s->old_hash = strcasecmp(a, "rsa-sha1") == 0;
	s->ed25519 = strcasecmp(a, "ed25519-sha256") == 0;
	if (!s->old_hash && !s->ed25519 && strcasecmp(a, "rsa-sha256") != 0)
		dkim_ended(s, DKIM_PERMERROR,
		    "a=%s is no algorithm that is known", a);
}

static void
take_canonicalization(struct dkim_signature *s)
{
	char c[32];
	char q[64];
	char *slash;

	if (value(s, "c", c, sizeof(c))) {
		slash = strchr(c, '/');
		if (slash != NULL)
			*slash++ = '\0';
		s->relaxed_header = strcasecmp(c, "relaxed") == 0;
		s->relaxed_body = slash != NULL &&
		    strcasecmp(slash, "relaxed") == 0;
		if (!is_one_of(c, "simple", "relaxed") ||
		    (slash != NULL && !is_one_of(slash, "simple", "relaxed")))
			dkim_ended(s, DKIM_PERMERROR,
			    "c= is neither simple nor relaxed");
	}
	if (value(s, "q", q, sizeof(q)) && strcasestr(q, "dns/txt") == NULL)
		dkim_ended(s, DKIM_PERMERROR,
		    "q=%s: keys are found by dns/txt only", q);
}

static bool
is_same_or_below(const char *name, const char *domain)
{
	const size_t n = strlen(name);
	const size_t len = strlen(domain);

	return n >= len && strcasecmp(name + n - len, domain) == 0 &&
	    (n == len || name[n - len - 1] == '.');
}

static void
take_domain(struct dkim_signature *s)
{
	char i[2 * DNS_NAME_LEN];
	const char *at;

	if (!value(s, "d", s->domain, sizeof(s->domain)) ||
	    strchr(s->domain, '(') != NULL || !dns_name(s->domain) ||
	    s->domain[0] == '\0')
		dkim_ended(s, DKIM_PERMERROR, "d=%s is no domain", s->domain);
	if (!value(s, "s", s->selector, sizeof(s->selector)) ||
	    !dns_name(s->selector) || s->selector[0] == '\0')
		dkim_ended(s, DKIM_PERMERROR, "s=%s is no selector",
		    s->selector);
	(void)snprintf(s->identity, sizeof(s->identity), "%s", s->domain);
	if (!value(s, "i", i, sizeof(i)))
		return;
	at = strrchr(i, '@');
	if (at == NULL || !is_same_or_below(at + 1, s->domain)) {
		dkim_ended(s, DKIM_PERMERROR, "i=%s is not in the domain %s", i,
		    s->domain);
		return;
	}
	(void)snprintf(s->identity, sizeof(s->identity), "%.*s",
	    (int)sizeof(s->identity) - 1, at + 1);
}

/* A number of seconds or bytes; -1: there is no such tag. */
static int64_t
take_number(struct dkim_signature *s, const char *name)
{
	char text[80];
	int64_t n = -1;

	if (value(s, name, text, sizeof(text)) &&
	    !num_int64(text, 0, INT64_MAX, &n))
		dkim_ended(s, DKIM_PERMERROR, "%s=%s is no number", name, text);
	return n;
}

static void
take_numbers(struct dkim_signature *s)
{
	s->length = take_number(s, "l");
	s->timestamp = take_number(s, "t");
	s->expires = take_number(s, "x");
	if (s->expires != -1 && s->timestamp != -1 && s->expires < s->timestamp)
		dkim_ended(s, DKIM_PERMERROR,
		    "it expires (x=) before it was made (t=)");
}

static void
check_time(struct dkim_signature *s, int64_t now)
{
	char date[NUM_DATE_LEN];

	if (s->expires == -1 || s->expires >= now)
		return;
	num_timestamp(s->expires, date);
	dkim_ended(s, DKIM_POLICY, "it expired at %s (x=)", date);
}

/* ---- h= --------------------------------------------------------------------- */

bool
dkim_signature_covers(const struct dkim_signature *s, const char *name)
{
	const struct tag *h = tags_find(&s->tags, "h");
	struct tag_part rest, item;

	if (h == NULL)
		return false;
	rest = h->value;
	while (tags_next_item(&s->tags, &rest, ':', &item))
		if (tags_is_any_case(&s->tags, item, name))
			return true;
	return false;
}

static void
check_signed(struct dkim_signature *s)
{
	const struct tag *h = tags_find(&s->tags, "h");
	struct tag_part rest, item;
	size_t n = 0;

	if (h == NULL)
		return;
	rest = h->value;
	while (tags_next_item(&s->tags, &rest, ':', &item))
		n++;
	if (n > DKIM_SIGNED_MAX)
		dkim_ended(s, DKIM_PERMERROR, "h= has over %d names",
		    DKIM_SIGNED_MAX);
	if (!dkim_signature_covers(s, "From"))
		dkim_ended(s, DKIM_PERMERROR,
		    "h= leaves From out, which must be signed");
}

/* ---- the body --------------------------------------------------------------- */

/* The bytes of a tag in base64; false: it has none.  *n is their number. */
static bool
decode(const struct dkim_signature *s, const char *name, unsigned char *out,
    size_t size, size_t *n)
{
	const struct tag *t = tags_find(&s->tags, name);
	struct base64_decode_ctx ctx;

	*n = size;
	if (t == NULL || BASE64_DECODE_LENGTH(t->value.len) > size)
		return false;
	base64_decode_init(&ctx);
	return base64_decode_update(&ctx, n, out, t->value.len,
		   s->tags.text + t->value.at) == 1 &&
	    base64_decode_final(&ctx) == 1;
}

bool
dkim_signature_bytes(const struct dkim_signature *s, unsigned char *out,
    size_t size, size_t *n)
{
	return decode(s, "b", out, size, n);
}

/* The body's hash is another: say how, as far as can be seen. */
static void
say_body(struct dkim_signature *s, int64_t lines)
{
	if (lines > 0)
		dkim_ended(s, DKIM_FAIL,
		    "the body was lengthened after signing: its first %lld lines are as they were signed, what follows was added",
		    (long long)lines);
	else if (lines == 0)
		dkim_ended(s, DKIM_FAIL,
		    "the body was empty when it was signed");
	else
		dkim_ended(s, DKIM_FAIL,
		    "the body was changed after signing: its hash is not that of bh=");
}

static bool
is_empty_body(const struct dkim_signature *s, const unsigned char *wanted)
{
	struct dkim_hash h;
	unsigned char digest[DKIM_HASH_MAX];
	size_t n;

	dkim_hash_init(&h, s->old_hash);
	if (!s->relaxed_body)
		dkim_hash_add(&h, "\r\n", 2);
	n = dkim_hash_so_far(&h, digest);
	return memcmp(digest, wanted, n) == 0;
}

static void
check_body(struct dkim_signature *s)
{
	unsigned char wanted[2 * DKIM_HASH_MAX];
	unsigned char digest[DKIM_HASH_MAX];
	struct dkim_hash h;
	int64_t used, all;
	int64_t lines = -1;
	size_t n;

	dkim_hash_init(&h, s->old_hash);
	if (!decode(s, "bh", wanted, sizeof(wanted), &n) ||
	    n != dkim_hash_so_far(&h, digest)) {
		dkim_ended(s, DKIM_PERMERROR, "bh= is no hash in base64");
		return;
	}
	dkim_canon_body(&h, s->m, s->relaxed_body, s->length, &used, wanted,
	    &lines);
	if (s->length != -1 && used < s->length) {
		dkim_ended(s, DKIM_FAIL,
		    "the body was shortened: l= wants %lld bytes, it has %lld",
		    (long long)s->length, (long long)used);
		return;
	}
	n = dkim_hash_so_far(&h, digest);
	if (memcmp(wanted, digest, n) != 0) {
		if (is_empty_body(s, wanted))
			lines = 0;
		say_body(s, lines);
	}
	if (s->length == -1)
		return;
	dkim_hash_init(&h, s->old_hash);
	dkim_canon_body(&h, s->m, s->relaxed_body, -1, &all, NULL, NULL);
	s->unsigned_bytes = all - used;
}

/* ---- all -------------------------------------------------------------------- */

void
dkim_signature_parse(struct dkim_signature *s, const struct message *m,
    const struct message_field *f, int64_t now)
{
	*s = (struct dkim_signature){ .m = m, .field = f };
	tags_parse(&s->tags, m->bytes + f->value, f->at + f->len - f->value);
	check_list(s);
	take_algorithm(s);
	take_canonicalization(s);
	take_domain(s);
	check_signed(s);
	take_numbers(s);
	if (s->result == DKIM_UNKNOWN_YET)
		check_body(s);
	check_time(s, now);
}

void
dkim_signature_free(struct dkim_signature *s)
{
	tags_free(&s->tags);
}

bool
dkim_signature_key_name(const struct dkim_signature *s,
    char out[DNS_NAME_LEN + 1])
{
	char name[3 * DNS_NAME_LEN];

	(void)snprintf(name, sizeof(name), "%s._domainkey.%s", s->selector,
	    s->domain);
	if (strlen(name) > DNS_NAME_LEN || !dns_name(name))
		return false;
	(void)snprintf(out, DNS_NAME_LEN + 1, "%.*s", DNS_NAME_LEN, name);
	return true;
}
