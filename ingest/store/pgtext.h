/*
 * pgtext: values in the text form of COPY.
 *
 * A row is built field by field in a buffer.  Whatever a field contains, it
 * cannot end the field, the row or the COPY.  Text is valid UTF-8 without NUL.
 */
#ifndef INGEST_PGTEXT_H
#define INGEST_PGTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

/* Append one field and its separator; pgtext_end() makes the last one's a
 * line end. */
void pgtext_str(struct buf *b, const char *s); /* NULL is SQL's NULL */
void pgtext_int(struct buf *b, int64_t n);
void pgtext_bool(struct buf *b, bool v);
void pgtext_time(struct buf *b, int64_t epoch);
void pgtext_date(struct buf *b, int64_t epoch);
void pgtext_bytea(struct buf *b, const void *p, size_t n);
void pgtext_end(struct buf *b);

/*
 * An array as a field: begin, add its members, end.  A member is a text, or a
 * composite value: begin, add, end.
 */
struct pgtext_list {
	struct buf *row;
	unsigned around; /* lists around this one: 1 for a composite */
	bool any;
};

void pgtext_array_begin(struct pgtext_list *array, struct buf *b);
void pgtext_array_end(struct pgtext_list *array);
void pgtext_composite_begin(struct pgtext_list *one, struct pgtext_list *array);
void pgtext_composite_end(struct pgtext_list *one, struct pgtext_list *array);
void pgtext_list_add(struct pgtext_list *l, const char *s); /* of either */

#endif
