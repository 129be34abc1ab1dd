/*
 * lookup: finds out what is wanted of DNS.
 *
 * A zone file, if there is one, answers for its names; a nameserver for all
 * others.  All questions together have one deadline.
 */
#ifndef CHECK_LOOKUP_H
#define CHECK_LOOKUP_H

#include <stddef.h>
#include <stdint.h>

#include "check/answers.h"
#include "check/dns.h"
#include "check/zone.h"
#include "common/address.h"
#include "common/diag.h"

struct lookup {
	const struct zone *zone; /* NULL: none */
	const struct address *servers;
	size_t n_servers; /* 0: those of resolv.conf */
	size_t parallel;  /* questions at once, at most */
	int64_t until;    /* clock_ms */
	/* From here on not the caller's. */
	struct dns *dns; /* opened when the first question needs it */
	struct answers *answers;
	size_t open;
	enum diag_code code;
	struct diag *diag;
};

/*
 * Find out all that is wanted, and what that leads to.  What nobody answers
 * until the deadline is ANSWER_FAILED.  DIAG_RETRY: no nameserver is there.
 */
enum diag_code
lookup_wanted(struct lookup *l, struct answers *a, struct diag *d) MUST_CHECK;
void lookup_close(struct lookup *l);

#endif
