/*
 * answers: what is known of DNS.
 *
 * Whoever needs an answer asks here.  What is not known is noted as wanted;
 * somebody else (a nameserver, a zone file) finds out, and the work that needed
 * it is done again from its beginning.  So the work is a pure function of what
 * is here, and many pieces of it can want their answers at once.
 */
#ifndef CHECK_ANSWERS_H
#define CHECK_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

#include "check/dns_type.h"
#include "common/address.h"

enum answer_state {
	ANSWER_RECORDS,
	ANSWER_NO_DATA, /* the name exists, or nobody says that it does not */
	ANSWER_NO_NAME, /* NXDOMAIN */
	ANSWER_FAILED   /* SERVFAIL, no answer in time, one that is broken */
};

struct answer_record {
	char *text; /* TXT: all strings in one; a name, lower case; else NULL */
	size_t len; /* of text: TXT may hold any byte */
	unsigned strings;       /* TXT: it came in so many */
	unsigned first_string;  /* TXT: bytes of the first */
	unsigned preference;    /* MX */
	struct address address; /* A, AAAA */
};

struct answer {
	enum answer_state state;
	struct answer_record *records;
	size_t n;
	char **aliases; /* the names that CNAME led to, in order */
	size_t n_aliases;
};

/* As many records of an answer are kept. */
#define ANSWER_RECORDS_MAX 1000

/* The longest name, without its last dot, and a NUL. */
#define DNS_NAME_LEN 254

struct answers;

struct answers *answers_new(void);
void answers_free(struct answers *a); /* NULL is fine */

/*
 * Whether DNS can be asked for the name: no label is empty or longer than 63
 * bytes, all are no longer than 253.  A dot at its end is cut off, letters are
 * made lower case.
 */
bool dns_name(char *name);

/* What is known; NULL: nothing yet, and it is wanted from now on.  name is one
 * that dns_name() has seen. */
const struct answer *
answers_get(struct answers *a, const char *name, enum dns_type type);

/* Tell what is known; replaces what was known before.  Takes over answer's
 * memory and empties it. */
void answers_put(struct answers *a, const char *name, enum dns_type type,
    struct answer *answer);

/* The next thing that is wanted and was not handed out before; false: there is
 * none.  *name lives as long as a. */
bool answers_wanted(struct answers *a, const char **name, enum dns_type *type);

/* Put together an answer. */
void answer_add(struct answer *answer, const struct answer_record *r);
void answer_add_alias(struct answer *answer, const char *name);
void answer_free(struct answer *answer);

/* A type's name, or NULL. */
const char *dns_type_name(enum dns_type type);

#endif
