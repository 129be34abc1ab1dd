/* spf_flat: the networks that an SPF record authorises. */
#include "check/spf_flat.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "check/spf_record.h"
#include "common/address.h"
#include "common/mem.h"

struct spf_flat {
	struct answers *dns;
	bool waits;
	unsigned asking;
	GHashTable *records;  /* the domains that were looked into */
	GHashTable *networks; /* the texts that are there */
	struct spf_flat_network *found;
	size_t n_found;
	struct spf_flat_problem *problems;
	size_t n_problems;
};

/* A record that is looked into. */
struct place {
	const char *domain;
	const struct spf_record *record;
};

static void follow(struct spf_flat *f, const char *domain, const char *from,
    const char *term);

struct spf_flat *
spf_flat_new(void)
{
	struct spf_flat *f = mem_calloc(1, sizeof(*f));

	f->records = g_hash_table_new_full(g_str_hash, g_str_equal, free, NULL);
	f->networks = g_hash_table_new(g_str_hash, g_str_equal);
	return f;
}

void
spf_flat_free(struct spf_flat *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n_found; i++) {
		free(f->found[i].network);
		free(f->found[i].domain);
		free(f->found[i].term);
	}
	for (size_t i = 0; i < f->n_problems; i++) {
		free(f->problems[i].domain);
		free(f->problems[i].term);
	}
	free(f->found);
	free(f->problems);
	g_hash_table_destroy(f->records);
	g_hash_table_destroy(f->networks);
	free(f);
}

static void
problem(struct spf_flat *f, const char *domain, const char *term,
    const char *text)
{
	f->problems = mem_realloc(f->problems, f->n_problems + 1,
	    sizeof(f->problems[0]));
	f->problems[f->n_problems++] = (struct spf_flat_problem){
		.domain = mem_strdup(domain),
		.term = mem_strdup(term),
		.text = text
	};
}

static void
add(struct spf_flat *f, const char *domain, const char *term,
    const struct address *ip, unsigned prefix)
{
	const bool four = ip->family == AF_INET;
	struct address plain = *ip;
	char text[ADDRESS_LEN];
	char *network;

	plain.port = 0;
	for (unsigned bit = prefix; bit < (four ? 32U : 128U); bit++)
		plain.bytes[bit / 8] &= (unsigned char)~(0x80U >> bit % 8);
	network = prefix == (four ? 32U : 128U) ?
	    mem_printf("ip%d:%s", four ? 4 : 6, address_text(&plain, text)) :
	    mem_printf("ip%d:%s/%u", four ? 4 : 6, address_text(&plain, text),
		prefix);
	if (!g_hash_table_add(f->networks, network)) {
		free(network);
		return;
	}
	f->found = mem_realloc(f->found, f->n_found + 1, sizeof(f->found[0]));
	f->found[f->n_found++] = (struct spf_flat_network){ .network = network,
		.domain = mem_strdup(domain),
		.term = mem_strdup(term) };
}

/* The answer, or NULL: it is not known yet, or there is none and that is told. */
static const struct answer *
ask(struct spf_flat *f, const struct place *p, const char *term,
    const char *name, enum dns_type type)
{
	const struct answer *a = answers_get(f->dns, name, type);

	if (a == NULL)
		f->waits = true;
	else if (a->state == ANSWER_FAILED)
		problem(f, p->domain, term, "DNS does not answer");
	return a != NULL && a->state == ANSWER_RECORDS ? a : NULL;
}

/* The addresses of a host, of both families. */
static bool
add_host(struct spf_flat *f, const struct place *p, const struct spf_term *t,
    const char *term, const char *name)
{
	const enum dns_type types[] = { DNS_A, DNS_AAAA };
	bool any = false;

	for (size_t i = 0; i < 2; i++) {
		const struct answer *a = ask(f, p, term, name, types[i]);

		for (size_t k = 0; a != NULL && k < a->n; k++)
			add(f, p->domain, term, &a->records[k].address,
			    i == 0 ? t->prefix4 : t->prefix6);
		any = any || a != NULL;
	}
	return any;
}

static void
add_mx(struct spf_flat *f, const struct place *p, const struct spf_term *t,
    const char *term, const char *name)
{
	const struct answer *mx = ask(f, p, term, name, DNS_MX);
	bool any = false;

	for (size_t i = 0; mx != NULL && i < mx->n; i++)
		if (mx->records[i].text[0] != '\0' &&
		    add_host(f, p, t, term, mx->records[i].text))
			any = true;
	if (!any && !f->waits)
		problem(f, p->domain, term, "no mail server has an address");
}

/* The name that the term means; false: it depends on the mail. */
static bool
target(const struct place *p, const struct spf_term *t,
    char name[DNS_NAME_LEN + 1])
{
	const char *s = p->record->text + t->domain.at;

	if (t->domain.len == 0)
		(void)g_strlcpy(name, p->domain, DNS_NAME_LEN + 1);
	else if (memchr(s, '%', t->domain.len) != NULL ||
	    t->domain.len > DNS_NAME_LEN)
		return false;
	else {
		memcpy(name, s, t->domain.len);
		name[t->domain.len] = '\0';
	}
	return dns_name(name);
}

static void
take_term(struct spf_flat *f, const struct place *p, const struct spf_term *t,
    const char *term)
{
	char name[DNS_NAME_LEN + 1];

	if (t->kind == SPF_IP4 || t->kind == SPF_IP6) {
		add(f, p->domain, term, &t->ip,
		    t->kind == SPF_IP4 ? t->prefix4 : t->prefix6);
		return;
	}
	if (spf_asks(t->kind))
		f->asking++;
	if (t->kind == SPF_ALL)
		problem(f, p->domain, term, "it authorises everybody");
	else if (t->kind == SPF_EXISTS || t->kind == SPF_PTR)
		problem(f, p->domain, term, "it cannot be written as networks");
	else if (!target(p, t, name))
		problem(f, p->domain, term,
		    "its name depends on the mail, and cannot be written as "
		    "networks");
	else if (t->kind == SPF_A) {
		if (!add_host(f, p, t, term, name) && !f->waits)
			problem(f, p->domain, term, "the host has no address");
	} else if (t->kind == SPF_MX)
		add_mx(f, p, t, term, name);
	else
		follow(f, name, p->domain, term);
}

/* Terms behind "all" are never reached, and then redirect= is not either. */
static void
take_record(struct spf_flat *f, const struct place *p)
{
	const struct spf_term *redirect = NULL;
	bool all = false;

	for (size_t i = 0; i < p->record->n && !all; i++) {
		const struct spf_term *t = &p->record->terms[i];
		char *term = g_strndup(p->record->text + t->all.at, t->all.len);

		if (t->fault != SPF_FINE)
			problem(f, p->domain, term, spf_fault_text(t->fault));
		else if (t->kind == SPF_REDIRECT)
			redirect = t;
		else if (t->kind == SPF_ALL && t->qualifier != '+')
			all = true;
		else if (!spf_is_modifier(t->kind) && t->qualifier == '+')
			take_term(f, p, t, term);
		g_free(term);
	}
	if (redirect != NULL && !all) {
		char *term = g_strndup(p->record->text + redirect->all.at,
		    redirect->all.len);

		take_term(f, p, redirect, term);
		g_free(term);
	}
}

/* The record of a domain; from and term are where it is named, or NULL. */
static void
follow(struct spf_flat *f, const char *domain, const char *from,
    const char *term)
{
	const struct answer *a = answers_get(f->dns, domain, DNS_TXT);
	const struct answer_record *one = NULL;
	struct spf_record record;
	size_t n = 0;

	if (from == NULL)
		from = domain;
	if (a == NULL) {
		f->waits = true;
		return;
	}
	if (!g_hash_table_add(f->records, mem_strdup(domain)))
		return; /* again, or in a circle */
	for (size_t i = 0; i < a->n; i++)
		if (spf_is_record(a->records[i].text, a->records[i].len)) {
			one = &a->records[i];
			n++;
		}
	if (g_hash_table_size(f->records) > SPF_FLAT_RECORDS_MAX)
		problem(f, from, term, "there are too many records to follow");
	else if (a->state == ANSWER_FAILED)
		problem(f, from, term, "DNS does not answer");
	else if (n == 0)
		problem(f, from, term, "there is no SPF record");
	else if (n > 1)
		problem(f, domain, NULL, "there are several SPF records");
	else {
		const struct place p = { domain, &record };

		(void)spf_record_parse(&record, one->text, one->len);
		take_record(f, &p);
		spf_record_free(&record);
	}
}

bool
spf_flatten(struct spf_flat *f, struct answers *dns, const char *domain)
{
	f->dns = dns;
	follow(f, domain, NULL, NULL);
	return !f->waits;
}

size_t
spf_flat_networks(const struct spf_flat *f, const struct spf_flat_network **out)
{
	*out = f->found;
	return f->n_found;
}

size_t
spf_flat_problems(const struct spf_flat *f, const struct spf_flat_problem **out)
{
	*out = f->problems;
	return f->n_problems;
}

unsigned
spf_flat_asking(const struct spf_flat *f)
{
	return f->asking;
}
