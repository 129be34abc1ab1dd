/*
 * buf: bytes that grow to a fixed maximum.
 *
 * The maximum is set when the buffer is made, so that code that fills it need
 * not know the bound.  A full buffer refuses more and keeps what it has.
 */
#ifndef COMMON_BUF_H
#define COMMON_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct buf {
	char *data; /* always followed by a NUL once something was added */
	size_t len;
	size_t size; /* allocated; never more than max and the NUL */
	size_t max;  /* len never exceeds it */
};

void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b);

/* Forget the bytes from len on; the memory is kept. */
void buf_truncate(struct buf *b, size_t len);

/* Make room for n bytes more and a NUL.  False: it would be over max. */
bool buf_reserve(struct buf *b, size_t n);

/* Append n bytes, or nothing.  False: they would not fit below max.  Inline,
 * because rows and frames are built from a few bytes at a time. */
static inline bool
buf_append(struct buf *b, const void *p, size_t n)
{
	if (n >= b->size - b->len && !buf_reserve(b, n))
		return false;
	if (n > 0)
		memcpy(b->data + b->len, p, n);
	b->len += n;
	b->data[b->len] = '\0';
	return true;
}

static inline bool
buf_putc(struct buf *b, char c)
{
	return buf_append(b, &c, 1);
}

bool buf_add(struct buf *b, const char *s);
bool buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The bytes as a string; "" when there are none. */
const char *buf_str(const struct buf *b);

#endif
