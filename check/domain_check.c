/* domain_check: everything that DNS says of a domain's mail. */
#include "check/domain_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/dkim_key.h"
#include "check/dmarc_record.h"
#include "check/small_record.h"
#include "check/spf_lint.h"
#include "check/sts_policy.h"
#include "common/mem.h"

/* Records of one place that are kept, and their bytes. */
#define STRING_LEN_MAX 255
#define RECORDS_MAX    50
#define RECORD_LEN_MAX 65535

const char *
place_kind_name(enum place_kind kind)
{
	static const char *const names[] = { [PLACE_SPF] = "spf",
		[PLACE_DMARC] = "dmarc",
		[PLACE_REPORTS] = "reports",
		[PLACE_KEY] = "dkim",
		[PLACE_MX] = "mx",
		[PLACE_TLSRPT] = "tlsrpt",
		[PLACE_STS] = "mta-sts",
		[PLACE_STS_POLICY] = "policy",
		[PLACE_BIMI] = "bimi",
		[PLACE_GIVEN] = "record" };

	return names[kind];
}

const char *
domain_why(const struct answer *a)
{
	return a->state == ANSWER_NO_NAME ? "NXDOMAIN" : "no such record";
}

static bool
is_told(const struct domain_check *c, const char *sentence)
{
	for (size_t i = 0; i < c->f.n; i++)
		if (strcmp(c->f.all[i].sentence, sentence) == 0)
			return true;
	return false;
}

/* Once, however often the answer is needed. */
static void
tell_failed(struct domain_check *c, const char *name, enum dns_type type,
    const char *what)
{
	const struct finding_at at = c->f.at;
	const size_t n = c->f.n;
	const struct finding *added;
	char *sentence;

	c->f.at = (struct finding_at){ .place = NO_PLACE };
	added = domain_find(c, U01_FAILED, "name", name, "type",
	    dns_type_name(type), "what", what, FINDING_END);
	c->f.at = at;
	if (added == NULL)
		return;
	sentence = mem_strdup(added->sentence);
	c->f.n = n;
	if (is_told(c, sentence))
		free(added->sentence);
	else
		c->f.n = n + 1;
	free(sentence);
}

const struct answer *
domain_ask(struct domain_check *c, const char *name, enum dns_type type,
    const char *what)
{
	char copy[DNS_NAME_LEN + 1];
	const struct answer *a;

	if (strlen(name) > DNS_NAME_LEN)
		return NULL;
	(void)snprintf(copy, sizeof(copy), "%s", name);
	if (!dns_name(copy))
		return NULL;
	a = answers_get(c->dns, copy, type);
	if (a == NULL)
		c->waits = true;
	else if (a->state == ANSWER_FAILED) {
		tell_failed(c, copy, type, what);
		return NULL;
	}
	return a;
}

size_t
domain_place(struct domain_check *c, enum place_kind kind, const char *name,
    const struct answer *a)
{
	struct place *p;
	char *path = NULL;

	c->places = mem_realloc(c->places, c->n_places + 1,
	    sizeof(c->places[0]));
	p = &c->places[c->n_places];
	*p = (struct place){ .kind = kind,
		.name = mem_strdup(name),
		.given = a == NULL,
		.state = a == NULL ? ANSWER_RECORDS : a->state };
	for (size_t i = 0; a != NULL && i < a->n_aliases; i++) {
		char *longer = mem_printf("%s%s%s", path == NULL ? "" : path,
		    path == NULL ? "" : " -> ", a->aliases[i]);

		free(path);
		path = longer;
	}
	p->path = path;
	c->f.at = (struct finding_at){ c->n_places, 0, { 0, 0 } };
	return c->n_places++;
}

void
domain_record(struct domain_check *c, size_t place, const char *text,
    size_t len)
{
	struct place *p = &c->places[place];
	struct place_record *r;

	c->f.at = (struct finding_at){ place, p->n, { 0, 0 } };
	if (p->n == RECORDS_MAX || len > RECORD_LEN_MAX)
		return;
	p->records = mem_realloc(p->records, p->n + 1, sizeof(p->records[0]));
	r = &p->records[p->n++];
	*r = (struct place_record){ mem_calloc(len + 1, 1), len, 0 };
	memcpy(r->text, text, len);
}

void
domain_publish(struct domain_check *c, size_t place, char *text)
{
	free(c->places[place].publish);
	c->places[place].publish = text;
}

void
domain_check_free(struct domain_check *c)
{
	for (size_t i = 0; i < c->n_places; i++) {
		struct place *p = &c->places[i];

		for (size_t k = 0; k < p->n; k++)
			free(p->records[k].text);
		free(p->records);
		free(p->name);
		free(p->path);
		free(p->publish);
	}
	for (size_t i = 0; i < c->n_costs; i++) {
		free(c->costs[i].term);
		free(c->costs[i].name);
	}
	free(c->places);
	free(c->costs);
	findings_free(&c->f);
	memset(c, 0, sizeof(*c));
}

/* ---- records that are given ----------------------------------------------- */

static void
check_given_small(struct domain_check *c, enum place_kind kind,
    enum small_kind small, const struct place_record *r)
{
	const size_t place = domain_place(c, kind, c->q->domain, NULL);

	domain_record(c, place, r->text, r->len);
	domain_publish(c, place,
	    small_record_check(&c->f, small, r->text, r->len));
}

enum place_kind
domain_given_kind(const struct place_record *r)
{
	const char *text = r->text;

	if (spf_lint_is_meant(text, r->len))
		return PLACE_SPF;
	if (dmarc_record_is_meant(text, r->len))
		return PLACE_DMARC;
	if (small_record_is_meant(SMALL_TLSRPT, text, r->len))
		return PLACE_TLSRPT;
	if (small_record_is_meant(SMALL_STS, text, r->len))
		return PLACE_STS;
	if (small_record_is_meant(SMALL_BIMI, text, r->len))
		return PLACE_BIMI;
	if (sts_policy_is_meant(text, r->len))
		return PLACE_STS_POLICY;
	return dkim_key_is_meant(text, r->len) ? PLACE_KEY : PLACE_GIVEN;
}

/* Each server of the domain must be covered. */
static void
check_given_policy(struct domain_check *c, const struct place_record *r)
{
	const size_t place = domain_place(c, PLACE_STS_POLICY, c->q->domain,
	    NULL);
	const struct answer *mx;
	struct sts_policy p;

	domain_record(c, place, r->text, r->len);
	sts_policy_check(&c->f, r->text, r->len, &p);
	if (p.n_mx == 0)
		return;
	mx = domain_ask(c, c->q->domain, DNS_MX, "its mail servers");
	for (size_t i = 0; mx != NULL && i < mx->n; i++) {
		bool covered = mx->records[i].text[0] == '\0';

		for (size_t k = 0; k < p.n_mx; k++)
			covered = covered ||
			    sts_policy_covers(r->text, p.mx[k],
				mx->records[i].text);
		if (!covered)
			(void)domain_find(c, T04_NOT_COVERED, "name",
			    mx->records[i].text, FINDING_END);
	}
}

/* SPF, DMARC and keys have parts of the check that take all of theirs. */
static void
check_given_one(struct domain_check *c, const struct place_record *r,
    enum place_kind kind)
{
	size_t place;

	if (r->longest_string > STRING_LEN_MAX)
		(void)domain_find(c, S19_STRING, "count",
		    findings_number(&c->f, r->longest_string), FINDING_END);
	if (kind == PLACE_TLSRPT)
		check_given_small(c, PLACE_TLSRPT, SMALL_TLSRPT, r);
	else if (kind == PLACE_STS)
		check_given_small(c, PLACE_STS, SMALL_STS, r);
	else if (kind == PLACE_BIMI)
		check_given_small(c, PLACE_BIMI, SMALL_BIMI, r);
	else if (kind == PLACE_STS_POLICY)
		check_given_policy(c, r);
	else if (kind == PLACE_GIVEN) {
		place = domain_place(c, PLACE_GIVEN, c->q->domain, NULL);
		domain_record(c, place, r->text, r->len);
		(void)domain_find(c, U02_KIND, FINDING_END);
	}
}

static void
check_given(struct domain_check *c)
{
	bool has[PLACE_KINDS] = { false };

	for (size_t i = 0; i < c->q->n_given; i++) {
		const enum place_kind kind = domain_given_kind(&c->q->given[i]);

		has[kind] = true;
		check_given_one(c, &c->q->given[i], kind);
	}
	if (has[PLACE_SPF])
		domain_check_spf(c);
	if (has[PLACE_DMARC])
		domain_check_dmarc(c);
	domain_check_keys(c);
}

bool
domain_check(struct domain_check *c, struct answers *dns,
    const struct domain_question *q)
{
	*c = (struct domain_check){ .q = q, .dns = dns };
	c->f.at.place = NO_PLACE;
	if (q->n_given > 0)
		check_given(c);
	else {
		domain_check_mx(c);
		domain_check_spf(c);
		domain_check_dmarc(c);
		domain_check_keys(c);
		domain_check_small(c);
	}
	c->f.at.place = NO_PLACE;
	if (c->f.more > 0) {
		struct findings *f = &c->f;

		f->n--;
		free(f->all[f->n].sentence);
		free(f->all[f->n].zone);
		(void)domain_find(c, U03_MORE, "count",
		    findings_number(f, f->more + 1), FINDING_END);
	}
	return !c->waits;
}
