/* dmarc_together: what the tags of a DMARC record say together. */
#include "check/dmarc_run.h"

#include <string.h>

static struct tag_part
at(const struct dmarc_run *r, const char *name)
{
	for (size_t i = 0; i < r->tags.n; i++)
		if (tags_is_any_case(&r->tags, r->tags.all[i].name, name))
			return r->tags.all[i].all;
	return (struct tag_part){ 0, 0 };
}

/* It is there, or was hidden behind a missing semicolon. */
static bool
has(const struct dmarc_run *r, const char *name)
{
	for (size_t i = 0; i < r->words.n; i++)
		if (strcmp(r->words.all[i].name, name) == 0)
			return true;
	return at(r, name).len > 0;
}

static void
look_at_test(struct dmarc_run *r)
{
	const struct dmarc_record *o = r->out;

	if (!o->testing)
		return;
	if (o->p <= DMARC_NONE && o->sp <= DMARC_NONE && o->np <= DMARC_NONE)
		(void)finding_add(r->f, D18_TEST_NONE, at(r, "t"), FINDING_END);
	else if (o->p > DMARC_NONE && !has(r, "pct"))
		(void)finding_add(r->f, D18_TEST_OLD, at(r, "t"), "policy",
		    dmarc_policy_name(o->p), FINDING_END);
}

static void
look_at_weaker(struct dmarc_run *r)
{
	const struct dmarc_record *o = r->out;
	const enum dmarc_policy sp = o->sp == DMARC_ABSENT ? o->p : o->sp;

	if (o->sp != DMARC_ABSENT && o->p > o->sp)
		(void)finding_add(r->f, D17_WEAKER, o->sp_at, "tag", "sp",
		    "value", dmarc_policy_name(o->sp), "policy",
		    dmarc_policy_name(o->p), "what", "names below",
		    FINDING_END);
	if (o->np != DMARC_ABSENT && sp > o->np)
		(void)finding_add(r->f, D17_WEAKER, o->np_at, "tag", "np",
		    "value", dmarc_policy_name(o->np), "policy",
		    dmarc_policy_name(sp), "what", "names that do not exist",
		    FINDING_END);
}

/* Whether p= is the second tag, as RFC 7489 has it. */
static bool
p_is_second(const struct dmarc_run *r)
{
	return r->tags.n > 1 &&
	    tags_is_any_case(&r->tags, r->tags.all[1].name, "p");
}

void
dmarc_run_together(struct dmarc_run *r)
{
	struct dmarc_record *o = r->out;

	if (!has(r, "p")) {
		finding_mark_repaired(finding_add(r->f, D04_NO_POLICY,
		    (struct tag_part){ 0, 0 }, FINDING_END));
		dmarc_words_add(&r->words, "p", "none");
	} else if (!p_is_second(r) && at(r, "p").len > 0)
		finding_mark_repaired(
		    finding_add(r->f, D06_ORDER, at(r, "p"), FINDING_END));
	look_at_test(r);
	look_at_weaker(r);
	if (!has(r, "rua") && o->n_rua == 0)
		(void)finding_add(r->f, D14_NO_RUA, (struct tag_part){ 0, 0 },
		    FINDING_END);
	if (has(r, "fo") && !has(r, "ruf"))
		(void)finding_add(r->f, D15_FO_ALONE, at(r, "fo"), FINDING_END);
	if (o->psd == 'y' && o->has_ruf)
		(void)finding_add(r->f, D19_PSD_RUF, at(r, "ruf"), FINDING_END);
	if (o->p == DMARC_ABSENT)
		o->p = DMARC_NONE;
}
