/*
 * fields: do these lines look like the header fields of a mail?
 */
#ifndef INGEST_FIELDS_H
#define INGEST_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/* A header field (RFC 5322 2.2) begins at s: a name and a colon. */
bool fields_is_field(const char *s, size_t len);

/*
 * How many of the lines from s on, up to an empty one, are fields that mails
 * have: From, Received and so on.  cr: lines end in CR alone.
 */
size_t fields_known(const char *s, size_t len, bool cr);

#endif
