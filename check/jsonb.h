/*
 * jsonb: rows on their way into a statement, as one JSON array of objects.
 *
 * Text is valid UTF-8; whatever it holds, it stays within its member.
 */
#ifndef CHECK_JSONB_H
#define CHECK_JSONB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

struct jsonb {
	struct buf text;
	size_t n; /* rows */
	/* The row that is open: where it begins, whether it has a member, and
	 * whether there is room for all of it. */
	size_t begins;
	bool any;
	bool fits;
};

void jsonb_init(struct jsonb *j);
void jsonb_free(struct jsonb *j);

/* A row: begin, its members, end.  False: there was no room, and no row is
 * added. */
void jsonb_begin(struct jsonb *j);
void jsonb_text(struct jsonb *j, const char *name, const char *s); /* or NULL */
void jsonb_int(struct jsonb *j, const char *name, int64_t n);
void jsonb_list(struct jsonb *j, const char *name, const char *const *list,
    size_t n);
bool jsonb_end(struct jsonb *j);

/* All of it, for $1::jsonb; then forget them. */
const char *jsonb_finish(struct jsonb *j);
void jsonb_clear(struct jsonb *j);

#endif
