/*
 * spf: evaluates SPF (RFC 7208, section 4: check_host).
 *
 * A pure function of the question and of what is known of DNS.  When something
 * is not known, answers.h has noted what is wanted, and the same is asked
 * again when that has been found out.
 */
#ifndef CHECK_SPF_H
#define CHECK_SPF_H

#include <stdbool.h>
#include <stdint.h>

#include "check/answers.h"
#include "check/spf_record.h"
#include "common/address.h"

enum spf_result {
	SPF_NONE,
	SPF_NEUTRAL,
	SPF_PASS,
	SPF_FAIL,
	SPF_SOFTFAIL,
	SPF_TEMPERROR,
	SPF_PERMERROR,
	SPF_UNKNOWN_YET /* ask again when what is wanted is known */
};

/* Terms that ask DNS, questions without an answer, names of an MX or PTR
 * (section 4.6.4). */
#define SPF_ASKING_MAX 10
#define SPF_VOID_MAX   2
#define SPF_NAMES_MAX  10

/* What became of one term, or of a record as a whole (term NULL). */
struct spf_step {
	unsigned depth; /* 0: the domain's own record */
	const char *domain;
	const struct spf_record *record; /* NULL: there is none */
	const struct spf_term *term;
	const char *name;       /* that was asked for, or NULL */
	enum spf_result result; /* SPF_UNKNOWN_YET: it did not match */
	const char *note;       /* why, or NULL */
};

typedef void spf_seen(void *arg, const struct spf_step *step);

struct spf_question {
	struct address ip;
	/* MAIL FROM, or "" for the null sender. */
	const char *sender;
	const char *helo;
	const char *receiver; /* %{r}; NULL: unknown */
	int64_t now;          /* %{t} */
	unsigned void_max;    /* SPF_VOID_MAX unless somebody knows better */
	spf_seen *seen;       /* NULL: nobody watches */
	void *arg;
};

#define SPF_TEXT_LEN 512

struct spf_outcome {
	enum spf_result result;
	char why[SPF_TEXT_LEN];         /* of an error; else "" */
	char explanation[SPF_TEXT_LEN]; /* exp= of a fail; else "" */
	unsigned asking;                /* terms that asked DNS */
	unsigned voids;                 /* questions without an answer */
};

/* Evaluate the sender's domain, or that of helo for the null sender. */
void spf_check(struct answers *dns, const struct spf_question *q,
    struct spf_outcome *out);

/* The same with the text of a record in place of the one that is published. */
void spf_check_record(struct answers *dns, const struct spf_question *q,
    const char *record, struct spf_outcome *out);

/* "none", "pass" and so on. */
const char *spf_result_name(enum spf_result r);

#endif
