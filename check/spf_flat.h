/*
 * spf_flat: the networks that an SPF record authorises, its includes followed.
 */
#ifndef CHECK_SPF_FLAT_H
#define CHECK_SPF_FLAT_H

#include <stdbool.h>
#include <stddef.h>

#include "check/answers.h"

/* Records that are looked into, at most; RFC 7208 lets ten be asked for. */
#define SPF_FLAT_RECORDS_MAX 200

struct spf_flat;

/*
 * Follow the record of the domain (a clean name).  False: something is wanted
 * of DNS; ask again when it is known, with a new one.
 */
bool spf_flatten(struct spf_flat *f, struct answers *dns, const char *domain);

struct spf_flat *spf_flat_new(void);
void spf_flat_free(struct spf_flat *f); /* NULL is fine */

/* A network: "ip4:192.0.2.0/24", once, and the record and term it is from. */
struct spf_flat_network {
	char *network;
	char *domain;
	char *term;
};

size_t spf_flat_networks(const struct spf_flat *f,
    const struct spf_flat_network **out);

/* What is wrong, or cannot be written as networks; term may be NULL. */
struct spf_flat_problem {
	char *domain;
	char *term;
	const char *text;
};

size_t spf_flat_problems(const struct spf_flat *f,
    const struct spf_flat_problem **out);

/* Terms that ask DNS, all of them; an evaluation may come to less. */
unsigned spf_flat_asking(const struct spf_flat *f);

#endif
