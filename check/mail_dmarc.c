/* mail_dmarc: the DMARC result of one mail. */
#include "check/mail_dmarc.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- walks ------------------------------------------------------------------ */

/* Walk up from the domain; false: DNS is still to be asked. */
static bool
walk(struct dmarc_walk *w, struct answers *dns, const char *domain,
    size_t *failed)
{
	bool known = true;

	dmarc_walk_plan(w, domain);
	*failed = w->n;
	for (size_t i = 0; i < w->n; i++) {
		char name[DNS_NAME_LEN + 16];
		const struct answer *a;

		(void)snprintf(name, sizeof(name), "_dmarc.%s",
		    w->stops[i].name);
		if (strlen(name) > DNS_NAME_LEN || !dns_name(name))
			continue;
		a = answers_get(dns, name, DNS_TXT);
		known = known && a != NULL;
		if (a != NULL && a->state == ANSWER_FAILED && i < *failed)
			*failed = i;
		dmarc_walk_take(&w->stops[i], a);
	}
	dmarc_walk_end(w);
	return known;
}

/* Whether the author domain exists, where np= makes a difference (section
 * 4.10.1); false: DNS is still to be asked. */
static bool
look_for_domain(struct mail_dmarc *m, const char *author)
{
	const struct dmarc_walk *w = &m->walk;
	const struct answer *a;

	if (w->policy == 0 || w->policy >= w->n ||
	    w->stops[w->policy].record.np == DMARC_ABSENT)
		return true;
	a = answers_get(m->dns, author, DNS_A);
	m->no_such_domain = a != NULL && a->state == ANSWER_NO_NAME;
	return a != NULL;
}

bool
mail_dmarc_find(struct mail_dmarc *m, struct answers *dns, const char *author)
{
	bool known;

	mail_dmarc_free(m);
	m->dns = dns;
	known = walk(&m->walk, dns, author, &m->failed);
	return look_for_domain(m, author) && known;
}

bool
mail_dmarc_know(struct mail_dmarc *m, const char *domain)
{
	struct dmarc_walk w;
	size_t failed;
	const bool known = walk(&w, m->dns, domain, &failed);

	dmarc_walk_free(&w);
	return known;
}

void
mail_dmarc_free(struct mail_dmarc *m)
{
	dmarc_walk_free(&m->walk);
	*m = (struct mail_dmarc){ .dns = NULL };
}

/* ---- the result ------------------------------------------------------------- */

/* The organizational domain of a walk; the domain itself where none is found. */
static const char *
org_of(const struct dmarc_walk *w)
{
	return w->stops[w->org < w->n ? w->org : 0].name;
}

bool
mail_dmarc_is_aligned(const struct mail_dmarc *m, const char *domain,
    const char *author, char mode, bool *unsure)
{
	struct dmarc_walk w;
	size_t failed;
	bool is;

	if (strcasecmp(domain, author) == 0)
		return true;
	if (mode != 'r' || m->walk.n == 0)
		return false;
	(void)walk(&w, m->dns, domain, &failed);
	is = strcasecmp(org_of(&w), org_of(&m->walk)) == 0;
	if (!is && unsure != NULL && (failed < w.n || m->failed < m->walk.n))
		*unsure = true;
	dmarc_walk_free(&w);
	return is;
}

/* The alignment that the record asks for. */
static char
mode_of(const struct mail_dmarc *m, bool dkim)
{
	const struct dmarc_record *r;

	if (m->walk.policy >= m->walk.n)
		return 'r';
	r = &m->walk.stops[m->walk.policy].record;
	if (dkim)
		return r->adkim;
	return r->aspf;
}

static void
take_record(struct mail_dmarc *m)
{
	const struct answer_record *r = m->walk.stops[m->walk.policy].first;

	(void)snprintf(m->record, sizeof(m->record), "%.*s",
	    (int)(r->len < sizeof(m->record) ? r->len : sizeof(m->record) - 1),
	    r->text);
	m->testing = m->walk.stops[m->walk.policy].record.testing;
	m->policy = dmarc_policy_name(m->no_such_domain ?
		m->walk.stops[m->walk.policy].record.np :
		dmarc_walk_policy(&m->walk, m->walk.policy));
}

static const struct dkim_signature *
aligned_signature(const struct mail_dmarc *m, const struct mail_dmarc_input *in,
    bool *temporary)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct dkim_signature *s = &in->signatures[i];
		const bool good = s->result == DKIM_PASS && !s->testing;

		if (s->domain[0] == '\0' ||
		    !mail_dmarc_is_aligned(m, s->domain, in->author,
			mode_of(m, true), good ? temporary : NULL))
			continue;
		*temporary = *temporary || s->result == DKIM_TEMPERROR;
		if (good)
			return s;
	}
	return NULL;
}

static void
judge_author(struct mail_dmarc *m, const struct mail_dmarc_input *in)
{
	/* A record nearer to the author domain may be the one that applies. */
	bool temporary = m->failed < m->walk.policy;
	const struct dkim_signature *s = aligned_signature(m, in, &temporary);
	const bool spf = in->has_spf && in->spf == SPF_PASS &&
	    mail_dmarc_is_aligned(m, in->spf_domain, in->author,
		mode_of(m, false), &temporary);

	if (s != NULL || spf) {
		m->result = "pass";
		(void)snprintf(m->why, sizeof(m->why), "%s%.200s%s%s%.100s",
		    s == NULL ? "" : "DKIM: signed by ",
		    s == NULL ? "" : s->domain, s != NULL && spf ? "; " : "",
		    spf ? "SPF: sent in the name of " : "",
		    spf ? in->spf_domain : "");
		return;
	}
	if (temporary || (in->has_spf && in->spf == SPF_TEMPERROR)) {
		m->result = "temperror";
		(void)snprintf(m->why, sizeof(m->why),
		    "DNS did not answer, so it cannot be told");
		return;
	}
	m->result = in->has_spf ? "fail" : "unknown";
	(void)snprintf(m->why, sizeof(m->why),
	    "no signature of %.150s verifies%s%s", in->author,
	    in->has_spf ?
		", and SPF does not pass for a domain of it" :
		"; SPF could not be asked for: give --ip and --from, or --trusted",
	    m->testing ? "; t=y: receivers are to use the next weaker policy" :
			 "");
}

void
mail_dmarc_judge(struct mail_dmarc *m, const struct mail_dmarc_input *in)
{
	const bool failed = m->failed < m->walk.n;

	m->policy = NULL;
	if (in->author == NULL) {
		m->result = "permerror";
		(void)snprintf(m->why, sizeof(m->why),
		    "From has not exactly one address with a domain; DMARC has no result, and receivers refuse such mail");
		return;
	}
	if (m->walk.policy >= m->walk.n) {
		m->result = failed ? "temperror" : "none";
		(void)snprintf(m->why, sizeof(m->why), "%s%.200s",
		    failed ? "DNS did not answer for _dmarc." :
			     "there is no DMARC record for ",
		    in->author);
		return;
	}
	take_record(m);
	judge_author(m, in);
}
