/*
 * scavenge: what a text holds that should have been an attachment: uuencoded
 * files, base64 whose header was lost, XML.
 */
#ifndef INGEST_SCAVENGE_H
#define INGEST_SCAVENGE_H

#include <stdbool.h>
#include <stddef.h>

enum scavenged {
	SCAVENGED_BASE64,
	SCAVENGED_UU,
	SCAVENGED_XML,
	SCAVENGED_PGP /* a message of OpenPGP begins there */
};

struct scavenge {
	const char *s;
	size_t len;
	size_t at; /* behind what was found last */
	enum scavenged what;
	const char *found; /* and how many bytes */
	size_t n;
};

void scavenge_open(struct scavenge *s, const char *text, size_t len);

/* The next thing of these.  False: there is none. */
bool scavenge_next(struct scavenge *s);

/* Decode uuencoded lines from the one behind "begin" on, to out, which has room
 * for 2 * len + 4 bytes; returns how many there are. */
size_t uudecode(const char *s, size_t len, char *out);

#endif
