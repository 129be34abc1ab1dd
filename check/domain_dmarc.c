/* domain_dmarc: the DMARC record that applies to a domain (RFC 9989, section
 * 4.10), and the one that did by RFC 7489. */
#include "check/domain_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/dmarc_record.h"
#include "check/dmarc_walk.h"
#include "check/host.h"
#include "common/mem.h"

struct walk {
	struct domain_check *c;
	struct dmarc_walk up;
};

/* What lies above a record of the domain's own decides nothing: that DNS does
 * not answer for it is not worth a word. */
static const struct answer *
ask_above(struct domain_check *c, const char *name)
{
	const struct answer *a = answers_get(c->dns, name, DNS_TXT);

	if (a == NULL)
		c->waits = true;
	return a == NULL || a->state == ANSWER_FAILED ? NULL : a;
}

static void
look(struct walk *w, struct dmarc_stop *s)
{
	char *name = mem_printf("_dmarc.%s", s->name);

	dmarc_walk_take(s,
	    s != &w->up.stops[0] && w->up.stops[0].found ?
		ask_above(w->c, name) :
		domain_ask(w->c, name, DNS_TXT, "the DMARC record"));
	free(name);
}

/* ---- records that are looked at ------------------------------------------- */

/* Say all of one record; what it says is freed by the caller. */
static void
lint(struct domain_check *c, size_t place, const char *text, size_t len,
    struct dmarc_record *out)
{
	domain_record(c, place, text, len);
	dmarc_record_check(&c->f, text, len, out);
	if (out->fixed != NULL) {
		domain_publish(c, place, out->fixed);
		out->fixed = NULL;
	}
}

/* Records that do not count, though they were meant to. */
static void
lint_nearly(struct domain_check *c, size_t place, const struct answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct answer_record *r = &a->records[i];
		struct dmarc_record out;

		if (dmarc_record_is(r->text, r->len) ||
		    !dmarc_record_is_meant(r->text, r->len))
			continue;
		lint(c, place, r->text, r->len, &out);
		dmarc_record_free(&out);
	}
}

static void
look_at_unrelated(struct domain_check *c, size_t place, const char *name,
    const struct answer *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct answer_record *r = &a->records[i];

		if (dmarc_record_is(r->text, r->len) ||
		    dmarc_record_is_meant(r->text, r->len))
			continue;
		domain_record(c, place, r->text, r->len);
		(void)domain_find(c, D29_UNRELATED, "name", name, FINDING_END);
	}
}

/* Several: the one record, when they are the same but for blanks and case. */
static void
lint_several(struct walk *w, const struct dmarc_stop *s, size_t place,
    const char *name)
{
	struct domain_check *c = w->c;
	struct finding *finding;

	for (size_t i = 0; i < s->answer->n; i++) {
		const struct answer_record *r = &s->answer->records[i];

		if (dmarc_record_is(r->text, r->len))
			domain_record(c, place, r->text, r->len);
	}
	c->f.at = (struct finding_at){ place, 0, { 0, 0 } };
	finding = domain_find(c, D02_SEVERAL, "name", name, "count",
	    findings_number(&c->f, s->records), FINDING_END);
	for (size_t i = 1; i < c->places[place].n; i++)
		if (strcasecmp(c->places[place].records[i].text,
			c->places[place].records[0].text) != 0)
			return;
	finding_mark_repaired(finding);
	domain_publish(c, place, mem_strdup(c->places[place].records[0].text));
}

static void
look_at_hosts(struct domain_check *c, const char *domain,
    const struct dmarc_record *r)
{
	const char *hosts[2 * DMARC_URIS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < r->n_rua; i++)
		hosts[n++] = r->rua[i].host;
	for (size_t i = 0; i < r->n_ruf; i++)
		hosts[n++] = r->ruf[i].host;
	domain_check_reports(c, domain, hosts, n);
}

/* What only a walk can say of a record. */
static void
look_at_place_of(struct walk *w, const struct dmarc_stop *s,
    const struct dmarc_record *r)
{
	struct domain_check *c = w->c;
	const bool is_own = s == &w->up.stops[0];
	const char *registrable = host_org(s->name);

	if (is_own && w->up.org < w->up.n && w->up.org > 0 && r->sp_at.len > 0)
		(void)finding_add(&c->f, D16_SP, r->sp_at, "tag", "sp",
		    "domain", s->name, "org", w->up.stops[w->up.org].name,
		    FINDING_END);
	if (is_own && w->up.org < w->up.n && w->up.org > 0 && r->np_at.len > 0)
		(void)finding_add(&c->f, D16_SP, r->np_at, "tag", "np",
		    "domain", s->name, "org", w->up.stops[w->up.org].name,
		    FINDING_END);
	if (r->psd == 'y' && registrable != NULL)
		(void)domain_find(c, D19_PSD, "domain", s->name, FINDING_END);
	if (is_own && c->no_mail &&
	    (r->p != DMARC_REJECT ||
		(r->sp != DMARC_ABSENT && r->sp != DMARC_REJECT)))
		(void)domain_find(c, D30_NO_MAIL, "domain", s->name,
		    FINDING_END);
	if (s->first != NULL && s->first->strings > 1)
		(void)domain_find(c, D23_STRINGS, "count",
		    findings_number(&c->f, s->first->strings), FINDING_END);
}

/* One name: its records, for those that matter. */
static void
show(struct walk *w, struct dmarc_stop *s)
{
	struct domain_check *c = w->c;
	const bool is_own = s == &w->up.stops[0];
	char *name = mem_printf("_dmarc.%s", s->name);
	struct dmarc_record r;
	size_t place;

	if (s->answer == NULL || (!is_own && s->records == 0)) {
		free(name);
		return;
	}
	place = domain_place(c, PLACE_DMARC, name, s->answer);
	if (s->answer->n_aliases > 0)
		(void)domain_find(c, D26_ALIAS, "name", name, "target",
		    s->answer->aliases[s->answer->n_aliases - 1], FINDING_END);
	if (s->records > 1)
		lint_several(w, s, place, name);
	else if (s->records == 1) {
		lint(c, place, s->first->text, s->first->len, &r);
		look_at_place_of(w, s, &r);
		look_at_hosts(c, s->name, &r);
		dmarc_record_free(&r);
	} else
		lint_nearly(c, place, s->answer);
	if (is_own)
		look_at_unrelated(c, place, name, s->answer);
	free(name);
}

/* ---- what applies --------------------------------------------------------- */

/* As RFC 7489 has it: its own record, or that of the registrable domain. */
static size_t
old_policy(const struct walk *w)
{
	const char *org = host_org(w->up.stops[0].name);

	if (w->up.stops[0].records > 1)
		return w->up.n; /* processing stops */
	if (w->up.stops[0].found)
		return 0;
	for (size_t i = 1; i < w->up.n; i++)
		if (org != NULL && strcmp(w->up.stops[i].name, org) == 0 &&
		    w->up.stops[i].found)
			return i;
	return w->up.n;
}

static void
say_policy(const struct walk *w, size_t i, char *out, size_t size)
{
	if (i == w->up.n)
		(void)snprintf(out, size, "no policy");
	else
		(void)snprintf(out, size, "%s%s, by _dmarc.%s",
		    dmarc_policy_name(dmarc_walk_policy(&w->up, i)),
		    w->up.stops[i].record.testing ? " (t=y)" : "",
		    w->up.stops[i].name);
}

static void
look_at_misplaced(struct domain_check *c)
{
	const char *domain = c->q->domain;
	const struct answer *apex = domain_ask(c, domain, DNS_TXT,
	    "whether a DMARC record is in the wrong place");
	char *doubled = mem_printf("_dmarc.%s.%s", domain, domain);
	const struct answer *a = domain_ask(c, doubled, DNS_TXT,
	    "whether a DMARC record is in the wrong place");

	for (size_t i = 0; apex != NULL && i < apex->n; i++)
		if (dmarc_record_is(apex->records[i].text,
			apex->records[i].len)) {
			(void)domain_find(c, D21_APEX, "domain", domain,
			    FINDING_END);
			break;
		}
	for (size_t i = 0; a != NULL && i < a->n; i++)
		if (dmarc_record_is(a->records[i].text, a->records[i].len)) {
			(void)domain_find(c, D21_DOUBLED, "name", doubled,
			    FINDING_END);
			break;
		}
	free(doubled);
}

static void
conclude(struct walk *w)
{
	struct domain_check *c = w->c;
	const size_t old = old_policy(w);
	const size_t n = dmarc_walk_labels(c->q->domain);
	char theirs[DOMAIN_POLICY_LEN];

	say_policy(w, w->up.policy, c->policy, sizeof(c->policy));
	say_policy(w, old, theirs, sizeof(theirs));
	c->f.at.record = 0;
	if (w->up.policy == w->up.n)
		(void)domain_find(c, D01_NONE, "domain", c->q->domain,
		    FINDING_END);
	if (old != w->up.policy)
		(void)domain_find(c, D31_DIFFERS, "old", theirs, "new",
		    c->policy, FINDING_END);
	if (n > DMARC_WALK_LABELS + 1 && !w->up.stops[0].found)
		(void)domain_find(c, D20_LABELS, "domain", c->q->domain,
		    "count", findings_number(&c->f, n), FINDING_END);
	if (!w->up.stops[0].found && w->up.stops[0].answer != NULL)
		look_at_misplaced(c);
	c->enforces = w->up.policy < w->up.n &&
	    dmarc_walk_policy(&w->up, w->up.policy) > DMARC_NONE &&
	    !w->up.stops[w->up.policy].record.testing;
}

/* ---- records that are given ----------------------------------------------- */

static void
check_given(struct domain_check *c)
{
	char *name = mem_printf("_dmarc.%s", c->q->domain);
	const size_t place = domain_place(c, PLACE_DMARC, name, NULL);

	for (size_t i = 0; i < c->q->n_given; i++) {
		const struct place_record *g = &c->q->given[i];
		struct dmarc_record r;

		if (domain_given_kind(g) != PLACE_DMARC)
			continue;
		lint(c, place, g->text, g->len, &r);
		if (r.psd == 'y' && host_org(c->q->domain) != NULL)
			(void)domain_find(c, D19_PSD, "domain", c->q->domain,
			    FINDING_END);
		look_at_hosts(c, c->q->domain, &r);
		dmarc_record_free(&r);
	}
	if (c->places[place].n > 1) {
		(void)domain_find(c, D02_SEVERAL, "name", name, "count",
		    findings_number(&c->f, c->places[place].n), FINDING_END);
		domain_publish(c, place, NULL);
	}
	free(name);
}

void
domain_check_dmarc(struct domain_check *c)
{
	struct walk w = { .c = c };
	bool known = true;

	if (c->q->n_given > 0) {
		check_given(c);
		return;
	}
	dmarc_walk_plan(&w.up, c->q->domain);
	for (size_t i = 0; i < w.up.n; i++) {
		look(&w, &w.up.stops[i]);
		known = known && w.up.stops[i].answer != NULL;
	}
	dmarc_walk_end(&w.up);
	for (size_t i = 0; i < w.up.n; i++)
		if (i == 0 || i == w.up.policy || i == w.up.org ||
		    w.up.stops[i].records > 1)
			show(&w, &w.up.stops[i]);
	if (known || w.up.stops[0].found)
		conclude(&w);
	dmarc_walk_free(&w.up);
}
