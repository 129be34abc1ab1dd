/*
 * mailbox: what the operator says of one IMAP mailbox, a group
 * "[mailbox NAME]" of dmarc.conf; the settings are in dmarc.conf(5).
 */
#ifndef INGEST_MAILBOX_H
#define INGEST_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"
#include "ingest/source/source.h"

enum tls_mode {
	TLS_IMPLICIT, /* from the first byte: port 993 */
	TLS_STARTTLS, /* port 143, TLS before anything else */
	TLS_NONE      /* plain text, only to the loopback address */
};

enum auth_mode {
	AUTH_AUTO, /* a token: XOAUTH2; a password: the server's safest method */
	AUTH_LOGIN,
	AUTH_PLAIN,
	AUTH_SCRAM_SHA_256,
	AUTH_XOAUTH2
};

/* What to do with a mail after its report is committed. */
enum action_kind {
	ACTION_LEAVE,
	ACTION_MOVE,
	ACTION_FLAG,
	ACTION_DELETE
};

struct action {
	enum action_kind kind;
	char *name; /* the folder in UTF-8, or the flag; NULL otherwise */
};

struct mailbox {
	char *name; /* of the group */
	char *host; /* in lower case */
	char *port;
	enum tls_mode tls;
	char *ca_file; /* NULL: the system's */
	char *user;
	enum auth_mode auth;
	/* Exactly one of the three is there. */
	char *password;
	char *password_command;
	char *token_command;
	char **folders; /* UTF-8, the last one NULL; names or patterns */
	struct action actions[FATES]; /* by enum fate */
	uint64_t max_size;            /* bytes of one mail */
	int max_age;                  /* days, 0: any */
	int batch;                    /* mails a command */
	int timeout;                  /* seconds */
	bool busy_is_failure;         /* exit 75, not 0 */
	int poll_interval;            /* seconds, for --watch */
	bool idle;                    /* IDLE instead of NOOP */
};

/* "user@host:port", for messages and as the account in the database; the caller
 * frees it. */
char *mailbox_account(const struct mailbox *m);

/* Whether the folder name is a pattern, with * or %. */
bool mailbox_is_pattern(const char *folder);

/* Whether any action moves, flags or deletes mails. */
bool mailbox_wants_changes(const struct mailbox *m);

void mailbox_free(struct mailbox *m); /* NULL is fine */

#endif
