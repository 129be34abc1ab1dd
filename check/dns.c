/* dns: questions to a nameserver, many at a time (c-ares). */
#include "check/dns.h"

#include <limits.h>
#include <stdlib.h>

#include "common/buf.h"
#include "common/clock.h"
#include "common/mem.h"
#include "check/channel.h"
#include "check/reply.h"

/* What a nameserver that is there takes at most for a question about the root:
 * the answer lies at hand. */
#define AT_ONCE_MS 500

struct question {
	struct dns *dns;
	dns_done *done;
	void *arg;
	int64_t asked_at;
	struct question *next;
};

struct dns {
	struct channel *channel;
	int64_t answered_at; /* the last answer of any kind */
	/* Questions without an answer that wait for whether it is their fault;
	 * meanwhile the nameserver is asked something else. */
	struct question *doubtful;
	bool probing;
	/* It is away, and until when it was. */
	bool away;
	int64_t away_until;
};

static enum dns_result
result_of(int status)
{
	switch (status) {
	case ARES_SUCCESS:
		return DNS_ANSWER;
	case ARES_ENOTFOUND:
	case ARES_EBADNAME: /* it cannot be asked for */
		return DNS_NO_NAME;
	case ARES_ENODATA:
		return DNS_NO_DATA;
	case ARES_ECANCELLED:
	case ARES_EDESTRUCTION:
		return DNS_STOPPED;
	case ARES_ESERVFAIL:
	case ARES_EREFUSED:
	case ARES_EFORMERR:
	case ARES_ENOTIMP:
	case ARES_EBADRESP:
		return DNS_FAILED;
	default: /* no answer, nobody listens there, this machine's trouble */
		return DNS_SILENT;
	}
}

static void
end(struct question *q, enum dns_result result)
{
	q->done(q->arg, result, NULL, 0);
	free(q);
}

/* The nameserver has answered something. */
static void
is_back(struct dns *dns)
{
	dns->answered_at = clock_ms();
	if (dns->away)
		dns->away_until = dns->answered_at;
	dns->away = false;
}

static void doubt(struct question *q);

static void
take_answer(void *arg, int status, const unsigned char *reply, size_t len)
{
	struct question *q = arg;
	const enum dns_result result = result_of(status);

	if (result == DNS_SILENT) {
		doubt(q);
		return;
	}
	if (result != DNS_STOPPED)
		is_back(q->dns);
	if (result != DNS_ANSWER) {
		end(q, result);
		return;
	}
	q->done(q->arg, result, reply, len);
	free(q);
}

static struct question *
question(struct dns *dns, dns_done *done, void *arg)
{
	struct question *q = mem_calloc(1, sizeof(*q));

	q->dns = dns;
	q->done = done;
	q->arg = arg;
	q->asked_at = clock_ms();
	return q;
}

/* The answer about the root, and with it those that waited for it. */
static void
take_probe(void *arg, int status, const unsigned char *reply, size_t len)
{
	struct question *probe = arg;
	struct dns *dns = probe->dns;
	enum dns_result result = result_of(status);
	struct question *list = dns->doubtful;

	(void)reply;
	(void)len;
	if (result != DNS_STOPPED && result != DNS_SILENT) {
		dns->away = clock_ms() - probe->asked_at > AT_ONCE_MS;
		result = dns->away ? DNS_SILENT : DNS_FAILED;
		is_back(dns);
	} else if (result == DNS_SILENT) {
		dns->away = true;
	}
	dns->probing = false;
	dns->doubtful = NULL;
	while (list != NULL) {
		struct question *q = list;

		list = q->next;
		end(q, result);
	}
	free(probe);
}

/*
 * No answer.  It is the name's fault if the nameserver was there while the last
 * try was open; if nobody got an answer then, it is asked something that it
 * knows.
 */
static void
doubt(struct question *q)
{
	struct dns *dns = q->dns;

	if (q->asked_at <= dns->away_until) {
		end(q, DNS_SILENT);
		return;
	}
	if (dns->answered_at > clock_ms() - CHANNEL_LAST_TRY_MS) {
		end(q, DNS_FAILED);
		return;
	}
	q->next = dns->doubtful;
	dns->doubtful = q;
	if (dns->probing)
		return;
	dns->probing = true;
	channel_ask(dns->channel, ".", DNS_NS, take_probe,
	    question(dns, NULL, NULL));
}

void
dns_ask(struct dns *dns, const char *name, int type, dns_done *done, void *arg)
{
	channel_ask(dns->channel, name, type, take_answer,
	    question(dns, done, arg));
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

struct first {
	bool done;
	bool answered;
};

static void
take_first(void *arg, int status, const unsigned char *reply, size_t len)
{
	struct first *f = arg;
	const enum dns_result result = result_of(status);

	(void)reply;
	(void)len;
	f->answered = result != DNS_SILENT && result != DNS_STOPPED;
	f->done = true;
}

/* Every nameserver says something about the root, were it a refusal. */
static bool
is_there(struct dns *dns, int64_t until)
{
	struct first f = { false, false };

	channel_ask(dns->channel, ".", DNS_NS, take_first, &f);
	while (!f.done && clock_ms() < until)
		dns_wait(dns, until);
	if (!f.done)
		dns_stop(dns);
	return f.answered;
}

static enum diag_code
library_failed(int status, struct diag *d)
{
	(void)diag_set(d, DIAG_CONFIG, REASON_DNS, "DNS: %s",
	    ares_strerror(status));
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
	dns->away_until = INT64_MIN;
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
	code = diag_set(d, DIAG_RETRY, REASON_DNS, "no nameserver answers: %s",
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
		if (code == DIAG_OK && is_there(dns, until)) {
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
