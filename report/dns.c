/* dns: questions to a nameserver, many at a time (c-ares). */
#include "report/dns.h"

#include <limits.h>
#include <stdlib.h>

#include "common/buf.h"
#include "common/clock.h"
#include "common/mem.h"
#include "report/channel.h"
#include "report/reply.h"

struct dns {
	struct channel *channel;
	int64_t answered_at; /* the last answer of any kind */
};

struct question {
	struct dns *dns;
	dns_done *done;
	void *arg;
};

/* Whether the nameserver gave an answer, were it to another question, while the
 * last try of one that has ended now was open. */
static bool
was_there(const struct dns *dns)
{
	return dns->answered_at > clock_ms() - CHANNEL_LAST_TRY_MS;
}

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
		return was_there(q->dns) ? DNS_FAILED : DNS_SILENT;
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
take_answer(void *arg, int status, const unsigned char *reply, size_t len)
{
	struct question *q = arg;
	const enum dns_result result = result_of(status, q);

	if (result == DNS_ANSWER || result == DNS_NOTHING ||
	    (result == DNS_FAILED && status != ARES_ETIMEOUT))
		q->dns->answered_at = clock_ms();
	q->done(q->arg, result, result == DNS_ANSWER ? reply : NULL,
	    result == DNS_ANSWER ? len : 0);
	free(q);
}

void
dns_ask(struct dns *dns, const char *name, int type, dns_done *done, void *arg)
{
	struct question *q = mem_calloc(1, sizeof(*q));

	q->dns = dns;
	q->done = done;
	q->arg = arg;
	channel_ask(dns->channel, name, type, take_answer, q);
}

void
dns_wait(struct dns *dns, int64_t until)
{
	int64_t left = until - clock_ms();

	if (left < 0)
		left = 0;
	channel_wait(dns->channel, left > INT_MAX ? INT_MAX : (int)left);
}

void
dns_stop(struct dns *dns)
{
	channel_stop(dns->channel);
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

/* A dns that asks this server alone. */
static enum diag_code
open_one(struct dns **out, const struct address *a, struct diag *d)
{
	struct dns *dns = mem_calloc(1, sizeof(*dns));
	int status = channel_open(&dns->channel);

	/* None has answered yet. */
	dns->answered_at = INT64_MIN;
	if (status == ARES_SUCCESS)
		status = channel_use(dns->channel, a);
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
	struct channel *channel = NULL;
	int status = channel_open(&channel);

	*n = 0;
	if (status == ARES_SUCCESS)
		status = channel_servers(channel, out, DNS_SERVERS_MAX, n);
	channel_close(channel);
	return status == ARES_SUCCESS ? DIAG_OK : library_failed(status, d);
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
	channel_close(dns->channel);
	free(dns);
}
