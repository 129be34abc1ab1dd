/* spf_lint_order: what the order and the size of an SPF record's terms say. */
#include "check/spf_lint_run.h"

#include <string.h>
#include <strings.h>

#include "check/spf_order.h"

#define SIZE_ADVISED 450

/* Wider networks than these are nobody's alone. */
#define WIDE_IP4 8
#define WIDE_IP6 19

/* So many terms are compared with each other. */
#define COMPARED_MAX 1000

#define mark         spf_lint_mark

static void
look_at_size(struct spf_lint_run *l, const struct spf_term *t)
{
	const struct tag_part all = mark(t->all);

	if (t->fault != SPF_FINE || t->qualifier != '+')
		return;
	if (t->kind == SPF_ALL)
		finding_mark_repaired(finding_add(l->f, S15_ALL, all, "domain",
		    l->domain, FINDING_END));
	else if (((t->kind == SPF_IP4 || t->kind == SPF_A ||
		      t->kind == SPF_MX) &&
		     t->prefix4 == 0) ||
	    ((t->kind == SPF_IP6 || t->kind == SPF_A || t->kind == SPF_MX) &&
		t->prefix6 == 0))
		(void)finding_add(l->f, S15_ALL, all, "domain", l->domain,
		    FINDING_END);
	else if (t->prefix4 <= WIDE_IP4 || t->prefix6 <= WIDE_IP6)
		(void)finding_add(l->f, S15_WIDE, all, FINDING_END);
}

static bool
is_repeated(const struct spf_lint_run *l, size_t i)
{
	const struct spf_part p = l->r.terms[i].all;

	if (l->r.terms[i].fault != SPF_FINE ||
	    spf_is_modifier(l->r.terms[i].kind) || i > COMPARED_MAX)
		return false;
	for (size_t k = 0; k < i; k++)
		if (l->r.terms[k].all.len == p.len &&
		    strncasecmp(l->r.text + l->r.terms[k].all.at,
			l->r.text + p.at, p.len) == 0)
			return true;
	return false;
}

/* What the order of terms says; end is where the first "all" is, or n. */
static void
look_at_term(struct spf_lint_run *l, size_t i, size_t end)
{
	const struct spf_term *t = &l->r.terms[i];
	const struct tag_part all = mark(t->all);
	struct findings *f = l->f;

	look_at_size(l, t);
	if (i > end && t->fault == SPF_FINE && !spf_is_modifier(t->kind))
		finding_mark_repaired(
		    finding_add(f, S13_BEHIND_ALL, all, FINDING_END));
	else if (is_repeated(l, i))
		finding_mark_repaired(finding_add(f, S40_REPEATED, all, "term",
		    findings_text(f, l->r.text + all.at, all.len),
		    FINDING_END));
	if (t->kind == SPF_REDIRECT && t->fault == SPF_FINE && end < l->r.n)
		finding_mark_repaired(
		    finding_add(f, S12_REDIRECT_ALL, all, FINDING_END));
	if (t->kind == SPF_PTR && t->fault == SPF_FINE)
		(void)finding_add(f, S18_PTR, all, FINDING_END);
	if (i == end && t->qualifier == '?')
		finding_mark_repaired(
		    finding_add(f, S17_NEUTRAL, all, FINDING_END));
	if (i == end && t->qualifier == '-' && l->r.n > 1)
		(void)finding_add(f, S17_FAIL, all, FINDING_END);
}

/* RFC 6652: rp= and rr= say how ra= is meant. */
static void
look_at_reports(struct spf_lint_run *l)
{
	size_t at = 0;
	bool ra = false;
	const struct spf_term *other = NULL;

	for (; at < l->r.n; at++) {
		const struct spf_term *t = &l->r.terms[at];
		const char *s = l->r.text + t->all.at;

		if (t->kind != SPF_OTHER_MODIFIER)
			continue;
		if (strncasecmp(s, "ra=", 3) == 0)
			ra = true;
		else if (strncasecmp(s, "rp=", 3) == 0 ||
		    strncasecmp(s, "rr=", 3) == 0)
			other = t;
	}
	if (other != NULL && !ra)
		(void)finding_add(l->f, S30_REPORTS, mark(other->all), "name",
		    findings_text(l->f, l->r.text + other->all.at, 2),
		    FINDING_END);
}

void
spf_lint_order(struct spf_lint_run *l)
{
	size_t end = l->r.n;

	for (size_t i = l->r.n; i > 0; i--)
		if (l->r.terms[i - 1].kind == SPF_ALL &&
		    l->r.terms[i - 1].fault == SPF_FINE)
			end = i - 1;
	for (size_t i = 0; i < l->r.n; i++)
		look_at_term(l, i, end);
	look_at_reports(l);
	/* Of the repaired one, as a misspelled end is an end. */
	if (!spf_order_ends(buf_str(&l->words)))
		finding_mark_repaired(finding_add(l->f, S16_NO_END,
		    (struct tag_part){ 0, 0 }, FINDING_END));
	if (l->r.len > SIZE_ADVISED)
		(void)finding_add(l->f, S19_LONG, (struct tag_part){ 0, 0 },
		    "count", findings_number(l->f, l->r.len), FINDING_END);
}
