/* spf_tree: which terms of an SPF record ask DNS, with all that it includes,
 * and what they come to. */
#include "check/domain_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/spf.h"
#include "check/spf_record.h"
#include "common/mem.h"

/* Terms that have a line of their own. */
#define COSTS_MAX 100

/* Deeper than ten questions can lead. */
#define DEPTH_MAX 12

struct tree {
	struct domain_check *c;
	bool marks; /* the record is the one that is shown */
	unsigned void4, void6;
	const char *open[DEPTH_MAX]; /* domains whose records are looked at */
	unsigned depth;
};

static void
take_record(struct tree *t, const char *domain, const char *text, size_t len);

static struct tag_part
mark(const struct tree *t, const struct spf_term *term)
{
	if (!t->marks || t->depth > 1)
		return (struct tag_part){ 0, 0 };
	return (struct tag_part){ term->all.at, term->all.len };
}

/* A line; its number, or COSTS_MAX. */
static size_t
add_cost(struct tree *t, const char *text, const struct spf_term *term,
    const char *name)
{
	struct domain_check *c = t->c;

	if (c->n_costs == COSTS_MAX)
		return COSTS_MAX;
	c->costs = mem_realloc(c->costs, c->n_costs + 1, sizeof(c->costs[0]));
	c->costs[c->n_costs] = (struct spf_cost){ .depth = t->depth - 1,
		.term = finding_shown(text + term->all.at, term->all.len, 200),
		.name = mem_strdup(name),
		.cost = 1 };
	return c->n_costs++;
}

static void
note(struct tree *t, size_t line, const char *text)
{
	if (line < COSTS_MAX)
		t->c->costs[line].note = text;
}

/* The name that the term means; false: it depends on the mail. */
static bool
target(const char *domain, const char *text, const struct spf_term *term,
    char name[DNS_NAME_LEN + 1])
{
	const char *s = text + term->domain.at;

	if (term->domain.len == 0)
		(void)snprintf(name, DNS_NAME_LEN + 1, "%s", domain);
	else if (memchr(s, '%', term->domain.len) != NULL ||
	    term->domain.len > DNS_NAME_LEN)
		return false;
	else
		(void)snprintf(name, DNS_NAME_LEN + 1, "%.*s",
		    (int)term->domain.len, s);
	return dns_name(name);
}

/* ---- hosts ---------------------------------------------------------------- */

/* The addresses of a host, in both families; false: it has none. */
static bool
look_at_host(struct tree *t, const char *name, const char **why)
{
	const struct answer *four = domain_ask(t->c, name, DNS_A,
	    "whether SPF finds an address");
	const struct answer *six = domain_ask(t->c, name, DNS_AAAA,
	    "whether SPF finds an address");

	if (four == NULL || six == NULL)
		return true;
	if (four->state != ANSWER_RECORDS)
		t->void4++;
	if (six->state != ANSWER_RECORDS)
		t->void6++;
	*why = domain_why(four);
	return four->state == ANSWER_RECORDS || six->state == ANSWER_RECORDS;
}

static void
no_address(struct tree *t, const struct spf_term *term, size_t line,
    const char *name, const char *why)
{
	note(t, line, "no address");
	(void)finding_add(&t->c->f, S27_NO_ADDRESS, mark(t, term), "name", name,
	    "why", why, FINDING_END);
}

static void
take_mx(struct tree *t, const struct spf_term *term, size_t line,
    const char *domain, const char *name)
{
	struct domain_check *c = t->c;
	const struct answer *mx = domain_ask(c, name, DNS_MX,
	    "whether SPF finds a mail server");
	const char *why = "its mail servers have none";
	bool any = false;

	if (mx == NULL)
		return;
	if (mx->state != ANSWER_RECORDS) {
		t->void4++;
		t->void6++;
		no_address(t, term, line, name, "no MX record");
		return;
	}
	if (mx->n > SPF_NAMES_MAX) {
		(void)finding_add(&c->f,
		    t->depth == 1 ? S07_MX : S33_MX_INCLUDED, mark(t, term),
		    "domain", name, "owner", domain, "count",
		    findings_number(&c->f, mx->n), FINDING_END);
		return;
	}
	for (size_t i = 0; i < mx->n; i++)
		if (mx->records[i].text[0] != '\0' &&
		    look_at_host(t, mx->records[i].text, &why))
			any = true;
	if (!any && !c->waits)
		no_address(t, term, line, name, "its mail servers have none");
}

static void
take_exists(struct tree *t, const char *name)
{
	const struct answer *a = domain_ask(t->c, name, DNS_A,
	    "whether exists: matches");

	if (a == NULL || a->state == ANSWER_RECORDS)
		return;
	t->void4++;
	t->void6++;
}

/* ---- other records -------------------------------------------------------- */

static bool
is_open(const struct tree *t, const char *name)
{
	for (unsigned i = 0; i < t->depth; i++)
		if (strcmp(t->open[i], name) == 0)
			return true;
	return false;
}

static void
look_at_included(struct tree *t, const struct spf_term *term, size_t line,
    const char *name, const struct answer *a)
{
	struct domain_check *c = t->c;
	const struct answer_record *one = NULL;
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		if (spf_is_record(a->records[i].text, a->records[i].len)) {
			one = &a->records[i];
			n++;
		}
	if (n == 1) {
		take_record(t, name, one->text, one->len);
		return;
	}
	note(t, line, n == 0 ? "no SPF record" : "several SPF records");
	if (n > 1)
		(void)finding_add(&c->f, S41_INCLUDED, mark(t, term), "name",
		    name, "term", "v=spf1", "why", "there are several records",
		    FINDING_END);
	else
		(void)finding_add(&c->f,
		    term->kind == SPF_REDIRECT ? S10_REDIRECT : S09_INCLUDE,
		    mark(t, term), "name", name, "why", domain_why(a),
		    FINDING_END);
}

static void
follow(struct tree *t, const struct spf_term *term, size_t line,
    const char *name)
{
	struct domain_check *c = t->c;
	const struct answer *a;

	if (is_open(t, name) || t->depth == DEPTH_MAX) {
		note(t, line, "in a circle");
		(void)finding_add(&c->f, S22_LOOP, mark(t, term), "name", name,
		    FINDING_END);
		return;
	}
	a = domain_ask(c, name, DNS_TXT, "what its SPF record authorises");
	if (a == NULL)
		note(t, line, "DNS did not answer");
	else
		look_at_included(t, term, line, name, a);
}

/* ---- terms ---------------------------------------------------------------- */

static void
take_asking(struct tree *t, const struct spf_term *term, const char *domain,
    const char *text)
{
	struct domain_check *c = t->c;
	char name[DNS_NAME_LEN + 1];
	const bool known = target(domain, text, term, name);
	const size_t line = add_cost(t, text, term, known ? name : "");
	const unsigned before = c->asking++;
	const bool leads = term->kind == SPF_INCLUDE ||
	    term->kind == SPF_REDIRECT;
	const char *why = NULL;

	if (c->asking > SPF_ASKING_MAX) {
		/* RFC 7208 lets nobody ask for these. */
		note(t, line, "not asked for");
		c->asking_is_least = c->asking_is_least || leads;
		return;
	}
	if (!known)
		note(t, line, "depends on the mail");
	else if (leads)
		follow(t, term, line, name);
	else if (term->kind == SPF_MX)
		take_mx(t, term, line, domain, name);
	else if (term->kind == SPF_EXISTS)
		take_exists(t, name);
	else if (term->kind == SPF_A && !look_at_host(t, name, &why))
		no_address(t, term, line, name, why);
	if (line < COSTS_MAX)
		c->costs[line].cost = c->asking - before;
}

static void
look_at_exp(struct tree *t, const struct spf_term *term, const char *domain,
    const char *text)
{
	char name[DNS_NAME_LEN + 1];
	const struct answer *a;

	if (t->depth > 1 || !target(domain, text, term, name))
		return;
	a = domain_ask(t->c, name, DNS_TXT, "the explanation of SPF");
	if (a != NULL && a->n != 1)
		(void)finding_add(&t->c->f, S31_EXP, mark(t, term), "name",
		    name, "count", findings_number(&t->c->f, a->n),
		    FINDING_END);
}

/* A record as it is evaluated: up to "all", redirect= last. */
static void
take_terms(struct tree *t, const char *domain, const struct spf_record *r)
{
	const struct spf_term *redirect = NULL;
	bool all = false;

	for (size_t i = 0; i < r->n && !t->c->waits; i++) {
		const struct spf_term *term = &r->terms[i];

		if (term->kind == SPF_EXP)
			look_at_exp(t, term, domain, r->text);
		else if (term->kind == SPF_REDIRECT)
			redirect = term;
		else if (term->kind == SPF_ALL && !all) {
			all = true;
			if (term->qualifier == '+' && t->depth > 1)
				(void)domain_find(t->c, S15_INCLUDED, "name",
				    domain, FINDING_END);
		} else if (!all && spf_asks(term->kind))
			take_asking(t, term, domain, r->text);
	}
	if (redirect != NULL && !all && !t->c->waits)
		take_asking(t, redirect, domain, r->text);
}

static void
take_record(struct tree *t, const char *domain, const char *text, size_t len)
{
	struct findings *f = &t->c->f;
	struct spf_record r;
	const struct spf_term *bad = spf_record_parse(&r, text, len);

	t->open[t->depth++] = domain;
	if (bad != NULL && t->depth > 1)
		(void)domain_find(t->c, S41_INCLUDED, "name", domain, "term",
		    findings_text(f, text + bad->all.at, bad->all.len), "why",
		    spf_fault_text(bad->fault), FINDING_END);
	if (bad == NULL)
		take_terms(t, domain, &r);
	t->depth--;
	spf_record_free(&r);
}

static void
tell_limits(struct tree *t)
{
	struct domain_check *c = t->c;
	const unsigned least = t->void4 < t->void6 ? t->void4 : t->void6;
	const unsigned most = t->void4 < t->void6 ? t->void6 : t->void4;
	char text[40];

	if (c->asking > SPF_ASKING_MAX) {
		(void)snprintf(text, sizeof(text), "%s%u",
		    c->asking_is_least ? "at least " : "", c->asking);
		(void)domain_find(c, S06_LOOKUPS, "count", text, FINDING_END);
	}
	if (least > SPF_VOID_MAX)
		(void)domain_find(c, S08_VOID, "count",
		    findings_number(&c->f, most), FINDING_END);
	else if (most > SPF_VOID_MAX)
		(void)domain_find(c, S08_VOID_FAMILY, "family",
		    t->void4 > t->void6 ? "IPv4" : "IPv6", "count",
		    findings_number(&c->f, most), FINDING_END);
}

/*
 * One question after the other, in the order of an evaluation, so that a record
 * with a hundred includes makes no more than ten of them.
 */
void
domain_check_spf_tree(struct domain_check *c, const char *text,
    bool is_published)
{
	struct tree t = { .c = c, .marks = is_published };

	c->asking = 0;
	take_record(&t, c->q->domain, text, strlen(text));
	if (!c->waits)
		tell_limits(&t);
}
