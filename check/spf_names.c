/* spf_names: addresses and names in one evaluation of SPF. */
#include "check/spf_run.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "check/spf_macro.h"
#include "common/printable.h"

enum spf_result
spf_error(struct spf_run *r, enum spf_result result, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(r->out->why, sizeof(r->out->why), fmt, ap);
	va_end(ap);
	printable(r->out->why);
	return result;
}

bool
spf_in_network(const struct address *a, const struct address *net,
    unsigned prefix)
{
	const unsigned whole = prefix / 8;
	const unsigned rest = prefix % 8;

	if (a->family != net->family ||
	    memcmp(a->bytes, net->bytes, whole) != 0)
		return false;
	return rest == 0 ||
	    ((a->bytes[whole] ^ net->bytes[whole]) >> (8 - rest)) == 0;
}

enum dns_type
spf_address_type(const struct spf_run *r)
{
	return r->q->ip.family == AF_INET ? DNS_A : DNS_AAAA;
}

bool
spf_has_address(const struct spf_run *r, const struct answer *a,
    const struct spf_term *t)
{
	const unsigned prefix = r->q->ip.family == AF_INET ? t->prefix4 :
							     t->prefix6;

	for (size_t i = 0; i < a->n; i++)
		if (spf_in_network(&r->q->ip, &a->records[i].address, prefix))
			return true;
	return false;
}

static bool
is_below(const char *name, const char *domain)
{
	const size_t n = strlen(name);
	const size_t d = strlen(domain);

	return n > d && name[n - d - 1] == '.' &&
	    strcasecmp(name + n - d, domain) == 0;
}

/* Count a question without an answer.  SPF_NEUTRAL: it is not one too many. */
static enum spf_result
count_void(struct spf_run *r, const struct answer *a)
{
	if (a->state == ANSWER_RECORDS || a->state == ANSWER_FAILED ||
	    ++r->out->voids <= r->q->void_max)
		return SPF_NEUTRAL;
	return spf_error(r, SPF_PERMERROR,
	    "more than %u questions to DNS have no answer", r->q->void_max);
}

enum spf_result
spf_validated_names(struct spf_run *r,
    bool (*visit)(void *arg, const char *name), void *arg)
{
	static const struct spf_term exact = { .prefix4 = 32, .prefix6 = 128 };
	const struct answer *back[SPF_NAMES_MAX];
	char reverse[ADDRESS_REVERSE_LEN];
	const struct answer *names = answers_get(r->dns,
	    address_reverse(&r->q->ip, reverse), DNS_PTR);
	enum spf_result result;
	size_t n;

	if (names == NULL)
		return SPF_UNKNOWN_YET;
	result = count_void(r, names);
	n = names->n < SPF_NAMES_MAX ? names->n : SPF_NAMES_MAX;
	/* In any order they count the same. */
	for (size_t i = 0; i < n && result != SPF_PERMERROR; i++) {
		back[i] = answers_get(r->dns, names->records[i].text,
		    spf_address_type(r));
		if (back[i] == NULL)
			result = SPF_UNKNOWN_YET;
		else if (count_void(r, back[i]) != SPF_NEUTRAL)
			result = SPF_PERMERROR;
	}
	for (size_t i = 0; i < n && result == SPF_NEUTRAL; i++)
		if (spf_has_address(r, back[i], &exact) &&
		    visit(arg, names->records[i].text))
			result = SPF_PASS;
	return result;
}

/* The best name for %{p}: the domain's own, one below it, any. */
struct best_name {
	const char *domain;
	int rank;
	char name[DNS_NAME_LEN];
};

static bool
take_better(void *arg, const char *name)
{
	struct best_name *best = arg;
	const int rank = strcasecmp(name, best->domain) == 0 ? 3 :
	    is_below(name, best->domain)                     ? 2 :
							       1;

	if (rank > best->rank) {
		best->rank = rank;
		(void)snprintf(best->name, sizeof(best->name), "%s", name);
	}
	return best->rank == 3;
}

bool
spf_is_domains(void *arg, const char *name)
{
	const char *domain = arg;

	return strcasecmp(name, domain) == 0 || is_below(name, domain);
}

/* Cut labels off on the left until it is short enough (section 7.3). */
static const char *
cut_name(const char *name)
{
	size_t len = strlen(name);

	if (len > 0 && name[len - 1] == '.')
		len--;
	while (len >= DNS_NAME_LEN) {
		const char *dot = strchr(name, '.');

		if (dot == NULL)
			break;
		len -= (size_t)(dot + 1 - name);
		name = dot + 1;
	}
	return name;
}

enum spf_result
spf_expand(struct spf_run *r, const struct spf_frame *f, const char *s,
    size_t len, struct buf *out)
{
	struct best_name best = { .domain = f->domain, .name = "unknown" };
	struct spf_macro_values v = { .sender = r->sender,
		.domain = f->domain,
		.helo = r->q->helo,
		.name = best.name,
		.receiver = r->q->receiver == NULL ? "unknown" : r->q->receiver,
		.ip = r->q->ip,
		.now = r->q->now };
	enum spf_result result = SPF_NEUTRAL;

	if (spf_macro_wants_name(s, len))
		result = spf_validated_names(r, take_better, &best);
	if (result == SPF_UNKNOWN_YET || result == SPF_PERMERROR)
		return result;
	return spf_macro_expand(out, s, len, &v) ?
	    SPF_NEUTRAL :
	    spf_error(r, SPF_PERMERROR, "%s: its macros make too long a name",
		f->domain);
}

enum spf_result
spf_target(struct spf_run *r, const struct spf_frame *f,
    const struct spf_term *t, char name[DNS_NAME_LEN])
{
	struct buf b;
	enum spf_result result;

	name[0] = '\0';
	if (t->domain.len == 0) {
		(void)snprintf(name, DNS_NAME_LEN, "%s", f->domain);
		return SPF_NEUTRAL;
	}
	buf_init(&b, SPF_EXPANDED_MAX);
	result = spf_expand(r, f, f->record.text + t->domain.at, t->domain.len,
	    &b);
	if (result == SPF_NEUTRAL) {
		const char *cut = cut_name(buf_str(&b));

		if (strlen(cut) <= DNS_NAME_LEN) {
			char copy[DNS_NAME_LEN + 1];

			(void)snprintf(copy, sizeof(copy), "%s", cut);
			if (dns_name(copy))
				memcpy(name, copy, strlen(copy) + 1);
		}
	}
	buf_free(&b);
	return result;
}
