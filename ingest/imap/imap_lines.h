/*
 * imap_lines: what a server says, line by line, before libetpan reads it.
 *
 * A client must be prepared to accept any answer at any time (RFC 9051 2.2.2);
 * libetpan gives up the whole conversation for one line that it does not know.
 * So it is given only lines that it knows, in their plainest form; what is in
 * FETCH lines goes to a sink; lines of a kind that we have asked for ourselves
 * are kept; all others are passed over.
 */
#ifndef INGEST_IMAP_IMAP_LINES_H
#define INGEST_IMAP_IMAP_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "common/buf.h"
#include "ingest/imap/imap_guard.h"
#include "ingest/imap/imap_item.h"

/* Who takes what FETCH lines say.  Bytes of a mail come before its item. */
struct imap_sink {
	void (*bytes)(void *ctx, const char *bytes, size_t n);
	void (*item)(void *ctx, const struct imap_item *item);
	void *ctx;
};

enum imap_status {
	STATUS_NONE, /* no answer yet */
	STATUS_OK,
	STATUS_NO,
	STATUS_BAD
};

/* The end of the answer to a command. */
struct imap_reply {
	enum imap_status status;
	char code[40];  /* of "[CODE ...]", in capitals; "": none */
	char text[400]; /* for people */
};

struct imap_lines {
	struct imap_guard guard;
	bool is_raw;      /* libetpan gets all, as it is */
	bool has_greeted; /* the first line has come */
	bool is_ours;     /* the command is ours: libetpan gets nothing */
	const int *tag;   /* libetpan's number of the command */
	struct imap_sink sink;
	const char *wanted; /* the kind of line that is kept; NULL: none */
	GPtrArray *kept;    /* char *, what stands behind the kind */
	size_t left_out;    /* more such lines than are kept */
	bool is_cut;        /* one of them was too long */
	struct imap_reply reply;
	char *permanent; /* what PERMANENTFLAGS said last; NULL: nothing */
	bool is_odd;     /* the last line was no IMAP */
	struct buf line; /* the one at hand, without its literals */
	bool is_literal; /* one is coming in, and */
	bool is_body;    /* is a mail */
	bool has_body;   /* the line at hand has one */
	bool is_name;    /* is a part of a line to keep */
	struct buf out;  /* for libetpan */
	size_t out_at;
};

void imap_lines_init(struct imap_lines *l, const int *tag);
void imap_lines_free(struct imap_lines *l);

/* A command begins.  Lines of the kind wanted, which may be NULL, are kept. */
void imap_lines_begin(struct imap_lines *l, bool is_ours, const char *wanted);

/* What the server has sent.  NULL, or why nothing of it must be read. */
const char *imap_lines_put(void *lines, const char *bytes, size_t n);

/* Get bytes for libetpan: how many, of size at most. */
size_t imap_lines_get(void *lines, char *out, size_t size);

#endif
