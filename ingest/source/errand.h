/*
 * errand: an item on its way from its source to the batch, with what is known
 * about it.
 */
#ifndef INGEST_ERRAND_H
#define INGEST_ERRAND_H

#include <stdbool.h>
#include <stdint.h>

#include "ingest/source/document_row.h"
#include "ingest/source/item.h"

/* Hexadecimal digits of an item's digest. */
#define ERRAND_DIGEST 32

struct errand {
	struct item item;
	int64_t retry_of; /* id in set_aside that it came from; 0: none */
	/* A report in it is stored without some of its records; the one that is
	 * read now may replace it. */
	bool replaces;
	bool decided; /* the same for a report that an operator rejected */
	char digest[ERRAND_DIGEST + 1]; /* of its bytes; "": there are none */
	struct document_row *
	    seen; /* its reports, if the same bytes came before; NULL: decode it */
};

/* Free what it holds. */
void errand_clear(struct errand *errand);

#endif
