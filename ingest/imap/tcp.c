/* tcp: connecting to a host, and waiting for one, neither for ever. */
#include "ingest/imap/tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/stop.h"

enum tcp_waited
tcp_wait(int fd, short events, int64_t deadline, int64_t grace)
{
	struct pollfd p[2] = { { .fd = fd, .events = events },
		{ .fd = stop_fd(), .events = POLLIN } };
	bool stopping = false;
	int64_t left;
	int n;

	for (;;) {
		if (!stopping && stop_requested()) {
			stopping = true;
			p[1].fd = -1;
			if (deadline > clock_ms() + grace)
				deadline = clock_ms() + grace;
		}
		left = deadline - clock_ms();
		if (left <= 0)
			return stopping ? TCP_STOP : TCP_LATE;
		n = poll(p, 2, left > 60000 ? 60000 : (int)left);
		if (n == -1 && errno != EINTR)
			return TCP_LATE;
		if (n > 0 && p[0].revents != 0)
			return TCP_READY;
	}
}

/* Zero or the errno. */
static int
connect_within(int fd, const struct addrinfo *a, int64_t deadline)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	switch (tcp_wait(fd, POLLOUT, deadline, 0)) {
	case TCP_READY:
		break;
	case TCP_LATE:
		return ETIMEDOUT;
	case TCP_STOP:
		return EINTR;
	}
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		return errno;
	return error;
}

/* Each address gets its share of the time, so that a dead one does not use up
 * that of the living.  A descriptor, or -1 and the last error. */
static int
connect_any(const struct addrinfo *list, int64_t deadline, int *error)
{
	int n = 0;
	int fd;

	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next)
		n++;
	*error = EADDRNOTAVAIL;
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next, n--) {
		fd = socket(a->ai_family,
		    a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
		    a->ai_protocol);
		if (fd == -1) {
			*error = errno;
			continue;
		}
		*error = connect_within(fd, a,
		    clock_ms() + (deadline - clock_ms()) / n);
		if (*error == 0)
			return fd;
		(void)close(fd);
	}
	return -1;
}

enum diag_code
tcp_dial(int *fd, const char *host, const char *port, int seconds,
    struct diag *d)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_ADDRCONFIG };
	const int64_t deadline = clock_ms() + (int64_t)seconds * 1000;
	struct addrinfo *list = NULL;
	int error = getaddrinfo(host, port, &hints, &list);

	if (error == EAI_NONAME)
		return diag_set(d, DIAG_CONFIG, REASON_NO_HOST,
		    "there is no host %s", host);
	if (error != 0)
		return diag_set(d, DIAG_RETRY, REASON_NO_HOST, "%s: %s", host,
		    gai_strerror(error));
	*fd = connect_any(list, deadline, &error);
	freeaddrinfo(list);
	if (*fd == -1)
		return diag_set(d, DIAG_RETRY, REASON_NO_SERVER,
		    "%s port %s: %s", host, port, strerror(error));
	return DIAG_OK;
}

bool
tcp_is_local(int fd)
{
	struct sockaddr_storage a;
	const struct sockaddr_in *in = (const void *)&a;
	const struct sockaddr_in6 *in6 = (const void *)&a;
	socklen_t len = sizeof(a);

	memset(&a, 0, sizeof(a));
	if (getpeername(fd, (void *)&a, &len) == -1)
		return false;
	if (a.ss_family == AF_INET)
		return ntohl(in->sin_addr.s_addr) >> 24 == 127;
	return a.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);
}
