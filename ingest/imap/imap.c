/*
 * imap: the connection.  See imap_command.c, imap_login.c, imap_folder.c,
 * imap_fetch.c and imap_change.c for the rest.
 */
#include "ingest/imap/imap.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/imap/imap_session.h"
#include "common/stop.h"

/* A goodbye is a courtesy. */
#define LOGOUT_SECONDS 3

/* RFC 2177: servers may end an IDLE of half an hour. */
#define IDLE_SECONDS 540

/* ---- the connection ------------------------------------------------------- */

static const char *
put(void *ctx, const char *bytes, size_t n)
{
	struct imap *im = ctx;
	const char *why = imap_lines_put(&im->lines, bytes, n);

	tls_stream_doubt(im->stream, im->lines.is_odd);
	return why;
}

static size_t
get(void *ctx, char *out, size_t size)
{
	struct imap *im = ctx;

	return imap_lines_get(&im->lines, out, size);
}

static struct imap *
session_new(const struct mailbox *m, struct tls_stream *stream)
{
	struct imap *im = mem_calloc(1, sizeof(*im));
	const struct tls_filter filter = { put, get, im };

	im->m = m;
	im->stream = stream;
	im->session = mailimap_new(0, NULL);
	im->in_step = true;
	/* Tags that are numbers are too little for 163.com. */
	mailimap_set_163_workaround_enabled(im->session, 1);
	im->folders = g_hash_table_new_full(g_str_hash, g_str_equal, free,
	    free);
	imap_lines_init(&im->lines, &im->session->imap_tag);
	/* Of what comes in the clear before TLS nothing may be hidden. */
	im->lines.is_raw = m->tls == TLS_STARTTLS;
	tls_stream_filter(stream, &filter);
	return im;
}

enum diag_code
imap_ask_capability(struct imap *im, struct diag *d)
{
	struct mailimap_capability_data *caps = NULL;
	enum diag_code code;

	imap_arm(im, IMAP_ANSWER);
	code = imap_whole_result(im, mailimap_capability(im->session, &caps),
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
	code = imap_whole_result(im, mailimap_starttls(im->session),
	    DIAG_CONFIG, "STARTTLS", d);
	/* libetpan may see it first and fail without a word. */
	if (im->session->imap_stream->read_buffer_len > 0 ||
	    im->lines.out.len > 0)
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
	im->lines.is_raw = false;
	im->lines.has_greeted = true;
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
	code = imap_whole_result(im, r, DIAG_RETRY, "greeting", d);
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
	imap_lines_free(&im->lines);
	g_hash_table_destroy(im->folders);
	free(im->selected);
	free(im->prefix);
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

/* ---- waiting ----------------------------------------------------------------- */

static enum diag_code
noop(struct imap *im, struct diag *d)
{
	imap_arm(im, IMAP_ANSWER);
	return imap_whole_result(im, mailimap_noop(im->session), DIAG_RETRY,
	    "NOOP", d);
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
	code = imap_whole_result(im, mailimap_idle(im->session), DIAG_RETRY,
	    "IDLE", d);
	if (code != DIAG_OK)
		return code;
	(void)wait_for_bytes(im, seconds);
	if (stop_requested())
		return DIAG_OK;
	imap_arm(im, IMAP_ANSWER);
	return imap_whole_result(im, mailimap_idle_done(im->session),
	    DIAG_RETRY, "IDLE", d);
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
