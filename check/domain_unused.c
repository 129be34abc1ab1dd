/* domain_unused: terms of SPF that cost questions, and that no address which
 * the reports show needs. */
#include "check/domain_check.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check/spf.h"
#include "check/spf_record.h"
#include "common/mem.h"

struct use {
	const struct spf_record *record;
	bool *needed; /* by the number of the term */
};

/* A term of the domain's own record decides: this address needs it. */
static void
remember(void *arg, const struct spf_step *step)
{
	struct use *u = arg;

	if (step->depth > 0 || step->term == NULL ||
	    step->result == SPF_UNKNOWN_YET)
		return;
	for (size_t i = 0; i < u->record->n; i++)
		if (u->record->terms[i].all.at == step->term->all.at)
			u->needed[i] = true;
}

/* False: something is wanted first. */
static bool
evaluate(struct domain_check *c, struct use *u, const char *text)
{
	char *sender = mem_printf("postmaster@%s", c->q->domain);
	bool known = true;

	for (size_t i = 0; i < c->q->n_sources; i++) {
		const struct spf_question q = { .ip = c->q->sources[i],
			.sender = sender,
			.helo = c->q->domain,
			.now = (int64_t)time(NULL),
			.void_max = SPF_VOID_MAX,
			.seen = remember,
			.arg = u };
		struct spf_outcome out;

		spf_check_record(c->dns, &q, text, &out);
		known = known && out.result != SPF_UNKNOWN_YET;
	}
	free(sender);
	return known;
}

/* What the term costs, by the lines of the tree. */
static unsigned
cost_of(const struct domain_check *c, const char *term, size_t len)
{
	for (size_t i = 0; i < c->n_costs; i++)
		if (c->costs[i].depth == 0 && strlen(c->costs[i].term) == len &&
		    strncmp(c->costs[i].term, term, len) == 0)
			return c->costs[i].cost;
	return 1;
}

void
domain_check_unused(struct domain_check *c, const char *text, bool is_published)
{
	struct spf_record r;
	struct use u = { .record = &r };

	/* A record that costs too much evaluates to nothing. */
	if (c->q->n_sources == 0 || c->waits || c->asking > SPF_ASKING_MAX)
		return;
	(void)spf_record_parse(&r, text, strlen(text));
	u.needed = mem_calloc(r.n + 1, sizeof(u.needed[0]));
	if (!evaluate(c, &u, text))
		c->waits = true;
	for (size_t i = 0; i < r.n && !c->waits; i++) {
		const struct spf_part all = r.terms[i].all;
		struct tag_part part = { 0, 0 };

		if (u.needed[i] || !spf_asks(r.terms[i].kind) ||
		    r.terms[i].qualifier != '+')
			continue;
		if (is_published)
			part = (struct tag_part){ all.at, all.len };
		(void)finding_add(&c->f, S37_UNUSED, part, "term",
		    findings_text(&c->f, text + all.at, all.len), "count",
		    findings_number(&c->f, cost_of(c, text + all.at, all.len)),
		    FINDING_END);
	}
	free(u.needed);
	spf_record_free(&r);
}
