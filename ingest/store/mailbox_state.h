/*
 * mailbox_state: what the database knows of a mailbox: who reads it now, and
 * which of its mails have been read (account, folder, UIDVALIDITY, UID).
 *
 * All failures here are the database's.
 */
#ifndef INGEST_MAILBOX_STATE_H
#define INGEST_MAILBOX_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "common/db.h"
#include "ingest/store/batch.h"
#include "ingest/config/mailbox.h"

/* Take a folder of a mailbox for this session of the database.  *id is its
 * number, *ours false when another has it. */
enum diag_code mailbox_lock(struct db *db, const struct mailbox *m,
    const char *folder, int64_t *id, bool *ours, struct diag *d) MUST_CHECK;
enum diag_code
mailbox_unlock(struct db *db, int64_t id, struct diag *d) MUST_CHECK;

struct seen_mail {
	uint32_t uid;
	uint64_t size;
	int64_t arrived; /* seconds since 1970 */
	enum fate fate;
	char *done; /* NULL: nothing */
};

/* The mails known under this UIDVALIDITY, by UID: *out is an array of struct
 * seen_mail, which the caller frees with seen_mails_free(). */
enum diag_code mailbox_seen(struct db *db, int64_t id, uint32_t uidvalidity,
    GArray **out, struct diag *d) MUST_CHECK;
void seen_mails_free(GArray *known); /* NULL is fine */

/* Inside the transaction that stores them: the items from..to-1 that came from
 * a mailbox have been read. */
enum diag_code mailbox_remember(struct db *db, const struct batch *b,
    size_t from, size_t to, struct diag *d) MUST_CHECK;

/* n mails are flagged or the like, and stay. */
enum diag_code mailbox_mark(struct db *db, int64_t id, const uint32_t *uids,
    size_t n, const char *done, struct diag *d) MUST_CHECK;

/* n mails are there no more. */
enum diag_code mailbox_forget(struct db *db, int64_t id, const uint32_t *uids,
    size_t n, struct diag *d) MUST_CHECK;

#endif
