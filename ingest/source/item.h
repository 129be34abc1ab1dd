/*
 * item: one message or file from a source.
 */
#ifndef INGEST_ITEM_H
#define INGEST_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"

struct item {
	char *name;  /* for messages and the log table: path, path#number */
	char *bytes; /* NULL: too large, see size */
	size_t len;
	uint64_t size;   /* its size at the source */
	bool only_copy;  /* read from a pipe: it exists nowhere else */
	uint64_t tag;    /* the source's own; in a mailbox, the UID */
	int64_t mailbox; /* dmarc.mailbox.id; 0: it is in none */
	int64_t arrived; /* arrival in the mailbox, seconds since 1970 */
	bool more;       /* it is longer than size says */
	uint64_t limit;  /* that size exceeds; 0: LIMIT_ITEM */
};

void item_free(struct item *item);

/* Free unused memory behind its bytes: thousands of items wait at once. */
void item_fit(struct item *item);

/* Read a descriptor to its end, at most LIMIT_ITEM bytes, into item. */
enum diag_code item_read(int fd, const char *name, struct item *item,
    struct diag *d) MUST_CHECK;

#endif
