/*
 * imap: the connection and the folder.  See imap_login.c, imap_fetch.c and
 * imap_change.c for the rest.
 */
#include "ingest/imap/imap.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/imap/imap_session.h"
#include "common/stop.h"
#include "ingest/config/utf7.h"

/* A goodbye is a courtesy. */
#define LOGOUT_SECONDS 3

/* RFC 2177: servers may end an IDLE of half an hour. */
#define IDLE_SECONDS 540

/* ---- what commands share -------------------------------------------------- */

void
imap_arm(struct imap *im, uint64_t bytes)
{
	/* What was said before must not be taken for an answer to this. */
	im->session->imap_response = NULL;
	(void)mmap_string_truncate(im->session->imap_response_buffer, 0);
	im->guard.was_bad = false;
	im->guard.questions = 0;
	tls_stream_arm(im->stream, im->m->timeout, bytes);
}

static const char *
answer(const struct imap *im)
{
	const char *text = im->session->imap_response;

	return text == NULL || text[0] == '\0' ? "no reason given" : text;
}

bool
imap_is_temporary(const struct imap *im)
{
	static const char *const codes[] = { "UNAVAILABLE", "INUSE", "LIMIT",
		"SERVERBUG" };
	const char *code = im->session->imap_response_info == NULL ?
	    NULL :
	    im->session->imap_response_info->rsp_atom;

	for (size_t i = 0; code != NULL && i < sizeof(codes) / sizeof(codes[0]);
	     i++)
		if (strcasecmp(code, codes[i]) == 0)
			return true;
	return false;
}

enum diag_code
imap_result(struct imap *im, int r, enum diag_code refused, const char *doing,
    struct diag *d)
{
	const char *name = im->m->name;
	const char *failure = tls_stream_failure(im->stream);

	if (IMAP_DONE(r) && failure == NULL)
		return DIAG_OK;
	if (failure != NULL)
		return diag_set(d, DIAG_RETRY, REASON_CONNECTION, "%s: %s: %s",
		    name, doing, failure);
	switch (r) {
	case MAILIMAP_ERROR_STREAM:
	case MAILIMAP_ERROR_FATAL:
	case MAILIMAP_ERROR_BAD_STATE:
		im->in_step = false;
		return diag_set(d, DIAG_RETRY, REASON_CONNECTION,
		    "%s: %s: the server ends the conversation: %s", name, doing,
		    answer(im));
	case MAILIMAP_ERROR_PROTOCOL:
		if (im->guard.was_bad)
			break;
		/* fall through */
		/* BAD, or a tag that is not ours; libetpan says not which. */
	case MAILIMAP_ERROR_PARSE:
	case MAILIMAP_ERROR_MEMORY:
		im->in_step = false;
		return diag_set(d, DIAG_FORMAT, REASON_BAD_ANSWER,
		    "%s: %s: the server's answer is no IMAP", name, doing);
	default:
		break;
	}
	if (refused == DIAG_CONFIG && imap_is_temporary(im))
		refused = DIAG_RETRY;
	return diag_set(d, refused, REASON_REFUSED, "%s: %s: %s", name, doing,
	    answer(im));
}

struct mailimap_set *
imap_set(const uint32_t *uids, size_t n)
{
	struct mailimap_set *set = mailimap_set_new_empty();

	for (size_t i = 0, last; i < n; i = last + 1) {
		last = i;
		while (last + 1 < n && uids[last + 1] == uids[last] + 1)
			last++;
		(void)mailimap_set_add_interval(set, uids[i], uids[last]);
	}
	return set;
}

/* An answer that cannot be read matters to imap_fetch() alone. */
static enum diag_code
whole_result(struct imap *im, int r, enum diag_code refused, const char *doing,
    struct diag *d)
{
	enum diag_code code = imap_result(im, r, refused, doing, d);

	if (code == DIAG_FORMAT)
		code = d->code = DIAG_RETRY;
	return code;
}

/* ---- the connection ------------------------------------------------------- */

static const char *
inspect(void *ctx, const char *bytes, size_t n)
{
	return imap_guard(ctx, bytes, n);
}

static struct imap *
session_new(const struct mailbox *m, struct tls_stream *stream)
{
	struct imap *im = mem_calloc(1, sizeof(*im));

	im->m = m;
	im->stream = stream;
	im->session = mailimap_new(0, NULL);
	im->in_step = true;
	tls_stream_inspect(stream, inspect, &im->guard);
	return im;
}

enum diag_code
imap_ask_capability(struct imap *im, struct diag *d)
{
	struct mailimap_capability_data *caps = NULL;
	enum diag_code code;

	imap_arm(im, IMAP_ANSWER);
	code = whole_result(im, mailimap_capability(im->session, &caps),
	    DIAG_CONFIG, "CAPABILITY", d);
	if (caps != NULL)
		mailimap_capability_data_free(caps);
	return code;
}

/* RFC 8314, CVE-2011-0411: nothing that came in the clear may count after the
 * handshake. */
static enum diag_code
start_tls(struct imap *im, struct diag *d)
{
	const struct mailbox *m = im->m;
	enum diag_code code;

	if (im->is_known || !imap_has(im, "STARTTLS"))
		return diag_set(d, DIAG_CONFIG, REASON_NO_STARTTLS,
		    "%s: the server does not offer STARTTLS", m->name);
	imap_arm(im, IMAP_ANSWER);
	code = whole_result(im, mailimap_starttls(im->session), DIAG_CONFIG,
	    "STARTTLS", d);
	/* libetpan may see it first and fail without a word. */
	if (im->session->imap_stream->read_buffer_len > 0)
		return diag_set(d, DIAG_CONFIG, REASON_INJECTED,
		    "%s: the server, or somebody on the way, sent more after "
		    "STARTTLS than may be there",
		    m->name);
	if (code != DIAG_OK)
		return code;
	code = tls_stream_secure(im->stream, m->host, m->ca_file, m->timeout,
	    d);
	if (code != DIAG_OK)
		return diag_prefix(d, m->name);
	return imap_ask_capability(im, d);
}

/* From a connected stream, which *out owns then, to what the server offers,
 * over TLS. */
static enum diag_code
greet(struct imap **out, const struct mailbox *m, struct tls_stream *stream,
    struct diag *d)
{
	struct imap *im = session_new(m, stream);
	enum diag_code code;
	int r;

	*out = im;
	imap_arm(im, IMAP_ANSWER);
	r = mailimap_connect(im->session,
	    mailstream_new(tls_stream_low(stream), 65536));
	im->is_known = r == MAILIMAP_NO_ERROR_AUTHENTICATED;
	if (im->is_known || r == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		r = MAILIMAP_NO_ERROR;
	code = whole_result(im, r, DIAG_RETRY, "greeting", d);
	if (code == DIAG_OK)
		code = imap_ask_capability(im, d);
	if (code == DIAG_OK && m->tls == TLS_STARTTLS)
		code = start_tls(im, d);
	return code;
}

static enum diag_code
connect_to(struct imap **out, const struct mailbox *m, struct diag *d)
{
	struct tls_stream *stream = NULL;
	enum diag_code code = tls_stream_dial(&stream, m->host, m->port,
	    m->timeout, d);

	if (code == DIAG_OK && m->tls == TLS_NONE &&
	    !tls_stream_is_local(stream))
		code = diag_set(d, DIAG_CONFIG, REASON_PLAIN_TEXT,
		    "%s is not this machine; without TLS nothing is sent there",
		    m->host);
	if (code == DIAG_OK && m->tls == TLS_IMPLICIT)
		code = tls_stream_secure(stream, m->host, m->ca_file,
		    m->timeout, d);
	if (code != DIAG_OK) {
		tls_stream_free(stream);
		return diag_prefix(d, m->name);
	}
	return greet(out, m, stream, d);
}

static enum diag_code
connect_and_login(struct imap **out, const struct mailbox *m, bool retry,
    bool *again, struct diag *d)
{
	enum diag_code code = connect_to(out, m, d);

	if (code == DIAG_OK)
		code = imap_login(*out, retry, again, d);
	if (code != DIAG_OK) {
		imap_close(*out);
		*out = NULL;
	}
	return code;
}

enum diag_code
imap_open(struct imap **out, const struct mailbox *m, struct diag *d)
{
	bool again = false;
	enum diag_code code;

	*out = NULL;
	code = connect_and_login(out, m, false, &again, d);
	if (code != DIAG_OK && again)
		code = connect_and_login(out, m, true, &again, d);
	return code;
}

bool
imap_is_alive(const struct imap *im)
{
	return im->in_step && tls_stream_failure(im->stream) == NULL;
}

void
imap_close(struct imap *im)
{
	if (im == NULL)
		return;
	if (imap_is_alive(im) && !imap_is_asked(im) && !stop_requested()) {
		tls_stream_arm(im->stream, LOGOUT_SECONDS, IMAP_ANSWER);
		(void)mailimap_logout(im->session);
	}
	/* mailimap_free() would say goodbye, too, and wait. */
	if (im->session->imap_stream != NULL)
		tls_stream_cut(im->stream, "closed");
	mailimap_free(im->session);
	free(im->known_folder);
	free(im);
}

char *
imap_describe(const struct imap *im)
{
	char *tls = tls_stream_describe(im->stream);
	char *text = mem_printf("%s, logged in by %s", tls, im->login);

	free(tls);
	return text;
}

bool
imap_has(struct imap *im, const char *capability)
{
	return mailimap_has_extension(im->session, capability) != 0;
}

/* ---- the folder ------------------------------------------------------------ */

enum diag_code
imap_select(struct imap *im, bool examine, struct imap_folder *folder,
    struct diag *d)
{
	char *name = utf7_from_utf8(im->m->folder);
	const struct mailimap_selection_info *info;
	char *doing = mem_printf("folder %s", im->m->folder);
	enum diag_code code;
	int r;

	imap_arm(im, IMAP_ANSWER);
	r = examine ? mailimap_examine(im->session, name) :
		      mailimap_select(im->session, name);
	code = whole_result(im, r, DIAG_CONFIG, doing, d);
	free(name);
	free(doing);
	if (code != DIAG_OK)
		return code;
	info = im->session->imap_selection_info;
	/* Without it, a UID may mean another mail tomorrow. */
	if (info->sel_uidvalidity == 0)
		return diag_set(d, DIAG_CONFIG, REASON_NO_UIDVALIDITY,
		    "%s: folder %s: the server gives no UIDVALIDITY",
		    im->m->name, im->m->folder);
	*folder = (struct imap_folder){
		.uidvalidity = info->sel_uidvalidity,
		.uidnext = info->sel_uidnext,
		.exists = info->sel_has_exists ? info->sel_exists : 0,
		.read_only = info->sel_perm == MAILIMAP_MAILBOX_READONLY,
	};
	return DIAG_OK;
}

/* ---- waiting ----------------------------------------------------------------- */

static enum diag_code
noop(struct imap *im, struct diag *d)
{
	imap_arm(im, IMAP_ANSWER);
	return whole_result(im, mailimap_noop(im->session), DIAG_RETRY, "NOOP",
	    d);
}

/* libetpan keeps what it has read ahead. */
static bool
wait_for_bytes(struct imap *im, int seconds)
{
	return im->session->imap_stream->read_buffer_len > 0 ||
	    tls_stream_wait(im->stream, seconds);
}

static enum diag_code
idle(struct imap *im, int seconds, struct diag *d)
{
	enum diag_code code;

	imap_arm(im, IMAP_ANSWER);
	code = whole_result(im, mailimap_idle(im->session), DIAG_RETRY, "IDLE",
	    d);
	if (code != DIAG_OK)
		return code;
	(void)wait_for_bytes(im, seconds);
	if (stop_requested())
		return DIAG_OK;
	imap_arm(im, IMAP_ANSWER);
	return whole_result(im, mailimap_idle_done(im->session), DIAG_RETRY,
	    "IDLE", d);
}

enum diag_code
imap_wait(struct imap *im, int seconds, struct diag *d)
{
	if (im->m->idle && imap_has(im, "IDLE"))
		return idle(im, seconds < IDLE_SECONDS ? seconds : IDLE_SECONDS,
		    d);
	if (stop_wait(seconds * 1000))
		return DIAG_OK;
	return noop(im, d);
}
