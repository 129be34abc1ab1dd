/* carrier: sockets for the library of DNS that hand it only what it can read. */
#include "check/carrier.h"

#if CARRIER_USED

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "check/wire.h"

/* Of a TCP stream: what has come at once, and a message that is not all there
 * yet. */
#define STREAM_MAX (4 * (WIRE_MAX + 2))

struct carrier {
	unsigned char wrapped[WIRE_MAX];
	/* The library has one TCP connection to a server, and a channel has
	 * one server. */
	struct buf came;  /* not a whole message yet */
	struct buf ready; /* messages to hand out, each with its length */
	size_t handed;    /* of ready */
};

static bool
readable(const unsigned char *m, size_t n)
{
	ares_dns_record_t *record = NULL;
	const ares_status_t status = ares_dns_parse(m, n, 0, &record);

	ares_dns_record_destroy(record);
	return status == ARES_SUCCESS;
}

/* What the library gets of a message; 0: nothing, it answers nobody. */
static size_t
made_readable(struct carrier *c, const unsigned char **m, size_t n)
{
	if (readable(*m, n))
		return n;
	n = wire_wrap(*m, n, c->wrapped);
	*m = c->wrapped;
	return n > 0 && readable(*m, n) ? n : 0;
}

/* One datagram, and the next one if it is of no use. */
static ssize_t
take_datagram(struct carrier *c, int fd, unsigned char *out, size_t size,
    struct sockaddr *from, socklen_t *from_len)
{
	const socklen_t room = from_len == NULL ? 0 : *from_len;

	for (;;) {
		const unsigned char *m = out;
		ssize_t got;
		size_t n;

		if (from_len != NULL)
			*from_len = room;
		got = recvfrom(fd, out, size, 0, from, from_len);
		if (got < 0)
			return got;
		n = made_readable(c, &m, (size_t)got);
		if (n > 0 && n <= size) {
			if (m != out)
				memcpy(out, m, n);
			return (ssize_t)n;
		}
	}
}

/* Whole messages become ready. */
static void
sort_stream(struct carrier *c)
{
	size_t at = 0;

	for (;;) {
		const unsigned char *m = (const unsigned char *)c->came.data +
		    at;
		size_t n = at < c->came.len ?
		    wire_message(m, c->came.len - at) :
		    WIRE_MAX + 1;
		unsigned char length[2];

		if (n > WIRE_MAX)
			break;
		m += 2;
		at += 2 + n;
		n = made_readable(c, &m, n);
		length[0] = (unsigned char)(n >> 8);
		length[1] = (unsigned char)n;
		if (n > 0) {
			(void)buf_append(&c->ready, length, 2);
			(void)buf_append(&c->ready, m, n);
		}
	}
	if (at > 0)
		memmove(c->came.data, c->came.data + at, c->came.len - at);
	buf_truncate(&c->came, c->came.len - at);
}

/* ready is empty before more is read, so there is room for what is wrapped. */
static ssize_t
take_stream(struct carrier *c, int fd, void *out, size_t size)
{
	unsigned char some[4096];
	ssize_t got;
	size_t n;

	while (c->handed == c->ready.len) {
		got = recv(fd, some, sizeof(some), 0);
		if (got <= 0)
			return got;
		buf_truncate(&c->ready, 0);
		c->handed = 0;
		(void)buf_append(&c->came, some, (size_t)got);
		sort_stream(c);
	}
	n = c->ready.len - c->handed;
	if (n > size)
		n = size;
	memcpy(out, c->ready.data + c->handed, n);
	c->handed += n;
	return (ssize_t)n;
}

static ares_ssize_t
receive(ares_socket_t fd, void *out, size_t size, int flags,
    struct sockaddr *from, ares_socklen_t *from_len, void *arg)
{
	int type = 0;
	socklen_t len = sizeof(type);

	(void)flags;
	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) != 0)
		return -1;
	return type == SOCK_STREAM ?
	    take_stream(arg, fd, out, size) :
	    take_datagram(arg, fd, out, size, from, from_len);
}

/* ---- the rest is as the library itself does it ----------------------------- */

static ares_socket_t
open_socket(int domain, int type, int protocol, void *arg)
{
	struct carrier *c = arg;
	const int one = 1;
	const int fd = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    protocol);

	if (fd != -1 && type == SOCK_STREAM) {
		(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one,
		    sizeof(one));
		buf_truncate(&c->came, 0);
		buf_truncate(&c->ready, 0);
		c->handed = 0;
	}
	return fd;
}

static int
close_socket(ares_socket_t fd, void *arg)
{
	(void)arg;
	return close(fd);
}

static int
set_option(ares_socket_t fd, ares_socket_opt_t option, const void *value,
    ares_socklen_t size, void *arg)
{
	(void)arg;
	if (option == ARES_SOCKET_OPT_RECVBUF_SIZE)
		return setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value, size);
	errno = ENOSYS;
	return -1;
}

static int
connect_socket(ares_socket_t fd, const struct sockaddr *to, ares_socklen_t len,
    unsigned int flags, void *arg)
{
	(void)flags;
	(void)arg;
	return connect(fd, to, len);
}

static ares_ssize_t
send_some(ares_socket_t fd, const void *data, size_t n, int flags,
    const struct sockaddr *to, ares_socklen_t len, void *arg)
{
	(void)arg;
	return sendto(fd, data, n, flags, to, to == NULL ? 0 : len);
}

static int
get_name(ares_socket_t fd, struct sockaddr *out, ares_socklen_t *len, void *arg)
{
	(void)arg;
	return getsockname(fd, out, len);
}

int
carrier_open(struct carrier **out, ares_channel channel)
{
	static const struct ares_socket_functions_ex functions = {
		.version = 1,
		.flags = ARES_SOCKFUNC_FLAG_NONBLOCKING,
		.asocket = open_socket,
		.aclose = close_socket,
		.asetsockopt = set_option,
		.aconnect = connect_socket,
		.arecvfrom = receive,
		.asendto = send_some,
		.agetsockname = get_name,
	};
	struct carrier *c = mem_calloc(1, sizeof(*c));

	buf_init(&c->came, STREAM_MAX);
	buf_init(&c->ready, STREAM_MAX);
	*out = c;
	return (int)ares_set_socket_functions_ex(channel, &functions, c);
}

void
carrier_close(struct carrier *c)
{
	if (c == NULL)
		return;
	buf_free(&c->came);
	buf_free(&c->ready);
	free(c);
}

const unsigned char *
carrier_unwrap(const ares_dns_record_t *record, size_t *len)
{
	const ares_dns_rr_t *r = ares_dns_record_rr_get_const(record,
	    ARES_SECTION_ANSWER, 0);

	if (r == NULL || ares_dns_rr_get_type(r) != ARES_REC_TYPE_RAW_RR ||
	    ares_dns_rr_get_u16(r, ARES_RR_RAW_RR_TYPE) != WIRE_TYPE)
		return NULL;
	return ares_dns_rr_get_bin(r, ARES_RR_RAW_RR_DATA, len);
}

#else

int
carrier_open(struct carrier **out, ares_channel channel)
{
	(void)channel;
	*out = NULL;
	return ARES_SUCCESS;
}

void
carrier_close(struct carrier *c)
{
	(void)c;
}

#endif
