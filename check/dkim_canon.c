/* dkim_canon: the hashes that a DKIM signature is made over. */
#include "check/dkim_canon.h"

#include <ctype.h>
#include <string.h>

#include "common/buf.h"

#define CRLF "\r\n"

/* Lines whose end is compared with a digest that is looked for, at most. */
#define LINES_LOOKED_AT 100000

void
dkim_hash_init(struct dkim_hash *h, bool old)
{
	h->old = old;
	if (old)
		sha1_init(&h->sha1);
	else
		sha256_init(&h->sha256);
}

void
dkim_hash_add(struct dkim_hash *h, const void *p, size_t n)
{
	if (h->old)
		sha1_update(&h->sha1, n, p);
	else
		sha256_update(&h->sha256, n, p);
}

size_t
dkim_hash_so_far(const struct dkim_hash *h, unsigned char out[DKIM_HASH_MAX])
{
	struct dkim_hash copy = *h;

	if (h->old) {
		sha1_digest(&copy.sha1, SHA1_DIGEST_SIZE, out);
		return SHA1_DIGEST_SIZE;
	}
	sha256_digest(&copy.sha256, SHA256_DIGEST_SIZE, out);
	return SHA256_DIGEST_SIZE;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* ---- the body --------------------------------------------------------------- */

struct body {
	struct dkim_hash *h;
	int64_t left; /* bytes that still count */
	int64_t used;
};

static void
add(struct body *b, const char *s, size_t n)
{
	if ((int64_t)n > b->left)
		n = (size_t)b->left;
	dkim_hash_add(b->h, s, n);
	b->left -= (int64_t)n;
	b->used += (int64_t)n;
}

/* Runs of blanks become one; those at the end of the line are gone already. */
static void
add_relaxed(struct body *b, const char *s, size_t n)
{
	size_t i = 0;

	while (i < n) {
		size_t from = i;

		while (i < n && !is_blank(s[i]))
			i++;
		add(b, s + from, i - from);
		if (i < n)
			add(b, " ", 1);
		while (i < n && is_blank(s[i]))
			i++;
	}
}

void
dkim_canon_body(struct dkim_hash *h, const struct message *m, bool relaxed,
    int64_t limit, int64_t *used, const unsigned char *wanted, int64_t *found)
{
	struct body b = { h, limit == -1 ? INT64_MAX : limit, 0 };
	unsigned char digest[DKIM_HASH_MAX];
	size_t at = m->body;
	size_t line, len;
	size_t empty = 0; /* lines that count only when another follows */
	int64_t lines = 0;

	while (message_line(m->bytes, m->len, &at, &line, &len)) {
		lines++;
		while (relaxed && len > 0 && is_blank(m->bytes[line + len - 1]))
			len--;
		if (len == 0) {
			empty++;
			continue;
		}
		for (; empty > 0; empty--)
			add(&b, CRLF, 2);
		if (relaxed)
			add_relaxed(&b, m->bytes + line, len);
		else
			add(&b, m->bytes + line, len);
		add(&b, CRLF, 2);
		if (wanted == NULL || lines > LINES_LOOKED_AT || *found != -1)
			continue;
		len = dkim_hash_so_far(h, digest);
		if (memcmp(digest, wanted, len) == 0)
			*found = lines;
	}
	/* An empty body is one empty line where nothing is relaxed. */
	if (b.used == 0 && !relaxed)
		add(&b, CRLF, 2);
	*used = b.used;
}

/* ---- fields ----------------------------------------------------------------- */

/* As it is, but with CRLF at the end of each line. */
static void
field_simple(struct dkim_hash *h, const char *bytes, size_t len)
{
	size_t at = 0;
	size_t line, n;

	while (message_line(bytes, len, &at, &line, &n)) {
		if (line > 0)
			dkim_hash_add(h, CRLF, 2);
		dkim_hash_add(h, bytes + line, n);
	}
}

static void
field_relaxed(struct dkim_hash *h, const char *bytes, size_t len)
{
	const char *colon = memchr(bytes, ':', len);
	const size_t name = colon == NULL ? len : (size_t)(colon - bytes);
	bool blank = false;
	bool first = true;

	for (size_t i = 0; i < name; i++) {
		const char c = (char)tolower((unsigned char)bytes[i]);

		if (!is_blank(c))
			dkim_hash_add(h, &c, 1);
	}
	dkim_hash_add(h, ":", 1);
	for (size_t i = name + 1; i < len; i++) {
		const char c = bytes[i];

		/* A CR alone is a character as any other. */
		if (c == '\n' ||
		    (c == '\r' && (i + 1 == len || bytes[i + 1] == '\n')))
			continue;
		if (is_blank(c)) {
			blank = true;
			continue;
		}
		if (blank && !first)
			dkim_hash_add(h, " ", 1);
		blank = false;
		first = false;
		dkim_hash_add(h, &c, 1);
	}
}

void
dkim_canon_field(struct dkim_hash *h, const char *bytes, size_t len,
    bool relaxed, bool without_end)
{
	if (relaxed)
		field_relaxed(h, bytes, len);
	else
		field_simple(h, bytes, len);
	if (!without_end)
		dkim_hash_add(h, CRLF, 2);
}
