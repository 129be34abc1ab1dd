/*
 * source: hands out one message or file at a time, and learns later what became
 * of it.
 *
 * In between the item may wait in a batch.  Only after the commit may a source
 * move, flag or forget the message.
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
	FATE_STORED,    /* at least one new report, none bad */
	FATE_DUPLICATE, /* reports, all of them stored before */
	FATE_SET_ASIDE, /* something in it could not be read; its bytes are kept */
	FATE_NOT_REPORT, /* no report in it */
	FATES
};

enum source_next {
	SOURCE_ITEM,    /* *item is filled in, the caller frees it */
	SOURCE_NOTICE,  /* *d says what a person may want to know; go on */
	SOURCE_PROBLEM, /* *d says what could not be read; go on */
	SOURCE_FAILED,  /* *d says why nothing more can be read */
	SOURCE_END      /* nothing more, for now */
};

/* The word for it in the database. */
const char *fate_name(enum fate fate);

struct source {
	const struct source_ops *ops;
	void *impl;
};

struct source_ops {
	enum source_next (*next)(void *impl, struct item *item, struct diag *d);
	/* next() never blocks, and may be called before done() of earlier
	 * items. */
	bool at_hand;
	/* May be NULL: nothing to be done. */
	void (*done)(void *impl, uint64_t tag, enum fate fate);
	/* Called after done() for a whole batch: move or flag the mails and
	 * record that in the database.  The result is that of the database;
	 * other failures are reported by next().  NULL if done() is. */
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

/* How many of the folders cur and new of a Maildir exist. */
int src_is_maildir(const char *path);

/* The kinds, for source_open() and for each other. */
enum diag_code src_maildir_open(struct source *source, const char *path,
    struct diag *d) MUST_CHECK;
enum diag_code src_folder_open(struct source *source, const char *path,
    struct diag *d) MUST_CHECK;
enum diag_code src_file_open(struct source *source, const char *path,
    struct diag *d) MUST_CHECK;

#endif
