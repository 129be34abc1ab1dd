/*
 * record_text: what people's editors and forms do to the text of a record, and
 * how it is undone.
 */
#ifndef CHECK_RECORD_TEXT_H
#define CHECK_RECORD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "check/tags.h"
#include "common/buf.h"

/* The first bytes that are no printable ASCII (a TAB may be fine); len 0: there
 * are none. */
struct tag_part
record_odd_bytes(const char *text, size_t len, bool tab_is_fine);

/* Blanks at the start of the text. */
size_t record_blanks(const char *text, size_t len);

/*
 * Append the text without blanks at its ends, without quotes and backslashes
 * that belong to a zone file, and with ASCII in place of dashes, spaces and
 * letters that look like it.  False: it has bytes that stand for nothing.
 */
bool record_clean(const char *text, size_t len, struct buf *out);

/* The word that s, in any case, is or was meant to be: at most so many letters
 * differ; NULL: none, or more than one. */
const char *record_nearest(const char *s, size_t len, const char *const *words,
    size_t n, size_t differ);

#endif
