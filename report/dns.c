/* dns: questions to a nameserver, many at a time (c-ares). */
#include "report/dns.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <ares.h>

#include "common/buf.h"
#include "common/clock.h"
#include "common/mem.h"
#include "report/reply.h"

/* One second, then two, then four: a resolver may have to ask far away. */
#define TIMEOUT_MS 1000
#define TRIES      3

/* Twenty names fit without a second question by TCP, and no fragments come
 * (the figure of DNS Flag Day 2020). */
#define UDP_SIZE 1232

/* Answers that wait while a batch is written. */
#define RECEIVE_BUFFER (1 << 20)

#define CLASS_IN       1
#define DEFAULT_PORT   53

struct dns {
	ares_channel channel;
	int64_t answered_at; /* the last answer of any kind */
};

struct question {
	struct dns *dns;
	dns_done *done;
	void *arg;
	int64_t asked_at;
};

static enum dns_result
result_of(int status, const struct question *q)
{
	switch (status) {
	case ARES_SUCCESS:
		return DNS_ANSWER;
	case ARES_ENOTFOUND:
	case ARES_ENODATA:
	case ARES_EBADNAME: /* it cannot be asked for */
		return DNS_NOTHING;
	case ARES_ECANCELLED:
	case ARES_EDESTRUCTION:
		return DNS_STOPPED;
	case ARES_ETIMEOUT:
		return q->dns->answered_at > q->asked_at ? DNS_FAILED :
							   DNS_SILENT;
	case ARES_ESERVFAIL:
	case ARES_EREFUSED:
	case ARES_EFORMERR:
	case ARES_ENOTIMP:
	case ARES_EBADRESP:
		return DNS_FAILED;
	default: /* nobody listens there, or this machine's own trouble */
		return DNS_SILENT;
	}
}

static void
take_answer(void *arg, int status, int timeouts, unsigned char *reply, int len)
{
	struct question *q = arg;
	const enum dns_result result = result_of(status, q);

	(void)timeouts;
	if (result == DNS_ANSWER || result == DNS_NOTHING ||
	    (result == DNS_FAILED && status != ARES_ETIMEOUT))
		q->dns->answered_at = clock_ms();
	if (result == DNS_ANSWER)
		q->done(q->arg, result, reply, (size_t)len);
	else
		q->done(q->arg, result, NULL, 0);
	free(q);
}

void
dns_ask(struct dns *dns, const char *name, int type, dns_done *done, void *arg)
{
	struct question *q = mem_calloc(1, sizeof(*q));

	q->dns = dns;
	q->done = done;
	q->arg = arg;
	q->asked_at = clock_ms();
	ares_query(dns->channel, name, CLASS_IN, type, take_answer, q);
}

/* How long to sleep: until something has timed out, or until then. */
static int
patience(struct dns *dns, int64_t until)
{
	const int64_t left = until - clock_ms();
	struct timeval most;
	struct timeval room;
	const struct timeval *t;

	if (left <= 0)
		return 0;
	most.tv_sec = left / 1000;
	most.tv_usec = left % 1000 * 1000;
	t = ares_timeout(dns->channel, &most, &room);
	return (int)(t->tv_sec * 1000 + t->tv_usec / 1000) + 1;
}

void
dns_wait(struct dns *dns, int64_t until)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	struct pollfd polled[ARES_GETSOCK_MAXNUM];
	/* The library's own macros shift into the sign. */
	const unsigned mask = (unsigned)ares_getsock(dns->channel, sockets,
	    ARES_GETSOCK_MAXNUM);
	nfds_t n = 0;

	for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		short events = 0;

		if ((mask >> i & 1) != 0)
			events |= POLLIN;
		if ((mask >> (i + ARES_GETSOCK_MAXNUM) & 1) != 0)
			events |= POLLOUT;
		if (events == 0)
			continue;
		polled[n].fd = sockets[i];
		polled[n].events = events;
		polled[n++].revents = 0;
	}
	if (poll(polled, n, patience(dns, until)) > 0)
		for (nfds_t i = 0; i < n; i++)
			if (polled[i].revents != 0)
				ares_process_fd(dns->channel, polled[i].fd,
				    (polled[i].events & POLLOUT) != 0 ?
					polled[i].fd :
					ARES_SOCKET_BAD);
	/* What has timed out. */
	ares_process_fd(dns->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

void
dns_stop(struct dns *dns)
{
	ares_cancel(dns->channel);
}

struct probe {
	bool done;
	enum dns_result result;
};

static void
take_probe(void *arg, enum dns_result result, const unsigned char *reply,
    size_t len)
{
	struct probe *p = arg;

	(void)reply;
	(void)len;
	p->result = result;
	p->done = true;
}

/* Every nameserver says something about the root, were it a refusal. */
bool
dns_is_there(struct dns *dns, int64_t until)
{
	struct probe p = { false, DNS_SILENT };

	dns_ask(dns, ".", REPLY_NS, take_probe, &p);
	while (!p.done && clock_ms() < until)
		dns_wait(dns, until);
	if (!p.done)
		dns_stop(dns);
	return p.result != DNS_SILENT && p.result != DNS_STOPPED;
}

static enum diag_code
library_failed(int status, struct diag *d)
{
	(void)diag_set(d, DIAG_CONFIG, "dns", "DNS: %s", ares_strerror(status));
	return DIAG_CONFIG;
}

/* Without NOCHECKRESP the library takes an answer that is an error for none,
 * asks again, and says in the end that the connection was refused. */
static int
init_channel(ares_channel *channel)
{
	struct ares_options o = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS |
		    ARES_FLAG_NOCHECKRESP,
		.timeout = TIMEOUT_MS,
		.tries = TRIES,
		.ednspsz = UDP_SIZE,
		.socket_receive_buffer_size = RECEIVE_BUFFER,
	};

	return ares_init_options(channel, &o,
	    ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
		ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_RCVBUF);
}

/* A dns that asks this server alone. */
static enum diag_code
open_one(struct dns **out, const struct address *a, struct diag *d)
{
	const int port = a->port == 0 ? DEFAULT_PORT : a->port;
	struct ares_addr_port_node node = { .family = a->family,
		.udp_port = port,
		.tcp_port = port };
	struct dns *dns = mem_calloc(1, sizeof(*dns));
	int status = init_channel(&dns->channel);

	if (status != ARES_SUCCESS) {
		free(dns);
		return library_failed(status, d);
	}
	memcpy(&node.addr, a->bytes, address_len(a));
	status = ares_set_servers_ports(dns->channel, &node);
	if (status != ARES_SUCCESS) {
		dns_close(dns);
		return library_failed(status, d);
	}
	*out = dns;
	return DIAG_OK;
}

/* The servers of resolv.conf; where it has none, this machine. */
static enum diag_code
system_servers(struct address *out, size_t *n, struct diag *d)
{
	struct ares_addr_port_node *list = NULL;
	ares_channel channel = NULL;
	int status = init_channel(&channel);

	*n = 0;
	if (status == ARES_SUCCESS) {
		status = ares_get_servers_ports(channel, &list);
		ares_destroy(channel);
	}
	if (status != ARES_SUCCESS)
		return library_failed(status, d);
	for (const struct ares_addr_port_node *s = list;
	     s != NULL && *n < DNS_SERVERS_MAX; s = s->next) {
		struct address *a = &out[(*n)++];

		memset(a, 0, sizeof(*a));
		a->family = s->family;
		a->port = (uint16_t)s->udp_port;
		memcpy(a->bytes, &s->addr, address_len(a));
	}
	ares_free_data(list);
	return DIAG_OK;
}

static enum diag_code
nobody_answers(const struct address *servers, size_t n, struct diag *d)
{
	char text[ADDRESS_LEN];
	enum diag_code code;
	struct buf b;

	buf_init(&b, sizeof(d->text));
	for (size_t i = 0; i < n; i++)
		(void)buf_printf(&b, "%s%s", i == 0 ? "" : ", ",
		    address_text(&servers[i], text));
	code = diag_set(d, DIAG_RETRY, "dns", "no nameserver answers: %s",
	    buf_str(&b));
	buf_free(&b);
	return code;
}

enum diag_code
dns_open(struct dns **out, const struct address *servers, size_t n,
    int64_t until, struct diag *d)
{
	struct address system[DNS_SERVERS_MAX];
	enum diag_code code = DIAG_OK;
	int status = ares_library_init(ARES_LIB_INIT_ALL);

	if (status != ARES_SUCCESS)
		return library_failed(status, d);
	if (n == 0) {
		code = system_servers(system, &n, d);
		servers = system;
	}
	for (size_t i = 0; code == DIAG_OK && i < n; i++) {
		struct dns *dns = NULL;

		code = open_one(&dns, &servers[i], d);
		if (code == DIAG_OK && dns_is_there(dns, until)) {
			*out = dns;
			return DIAG_OK;
		}
		dns_close(dns);
	}
	return code == DIAG_OK ? nobody_answers(servers, n, d) : code;
}

void
dns_close(struct dns *dns)
{
	if (dns == NULL)
		return;
	ares_destroy(dns->channel);
	free(dns);
}
