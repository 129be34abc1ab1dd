/*
 * spf_run: what the parts of one evaluation of SPF share.
 */
#ifndef CHECK_SPF_RUN_H
#define CHECK_SPF_RUN_H

#include "check/answers.h"
#include "check/spf.h"
#include "check/spf_record.h"
#include "common/buf.h"

/* Longer than any name that macros of ours can make, before it is cut. */
#define SPF_EXPANDED_MAX 65536

/* One evaluation: what is counted runs through all records. */
struct spf_run {
	struct answers *dns;
	const struct spf_question *q;
	struct spf_outcome *out;
	const char *sender; /* local-part@domain, never without either */
	const char *given;  /* the record to take for the first, or NULL */
};

/* A domain whose record is evaluated. */
struct spf_frame {
	const char *domain;
	unsigned depth;
	bool for_include; /* its exp= is nobody's */
	struct spf_record record;
};

/* Say why the result is an error; returns it. */
enum spf_result spf_error(struct spf_run *r, enum spf_result result,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Whether the address lies in the network. */
bool spf_in_network(const struct address *a, const struct address *net,
    unsigned prefix);

/* The type of the records that have addresses of the question's family. */
enum dns_type spf_address_type(const struct spf_run *r);

/* Whether an address of the answer, with the term's prefix, is that of the
 * question. */
bool spf_has_address(const struct spf_run *r, const struct answer *a,
    const struct spf_term *t);

/*
 * The names of the address that lead back to it (section 5.5), at most ten:
 * call visit for each until it says true.  What DNS does not answer here is no
 * error.  SPF_PASS: visit said true; SPF_NEUTRAL: it did not.
 */
enum spf_result spf_validated_names(struct spf_run *r,
    bool (*visit)(void *arg, const char *name), void *arg);

/* For that: whether name is the domain arg, or lies below it. */
bool spf_is_domains(void *arg, const char *name);

/* Append the text with its macros expanded.  SPF_NEUTRAL: it is there. */
enum spf_result spf_expand(struct spf_run *r, const struct spf_frame *f,
    const char *s, size_t len, struct buf *out);

/*
 * The name that the term means.  SPF_NEUTRAL: it is in name, "" when DNS
 * cannot be asked for it.
 */
enum spf_result spf_target(struct spf_run *r, const struct spf_frame *f,
    const struct spf_term *t, char name[DNS_NAME_LEN]);

#endif
