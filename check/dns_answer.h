/*
 * dns_answer: a nameserver's reply as an answer.
 */
#ifndef CHECK_DNS_ANSWER_H
#define CHECK_DNS_ANSWER_H

#include <stddef.h>

#include "check/answers.h"
#include "check/reply.h"

/*
 * Take the records of that type out of the reply, and the names that aliases
 * led to.  A reply that is broken is ANSWER_FAILED; one without such a record
 * ANSWER_NO_DATA.
 */
void dns_answer(struct answer *out, const unsigned char *reply, size_t len,
    enum dns_type type);

/* Add one record, of a type that answers have.  False: it is broken. */
bool dns_answer_add(struct answer *out, const struct reply_record *r);

#endif
