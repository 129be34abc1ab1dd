/*
 * reply: what an answer of DNS says.
 *
 * Answers are written by whoever has the zone.  They are read here and not by
 * the library's own functions, which give up on all records when one name has
 * a byte that no host's has.
 */
#ifndef CHECK_REPLY_H
#define CHECK_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "common/address.h"

/* Types of records. */
enum {
	REPLY_A = 1,
	REPLY_NS = 2,
	REPLY_CNAME = 5,
	REPLY_PTR = 12,
	REPLY_AAAA = 28
};

/*
 * The names of the PTR records, aliases followed, clean (host_clean), each
 * once: at most max, in names[0..*n), which the caller frees one by one.
 * False: the answer is broken; what was read until then is there.
 */
bool reply_names(const unsigned char *reply, size_t len, char **names,
    size_t max, size_t *n);

/*
 * Whether the addresses of the answer, aliases followed, have this one.
 * False: it does not have it, but it is broken.
 */
bool reply_has_address(const unsigned char *reply, size_t len,
    const struct address *a, bool *found);

#endif
