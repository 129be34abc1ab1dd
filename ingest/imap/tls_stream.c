/*
 * tls_stream: a connection to a server, by TCP and then TLS (GnuTLS), in the
 * form that libetpan reads and writes through.
 */
#include "ingest/imap/tls_stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "common/clock.h"
#include "common/mem.h"
#include "ingest/imap/tcp.h"

/* Bytes that a slow server must send in a second, beyond the first ones. */
#define SLOWEST 4096

/* What a command may still take when we are asked to stop, in ms. */
#define STOP_GRACE 5000

/* What may follow something that makes no sense, in ms. */
#define DOUBT_TIME 5000

/* GnuTLS hands out a record at a time, which has no more. */
#define CHUNK 16384

struct tls_stream {
	int fd;
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session; /* NULL: plain text */
	/* Of the command that is under way, in ms as clock_ms() has it: */
	int64_t begun;
	int64_t heard;     /* when bytes came last */
	int seconds;       /* that it was given */
	uint64_t received; /* bytes that came */
	uint64_t most;     /* that may come */
	bool doubt;        /* see tls_stream_doubt() */
	struct tls_filter filter;
	char failure[200]; /* "": none */
};

/* ---- deadlines ----------------------------------------------------------- */

void
tls_stream_cut(struct tls_stream *s, const char *why)
{
	if (s->failure[0] == '\0')
		(void)snprintf(s->failure, sizeof(s->failure), "%s", why);
}

/* One byte a second is not enough, and neither is a quick beginning. */
static int64_t
deadline_of(const struct tls_stream *s)
{
	const int64_t given = (int64_t)s->seconds * 1000;
	const int64_t slowest = s->begun + given +
	    (int64_t)(s->received / SLOWEST) * 1000;
	const int64_t silent = s->heard +
	    (s->doubt && given > DOUBT_TIME ? DOUBT_TIME : given);

	return slowest < silent ? slowest : silent;
}

/* Wait within the command's deadline; false: too late. */
static bool
wait_in_command(struct tls_stream *s, short events)
{
	char why[64];

	switch (tcp_wait(s->fd, events, deadline_of(s), STOP_GRACE)) {
	case TCP_READY:
		return true;
	case TCP_STOP:
		tls_stream_cut(s, "asked to stop");
		break;
	case TCP_LATE:
		if (s->doubt)
			(void)snprintf(why, sizeof(why),
			    "the server's answer is no IMAP");
		else
			(void)snprintf(why, sizeof(why),
			    "too slow: timeout is %d s", s->seconds);
		tls_stream_cut(s, why);
		break;
	}
	return false;
}

/* ---- connecting --------------------------------------------------------- */

enum diag_code
tls_stream_dial(struct tls_stream **out, const char *host, const char *port,
    int seconds, struct diag *d)
{
	int fd = -1;
	enum diag_code code = tcp_dial(&fd, host, port, seconds, d);

	if (code != DIAG_OK)
		return code;
	*out = mem_calloc(1, sizeof(**out));
	(*out)->fd = fd;
	return DIAG_OK;
}

bool
tls_stream_is_local(const struct tls_stream *s)
{
	return tcp_is_local(s->fd);
}

/* ---- TLS ---------------------------------------------------------------- */

static enum diag_code
load_authorities(struct tls_stream *s, const char *ca_file, struct diag *d)
{
	int n;

	if (gnutls_certificate_allocate_credentials(&s->credentials) < 0)
		return diag_set(d, DIAG_RETRY, REASON_TLS, "GnuTLS: no memory");
	if (ca_file != NULL)
		n = gnutls_certificate_set_x509_trust_file(s->credentials,
		    ca_file, GNUTLS_X509_FMT_PEM);
	else
		n = gnutls_certificate_set_x509_system_trust(s->credentials);
	if (n > 0)
		return DIAG_OK;
	if (ca_file == NULL)
		return diag_set(d, DIAG_CONFIG, REASON_NO_AUTHORITIES,
		    "this system has no certificates of authorities; install "
		    "ca-certificates, or set ca_file");
	return diag_set(d, DIAG_CONFIG, REASON_NO_AUTHORITIES, "ca_file %s: %s",
	    ca_file, n < 0 ? gnutls_strerror(n) : "no certificate in it");
}

static bool
is_address(const char *host)
{
	unsigned char bytes[16];

	return inet_pton(AF_INET, host, bytes) == 1 ||
	    inet_pton(AF_INET6, host, bytes) == 1;
}

/* GnuTLS' own words for what is wrong with a certificate; they end with a
 * blank. */
static enum diag_code
refuse_certificate(const struct tls_stream *s, const char *host, struct diag *d)
{
	gnutls_datum_t text = { 0 };
	const char *why = "no reason given";
	int len = (int)strlen(why);

	(void)gnutls_certificate_verification_status_print(
	    gnutls_session_get_verify_cert_status(s->session), GNUTLS_CRT_X509,
	    &text, 0);
	if (text.data != NULL) {
		why = (const char *)text.data;
		len = (int)strcspn(why, "\n");
		while (len > 0 && why[len - 1] == ' ')
			len--;
	}
	(void)diag_set(d, DIAG_CONFIG, REASON_CERTIFICATE,
	    "the certificate of %s is refused: %.*s", host, len, why);
	gnutls_free(text.data);
	return d->code;
}

static enum diag_code
handshake(struct tls_stream *s, const char *host, struct diag *d)
{
	int r;

	do {
		r = gnutls_handshake(s->session);
		if (r == GNUTLS_E_AGAIN &&
		    !wait_in_command(s,
			gnutls_record_get_direction(s->session) ? POLLOUT :
								  POLLIN))
			return diag_set(d, DIAG_RETRY, REASON_TLS,
			    "%s: TLS handshake: %s", host, s->failure);
	} while (r < 0 && gnutls_error_is_fatal(r) == 0);
	if (r == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
		return refuse_certificate(s, host, d);
	if (r < 0)
		return diag_set(d, DIAG_RETRY, REASON_TLS,
		    "%s: TLS handshake: %s", host, gnutls_strerror(r));
	return DIAG_OK;
}

static void
drop_session(struct tls_stream *s)
{
	if (s->session != NULL)
		gnutls_deinit(s->session);
	s->session = NULL;
	if (s->credentials != NULL)
		gnutls_certificate_free_credentials(s->credentials);
	s->credentials = NULL;
}

enum diag_code
tls_stream_secure(struct tls_stream *s, const char *host, const char *ca_file,
    int seconds, struct diag *d)
{
	enum diag_code code = load_authorities(s, ca_file, d);

	if (code != DIAG_OK) {
		drop_session(s);
		tls_stream_cut(s, "no TLS");
		return code;
	}
	if (gnutls_init(&s->session,
		GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0 ||
	    gnutls_priority_set_direct(s->session,
		"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2", NULL) < 0 ||
	    gnutls_credentials_set(s->session, GNUTLS_CRD_CERTIFICATE,
		s->credentials) < 0) {
		drop_session(s);
		tls_stream_cut(s, "no TLS");
		return diag_set(d, DIAG_RETRY, REASON_TLS,
		    "GnuTLS: cannot begin");
	}
	/* Server name indication has names only (RFC 6066 3). */
	if (!is_address(host))
		(void)gnutls_server_name_set(s->session, GNUTLS_NAME_DNS, host,
		    strlen(host));
	gnutls_session_set_verify_cert(s->session, host, 0);
	gnutls_transport_set_int(s->session, s->fd);
	tls_stream_arm(s, seconds, 1 << 20);
	code = handshake(s, host, d);
	if (code != DIAG_OK) {
		drop_session(s);
		tls_stream_cut(s, "no TLS");
	}
	return code;
}

char *
tls_stream_describe(const struct tls_stream *s)
{
	const char *version;

	if (s->session == NULL)
		return mem_strdup("no TLS");
	version = gnutls_protocol_get_name(
	    gnutls_protocol_get_version(s->session));
	return mem_printf("%s, certificate verified",
	    version == NULL ? "TLS" : version);
}

/* ---- what libetpan calls ------------------------------------------------- */

void
tls_stream_arm(struct tls_stream *s, int seconds, uint64_t bytes)
{
	s->seconds = seconds;
	s->begun = clock_ms();
	s->heard = s->begun;
	s->received = 0;
	s->most = bytes;
	s->doubt = false;
}

void
tls_stream_filter(struct tls_stream *s, const struct tls_filter *filter)
{
	s->filter = *filter;
}

void
tls_stream_doubt(struct tls_stream *s, bool doubt)
{
	s->doubt = doubt;
}

const char *
tls_stream_failure(const struct tls_stream *s)
{
	return s->failure[0] == '\0' ? NULL : s->failure;
}

/* The deadline holds also where bytes never cease to come, one a second. */
static bool
may_go_on(struct tls_stream *s)
{
	if (s->failure[0] != '\0')
		return false;
	if (s->received >= s->most)
		tls_stream_cut(s, TLS_TOO_MUCH);
	else if (clock_ms() >= deadline_of(s))
		return wait_in_command(s, POLLIN);
	return s->failure[0] == '\0';
}

/* How a read or write of n ended: true when it is to be tried again. */
static bool
try_again(struct tls_stream *s, ssize_t n, short events)
{
	const int error = errno;
	const bool would_block = s->session != NULL ?
	    n == GNUTLS_E_AGAIN :
	    error == EAGAIN || error == EWOULDBLOCK;
	const bool interrupted = s->session != NULL ?
	    n == GNUTLS_E_INTERRUPTED :
	    error == EINTR;

	if (would_block)
		return wait_in_command(s, events);
	/* TLS 1.2 servers may ask for a new handshake: no is an answer. */
	if (interrupted || (s->session != NULL && n == GNUTLS_E_REHANDSHAKE))
		return may_go_on(s);
	tls_stream_cut(s,
	    s->session != NULL ? gnutls_strerror((int)n) : strerror(error));
	return false;
}

/* How many bytes have come; 0: none will. */
static size_t
receive(struct tls_stream *s, void *bytes, size_t size)
{
	ssize_t n;

	if (!may_go_on(s))
		return 0;
	do {
		n = s->session != NULL ?
		    gnutls_record_recv(s->session, bytes, size) :
		    recv(s->fd, bytes, size, 0);
	} while (n < 0 && try_again(s, n, POLLIN));
	if (n == 0)
		tls_stream_cut(s, "the server has closed the connection");
	return n > 0 ? (size_t)n : 0;
}

bool
tls_stream_pump(struct tls_stream *s)
{
	char bytes[CHUNK];
	const size_t n = receive(s, bytes, sizeof(bytes));
	const char *why;

	if (n == 0)
		return false;
	s->received += n;
	s->heard = clock_ms();
	why = s->filter.put(s->filter.ctx, bytes, n);
	if (why != NULL)
		tls_stream_cut(s, why);
	return why == NULL;
}

/* 0 would be taken for "try again" inside of a literal. */
static ssize_t
low_read(mailstream_low *low, void *bytes, size_t size)
{
	struct tls_stream *s = low->data;
	size_t n;

	if (s->failure[0] != '\0')
		return -1;
	while ((n = s->filter.get(s->filter.ctx, bytes, size)) == 0)
		if (!tls_stream_pump(s))
			return -1;
	return (ssize_t)n;
}

static ssize_t
low_write(mailstream_low *low, const void *bytes, size_t size)
{
	struct tls_stream *s = low->data;
	ssize_t n;

	if (!may_go_on(s))
		return -1;
	do {
		n = s->session != NULL ?
		    gnutls_record_send(s->session, bytes, size) :
		    send(s->fd, bytes, size, MSG_NOSIGNAL);
	} while (n < 0 && try_again(s, n, POLLOUT));
	return n < 0 ? -1 : n;
}

static int
low_close(mailstream_low *low)
{
	struct tls_stream *s = low->data;

	if (s->session != NULL && s->failure[0] == '\0')
		(void)gnutls_bye(s->session, GNUTLS_SHUT_WR);
	tls_stream_cut(s, "closed");
	return 0;
}

static int
low_fd(mailstream_low *low)
{
	return ((struct tls_stream *)low->data)->fd;
}

void
tls_stream_free(struct tls_stream *s)
{
	if (s == NULL)
		return;
	drop_session(s);
	(void)close(s->fd);
	free(s);
}

static void
low_free(mailstream_low *low)
{
	tls_stream_free(low->data);
	free(low);
}

static void
low_cancel(mailstream_low *low)
{
	(void)low;
}

/* Only mailstream_wait_idle() asks for it, which nobody calls. */
static struct mailstream_cancel *
low_get_cancel(mailstream_low *low)
{
	(void)low;
	return NULL;
}

mailstream_low *
tls_stream_low(struct tls_stream *s)
{
	static mailstream_low_driver driver = {
		.mailstream_read = low_read,
		.mailstream_write = low_write,
		.mailstream_close = low_close,
		.mailstream_get_fd = low_fd,
		.mailstream_free = low_free,
		.mailstream_cancel = low_cancel,
		.mailstream_get_cancel = low_get_cancel,
	};

	return mailstream_low_new(s, &driver);
}

bool
tls_stream_wait(struct tls_stream *s, int seconds)
{
	if (s->failure[0] != '\0')
		return false;
	if (s->session != NULL && gnutls_record_check_pending(s->session) > 0)
		return true;
	return tcp_wait(s->fd, POLLIN, clock_ms() + (int64_t)seconds * 1000,
		   0) == TCP_READY;
}
