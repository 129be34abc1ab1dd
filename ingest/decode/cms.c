/* cms: the content of an S/MIME message (RFC 5652), unless it is encrypted. */
#include "ingest/decode/cms.h"

#include <string.h>

/* Pieces of a text that is sent in pieces of pieces. */
#define DEPTH    4

#define SEQUENCE 0x30
#define SET      0x31
#define OID      0x06
#define STRING   0x04
#define PIECES   0x24 /* a string in pieces */
#define CONTEXT0 0xa0

/* What is left to read. */
struct ber {
	const unsigned char *s;
	size_t len;
};

struct value {
	unsigned char tag;
	bool open; /* its length is not given: it ends with two NULs */
	struct ber content;
};

/* The length after a tag.  False: damaged. */
static bool
take_length(struct ber *b, struct value *v)
{
	size_t n;

	if (b->len < 1)
		return false;
	n = *b->s++;
	b->len--;
	v->open = n == 0x80;
	if (v->open) {
		n = b->len;
	} else if (n > 0x80) {
		size_t bytes = n & 0x7f;

		if (bytes > 4 || bytes > b->len)
			return false;
		for (n = 0; bytes > 0; bytes--, b->len--)
			n = n << 8 | *b->s++;
	}
	/* If the end was cut off, the inner values show it. */
	v->content = (struct ber){ b->s, n < b->len ? n : b->len };
	return true;
}

/* Read a tag and go into the value. */
static bool
take(struct ber *b, struct value *v)
{
	if (b->len < 2 || (b->s[0] & 0x1f) == 0x1f)
		return false;
	v->tag = *b->s++;
	b->len--;
	return take_length(b, v);
}

/* Go behind a value of a given length. */
static bool
skip(struct ber *b)
{
	struct value v;

	if (!take(b, &v) || v.open || v.content.len > b->len)
		return false;
	b->s += v.content.len;
	b->len -= v.content.len;
	return true;
}

static bool
enter(struct ber *b, unsigned char tag)
{
	struct value v;

	if (!take(b, &v) || v.tag != tag)
		return false;
	*b = v.content;
	return true;
}

static const struct {
	const char *oid;
	size_t len;
	enum cms_kind kind;
} types[] = {
	/* 1.2.840.113549.1.7.2, .3, .6 */
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 9, CMS_SIGNED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", 9, CMS_ENCRYPTED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06", 9, CMS_ENCRYPTED },
	/* 1.2.840.113549.1.9.16.1.9, .23 */
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09", 11, CMS_COMPRESSED },
	{ "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17", 11, CMS_ENCRYPTED },
};

/* Into ContentInfo, behind its type. */
static enum cms_kind
take_type(struct ber *b)
{
	struct value v;

	if (!enter(b, SEQUENCE) || !take(b, &v) || v.tag != OID)
		return CMS_NONE;
	b->s += v.content.len;
	b->len -= v.content.len;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (v.content.len == types[i].len &&
		    memcmp(v.content.s, types[i].oid, types[i].len) == 0)
			return types[i].kind;
	return CMS_NONE;
}

enum cms_kind
cms_look(const void *bytes, size_t len)
{
	struct ber b = { bytes, len };

	return take_type(&b);
}

/* A string, or what its pieces make. */
static bool
add_string(struct ber *b, int depth, struct buf *out)
{
	struct value v;
	struct ber in;
	bool ok = true;

	if (!take(b, &v))
		return false;
	in = v.content;
	if (v.tag == STRING && !v.open) {
		b->s += in.len;
		b->len -= in.len;
		return buf_append(out, in.s, in.len);
	}
	if (v.tag != PIECES || depth == 0)
		return false;
	while (ok && in.len >= 2 && !(in.s[0] == 0 && in.s[1] == 0))
		ok = add_string(&in, depth - 1, out);
	if (v.open && in.len >= 2) {
		in.s += 2;
		in.len -= 2;
	}
	b->len -= (size_t)(in.s - b->s);
	b->s = in.s;
	return ok;
}

enum cms_found
cms_content(const void *bytes, size_t len, struct buf *out)
{
	struct ber b = { bytes, len };
	const enum cms_kind kind = take_type(&b);

	if (kind != CMS_SIGNED && kind != CMS_COMPRESSED)
		return CMS_DAMAGED;
	/* [0], SEQUENCE, the version, the algorithms, the content */
	if (!enter(&b, CONTEXT0) || !enter(&b, SEQUENCE) || !skip(&b) ||
	    !skip(&b) || !enter(&b, SEQUENCE) || !skip(&b))
		return CMS_DAMAGED;
	/* Nothing, or the end of what has no given length. */
	if (b.len == 0 || b.s[0] == 0)
		return CMS_ELSEWHERE;
	return enter(&b, CONTEXT0) && add_string(&b, DEPTH, out) ? CMS_OPEN :
								   CMS_DAMAGED;
}
