/*
 * tnef: the attachments in a winmail.dat, as Outlook and Exchange write it.
 *
 * The format (MS-OXTNEF) is a row of attributes, each with its length.  Only
 * titles and data of attachments are of interest, so this is read by hand:
 * libytnef takes all of it apart and has a history of overflows.
 */
#ifndef INGEST_TNEF_H
#define INGEST_TNEF_H

#include <stdbool.h>
#include <stddef.h>

struct tnef {
	const unsigned char *s;
	size_t len;
	char title[256]; /* of the attachment at hand */
	bool is_damaged; /* what was read so far does not end where it should */
};

/* Its magic number. */
bool tnef_begins(const void *bytes, size_t len);

void tnef_open(struct tnef *t, const void *bytes, size_t len);

/* The data of the next attachment; t->title is its name, "" when it has none.
 * False: there are no more. */
bool tnef_next(struct tnef *t, const void **data, size_t *len);

#endif
