/* domain_rest: keys of DKIM, mail servers, TLS-RPT, MTA-STS and BIMI. */
#include "check/domain_check.h"

#include <stdlib.h>
#include <string.h>

#include "check/key_lint.h"
#include "check/small_record.h"
#include "common/address.h"
#include "common/mem.h"

/* ---- keys ----------------------------------------------------------------- */

static void
look_at_key(struct domain_check *c, size_t place, const char *name,
    const struct answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		domain_record(c, place, a->records[i].text, a->records[i].len);
		domain_publish(c, place,
		    key_lint(&c->f, a->records[i].text, a->records[i].len));
	}
	c->f.at.record = 0;
	if (a->n > 1) {
		domain_publish(c, place, NULL);
		(void)domain_find(c, K03_SEVERAL, "name", name, "count",
		    findings_number(&c->f, a->n), FINDING_END);
	}
	if (a->n > 0)
		return;
	if (a->n_aliases > 0)
		(void)domain_find(c, K13_DEAD_ALIAS, "name", name, "target",
		    a->aliases[a->n_aliases - 1], "why", domain_why(a),
		    FINDING_END);
	else
		(void)domain_find(c, K01_NONE, "name", name, "why",
		    domain_why(a), FINDING_END);
}

static void
check_key(struct domain_check *c, const struct key_name *k)
{
	char *name = mem_printf("%s._domainkey.%s", k->selector,
	    k->domain == NULL ? c->q->domain : k->domain);
	const struct answer *a = domain_ask(c, name, DNS_TXT, "the key");

	if (a != NULL)
		look_at_key(c, domain_place(c, PLACE_KEY, name, a), name, a);
	free(name);
}

void
domain_check_keys(struct domain_check *c)
{
	if (c->q->n_given == 0)
		for (size_t i = 0; i < c->q->n_keys; i++)
			check_key(c, &c->q->keys[i]);
	for (size_t i = 0; i < c->q->n_given; i++) {
		const struct place_record *g = &c->q->given[i];
		char *name;
		size_t place;

		if (domain_given_kind(g) != PLACE_KEY)
			continue;
		name = mem_printf("%s._domainkey.%s",
		    c->q->n_keys > 0 ? c->q->keys[0].selector : "selector",
		    c->q->domain);
		place = domain_place(c, PLACE_KEY, name, NULL);
		free(name);
		domain_record(c, place, g->text, g->len);
		domain_publish(c, place, key_lint(&c->f, g->text, g->len));
	}
}

/* ---- mail servers --------------------------------------------------------- */

static void
look_at_helo(struct domain_check *c, const char *name)
{
	const struct answer *a;
	const size_t n = strlen(name);
	const size_t d = strlen(c->q->domain);

	/* Only servers of the domain itself are its own to name. */
	if (n <= d + 1 || name[n - d - 1] != '.' ||
	    strcmp(name + n - d, c->q->domain) != 0)
		return;
	a = domain_ask(c, name, DNS_TXT, "whether SPF covers its HELO");
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->n; i++)
		if (a->records[i].len >= 6 &&
		    strncmp(a->records[i].text, "v=spf1", 6) == 0)
			return;
	(void)domain_find(c, S23_HELO, "name", name, FINDING_END);
}

static void
look_at_server(struct domain_check *c, const char *name)
{
	const struct answer *four;
	const struct answer *six;
	struct address address;

	if (address_parse(name, &address)) {
		(void)domain_find(c, X05_ADDRESS, "name", name, FINDING_END);
		return;
	}
	four = domain_ask(c, name, DNS_A, "the address of a mail server");
	six = domain_ask(c, name, DNS_AAAA, "the address of a mail server");
	if (four == NULL || six == NULL)
		return;
	if (four->n_aliases > 0 || six->n_aliases > 0)
		(void)domain_find(c, X03_ALIAS, "name", name, FINDING_END);
	if (four->state != ANSWER_RECORDS && six->state != ANSWER_RECORDS)
		(void)domain_find(c, X02_NO_ADDRESS, "name", name, "why",
		    domain_why(four), FINDING_END);
	else
		look_at_helo(c, name);
}

void
domain_check_mx(struct domain_check *c)
{
	const struct answer *mx = domain_ask(c, c->q->domain, DNS_MX,
	    "its mail servers");
	size_t place;
	size_t nulls = 0;

	if (mx == NULL)
		return;
	place = domain_place(c, PLACE_MX, c->q->domain, mx);
	for (size_t i = 0; i < mx->n; i++) {
		char *text = mem_printf("%u %s.", mx->records[i].preference,
		    mx->records[i].text);

		domain_record(c, place, text, strlen(text));
		free(text);
		if (mx->records[i].text[0] == '\0')
			nulls++;
		else if (i < 20)
			look_at_server(c, mx->records[i].text);
	}
	c->f.at.record = 0;
	c->has_mx = mx->n > nulls;
	c->no_mail = nulls > 0 && mx->n == nulls;
	if (nulls > 0 && mx->n > nulls)
		(void)domain_find(c, X04_NULL_AND_OTHERS, FINDING_END);
	if (mx->n == 0)
		(void)domain_find(c, X01_NO_MX, "domain", c->q->domain,
		    FINDING_END);
}

/* ---- TLS-RPT, MTA-STS, BIMI ----------------------------------------------- */

static const struct {
	const char *prefix;
	const char *what;
	enum place_kind place;
	enum finding_id none;
	enum finding_id several;
} smalls[] = {
	[SMALL_TLSRPT] = { "_smtp._tls", "TLS-RPT", PLACE_TLSRPT, T01_NONE,
	    T01_SEVERAL },
	[SMALL_STS] = { "_mta-sts", "MTA-STS", PLACE_STS, T03_NONE,
	    T03_SEVERAL },
	[SMALL_BIMI] = { "default._bimi", "BIMI", PLACE_BIMI, B01_NONE,
	    B01_SEVERAL },
};

/* Records that are one, those that were meant to be, and the rest. */
static size_t
look_at_records(struct domain_check *c, enum small_kind kind, size_t place,
    const char *name, const struct answer *a)
{
	size_t good = 0;
	size_t shown = 0;

	for (size_t i = 0; i < a->n; i++)
		if (small_record_is(kind, a->records[i].text,
			a->records[i].len))
			good++;
	for (size_t i = 0; i < a->n; i++) {
		const struct answer_record *r = &a->records[i];
		const bool is = small_record_is(kind, r->text, r->len);

		if (!is && !small_record_is_meant(kind, r->text, r->len)) {
			domain_record(c, place, r->text, r->len);
			(void)domain_find(c, T06_UNRELATED, "what",
			    smalls[kind].what, "name", name, FINDING_END);
		} else if (is || good == 0) {
			domain_record(c, place, r->text, r->len);
			domain_publish(c, place,
			    small_record_check(&c->f, kind, r->text, r->len));
			shown++;
		}
	}
	c->f.at.record = 0;
	if (good > 1) {
		domain_publish(c, place, NULL);
		(void)domain_find(c, smalls[kind].several, "name", name,
		    "count", findings_number(&c->f, good), FINDING_END);
	}
	return shown;
}

static void
look_at_policy_host(struct domain_check *c)
{
	char *name = mem_printf("mta-sts.%s", c->q->domain);
	const struct answer *four = domain_ask(c, name, DNS_A,
	    "whether the policy of MTA-STS can be fetched");
	const struct answer *six = domain_ask(c, name, DNS_AAAA,
	    "whether the policy of MTA-STS can be fetched");

	if (four != NULL && six != NULL && four->state != ANSWER_RECORDS &&
	    six->state != ANSWER_RECORDS)
		(void)domain_find(c, T03_NO_HOST, "domain", c->q->domain, "why",
		    domain_why(four), FINDING_END);
	free(name);
}

static void
check_small(struct domain_check *c, enum small_kind kind)
{
	char *name = mem_printf("%s.%s", smalls[kind].prefix, c->q->domain);
	const struct answer *a = domain_ask(c, name, DNS_TXT,
	    smalls[kind].what);
	size_t place;

	if (a != NULL) {
		place = domain_place(c, smalls[kind].place, name, a);
		if (look_at_records(c, kind, place, name, a) == 0)
			(void)domain_find(c, smalls[kind].none, "domain",
			    c->q->domain, FINDING_END);
		else if (kind == SMALL_STS)
			look_at_policy_host(c);
		else if (kind == SMALL_BIMI && !c->enforces && !c->waits)
			(void)domain_find(c, B04_POLICY, FINDING_END);
	}
	free(name);
}

void
domain_check_small(struct domain_check *c)
{
	check_small(c, SMALL_TLSRPT);
	check_small(c, SMALL_STS);
	check_small(c, SMALL_BIMI);
}
