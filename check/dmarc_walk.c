/* dmarc_walk: the DMARC record that applies to a domain. */
#include "check/dmarc_walk.h"

#include <string.h>

size_t
dmarc_walk_labels(const char *name)
{
	size_t n = 1;

	for (; *name != '\0'; name++)
		n += *name == '.' ? 1 : 0;
	return n;
}

void
dmarc_walk_plan(struct dmarc_walk *w, const char *domain)
{
	const char *name = domain;

	*w = (struct dmarc_walk){ .n = 0 };
	while (name != NULL && w->n < DMARC_WALK_MAX) {
		w->stops[w->n++].name = name;
		name = strchr(name, '.');
		if (name != NULL)
			name++;
		while (w->n == 1 && name != NULL &&
		    dmarc_walk_labels(name) > DMARC_WALK_LABELS)
			name = strchr(name, '.') + 1;
	}
}

/* What a tag asks for as it stands; *bad: nothing that it may. */
static enum dmarc_policy
published(const struct tags *t, const char *name, bool *bad)
{
	const struct tag *tag = tags_find(t, name);

	if (tag == NULL)
		return DMARC_ABSENT;
	for (enum dmarc_policy p = DMARC_NONE; p <= DMARC_REJECT; p++)
		if (tags_is_any_case(t, tag->value, dmarc_policy_name(p)))
			return p;
	*bad = true;
	return DMARC_ABSENT;
}

/*
 * The check repairs a record as it reads; receivers do not.  Where p, sp or np
 * says nothing they take p=none, if there is an address for reports, and no
 * record otherwise (section 4.7).
 */
static void
take_as_published(struct dmarc_stop *s)
{
	struct dmarc_record *r = &s->record;
	bool bad = false;
	struct tags t;

	tags_parse(&t, s->first->text, s->first->len);
	r->p = published(&t, "p", &bad);
	r->sp = published(&t, "sp", &bad);
	r->np = published(&t, "np", &bad);
	s->found = r->usable;
	if (bad || r->p == DMARC_ABSENT) {
		r->p = DMARC_NONE;
		r->sp = DMARC_ABSENT;
		r->np = DMARC_ABSENT;
		s->found = r->usable && r->n_rua > 0 &&
		    tags_find(&t, "rua") != NULL;
	}
	tags_free(&t);
}

void
dmarc_walk_take(struct dmarc_stop *s, const struct answer *answer)
{
	struct findings silent = { 0 };

	s->answer = answer;
	for (size_t i = 0; answer != NULL && i < answer->n; i++)
		if (dmarc_record_is(answer->records[i].text,
			answer->records[i].len) &&
		    s->records++ == 0)
			s->first = &answer->records[i];
	if (s->records != 1)
		return;
	dmarc_record_check(&silent, s->first->text, s->first->len, &s->record);
	findings_free(&silent);
	take_as_published(s);
}

/* Section 4.10.2. */
static void
find_org(struct dmarc_walk *w)
{
	w->org = w->n;
	for (size_t i = 0; i < w->n; i++) {
		if (!w->stops[i].found)
			continue;
		if (w->stops[i].record.psd == 'n') {
			w->org = i;
			return;
		}
		if (w->stops[i].record.psd == 'y' && i > 0) {
			w->org = i - 1;
			return;
		}
		w->org = i;
	}
}

/* Section 4.10.1: its own, the organizational domain's, a suffix's. */
static void
find_policy(struct dmarc_walk *w)
{
	w->policy = w->n;
	if (w->stops[0].found)
		w->policy = 0;
	else if (w->org < w->n && w->stops[w->org].found)
		w->policy = w->org;
	else
		for (size_t i = 0; i < w->n && w->policy == w->n; i++)
			if (w->stops[i].found && w->stops[i].record.psd == 'y')
				w->policy = i;
}

void
dmarc_walk_end(struct dmarc_walk *w)
{
	find_org(w);
	find_policy(w);
}

enum dmarc_policy
dmarc_walk_policy(const struct dmarc_walk *w, size_t i)
{
	const struct dmarc_record *r = &w->stops[i].record;

	return i > 0 && r->sp != DMARC_ABSENT ? r->sp : r->p;
}

void
dmarc_walk_free(struct dmarc_walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		dmarc_record_free(&w->stops[i].record);
	w->n = 0;
}
