/* dns_answer: a nameserver's reply as an answer. */
#include "check/dns_answer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "check/host.h"
#include "check/reply.h"
#include "common/mem.h"

#define ALIASES_MAX 20

struct taken {
	struct answer *out;
	enum dns_type type;
};

/* All strings of a TXT record in one, as section 3.3 of RFC 7208 wants it. */
static bool
take_text(struct answer *out, const unsigned char *p, size_t len)
{
	struct answer_record r = { .text = mem_calloc(len + 1, 1) };
	size_t at = 0;

	while (at < len && p[at] <= len - at - 1) {
		memcpy(r.text + r.len, p + at + 1, p[at]);
		r.len += p[at];
		if (r.strings++ == 0)
			r.first_string = p[at];
		at += 1U + p[at];
	}
	if (at == len)
		answer_add(out, &r);
	free(r.text);
	return at == len;
}

static bool
take_address(struct answer *out, const unsigned char *p, size_t len,
    bool is_four)
{
	struct answer_record r = {
		.address = { .family = is_four ? AF_INET : AF_INET6 }
	};

	if (len != (is_four ? 4U : 16U))
		return false;
	memcpy(r.address.bytes, p, len);
	answer_add(out, &r);
	return true;
}

/* A name, behind skip bytes. */
static bool
take_name(struct answer *out, const struct reply_record *r, size_t skip)
{
	struct answer_record named = { .text = reply_name(r, skip) };
	const unsigned char *p = r->reply + r->data;

	if (named.text == NULL)
		return false;
	host_clean(named.text);
	named.len = strlen(named.text);
	/* The root is no host (but an MX that says there is none), and what is
	 * too long for us has bytes that no host's name has. */
	if ((named.len == 0 && r->type != DNS_MX) ||
	    named.len >= DNS_NAME_LEN) {
		free(named.text);
		return true;
	}
	if (skip > 0)
		named.preference = (unsigned)p[0] << 8 | p[1];
	answer_add(out, &named);
	free(named.text);
	return true;
}

static bool
take_alias(struct answer *out, const struct reply_record *r)
{
	char *name = reply_name(r, 0);

	if (name == NULL || out->n_aliases == ALIASES_MAX) {
		free(name);
		return false;
	}
	host_clean(name);
	if (strlen(name) < DNS_NAME_LEN)
		answer_add_alias(out, name);
	free(name);
	return true;
}

bool
dns_answer_add(struct answer *out, const struct reply_record *r)
{
	const unsigned char *p = r->reply + r->data;

	switch (r->type) {
	case DNS_A:
	case DNS_AAAA:
		return take_address(out, p, r->len, r->type == DNS_A);
	case DNS_TXT:
	case DNS_SPF:
		return take_text(out, p, r->len);
	case DNS_MX:
		return r->len > 2 && take_name(out, r, 2);
	case DNS_SOA: /* that it is there is all that anybody asks */
		answer_add(out, &(struct answer_record){ 0 });
		return true;
	default:
		return take_name(out, r, 0);
	}
}

static bool
take(void *arg, const struct reply_record *r)
{
	const struct taken *t = arg;

	if (r->type == DNS_CNAME && t->type != DNS_CNAME)
		return take_alias(t->out, r);
	return r->type != (unsigned)t->type || dns_answer_add(t->out, r);
}

void
dns_answer(struct answer *out, const unsigned char *reply, size_t len,
    enum dns_type type)
{
	struct taken t = { out, type };

	memset(out, 0, sizeof(*out));
	if (!reply_walk(reply, len, take, &t)) {
		answer_free(out);
		out->state = ANSWER_FAILED;
	} else
		out->state = out->n > 0 ? ANSWER_RECORDS : ANSWER_NO_DATA;
}
