/* domain_spf: the SPF record of a domain. */
#include "check/domain_check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/spf_lint.h"
#include "check/spf_record.h"
#include "common/mem.h"

/* A name that nobody has: whether a wildcard answers for it. */
#define NOBODY "dmarc-check-asks-for-a-wildcard"

/* Records that are merged. */
#define MERGED_MAX 10

struct spf_part_of_check {
	struct domain_check *c;
	size_t place;
	size_t records; /* that count */
	size_t nearly;  /* that were meant to */
	const char *texts[MERGED_MAX];
	char *fixed; /* of the last one */
	struct finding_at at;
};

static void
take_record(struct spf_part_of_check *s, const char *text, size_t len,
    const struct answer_record *r)
{
	struct domain_check *c = s->c;

	domain_record(c, s->place, text, len);
	free(s->fixed);
	s->at = c->f.at;
	s->fixed = spf_lint(&c->f, c->q->domain, text, len);
	if (r == NULL || r->strings < 2)
		return;
	/* Where two strings meet, a space may be missing. */
	if (r->first_string > 0 && r->first_string < len &&
	    text[r->first_string - 1] != ' ' && text[r->first_string] != ' ' &&
	    (strncasecmp(text + r->first_string, "include:", 8) == 0 ||
		strncasecmp(text + r->first_string, "ip4:", 4) == 0 ||
		strncasecmp(text + r->first_string, "ip6:", 4) == 0 ||
		strchr("-~?", text[r->first_string]) != NULL))
		(void)finding_add(&c->f, S19_SPLIT,
		    (struct tag_part){ r->first_string - 1, 2 }, FINDING_END);
}

/* One TXT record of the domain, or one that is given. */
static void
take_text(struct spf_part_of_check *s, const char *text, size_t len,
    const struct answer_record *r)
{
	struct domain_check *c = s->c;

	if (len >= 6 && strncasecmp(text, "spf2.0", 6) == 0) {
		domain_record(c, s->place, text, len);
		(void)domain_find(c, S29_SENDER_ID, FINDING_END);
	} else if (spf_is_record(text, len)) {
		take_record(s, text, len, r);
		if (s->records < MERGED_MAX)
			s->texts[s->records] = text;
		s->records++;
	} else if (spf_lint_is_meant(text, len))
		s->nearly++;
}

/* What was meant to be a record, where there is no other. */
static void
take_nearly(struct spf_part_of_check *s, const char *text, size_t len)
{
	if (!spf_is_record(text, len) && spf_lint_is_meant(text, len))
		take_record(s, text, len, NULL);
}

static void
look_at_several(struct spf_part_of_check *s)
{
	struct domain_check *c = s->c;
	char *merged = s->records <= MERGED_MAX ?
	    spf_lint_merge(s->texts, s->records) :
	    NULL;
	struct finding *finding;

	c->f.at = (struct finding_at){ s->place, 0, { 0, 0 } };
	finding = domain_find(c, S02_SEVERAL, "domain", c->q->domain, "count",
	    findings_number(&c->f, s->records), FINDING_END);
	if (merged != NULL)
		finding_mark_repaired(finding);
	domain_publish(c, s->place, merged);
}

/* The type that nobody asks for any more. */
static void
look_at_type(struct spf_part_of_check *s)
{
	struct domain_check *c = s->c;
	const struct answer *a = domain_ask(c, c->q->domain, DNS_SPF,
	    "whether a record of the type SPF is there");

	if (a == NULL || a->state != ANSWER_RECORDS)
		return;
	if (s->records > 0) {
		(void)domain_find(c, S21_TYPE_TOO, FINDING_END);
		return;
	}
	domain_record(c, s->place, a->records[0].text, a->records[0].len);
	(void)domain_find(c, S21_TYPE, FINDING_END);
}

static void
look_at_wildcard(struct domain_check *c)
{
	char *name = mem_printf(NOBODY ".%s", c->q->domain);
	const struct answer *a = domain_ask(c, name, DNS_TXT,
	    "whether a wildcard has TXT records");

	if (a != NULL && a->state == ANSWER_RECORDS)
		(void)domain_find(c, S24_WILDCARD, "domain", c->q->domain,
		    FINDING_END);
	free(name);
}

static bool
is_fine(const char *text)
{
	struct spf_record r;
	const bool fine = spf_record_parse(&r, text, strlen(text)) == NULL;

	spf_record_free(&r);
	return fine;
}

/* What it costs; where it is in error, what it would cost as it should be. */
static void
look_at_cost(struct spf_part_of_check *s)
{
	struct domain_check *c = s->c;
	const char *publish = c->places[s->place].publish;
	const bool as_it_is = s->records == 1 && is_fine(s->texts[0]);
	char *text;

	if (!as_it_is && publish == NULL)
		return;
	c->f.at = s->at;
	text = mem_strdup(as_it_is ? s->texts[0] : publish);
	domain_check_spf_tree(c, text, as_it_is);
	domain_check_unused(c, text, as_it_is);
	if (c->no_mail && strcasecmp(text, "v=spf1 -all") != 0)
		(void)domain_find(c, S25_NO_MAIL, "domain", c->q->domain,
		    FINDING_END);
	free(text);
}

static void
finish(struct spf_part_of_check *s, const struct answer *a)
{
	struct domain_check *c = s->c;

	if (s->records > 1)
		look_at_several(s);
	else if (s->records + s->nearly > 0)
		domain_publish(c, s->place, s->fixed);
	else if (a != NULL)
		(void)domain_find(c,
		    a->state == ANSWER_NO_NAME ? S01_NO_NAME : S01_NONE,
		    "domain", c->q->domain, FINDING_END);
	if (s->records > 1)
		free(s->fixed);
	s->fixed = NULL;
	if (a != NULL) {
		look_at_type(s);
		look_at_wildcard(c);
	}
	look_at_cost(s);
}

void
domain_check_spf(struct domain_check *c)
{
	struct spf_part_of_check s = { .c = c };
	const struct answer *a = NULL;

	if (c->q->n_given == 0) {
		a = domain_ask(c, c->q->domain, DNS_TXT, "its SPF record");
		if (a == NULL)
			return;
	}
	s.place = domain_place(c, PLACE_SPF, c->q->domain, a);
	for (size_t i = 0; a != NULL && i < a->n; i++)
		take_text(&s, a->records[i].text, a->records[i].len,
		    &a->records[i]);
	for (size_t i = 0; a == NULL && i < c->q->n_given; i++)
		take_text(&s, c->q->given[i].text, c->q->given[i].len, NULL);
	if (s.records == 0 && s.nearly > 0) {
		for (size_t i = 0; a != NULL && i < a->n; i++)
			take_nearly(&s, a->records[i].text, a->records[i].len);
		for (size_t i = 0; a == NULL && i < c->q->n_given; i++)
			take_nearly(&s, c->q->given[i].text,
			    c->q->given[i].len);
	}
	finish(&s, a);
}
