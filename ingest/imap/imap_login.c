/*
 * imap_login: by password (SCRAM-SHA-256, PLAIN, LOGIN) or by token (XOAUTH2).
 */
#include <string.h>

#include "common/mem.h"
#include "ingest/imap/imap_session.h"
#include "ingest/imap/secret.h"

/* Some thousand bytes are usual. */
#define LOGIN_ANSWER (256UL << 10)

static const char *const names[] = {
	[AUTH_LOGIN] = "LOGIN",
	[AUTH_PLAIN] = "PLAIN",
	[AUTH_SCRAM_SHA_256] = "SCRAM-SHA-256",
	[AUTH_XOAUTH2] = "XOAUTH2",
};

/* The best that the server offers for what we have. */
static enum auth_mode
choose(const struct imap *im)
{
	mailimap *session = im->session;

	if (im->m->auth != AUTH_AUTO)
		return im->m->auth;
	if (im->m->token_command != NULL)
		return AUTH_XOAUTH2;
	if (mailimap_has_authentication(session, "SCRAM-SHA-256"))
		return AUTH_SCRAM_SHA_256;
	if (mailimap_has_authentication(session, "PLAIN"))
		return AUTH_PLAIN;
	return AUTH_LOGIN;
}

/* Servers that say that they take no password now must not be sent one. */
static enum diag_code
check_offer(const struct imap *im, enum auth_mode mode, struct diag *d)
{
	mailimap *session = im->session;
	const bool offered = mode == AUTH_LOGIN ?
	    !mailimap_has_extension(session, "LOGINDISABLED") :
	    mailimap_has_authentication(session, names[mode]) != 0;

	if (offered)
		return DIAG_OK;
	return diag_set(d, DIAG_CONFIG, REASON_NO_LOGIN,
	    "%s: the server does not offer %s", im->m->name, names[mode]);
}

static int
authenticate(struct imap *im, enum auth_mode mode, const char *secret)
{
	const struct mailbox *m = im->m;

	imap_arm(im, LOGIN_ANSWER);
	switch (mode) {
	case AUTH_XOAUTH2:
		return mailimap_oauth2_authenticate(im->session, m->user,
		    secret);
	case AUTH_PLAIN:
	case AUTH_SCRAM_SHA_256:
		return mailimap_authenticate(im->session, names[mode], m->host,
		    NULL, NULL, m->user, m->user, secret, NULL);
	case AUTH_LOGIN:
	case AUTH_AUTO:
		break;
	}
	return mailimap_login(im->session, m->user, secret);
}

void
imap_say_id(struct imap *im)
{
	im->has_said_id = true;
	(void)imap_ask_for(im, NULL,
	    "ID (\"name\" \"dmarc-ingest\" \"version\" \"" VERSION
	    "\" \"vendor\" \"dmarc-report\")");
}

enum diag_code
imap_login(struct imap *im, bool retry, bool *again, struct diag *d)
{
	const enum auth_mode mode = choose(im);
	char *secret = NULL;
	enum diag_code code = check_offer(im, mode, d);
	int r;

	*again = false;
	if (im->is_known) {
		im->login = "PREAUTH";
		return DIAG_OK;
	}
	if (code == DIAG_OK)
		code = secret_get(&secret, im->m, retry, d);
	if (code != DIAG_OK)
		return code;
	r = authenticate(im, mode, secret);
	secret_free(secret);
	code = imap_result(im, r, DIAG_CONFIG, "login", d);
	/* A conversation that SASL breaks off is not at its end. */
	if (r == MAILIMAP_ERROR_SASL || im->session->imap_response == NULL)
		im->in_step = im->in_step && IMAP_DONE(r);
	*again = code == DIAG_CONFIG && mode == AUTH_XOAUTH2 && !retry;
	if (code != DIAG_OK)
		return code == DIAG_FORMAT ? (d->code = DIAG_RETRY) : code;
	im->login = names[mode];
	/* Servers announce more to those whom they know. */
	code = imap_ask_capability(im, d);
	if (code == DIAG_OK && imap_has(im, "ID"))
		imap_say_id(im);
	return code;
}
