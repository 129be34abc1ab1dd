/* spf_lint_terms: what is wrong with each term of an SPF record. */
#include "check/spf_lint_run.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/spf_repair.h"
#include "common/mem.h"

#define mark spf_lint_mark

static char *
piece(const struct spf_lint_run *l, size_t i)
{
	const struct spf_part p = l->r.terms[i].all;

	return strndup(l->r.text + p.at, p.len);
}

static void
add_word(struct spf_lint_run *l, const char *word)
{
	(void)buf_putc(&l->words, ' ');
	(void)buf_add(&l->words, word);
}

/* Say it, and take the repaired term, or the old one when there is none. */
static void
settle(struct spf_lint_run *l, struct finding *finding, const char *old,
    char *repaired)
{
	if (repaired != NULL)
		finding_mark_repaired(finding);
	add_word(l, repaired != NULL ? repaired : old);
	free(repaired);
}

/* ---- a space within a term ------------------------------------------------ */

/* The two in one term, or NULL: they are not two halves of one. */
static char *
join(const char *a, const char *b)
{
	const size_t len = strlen(a);
	char *s = mem_printf("%s%s", a, b);
	char *better;

	if (len == 0 || (spf_term_is_fine(b) && strcasecmp(b, "all") != 0)) {
		free(s);
		return NULL;
	}
	if (spf_term_is_fine(s))
		return s;
	better = spf_repair_name(s);
	if (better == NULL && strchr(":=", a[len - 1]) == NULL &&
	    strchr(":=/", b[0]) == NULL) {
		free(s);
		s = mem_printf("%s:%s", a, b);
		better = spf_term_is_fine(s) ? mem_strdup(s) :
					       spf_repair_name(s);
	}
	free(s);
	return better;
}

/* Whether the text is a half that asks for another. */
static bool
is_half(const char *a, const char *b)
{
	const size_t len = strlen(a);

	if (len == 1 && strchr("+-~?", a[0]) != NULL)
		return true;
	if (len > 0 && strchr(":=", a[len - 1]) != NULL)
		return true;
	if (b[0] == '/' && strchr(a, '/') == NULL)
		return true;
	return b[0] == ':' || strcasecmp(a, "ip4") == 0 ||
	    strcasecmp(a, "ip6") == 0 || strcasecmp(a, "include") == 0 ||
	    strcasecmp(a, "exists") == 0;
}

/* Whether the term and the next were one, and it is settled. */
static bool
take_halves(struct spf_lint_run *l, size_t i)
{
	const struct spf_term *t = &l->r.terms[i];
	char *a = piece(l, i);
	char *b = i + 1 < l->r.n ? piece(l, i + 1) : NULL;
	char *one = b != NULL && is_half(a, b) ? join(a, b) : NULL;
	struct finding *finding;

	if (one != NULL) {
		finding = finding_add(l->f, S04_SPACE,
		    (struct tag_part){ t->all.at,
			t[1].all.at + t[1].all.len - t->all.at },
		    FINDING_END);
		finding_mark_repaired(finding);
		if (t->fault == SPF_FAULT_MECHANISM && strlen(a) > 1) {
			finding = finding_add(l->f, S03_MECHANISM, mark(t->all),
			    "name", findings_text(l->f, a, strcspn(a, ":=/")),
			    FINDING_END);
			finding_mark_repaired(finding);
		}
		add_word(l, one);
	}
	free(one);
	free(a);
	free(b);
	return one != NULL;
}

/* ---- one term ------------------------------------------------------------- */

/* Terms that run into each other. */
static bool
take_several(struct spf_lint_run *l, const struct spf_term *t, const char *s)
{
	const bool may = t->fault == SPF_FAULT_ADDRESS ||
	    t->fault == SPF_FAULT_MECHANISM || t->fault == SPF_FAULT_DOMAIN ||
	    t->fault == SPF_FAULT_PREFIX || t->fault == SPF_FAULT_ARGUMENT ||
	    (t->fault == SPF_FINE && t->domain.len > 0 &&
		!spf_is_modifier(t->kind));
	char *glued = may ? spf_repair_glued(s) : NULL;
	char *separated = may && glued == NULL ? spf_repair_separated(s) : NULL;
	struct finding *finding = NULL;

	if (glued != NULL)
		finding = finding_add(l->f, S32_GLUED, mark(t->all), "all",
		    strrchr(glued, ' ') + 1, FINDING_END);
	else if (separated != NULL)
		finding = finding_add(l->f, S38_SEPARATOR, mark(t->all),
		    "separator", strchr(s, ',') != NULL ? "," : ";",
		    FINDING_END);
	else
		return false;
	settle(l, finding, s, glued != NULL ? glued : separated);
	return true;
}

/* "1.2.3.4" or "nonsense:x". */
static void
take_mechanism(struct spf_lint_run *l, const struct spf_term *t, const char *s)
{
	char *repaired = spf_repair_name(s);
	const size_t q = strchr("+-~?", s[0]) != NULL ? 1 : 0;
	struct finding *finding;

	if (repaired != NULL && strlen(repaired) == strlen(s) + 4 &&
	    strcmp(repaired + q + 4, s + q) == 0)
		finding = finding_add(l->f, S03_ADDRESS, mark(t->all),
		    "mechanism",
		    strncmp(repaired + q, "ip4", 3) == 0 ? "ip4" : "ip6",
		    FINDING_END);
	else
		finding = finding_add(l->f, S03_MECHANISM, mark(t->all), "name",
		    findings_text(l->f, s, strcspn(s, ":=/")), FINDING_END);
	settle(l, finding, s, repaired);
}

static void
take_address(struct spf_lint_run *l, const struct spf_term *t, const char *s)
{
	const char *colon = strchr(s, ':');
	const char *address = colon == NULL ? s : colon + 1;

	settle(l,
	    finding_add(l->f, S05_ADDRESS, mark(t->wrong), "mechanism",
		t->kind == SPF_IP4 ? "ip4" : "ip6", "address",
		findings_text(l->f, address, strlen(address)), FINDING_END),
	    s, spf_repair_address(s));
}

static void
take_modifier(struct spf_lint_run *l, const struct spf_term *t, const char *s)
{
	const size_t len = strcspn(s, "=");
	const bool reports = len == 2 && strchr("rR", s[0]) != NULL;
	char *repaired;
	struct finding *finding;

	/* RFC 6652. */
	if (reports && strchr("aApPrR", s[1]) != NULL) {
		add_word(l, s);
		return;
	}
	repaired = spf_repair_modifier(s);
	finding = finding_add(l->f, S14_MODIFIER, mark(t->all), "name",
	    findings_text(l->f, s, len), FINDING_END);
	finding_mark_repaired(finding);
	if (repaired != NULL)
		add_word(l, repaired);
	free(repaired);
}

/* A second redirect= or exp=. */
static void
take_twice(struct spf_lint_run *l, const struct spf_term *t, size_t i,
    const char *s)
{
	struct finding *finding = finding_add(l->f, S11_TWICE, mark(t->all),
	    "name", t->kind == SPF_EXP ? "exp" : "redirect", FINDING_END);
	bool same = t->kind == SPF_EXP;

	for (size_t k = 0; k < i; k++)
		if (l->r.terms[k].all.len == t->all.len &&
		    strncasecmp(l->r.text + l->r.terms[k].all.at, s,
			t->all.len) == 0)
			same = true;
	if (same)
		finding_mark_repaired(finding);
	else
		add_word(l, s);
}

static void
take_fine(struct spf_lint_run *l, const struct spf_term *t, const char *s)
{
	char *once = t->domain.len > 0 ? spf_repair_name_twice(s) : NULL;
	const char *name;

	if (t->kind == SPF_OTHER_MODIFIER) {
		take_modifier(l, t, s);
		return;
	}
	if (once == NULL) {
		add_word(l, s);
		return;
	}
	name = s + strcspn(s, ":=") + 1;
	settle(l,
	    finding_add(l->f, S39_NAME_TWICE, mark(t->domain), "name",
		findings_text(l->f, name, strcspn(name, ":")), FINDING_END),
	    s, once);
}

static void
take_fault(struct spf_lint_run *l, const struct spf_term *t, size_t i,
    const char *s)
{
	struct findings *f = l->f;
	const struct tag_part wrong = mark(t->wrong);
	const char *what = findings_text(f, l->r.text + wrong.at, wrong.len);
	char *all;

	switch (t->fault) {
	case SPF_FINE:
		take_fine(l, t, s);
		break;
	case SPF_FAULT_MECHANISM:
		take_mechanism(l, t, s);
		break;
	case SPF_FAULT_NO_ARGUMENT:
		/* Without the term the record says the same, and counts. */
		finding_mark_repaired(finding_add(f, S35_ARGUMENT, wrong,
		    "term", what, FINDING_END));
		break;
	case SPF_FAULT_ARGUMENT:
		all = mem_printf("%.*sall",
		    strchr("+-~?", s[0]) != NULL ? 1 : 0, s);
		settle(l,
		    finding_add(f, S36_NO_ARGUMENT, wrong, "term", what,
			FINDING_END),
		    s, all);
		break;
	case SPF_FAULT_ADDRESS:
		take_address(l, t, s);
		break;
	case SPF_FAULT_PREFIX:
		settle(l,
		    finding_add(f, S05_PREFIX, wrong, "prefix", what,
			FINDING_END),
		    s, spf_repair_prefix(s));
		break;
	case SPF_FAULT_DOMAIN:
		settle(l,
		    finding_add(f, S34_DOMAIN, wrong, "name", what,
			FINDING_END),
		    s, spf_repair_domain(s));
		break;
	case SPF_FAULT_MACRO:
		settle(l,
		    finding_add(f, S34_MACRO, wrong, "name", what, FINDING_END),
		    s, NULL);
		break;
	case SPF_FAULT_BYTE:
		settle(l, finding_add(f, S20_BYTES, wrong, FINDING_END), s,
		    NULL);
		break;
	case SPF_FAULT_TWICE:
		take_twice(l, t, i, s);
		break;
	}
}

void
spf_lint_terms(struct spf_lint_run *l)
{
	for (size_t i = 0; i < l->r.n; i++) {
		char *s;

		if (take_halves(l, i)) {
			i++;
			continue;
		}
		s = piece(l, i);
		if (!take_several(l, &l->r.terms[i], s))
			take_fault(l, &l->r.terms[i], i, s);
		free(s);
	}
}
