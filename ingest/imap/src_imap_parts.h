/*
 * src_imap_parts: what src_imap*.c share and nobody else sees.
 */
#ifndef INGEST_SRC_IMAP_PARTS_H
#define INGEST_SRC_IMAP_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <glib.h>

#include "ingest/imap/imap.h"
#include "ingest/imap/src_imap.h"

/* The answer to what was asked for. */
struct fetched {
	bool is_there;
	enum diag_code code;
	struct diag diag;
	struct imap_bodies bodies;
};

/* What is known of a folder from one look to the next. */
struct src_folder {
	char *name;               /* UTF-8 */
	int64_t id;               /* in the database */
	struct imap_folder state; /* as it was selected */
	bool all_done;            /* everything in it was dealt with */
	time_t listed_at;
};

struct src_imap {
	const struct mailbox *m;
	struct imap *im;
	GHashTable *folders;       /* struct src_folder, by name */
	struct src_folder *folder; /* the one that it is about */

	struct imap_mail *unread; /* to be read, by UID */
	size_t n;
	size_t at;           /* the first that has not come */
	size_t asked;        /* so many from there were asked for */
	size_t one_by_one;   /* up to here mails are fetched alone */
	size_t most;         /* mails that are asked for at a time */
	unsigned deaths;     /* of the connection, by a mail */
	struct diag refusal; /* the last one of a mail */
	unsigned refusals;   /* like it, in a row */
	unsigned probes;
	size_t not_given;          /* mails, in this round */
	struct imap_bodies bodies; /* that have come */
	size_t next_body;
	struct fetched early;   /* that came before they were wanted */
	GArray *acts[FATES];    /* uint32_t: UIDs to act on */
	bool is_refused[FATES]; /* in this round */
	bool has_failed;        /* it was told so */
	GArray *copied;         /* uint32_t: still to be deleted */
	GArray *gone;           /* uint32_t: UIDs to forget */
	GArray *missing;        /* uint32_t: UIDs that did not come */
	bool is_missing_sure;   /* these are there all the same */
	struct diag failure;    /* told by the next src_imap_next() */
};

/* src_imap_fetch.c */

/* Get the next group, and ask for the one after it at once.  SOURCE_ITEM: it
 * is in s->bodies; SOURCE_END: none came, go on. */
enum source_next src_imap_fetch_group(struct src_imap *s, struct diag *d);

/* Read the answer that is under way, so that another command may be sent. */
void src_imap_bring_in(struct src_imap *s);

/* A mail's name for people; the caller frees. */
char *src_imap_mail_name(const struct src_imap *s, uint32_t uid);

/* Nothing more can be read, if only because it is to stop. */
enum source_next src_imap_fail(struct src_imap *s);

/*
 * The server does not give a mail: it is left where it is.  SOURCE_END: that
 * was told often enough; src_imap_tell_rest() tells how many there were more.
 */
enum source_next src_imap_not_given(struct src_imap *s, uint32_t uid,
    const char *why, struct diag *d);
enum source_next src_imap_tell_rest(struct src_imap *s, struct diag *d);

/* Mails that were asked for and did not come: are they gone, as it happens
 * when another client deletes them?  SOURCE_END: yes. */
enum source_next src_imap_tell_missing(struct src_imap *s, struct diag *d);

/* src_imap_act.c */

/* What the configuration wants done with a mail, as the database keeps it;
 * NULL: nothing.  The caller frees. */
char *src_imap_action_text(const struct action *a);

/* The same of a mail that was copied and could not be deleted yet. */
char *src_imap_copied_text(const struct action *a);

/* See struct source_ops. */
enum diag_code src_imap_settle(void *impl, struct db *db, struct diag *d);

#endif
