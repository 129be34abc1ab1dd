/*
 * finding: what a check has to say of a domain's records.
 *
 * Everything that can be said stands in one table, finding_kinds: its name,
 * how bad it is, where it is written, and a sentence with named arguments.
 * What was found is a row of that table with its arguments, and a place.
 */
#ifndef CHECK_FINDING_H
#define CHECK_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "check/finding_id.h"
#include "check/tags.h"

enum severity {
	SEVERITY_ERROR,   /* authentication or policy is void, or wrong */
	SEVERITY_WARNING, /* fragile, or obsolete */
	SEVERITY_UNKNOWN, /* DNS did not say */
	SEVERITY_INFO
};

struct finding_kind {
	const char *name; /* "S03"; several rows may have the same */
	enum severity severity;
	const char *section;  /* "RFC 7208, section 4.6"; "" for none */
	const char *sentence; /* {name} is an argument */
};

extern const struct finding_kind finding_kinds[FINDING_COUNT];

/* "error", "warning", "unknown" and "note". */
const char *severity_name(enum severity s);

/* Which record, and what of it; len 0: all of it. */
struct finding_at {
	size_t place; /* number in the check's places; NO_PLACE: none */
	size_t record;
	struct tag_part part;
};

#define NO_PLACE ((size_t)-1)

struct finding {
	enum finding_id id;
	struct finding_at at;
	char *sentence; /* printable */
	/* What to publish besides, as lines of a zone file; NULL: nothing. */
	char *zone;
	bool repaired; /* the corrected record of the place no longer has it */
};

/* What is found of one domain; more than that is counted only. */
#define FINDINGS_MAX 500

struct findings {
	struct finding *all;
	size_t n;
	size_t more;
	struct finding_at at; /* for those that are added next */
	char **texts;         /* see findings_text() */
	size_t n_texts;
};

void findings_free(struct findings *f);

/* Ends the arguments of a finding: a NULL may be an int. */
#define FINDING_END ((const char *)NULL)

/*
 * Add one: pairs of an argument's name and its value, then FINDING_END.  The mark is
 * part of f->at.  The result lives until the next is added; NULL: there are
 * too many.
 */
struct finding *finding_add(struct findings *f, enum finding_id id,
    struct tag_part part, ...) __attribute__((sentinel));

/* The corrected record no longer has it; NULL is fine. */
void finding_mark_repaired(struct finding *finding);

/* A part of a record, and a number, as an argument; f keeps it. */
const char *findings_text(struct findings *f, const char *text, size_t len);
const char *findings_number(struct findings *f, size_t n);

/* Whether the correction does away with any, from number from on; it does with
 * none of them after all. */
bool findings_any_repaired(const struct findings *f, size_t from);
void findings_take_back(struct findings *f, size_t from);

/* How many are at least that bad. */
size_t findings_count(const struct findings *f, enum severity worst);
bool findings_have(const struct findings *f, enum finding_id id);

/* Bytes as people may see them: what is no printable ASCII is \DDD, as zone
 * files have it, and nothing is longer than max; the caller frees. */
char *finding_shown(const char *text, size_t len, size_t max);

#endif
