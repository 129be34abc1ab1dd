/*
 * imap_item: what a FETCH line says of a mail (RFC 3501 7.4.2).
 *
 * A server that gives one mail an odd date or flag gives a thousand others
 * good ones, and the odd mail its UID: so each item is read for itself, and
 * what cannot be read is as if it had not been said.
 */
#ifndef INGEST_IMAP_IMAP_ITEM_H
#define INGEST_IMAP_IMAP_ITEM_H

#include <stdbool.h>
#include <stdint.h>

#include "ingest/imap/imap_words.h"

/* What stands in the place of a literal. */
#define IMAP_LITERAL "{}"

struct imap_item {
	uint32_t uid;    /* 0: not said */
	uint32_t size;   /* 0: not said */
	int64_t arrived; /* INTERNALDATE, seconds since 1970; 0: not said */
	bool has_flags;
	bool is_deleted; /* it has the flag \Deleted */
	bool has_body;   /* of the whole mail, BODY[] */
	/* WORD_QUOTED: the body, with escapes.  Of a literal and of NIL nothing
	 * is here. */
	struct imap_word body;
	const char *odd; /* the item that cannot be read; NULL: none */
};

/* Read what stands behind "* n FETCH"; *item points into it. */
void imap_item_read(struct imap_item *item, const char *text);

/* Seconds since 1970 of an INTERNALDATE; false: it is none. */
bool imap_item_date(const char *text, size_t len, int64_t *out);

/* The text ends with the name of the item that is the mail itself. */
bool imap_item_ends_body(const char *text, size_t len);

#endif
