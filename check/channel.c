/* channel: the library of DNS (c-ares), the same in each of its releases. */
#include "check/channel.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "check/carrier.h"

/* 1.34 can be given sockets of ours, and has no name without an heir for what
 * it deprecates. */
#define NEW_LIBRARY (ARES_VERSION >= 0x012200)

/*
 * A resolver may have to ask far away: one second, then two, then four.  A
 * newer library takes the first figure until it knows how fast answers come,
 * then five times that, 250 ms at least, and each further try takes half of
 * the double to the double: five come to the same seven seconds.
 */
#define TIMEOUT_MS 1000
#define TRIES      (NEW_LIBRARY ? 5 : 3)

/* Twenty names fit without a second question by TCP, and no fragments come
 * (the figure of DNS Flag Day 2020). */
#define UDP_SIZE 1232

/* Answers that wait while a batch is written. */
#define RECEIVE_BUFFER (1 << 20)

#define CLASS_IN       1
#define DEFAULT_PORT   53

struct channel {
	ares_channel ares;
	struct carrier *carrier;
	struct pollfd *sockets; /* those that the library wants watched */
	size_t n, size;
};

static size_t
find_socket(const struct channel *c, int fd)
{
	size_t i = 0;

	while (i < c->n && c->sockets[i].fd != fd)
		i++;
	return i;
}

/* The library wants to know of this socket, or no longer. */
static void
watch(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct channel *c = arg;
	const size_t i = find_socket(c, fd);
	const int events = (readable ? POLLIN : 0) | (writable ? POLLOUT : 0);

	if (events == 0) {
		if (i < c->n)
			c->sockets[i] = c->sockets[--c->n];
		return;
	}
	if (i == c->size) {
		c->size = c->size * 2 + 4;
		c->sockets = mem_realloc(c->sockets, c->size,
		    sizeof(c->sockets[0]));
	}
	if (i == c->n)
		c->n++;
	c->sockets[i] = (struct pollfd){ .fd = fd,
		.events = (short)events,
		.revents = 0 };
}

/* Without NOCHECKRESP the library takes an answer that is an error for none,
 * asks again, and says in the end that the connection was refused. */
static int
init(struct channel *c)
{
	struct ares_options o = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS |
		    ARES_FLAG_NOCHECKRESP,
		.timeout = TIMEOUT_MS,
		.tries = TRIES,
		.ednspsz = UDP_SIZE,
		.socket_receive_buffer_size = RECEIVE_BUFFER,
		.sock_state_cb = watch,
		.sock_state_cb_data = c,
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
	    ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_RCVBUF | ARES_OPT_SOCK_STATE_CB;

#ifdef ARES_OPT_QUERY_CACHE
	o.qcache_max_ttl = 0;
	mask |= ARES_OPT_QUERY_CACHE;
#endif
	return ares_init_options(&c->ares, &o, mask);
}

int
channel_open(struct channel **out)
{
	struct channel *c = mem_calloc(1, sizeof(*c));
	int status = init(c);

	if (status == ARES_SUCCESS)
		status = carrier_open(&c->carrier, c->ares);
	if (status != ARES_SUCCESS) {
		channel_close(c);
		return status;
	}
	*out = c;
	return ARES_SUCCESS;
}

void
channel_close(struct channel *c)
{
	if (c == NULL)
		return;
	if (c->ares != NULL)
		ares_destroy(c->ares);
	carrier_close(c->carrier);
	free(c->sockets);
	free(c);
}

int
channel_use(struct channel *c, const struct address *server)
{
	char text[ADDRESS_LEN];
	struct address a = *server;

	if (a.port == 0)
		a.port = DEFAULT_PORT;
	return ares_set_servers_ports_csv(c->ares, address_text(&a, text));
}

void
channel_stop(struct channel *c)
{
	ares_cancel(c->ares);
}

/* How long to sleep: until something has timed out, or that long. */
static int
patience(struct channel *c, int ms)
{
	struct timeval most = { ms / 1000, ms % 1000 * 1000L };
	struct timeval room;
	const struct timeval *t = ares_timeout(c->ares, &most, &room);

	return (int)(t->tv_sec * 1000 + t->tv_usec / 1000) + 1;
}

void
channel_wait(struct channel *c, int ms)
{
	/* What is done with one may end or begin others. */
	const size_t n = c->n;
	struct pollfd *polled = mem_calloc(n + 1, sizeof(*polled));

	if (n > 0)
		memcpy(polled, c->sockets, n * sizeof(*polled));
	if (poll(polled, n, ms <= 0 ? 0 : patience(c, ms)) > 0)
		for (size_t i = 0; i < n; i++)
			if (polled[i].revents != 0)
				ares_process_fd(c->ares, polled[i].fd,
				    (polled[i].events & POLLOUT) != 0 ?
					polled[i].fd :
					ARES_SOCKET_BAD);
	free(polled);
	/* What has timed out. */
	ares_process_fd(c->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

/* A question that the library has. */
struct asked {
	channel_done *done;
	void *arg;
};

static struct asked *
asked(channel_done *done, void *arg)
{
	struct asked *a = mem_calloc(1, sizeof(*a));

	a->done = done;
	a->arg = arg;
	return a;
}

static void
answer(struct asked *a, int status, const unsigned char *reply, size_t len)
{
	if (status == ARES_SUCCESS)
		a->done(a->arg, status, reply, len);
	else
		a->done(a->arg, status, NULL, 0);
	free(a);
}

#if NEW_LIBRARY

static void
take_answer(void *arg, ares_status_t status, size_t timeouts,
    const ares_dns_record_t *record)
{
	unsigned char *written = NULL;
	size_t len = 0;
	const unsigned char *reply = NULL;

	(void)timeouts;
	if (status == ARES_SUCCESS) {
		reply = carrier_unwrap(record, &len);
		if (reply == NULL) {
			status = ares_dns_write(record, &written, &len);
			reply = written;
		}
	}
	answer(arg, (int)status, reply, len);
	ares_free_string(written);
}

void
channel_ask(struct channel *c, const char *name, int type, channel_done *done,
    void *arg)
{
	(void)ares_query_dnsrec(c->ares, name, ARES_CLASS_IN,
	    (ares_dns_rec_type_t)type, take_answer, asked(done, arg), NULL);
}

/* Those with a scope are not for us: an address here has none. */
int
channel_servers(struct channel *c, struct address *out, size_t max, size_t *n)
{
	char *list = ares_get_servers_csv(c->ares);
	char *rest = list;
	const char *s;

	*n = 0;
	if (list == NULL)
		return ARES_ENOMEM;
	while (*n < max && (s = strsep(&rest, ",")) != NULL)
		if (address_parse_port(s, &out[*n]))
			++*n;
	ares_free_string(list);
	return ARES_SUCCESS;
}

#else

static void
take_answer(void *arg, int status, int timeouts, unsigned char *reply, int len)
{
	(void)timeouts;
	answer(arg, status, reply, (size_t)len);
}

void
channel_ask(struct channel *c, const char *name, int type, channel_done *done,
    void *arg)
{
	ares_query(c->ares, name, CLASS_IN, type, take_answer,
	    asked(done, arg));
}

int
channel_servers(struct channel *c, struct address *out, size_t max, size_t *n)
{
	struct ares_addr_port_node *list = NULL;
	const int status = ares_get_servers_ports(c->ares, &list);

	*n = 0;
	for (const struct ares_addr_port_node *s = list; s != NULL && *n < max;
	     s = s->next) {
		struct address *a = &out[(*n)++];

		memset(a, 0, sizeof(*a));
		a->family = s->family;
		a->port = (uint16_t)s->udp_port;
		memcpy(a->bytes, &s->addr, address_len(a));
	}
	ares_free_data(list);
	return status;
}

#endif
