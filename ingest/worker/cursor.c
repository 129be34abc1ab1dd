/* cursor: reads values from untrusted bytes. */
#include "ingest/worker/cursor.h"

#include <stdint.h>
#include <string.h>

#include <glib.h>

struct cursor
cursor_over(void *bytes, size_t len)
{
	char *at = bytes;

	return (struct cursor){ .at = at, .end = at + len };
}

void
cursor_want(struct cursor *c, bool ok, const char *what)
{
	if (ok || c->wrong != NULL)
		return;
	c->wrong = what;
	c->at += cursor_left(c);
}

size_t
cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

bool
cursor_failed(const struct cursor *c)
{
	return c->wrong != NULL;
}

void
cursor_take(struct cursor *c, void *out, size_t size)
{
	cursor_want(c, cursor_left(c) >= size, "invalid length");
	if (cursor_failed(c)) {
		memset(out, 0, size);
		return;
	}
	memcpy(out, c->at, size);
	c->at += size;
}

/* Valid UTF-8 without NUL and without control characters but these. */
static bool
is_text(const char *s, size_t n, const char *allowed)
{
	bool ascii = true;

	for (size_t i = 0; i < n; i++) {
		const unsigned char b = (unsigned char)s[i];

		if ((b < ' ' || b == 0x7f) &&
		    (b == '\0' || strchr(allowed, b) == NULL))
			return false;
		ascii = ascii && b < 0x80;
	}
	return ascii || g_utf8_validate(s, (gssize)n, NULL);
}

char *
cursor_text(struct cursor *c, size_t max, const char *allowed)
{
	char *s;
	uint32_t n;

	cursor_take(c, &n, sizeof(n));
	if (n == 0)
		return NULL;
	s = c->at;
	cursor_want(c, n <= cursor_left(c) && n - 1 <= max,
	    "invalid text length");
	if (cursor_failed(c))
		return NULL;
	cursor_want(c, s[n - 1] == '\0' && is_text(s, n - 1, allowed),
	    "invalid text");
	if (cursor_failed(c))
		return NULL;
	c->at += n;
	return s;
}
