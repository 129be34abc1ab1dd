/*
 * imap: the conversation with an IMAP server (RFC 3501; MOVE, RFC 6851;
 * UIDPLUS, RFC 4315).
 *
 * The server is half trusted: it has a deadline and a number of bytes for
 * every answer.  imap*.c are the only files that know libetpan.
 *
 * Every failure names the mailbox.  RETRY: the connection is gone or the
 * server cannot now; imap_is_alive() tells which.  CONFIG: it will say the
 * same the next time, so the operator must look.
 */
#ifndef INGEST_IMAP_H
#define INGEST_IMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "common/buf.h"
#include "common/diag.h"
#include "ingest/config/mailbox.h"

struct imap;

/*
 * Connect, check the certificate, and log in, which asks for the password or
 * token: nothing of it is sent before TLS stands.  m must outlive *out, which
 * the caller closes.
 */
enum diag_code imap_open(struct imap **out, const struct mailbox *m,
    struct diag *d) MUST_CHECK;

/* Say goodbye, briefly, and free; NULL is fine. */
void imap_close(struct imap *im);

bool imap_is_alive(const struct imap *im);

/* How it is connected and logged in, for people; the caller frees. */
char *imap_describe(const struct imap *im);

/* "MOVE", "IDLE", ... is offered. */
bool imap_has(struct imap *im, const char *capability);

struct imap_folder {
	uint32_t uidvalidity;
	uint32_t uidnext; /* 0: not said */
	uint32_t exists;
	bool read_only;
};

/* Select a folder; its name is UTF-8. */
enum diag_code imap_select(struct imap *im, const char *name,
    struct imap_folder *folder, struct diag *d) MUST_CHECK;

/*
 * Add the names (char *, UTF-8) of the folders that a pattern means: % stands
 * for anything but a separator, * for anything.  Left out are folders that the
 * mailbox's actions move to, those of deleted, sent and unfinished mails, and
 * what is not there for mails.  To *left are added those that should be read and
 * are not: beyond a limit, or with control characters in their names.
 */
enum diag_code imap_expand(struct imap *im, const char *pattern,
    GPtrArray *names, size_t *left, struct diag *d) MUST_CHECK;

struct imap_mail {
	uint32_t uid;
	uint32_t size;   /* bytes, as the server says; 0: not said */
	int64_t arrived; /* INTERNALDATE, seconds since 1970; 0: not said */
	bool is_deleted; /* \Deleted */
	const char *odd; /* what the server says of it and cannot be read */
	bool is_missing; /* in the server's list: it says nothing of it */
};

/* All mails of the folder by UID; the caller frees *mails.  Mails that the
 * server lists badly are there, too, with as much as is known. */
enum diag_code imap_list(struct imap *im, struct imap_mail **mails, size_t *n,
    struct diag *d) MUST_CHECK;

struct imap_body {
	uint32_t uid;
	char *bytes; /* not NULL; its own */
	size_t len;
	bool cut; /* more than max; bytes are the first of it */
};

struct imap_bodies {
	struct imap_body *list; /* in the order that they came in */
	size_t n;
};

/*
 * Ask for mails, without marking them as seen: n UIDs that rise, at most
 * LIMIT_FETCH_MAILS, together some `size' bytes, each at most max.  The answer
 * is read by imap_take(), and no other command may come between; so the server
 * can be at work on the next mails while these are decoded.
 */
enum diag_code imap_ask(struct imap *im, const uint32_t *uids, size_t n,
    uint64_t size, size_t max, struct diag *d) MUST_CHECK;
bool imap_is_asked(const struct imap *im);

/*
 * The mails that were asked for; UIDs that are gone are left out.  FORMAT: the
 * answer cannot be understood, or is a refusal, so that it had better be tried
 * mail by mail.  The caller frees *out with imap_bodies_free(), also after a
 * failure.
 */
enum diag_code
imap_take(struct imap *im, struct imap_bodies *out, struct diag *d) MUST_CHECK;
void imap_bodies_free(struct imap_bodies *b);

/* What an action has left of its mails in the folder. */
enum imap_left {
	LEFT_NOTHING,
	LEFT_ALL,    /* as before, if perhaps with a flag */
	LEFT_MARKED, /* as deleted */
	LEFT_COPIED  /* as before, and there is a copy where they should be */
};

/*
 * Carry out an action on n mails, in one go; *left holds after a failure, too.
 * RETRY and CONFIG with the connection alive: refused (quota, rights).
 */
enum diag_code
imap_act(struct imap *im, const struct action *action, const uint32_t *uids,
    size_t n, enum imap_left *left, struct diag *d) MUST_CHECK;

/* What an action would come to, tried with no mail. */
struct imap_trial {
	bool made;      /* the folder, now */
	bool by_move;   /* else by COPY */
	bool is_marked; /* as deleted, and not removed */
	bool untried;   /* without a mail the server tells nothing */
};

enum diag_code imap_try(struct imap *im, const struct action *action,
    struct imap_trial *trial, struct diag *d) MUST_CHECK;

/* Has the folder changed since?  Wait so long for it at most, by IDLE or by
 * asking at the end.  DIAG_OK: it may have, or it was asked to stop. */
enum diag_code
imap_wait(struct imap *im, int seconds, struct diag *d) MUST_CHECK;

#endif
