/*
 * dmarc_walk: from a domain upwards to the DMARC record that applies to it, and
 * to its organizational domain (RFC 9989, section 4.10).
 *
 * The caller asks DNS for "_dmarc." and the name of each stop.
 */
#ifndef CHECK_DMARC_WALK_H
#define CHECK_DMARC_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "check/answers.h"
#include "check/dmarc_record.h"

/* Names that a walk asks for, and labels of the second one. */
#define DMARC_WALK_MAX    8
#define DMARC_WALK_LABELS 7

struct dmarc_stop {
	const char *name; /* within the domain's */
	const struct answer *answer;
	size_t records; /* that begin as they must */
	const struct answer_record *first;
	struct dmarc_record record; /* when there is one */
	bool found;
};

struct dmarc_walk {
	struct dmarc_stop stops[DMARC_WALK_MAX];
	size_t n;
	size_t org;    /* the organizational domain's; n: none */
	size_t policy; /* that whose record applies; n: none */
};

size_t dmarc_walk_labels(const char *name);

/* The names to ask for; domain must outlive w. */
void dmarc_walk_plan(struct dmarc_walk *w, const char *domain);

/* What DNS said of a stop; NULL: nothing. */
void dmarc_walk_take(struct dmarc_stop *s, const struct answer *answer);

/* All stops have their answer: org and policy. */
void dmarc_walk_end(struct dmarc_walk *w);

/* The policy for the domain that was walked from, by the record of a stop. */
enum dmarc_policy dmarc_walk_policy(const struct dmarc_walk *w, size_t i);

void dmarc_walk_free(struct dmarc_walk *w);

#endif
