/* domain_reports: may reports go to other hosts (RFC 9990, section 4), and do
 * these take mail? */
#include "check/domain_check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/dmarc_record.h"
#include "check/host.h"
#include "common/mem.h"

static bool
same_organization(const char *a, const char *b)
{
	const char *x = host_org(a);
	const char *y = host_org(b);

	if (strcasecmp(a, b) == 0)
		return true;
	return x != NULL && y != NULL && strcasecmp(x, y) == 0;
}

/* A record of the other host that sends reports elsewhere. */
static void
look_at_override(struct domain_check *c, const char *name, const char *host,
    const struct answer_record *r)
{
	struct findings silent = { 0 };
	struct dmarc_record record;

	dmarc_record_check(&silent, r->text, r->len, &record);
	for (size_t i = 0; i < record.n_rua; i++)
		if (strcasecmp(record.rua[i].host, host) != 0) {
			(void)finding_add(&c->f, D13_OVERRIDE,
			    record.rua[i].part, "name", name, "uri",
			    findings_text(&c->f,
				r->text + record.rua[i].part.at,
				record.rua[i].part.len),
			    FINDING_END);
			break;
		}
	dmarc_record_free(&record);
	findings_free(&silent);
}

static void
look_at_answer(struct domain_check *c, const char *domain, const char *host,
    const char *name, const struct answer *a)
{
	struct finding *finding;

	for (size_t i = 0; i < a->n; i++) {
		const struct answer_record *r = &a->records[i];

		if (!dmarc_record_is(r->text, r->len))
			continue;
		domain_record(c, c->n_places - 1, r->text, r->len);
		look_at_override(c, name, host, r);
		return;
	}
	finding = domain_find(c, D13_EXTERNAL, "domain", domain, "host", host,
	    FINDING_END);
	if (finding != NULL)
		finding->zone = mem_printf("%s. IN TXT \"v=DMARC1;\"", name);
}

static void
look_at_permission(struct domain_check *c, const char *domain, const char *host)
{
	const struct finding_at at = c->f.at;
	const struct answer *a;
	char *name = mem_printf("%s._report._dmarc.%s", domain, host);

	if (strlen(name) >= DNS_NAME_LEN)
		(void)domain_find(c, D13_LONG, "domain", domain, "host", host,
		    FINDING_END);
	else {
		a = domain_ask(c, name, DNS_TXT, "whether reports go there");
		if (a != NULL) {
			(void)domain_place(c, PLACE_REPORTS, name, a);
			look_at_answer(c, domain, host, name, a);
			c->f.at = at;
		}
	}
	free(name);
}

static void
look_at_mail(struct domain_check *c, const char *host)
{
	const struct answer *mx = domain_ask(c, host, DNS_MX,
	    "whether it takes mail");

	if (mx == NULL)
		return;
	if (mx->n == 0)
		(void)domain_find(c, D27_NO_MX, "host", host, "why",
		    domain_why(mx), FINDING_END);
	else if (mx->n == 1 && mx->records[0].text[0] == '\0')
		(void)domain_find(c, D27_NULL_MX, "host", host, FINDING_END);
}

void
domain_check_reports(struct domain_check *c, const char *domain,
    const char *const *hosts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool known = false;

		for (size_t k = 0; k < i; k++)
			known = known || strcmp(hosts[k], hosts[i]) == 0;
		if (known)
			continue;
		if (!same_organization(domain, hosts[i]))
			look_at_permission(c, domain, hosts[i]);
		look_at_mail(c, hosts[i]);
	}
}
