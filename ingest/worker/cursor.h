/*
 * cursor: reads values out of bytes that nobody vouches for.
 *
 * The first that is not there, or not as it should be, is remembered; from
 * then on all are zero.  Ask cursor_failed() once, at the end.
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
 * A text as frame.h has it, which stays where it is; NULL for none.  It has at
 * most max bytes, is UTF-8, and of control characters has only those allowed.
 */
char *cursor_text(struct cursor *c, size_t max, const char *allowed);

/* Fail unless ok.  what: for people, such as "a count". */
void cursor_want(struct cursor *c, bool ok, const char *what);

/* How many bytes are left. */
size_t cursor_left(const struct cursor *c);

bool cursor_failed(const struct cursor *c);

#endif
