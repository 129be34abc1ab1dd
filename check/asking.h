/*
 * asking: answers of DNS for a command, by its options --server, --zone,
 * --deadline and --parallel.
 */
#ifndef CHECK_ASKING_H
#define CHECK_ASKING_H

#include "check/answers.h"
#include "check/lookup.h"
#include "common/cli/args.h"
#include "common/diag.h"

struct asking {
	struct answers *answers;
	struct lookup lookup;
	struct zone *zone;
	struct address servers[DNS_SERVERS_MAX];
};

/* Read the options.  The caller closes it, also after an error. */
enum diag_code
asking_open(struct asking *q, const struct args *a, struct diag *d) MUST_CHECK;
void asking_close(struct asking *q);

/* Find out all that is wanted. */
enum diag_code asking_find_out(struct asking *q, struct diag *d) MUST_CHECK;

/* The answer to one question; the name may be in any form. */
enum diag_code asking_one(struct asking *q, const char *name,
    enum dns_type type, const struct answer **out, struct diag *d) MUST_CHECK;

#endif
