/* buf: bytes that grow to a fixed maximum. */
#include "common/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/mem.h"

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ .max = b->max };
}

void
buf_truncate(struct buf *b, size_t len)
{
	if (len < b->len) {
		b->len = len;
		b->data[len] = '\0';
	}
}

bool
buf_reserve(struct buf *b, size_t n)
{
	size_t want;

	if (n > b->max - b->len)
		return false;
	want = b->len + n + 1;
	if (want <= b->size)
		return true;
	if (want < b->size * 2)
		want = b->size * 2;
	if (want < 256)
		want = 256;
	if (want > b->max)
		want = b->max + 1;
	b->data = mem_realloc(b->data, want, 1);
	b->size = want;
	return true;
}

bool
buf_add(struct buf *b, const char *s)
{
	return buf_append(b, s, strlen(s));
}

bool
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char small[256];
	char *s = NULL;
	bool ok;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(small))
		return buf_append(b, small, (size_t)n);
	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n == -1)
		return false;
	ok = buf_append(b, s, (size_t)n);
	free(s);
	return ok;
}

const char *
buf_str(const struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}
