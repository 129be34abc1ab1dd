/*
 * src_imap: the mails of an IMAP folder as a source.
 *
 * A mail is fetched, its fate is committed, and only then it is moved; the
 * database's memory of it (mailbox_state.h) is written with the commit and
 * goes when the mail has gone.
 */
#ifndef INGEST_SRC_IMAP_H
#define INGEST_SRC_IMAP_H

#include <stdint.h>

#include <glib.h>

#include "ingest/config/mailbox.h"
#include "ingest/source/source.h"

struct src_imap;

/* Connect and log in.  m must outlive *out, which the caller closes. */
enum diag_code src_imap_open(struct src_imap **out, const struct mailbox *m,
    struct diag *d) MUST_CHECK;
void src_imap_close(struct src_imap *s); /* NULL is fine */
bool src_imap_is_alive(const struct src_imap *s);

/* Add the names of the folders that a pattern means: see imap_expand(). */
enum diag_code src_imap_expand(struct src_imap *s, const char *pattern,
    GPtrArray *names, size_t *left, struct diag *d) MUST_CHECK;

/* From here on it is about this folder; id is its number in the database. */
void src_imap_choose(struct src_imap *s, const char *folder, int64_t id);

/*
 * Select the folder and find out what there is to be done, by the list of its
 * mails and what the database knows of them.  *db_code is the database's own
 * trouble; then, and when the result is not DIAG_OK, *d says which.
 */
enum diag_code src_imap_look(struct src_imap *s, struct db *db,
    enum diag_code *db_code, struct diag *d) MUST_CHECK;

/* What was found, to be read until SOURCE_END; closing the source does not
 * close s. */
struct source src_imap_source(struct src_imap *s);

/* The source ended because the mailbox does not work, and not because all was
 * read. */
bool src_imap_has_failed(const struct src_imap *s);

/* Seconds that the server has asked us to stay away; 0: it has not. */
int src_imap_pause(const struct src_imap *s);

/* Wait for news, so many seconds at most. */
enum diag_code
src_imap_wait(struct src_imap *s, int seconds, struct diag *d) MUST_CHECK;

#endif
