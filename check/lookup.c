/* lookup: finds out what is wanted of DNS. */
#include "check/lookup.h"

#include <stdlib.h>

#include "check/dns_answer.h"
#include "common/clock.h"
#include "common/mem.h"

/* So many aliases are followed, when the nameserver does not. */
#define ALIASES_MAX 10

/* One question, with the aliases that were followed so far. */
struct question {
	struct lookup *l;
	const char *wanted;
	enum dns_type type;
	struct answer answer;
};

static void answered(void *arg, enum dns_result result,
    const unsigned char *reply, size_t len);
static void take(struct question *q, struct answer *a);

static void
put(struct question *q)
{
	answers_put(q->l->answers, q->wanted, q->type, &q->answer);
	q->l->open--;
	free(q);
}

/* A nameserver that knows only one zone stops at an alias that leads out of
 * it. */
static bool
goes_on(const struct question *q, const struct answer *a)
{
	return a->state == ANSWER_NO_DATA && a->n_aliases > 0 &&
	    q->answer.n_aliases + a->n_aliases <= ALIASES_MAX;
}

/* Ask for the last alias, or for what is wanted. */
static void
ask(struct question *q)
{
	struct lookup *l = q->l;
	const char *name = q->answer.n_aliases == 0 ?
	    q->wanted :
	    q->answer.aliases[q->answer.n_aliases - 1];
	struct answer a = { .state = ANSWER_FAILED };

	if (l->zone != NULL && zone_find(l->zone, name, q->type, &a)) {
		take(q, &a);
		return;
	}
	if (l->dns == NULL && l->code == DIAG_OK && clock_ms() < l->until)
		l->code = dns_open(&l->dns, l->servers, l->n_servers, l->until,
		    l->diag);
	if (l->dns == NULL || clock_ms() >= l->until)
		take(q, &a);
	else
		dns_ask(l->dns, name, (int)q->type, answered, q);
}

static void
take(struct question *q, struct answer *a)
{
	const bool more = goes_on(q, a);

	for (size_t i = 0; i < a->n_aliases; i++)
		answer_add_alias(&q->answer, a->aliases[i]);
	/* Aliases in a circle, or without an end, lead to no answer. */
	q->answer.state = !more && a->state == ANSWER_NO_DATA &&
		q->answer.n_aliases > ALIASES_MAX ?
	    ANSWER_FAILED :
	    a->state;
	for (size_t i = 0; i < a->n; i++)
		answer_add(&q->answer, &a->records[i]);
	answer_free(a);
	if (more)
		ask(q);
	else
		put(q);
}

static void
answered(void *arg, enum dns_result result, const unsigned char *reply,
    size_t len)
{
	struct question *q = arg;
	struct answer a = { .state = ANSWER_FAILED };

	switch (result) {
	case DNS_ANSWER:
		dns_answer(&a, reply, len, q->type);
		break;
	case DNS_NO_NAME:
		a.state = ANSWER_NO_NAME;
		break;
	case DNS_NO_DATA:
		a.state = ANSWER_NO_DATA;
		break;
	case DNS_FAILED:
	case DNS_SILENT:
	case DNS_STOPPED:
		break;
	}
	take(q, &a);
}

/* Ask for the next thing that is wanted; false: nothing is. */
static bool
ask_next(struct lookup *l)
{
	const char *name;
	enum dns_type type;
	struct question *q;

	if (!answers_wanted(l->answers, &name, &type))
		return false;
	q = mem_calloc(1, sizeof(*q));
	*q = (struct question){ .l = l, .wanted = name, .type = type };
	l->open++;
	ask(q);
	return true;
}

enum diag_code
lookup_wanted(struct lookup *l, struct answers *a, struct diag *d)
{
	bool more = true;

	l->answers = a;
	l->code = DIAG_OK;
	l->diag = d;
	while (more || l->open > 0) {
		while (more && l->open < l->parallel)
			more = ask_next(l);
		if (l->open > 0)
			dns_wait(l->dns, l->until);
		if (l->open > 0 && clock_ms() >= l->until)
			dns_stop(l->dns);
	}
	return l->code;
}

void
lookup_close(struct lookup *l)
{
	dns_close(l->dns);
	l->dns = NULL;
}
