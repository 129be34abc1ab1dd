/*
 * secret: the password or token of a mailbox, for as long as it is needed.
 */
#ifndef INGEST_SECRET_H
#define INGEST_SECRET_H

#include <stdbool.h>

#include "common/diag.h"
#include "ingest/config/mailbox.h"

/*
 * The password from the file, or the first line that password_command or
 * token_command prints.  The command runs by /bin/sh -c with the account in
 * DMARC_USER and DMARC_HOST, standard input from /dev/null, standard error as
 * ours and no other descriptor of ours; after SECRET_SECONDS it is killed.
 * again: the token was refused, ask for a new one (DMARC_TOKEN_REFUSED=1 in
 * the environment tells the command).  CONFIG: it failed or printed nothing;
 * RETRY: it took too long, or its exit status is 75.  On success the caller frees *out with
 * secret_free(), which wipes it.
 */
enum diag_code secret_get(char **out, const struct mailbox *m, bool again,
    struct diag *d) MUST_CHECK;
void secret_free(char *secret); /* NULL is fine */

#define SECRET_SECONDS 60

/* The longest secret: tokens of Microsoft have some 2,500 bytes. */
#define SECRET_MAX 16384

#endif
