/*
 * source: hands out one message or file at a time, and is told afterwards
 * what became of it.
 *
 * Between the two the item may wait in a batch; only when its fate is
 * committed may a source move, flag or forget the message.
 */
#ifndef INGEST_SOURCE_H
#define INGEST_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/diag.h"
#include "ingest/source/item.h"

enum fate {
	FATE_STORED,     /* at least one new report, none bad */
	FATE_DUPLICATE,  /* reports, all known */
	FATE_SET_ASIDE,  /* something in it could not be read, bytes kept */
	FATE_NOT_REPORT, /* nothing for us */
	FATES
};

enum source_next {
	SOURCE_ITEM,    /* *item is filled in, the caller frees it */
	SOURCE_NOTICE,  /* *d says what a person may want to know; go on */
	SOURCE_PROBLEM, /* *d says what could not be read; go on */
	SOURCE_FAILED,  /* *d says why nothing more can be read */
	SOURCE_END      /* nothing more, for now */
};

/* The word that the database has for it. */
const char *fate_name(enum fate fate);

struct source {
	const struct source_ops *ops;
	void *impl;
};

struct source_ops {
	enum source_next (*next)(void *impl, struct item *item, struct diag *d);
	/* next() waits for nobody, and may be called before done(). */
	bool at_hand;
	/* May be NULL: nothing to be done. */
	void (*done)(void *impl, uint64_t tag, enum fate fate);
	/* After done() of a whole batch: act on it, and let the database know.
	 * The result is the database's; what else fails is told by next().
	 * NULL when done() is. */
	enum diag_code (*settle)(void *impl, struct db *db, struct diag *d);
	void (*close)(void *impl);
};

/* In place of a path: one mail on standard input.  A mail server may put a line
 * "From " before it, but does not quote such lines in its text: it is no mbox. */
#define SOURCE_ONE_MAIL "-\nmail"

/*
 * Open what path names: a file (an mbox gives a message at a time), a folder,
 * a Maildir, or - for standard input.  On success the caller calls
 * source->ops->close(source->impl) at the end.
 */
enum diag_code
source_open(struct source *source, const char *path, struct diag *d) MUST_CHECK;

/* How many of the two folders of a Maildir, cur and new, are there. */
int src_is_maildir(const char *path);

/* The kinds, for source_open() and for each other. */
enum diag_code src_maildir_open(struct source *source, const char *path,
    struct diag *d) MUST_CHECK;
enum diag_code src_folder_open(struct source *source, const char *path,
    struct diag *d) MUST_CHECK;
enum diag_code src_file_open(struct source *source, const char *path,
    struct diag *d) MUST_CHECK;

#endif
