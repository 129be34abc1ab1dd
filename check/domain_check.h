/*
 * domain_check: everything that DNS says of a domain's mail, and what is wrong
 * with it.
 *
 * A pure function of the question and of what is known of DNS, as answers.h
 * has it: when something is wanted, the same check is made again when it is
 * known.
 */
#ifndef CHECK_DOMAIN_CHECK_H
#define CHECK_DOMAIN_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "check/answers.h"
#include "check/finding.h"
#include "common/address.h"

enum place_kind {
	PLACE_SPF,
	PLACE_DMARC,
	PLACE_REPORTS, /* _report._dmarc: may reports go there? */
	PLACE_KEY,
	PLACE_MX,
	PLACE_TLSRPT,
	PLACE_STS,
	PLACE_STS_POLICY,
	PLACE_BIMI,
	PLACE_GIVEN, /* a record of no kind */
	PLACE_KINDS
};

/* "spf", "dmarc" and so on. */
const char *place_kind_name(enum place_kind kind);

/* A record there, or the name of a mail server. */
struct place_record {
	char *text;
	size_t len;
	size_t longest_string; /* of one that is given in strings, else 0 */
};

/* What a record that is given means to be; PLACE_GIVEN: nothing known. */
enum place_kind domain_given_kind(const struct place_record *r);

/* A name that was looked at. */
struct place {
	enum place_kind kind;
	char *name;
	bool given; /* by --record, not looked up */
	enum answer_state state;
	struct place_record *records;
	size_t n;
	char *path;    /* the names that aliases led to, " -> " between */
	char *publish; /* the one record that should be there; NULL: as it is,
	                * or nobody knows */
};

/* A term of SPF that asks DNS, or a record's total (term NULL). */
struct spf_cost {
	unsigned depth;
	char *term;
	char *name;
	unsigned cost;    /* with all below it */
	const char *note; /* NULL: none */
};

/* A key to look for. */
struct key_name {
	const char *selector;
	const char *domain; /* NULL: the domain that is checked */
};

struct domain_question {
	const char *domain; /* clean */
	const struct key_name *keys;
	size_t n_keys;
	/* Records to check in place of what is published; then only these are
	 * looked at, and what they lead to. */
	const struct place_record *given;
	size_t n_given;
	/* Addresses that the reports show; none: they are not known. */
	const struct address *sources;
	size_t n_sources;
};

#define DOMAIN_POLICY_LEN 400

struct domain_check {
	const struct domain_question *q;
	struct answers *dns;
	bool waits;
	struct findings f;
	struct place *places;
	size_t n_places;
	struct spf_cost *costs;
	size_t n_costs;
	unsigned asking;      /* terms of SPF that ask DNS */
	bool asking_is_least; /* there are more, below what was not asked for */
	bool no_mail;         /* it has the null MX */
	bool has_mx;
	char policy[DOMAIN_POLICY_LEN]; /* what DMARC asks for; "" */
	bool enforces;                  /* quarantine or reject, for all mail */
};

/* False: something is wanted of DNS.  The caller frees c, then or later. */
bool domain_check(struct domain_check *c, struct answers *dns,
    const struct domain_question *q);
void domain_check_free(struct domain_check *c);

/* ---- for its parts -------------------------------------------------------- */

/* What DNS says; NULL: it is not known yet, or never will be, which is a
 * finding then.  what is what that leaves open. */
const struct answer *domain_ask(struct domain_check *c, const char *name,
    enum dns_type type, const char *what);

/* "NXDOMAIN" or "no such record": why there is nothing. */
const char *domain_why(const struct answer *a);

/* A place, with the names that aliases led to; a may be NULL.  Findings that
 * are added next are of it.  Its number. */
size_t domain_place(struct domain_check *c, enum place_kind kind,
    const char *name, const struct answer *a);

/* Another record of the place; findings that are added next are of it. */
void domain_record(struct domain_check *c, size_t place, const char *text,
    size_t len);

/* What should be there; takes over text. */
void domain_publish(struct domain_check *c, size_t place, char *text);

/* A finding about nothing in particular of the record, or of no place. */
#define domain_find(c, id, ...) \
	finding_add(&(c)->f, id, (struct tag_part){ 0, 0 }, __VA_ARGS__)

void domain_check_spf(struct domain_check *c);
void domain_check_spf_tree(struct domain_check *c, const char *text,
    bool is_published);
void domain_check_unused(struct domain_check *c, const char *text,
    bool is_published);
void domain_check_dmarc(struct domain_check *c);
void domain_check_reports(struct domain_check *c, const char *domain,
    const char *const *hosts, size_t n);
void domain_check_keys(struct domain_check *c);
void domain_check_mx(struct domain_check *c);
void domain_check_small(struct domain_check *c);

#endif
