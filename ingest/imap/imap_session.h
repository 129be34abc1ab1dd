/*
 * imap_session: what imap*.c share and nobody else sees.
 */
#ifndef INGEST_IMAP_SESSION_H
#define INGEST_IMAP_SESSION_H

#include <libetpan/libetpan.h>

#include "ingest/imap/imap.h"
#include "ingest/imap/imap_guard.h"
#include "ingest/limits.h"
#include "ingest/imap/tls_stream.h"

/* Mails that were asked for and did not come yet. */
struct imap_request {
	uint32_t uids[LIMIT_FETCH_MAILS];
	size_t n;
	uint64_t size;
	size_t max;
};

struct imap {
	const struct mailbox *m;
	mailimap *session;
	struct tls_stream *stream; /* the session's */
	const char *login;         /* how we logged in */
	bool is_known;             /* the greeting was PREAUTH */
	char *known_folder;        /* the last one that is known to exist */
	struct imap_guard guard;
	struct imap_request asked; /* n == 0: nothing */
	/* Answers mean something; false after one that cannot be read. */
	bool in_step;
};

/* Bytes of an answer that has no mail in it. */
#define IMAP_ANSWER (1UL << 20)

/* The command that comes now has the mailbox's time, and so many bytes. */
void imap_arm(struct imap *im, uint64_t bytes);

/* r is libetpan's MAILIMAP_NO_ERROR. */
#define IMAP_DONE(r) ((r) == MAILIMAP_NO_ERROR)

/*
 * What became of a command: DIAG_OK, or why not.  doing is what was tried, in
 * words.  A refusal by the server (NO, BAD) becomes refused.
 */
enum diag_code imap_result(struct imap *im, int r, enum diag_code refused,
    const char *doing, struct diag *d) MUST_CHECK;

/* The server refused and says that later may do (RFC 5530). */
bool imap_is_temporary(const struct imap *im);

/* The set of n UIDs that rise; the caller frees. */
struct mailimap_set *imap_set(const uint32_t *uids, size_t n);

/* Ask what the server offers: not every greeting tells, and what it told in
 * the clear does not count. */
enum diag_code imap_ask_capability(struct imap *im, struct diag *d) MUST_CHECK;

/* imap_login.c: log in, once TLS stands or is not wanted.  *again: a token was
 * refused, and a new one may be asked for, on a new connection. */
enum diag_code
imap_login(struct imap *im, bool retry, bool *again, struct diag *d) MUST_CHECK;

#endif
