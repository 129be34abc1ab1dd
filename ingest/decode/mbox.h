/*
 * mbox: where the messages of an mbox begin and end.
 *
 * A message begins at a line that begins with "From " when header fields
 * follow, whatever stands behind "From " and before the line: programs write
 * it with a date in many forms, with a dash, or bare, and with or without an
 * empty line before it.  A sentence that begins with "From " has no header
 * fields below it.  In an MMDF file lines of four Ctrl-A stand around each
 * message.  Content-Length is not heeded: a stranger who writes a false one would
 * hide the mails behind his.
 */
#ifndef INGEST_MBOX_H
#define INGEST_MBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that are enough to tell whether a line divides messages. */
#define MBOX_LOOK 8192

/*
 * Where the bytes are: in memory, or in a file.  look gives those from at on,
 * *n of them, at least MBOX_LOOK unless the end is nearer; they are gone with
 * the next call.  *n is 0 at the end, or when nothing more can be read.
 */
struct mbox_bytes {
	void *ctx;
	const char *(*look)(void *ctx, uint64_t at, size_t *n);
};

struct mbox {
	struct mbox_bytes bytes;
	uint64_t at;     /* behind the last message */
	bool cr;         /* lines end in CR alone */
	bool mmdf;       /* Ctrl-A lines divide */
	bool bare;       /* "From" without a blank divides, too */
	uint64_t mails;  /* messages so far */
	uint64_t begins; /* lines so far that begin with "From " */
	/* Those that begin no message here, with the header of a mail below. */
	uint64_t doubtful;
};

/* A message: its bytes without the line that divides. */
struct mbox_mail {
	uint64_t start;
	uint64_t end;
};

/* These bytes, the first of a file, are the beginning of an mbox. */
bool mbox_begins(const char *bytes, size_t len);

void mbox_open(struct mbox *m, const struct mbox_bytes *bytes);

/* The next message.  False: there is none. */
bool mbox_next(struct mbox *m, struct mbox_mail *mail);

#endif
