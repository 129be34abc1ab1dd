/*
 * tls_stream: a connection to a server, by TCP and then TLS (GnuTLS), in the
 * form that libetpan reads and writes through.
 *
 * libetpan's own stream checks no certificate, can wait for ever and takes
 * whatever a server sends; this one checks chain, dates and name (RFC 9525),
 * speaks TLS 1.2 or newer, and every command has a deadline and a number of
 * bytes that the server may send.
 */
#ifndef INGEST_TLS_STREAM_H
#define INGEST_TLS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libetpan/libetpan.h>

#include "common/diag.h"

struct tls_stream;

/*
 * Connect, within so many seconds.  The caller owns *out until it gives it
 * away with tls_stream_low().  RETRY: nobody answers there.
 */
enum diag_code tls_stream_dial(struct tls_stream **out, const char *host,
    const char *port, int seconds, struct diag *d) MUST_CHECK;
void tls_stream_free(struct tls_stream *s); /* NULL is fine */

/* The other end is this machine. */
bool tls_stream_is_local(const struct tls_stream *s);

/*
 * From here on TLS, within so many seconds.  The certificate must be host's,
 * by an authority in ca_file (PEM), or of the system's when NULL.  CONFIG: it
 * is not, or there are no authorities; RETRY: the handshake fails.
 */
enum diag_code tls_stream_secure(struct tls_stream *s, const char *host,
    const char *ca_file, int seconds, struct diag *d) MUST_CHECK;

/* Which TLS it is, for people; "no TLS".  The caller frees. */
char *tls_stream_describe(const struct tls_stream *s);

/* For mailstream_new(), whose mailstream_close() then frees s, too. */
mailstream_low *tls_stream_low(struct tls_stream *s);

/*
 * What lies between the server and libetpan: put() is given what comes, and
 * returns why nothing of it must be read, or NULL; get() hands out at most
 * size bytes of what is to be read instead.
 */
struct tls_filter {
	const char *(*put)(void *ctx, const char *bytes, size_t n);
	size_t (*get)(void *ctx, char *out, size_t size);
	void *ctx;
};

/* Before the first byte is read. */
void tls_stream_filter(struct tls_stream *s, const struct tls_filter *filter);

/* Wait for bytes and put them into the filter.  False: tls_stream_failure()
 * says why there are none. */
bool tls_stream_pump(struct tls_stream *s);

/* What came last makes no sense: more of it must come soon, or not at all. */
void tls_stream_doubt(struct tls_stream *s, bool doubt);

/*
 * The command that comes now may be answered by so many bytes.  It ends when
 * for so many seconds nothing comes, or less than 4 KiB a second over so many
 * seconds.  Nothing can be read or written before the first call.
 */
void tls_stream_arm(struct tls_stream *s, int seconds, uint64_t bytes);

/* Of the failure when more came than may. */
#define TLS_TOO_MUCH "more bytes than it may send"

/* Why nothing can be read or written any more; NULL: it can. */
const char *tls_stream_failure(const struct tls_stream *s);

/* Cut the connection: from now on every read and write fails at once. */
void tls_stream_cut(struct tls_stream *s, const char *why);

/* Wait for bytes, so many seconds at most.  False: none came, or it was asked
 * to stop. */
bool tls_stream_wait(struct tls_stream *s, int seconds);

#endif
