/*
 * cursor: reads values from untrusted bytes.
 *
 * The first value that is missing or invalid is remembered as the error, and
 * every later read returns zeros.  So ask cursor_failed() once, at the end.
 */
#ifndef INGEST_CURSOR_H
#define INGEST_CURSOR_H

#include <stdbool.h>
#include <stddef.h>

struct cursor {
	char *at;
	const char *end;
	const char *wrong; /* NULL: nothing */
};

struct cursor cursor_over(void *bytes, size_t len);

/* Copy size bytes to out, or zeros. */
void cursor_take(struct cursor *c, void *out, size_t size);

/*
 * A text as described in frame.h; it is not copied.  NULL: there is none.  It
 * has at most max bytes, is valid UTF-8, and has no control characters but the
 * allowed ones.
 */
char *cursor_text(struct cursor *c, size_t max, const char *allowed);

/* Fail unless ok; what says in the error message which value is wrong. */
void cursor_want(struct cursor *c, bool ok, const char *what);

/* How many bytes are left. */
size_t cursor_left(const struct cursor *c);

bool cursor_failed(const struct cursor *c);

#endif
