/*
 * tail: where a report ends in its document, and what stands behind it.
 *
 * Footers of mailing lists, Ctrl-Z, NULs and second end tags are found there.
 * The bytes are looked at without parsing them, so a report is cut here only
 * when the XML is broken as a whole.
 */
#ifndef INGEST_TAIL_H
#define INGEST_TAIL_H

#include <stdbool.h>
#include <stddef.h>

struct tail {
	char name[16];    /* of the tag at hand, without its prefix */
	size_t len;       /* of the name; beyond its room: another one */
	char state;       /* what is expected */
	bool is_end;      /* the tag at hand is an end tag */
	bool wide;        /* it has NULs: UTF-16 */
	bool after_nul;   /* the last byte was one */
	bool want_nul;    /* the next byte belongs to the last character */
	bool ended;       /* an end tag of feedback was met */
	bool is_followed; /* and behind it another one begins */
};

/* The next bytes; returns how many of them belong to the report. */
size_t tail_feed(struct tail *t, const char *bytes, size_t len);

#endif
