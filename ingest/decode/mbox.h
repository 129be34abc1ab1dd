/*
 * mbox: where the messages of an mbox begin and end.
 *
 * A message begins with a From_ line at the start or after an empty line; the
 * line has to hold a time of day, so that a sentence that begins with "From "
 * divides nothing.
 */
#ifndef INGEST_MBOX_H
#define INGEST_MBOX_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The message at *at: *start and *len are its bytes without the From_ line,
 * *at moves behind it.  False: there is none.
 */
bool mbox_next(const char *bytes, size_t size, size_t *at, size_t *start,
    size_t *len);

/* This line, line[0..len) without its end, divides messages. */
bool mbox_is_from_line(const char *line, size_t len);

#endif
