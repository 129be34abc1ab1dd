/*
 * imap_guard: looks at what a server says before libetpan does.
 *
 * libetpan's parser calls itself for every "(", so a line of some 20,000 of
 * them ends the program; it takes the number of a literal modulo its type; it
 * forgets what a server says with BYE; and it answers as often as it is asked
 * for more.  The guard follows lines, quoted strings and literals (RFC 3501 4,
 * 7), and refuses what is beyond reason.
 */
#ifndef INGEST_IMAP_GUARD_H
#define INGEST_IMAP_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct imap_guard {
	char start[80]; /* of the line at hand, for as much as fits */
	size_t start_len;
	unsigned depth; /* open parentheses */
	bool in_quotes;
	bool escaped;
	int number;         /* of a literal: 0 none, 1 its digits, 2 closed */
	uint64_t literal;   /* that number */
	uint64_t skip;      /* bytes of a literal that are still to come */
	bool was_bad;       /* the last tagged answer was BAD */
	unsigned questions; /* "+" since the command began */
	char bye[200];      /* what the server said with BYE; "": nothing */
};

/* Look at n more bytes.  NULL, or why nothing of it must be parsed. */
const char *imap_guard(struct imap_guard *g, const char *bytes, size_t n);

#endif
