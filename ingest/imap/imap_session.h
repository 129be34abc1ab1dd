/*
 * imap_session: what imap*.c share and nobody else sees.
 */
#ifndef INGEST_IMAP_SESSION_H
#define INGEST_IMAP_SESSION_H

#include <libetpan/libetpan.h>

#include "ingest/imap/imap.h"
#include "ingest/imap/imap_lines.h"
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
	bool has_said_id;
	struct imap_lines lines;
	char *selected;      /* on the wire; NULL: none */
	GHashTable *folders; /* those that exist: name to name on the wire */
	char *prefix;        /* of the user's folders; NULL: not asked yet */
	char separator;      /* of them; '\0': none, or not known */
	bool is_guess;       /* the server has not said that prefix */
	struct imap_request asked; /* n == 0: nothing */
	/* Answers mean something; false after one that cannot be read. */
	bool in_step;
};

/* Bytes of an answer that has no mail in it. */
#define IMAP_ANSWER (1UL << 20)

/* The command that comes now is libetpan's; it has the mailbox's time, and so
 * many bytes. */
void imap_arm(struct imap *im, uint64_t bytes);

/* The same for a command of our own; lines of the kind wanted are kept. */
void imap_arm_own(struct imap *im, uint64_t bytes, const char *wanted);

/*
 * Send a command of our own, without tag and line end, and read until its
 * answer ends.  They return what libetpan's commands do.
 */
int imap_send(struct imap *im, const char *command);
int imap_finish(struct imap *im);
int imap_ask_for(struct imap *im, const char *wanted, const char *command);

/* r is libetpan's MAILIMAP_NO_ERROR. */
#define IMAP_DONE(r) ((r) == MAILIMAP_NO_ERROR)

/*
 * What became of a command: DIAG_OK, or why not.  doing is what was tried, in
 * words.  A refusal by the server (NO, BAD) becomes refused.
 */
enum diag_code imap_result(struct imap *im, int r, enum diag_code refused,
    const char *doing, struct diag *d) MUST_CHECK;

/* The same where an answer that cannot be read means that the connection is of
 * no use: RETRY. */
enum diag_code imap_whole_result(struct imap *im, int r, enum diag_code refused,
    const char *doing, struct diag *d) MUST_CHECK;

/* The server refused: with this code, in capitals ("OVERQUOTA"). */
bool imap_has_code(const struct imap *im, const char *code);

/* The set of n UIDs that rise; the caller frees. */
struct mailimap_set *imap_set(const uint32_t *uids, size_t n);

/* The same as text, "1:4,7"; the caller frees with g_free(). */
char *imap_set_text(const uint32_t *uids, size_t n);

/* Ask what the server offers: not every greeting tells, and what it told in
 * the clear does not count. */
enum diag_code imap_ask_capability(struct imap *im, struct diag *d) MUST_CHECK;

/* imap_list.c: names of folders; on the wire they are in UTF-7. */

struct imap_listed {
	char *wire;
	char separator;  /* '\0': none */
	bool can_hold;   /* mails */
	bool is_special; /* a view of other folders, or none for new mail */
};

/* A name as it is written in a command; the caller frees with g_free(). */
char *imap_quoted(const char *wire);

/* The folders (struct imap_listed) that a pattern means; the caller frees *out,
 * also after a failure. */
enum diag_code imap_list_folders(struct imap *im, const char *pattern,
    GPtrArray **out, struct diag *d) MUST_CHECK;

/* The name in UTF-8, if only for people; the caller frees. */
char *imap_name(const char *wire);

/* Both are the same but for upper and lower case. */
bool imap_is_alike(const char *wire, const char *other);

/* Ask what the names of the user's folders begin with, once. */
enum diag_code imap_learn_prefix(struct imap *im, struct diag *d) MUST_CHECK;

/* How the folder may be called by what was learned of names: with the prefix,
 * with the server's separator for /.  NULL: not otherwise.  The caller frees. */
char *imap_other_name(const struct imap *im, const char *wire);

/* imap_folder.c */

/* What there is by a name. */
enum imap_there {
	THERE_NOTHING,
	THERE_FOLDER,
	THERE_NAME_ONLY, /* no mails can be in it */
	THERE_UNKNOWN    /* the server does not say */
};

/*
 * Look for a folder, also below the prefix of the user's folders and in other
 * letters.  *wire is how the server calls it, or how it is to be called when
 * there is nothing; the caller frees, also after a failure.
 */
enum diag_code imap_find(struct imap *im, const char *name,
    enum imap_there *there, char **wire, struct diag *d) MUST_CHECK;

/* The folder exists, or is made.  *wire is im's. */
enum diag_code imap_need_folder(struct imap *im, const char *name,
    const char **wire, bool *made, struct diag *d) MUST_CHECK;

/* imap_login.c: say who we are (RFC 2971), which must fail for nobody. */
void imap_say_id(struct imap *im);

/* imap_login.c: log in, once TLS stands or is not wanted.  *again: a token was
 * refused, and a new one may be asked for, on a new connection. */
enum diag_code
imap_login(struct imap *im, bool retry, bool *again, struct diag *d) MUST_CHECK;

#endif
