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

#include "check/dns_type.h"
#include "common/address.h"

/* A record of the answer; its data lies within the reply. */
struct reply_record {
	const unsigned char *reply;
	size_t reply_len;
	unsigned type; /* enum dns_type, or another */
	size_t data;
	size_t len;
};

/*
 * Call visit for each record of the name that was asked for, aliases followed
 * and shown, until it says false.  False: it did, or the answer is broken.
 */
bool reply_walk(const unsigned char *reply, size_t len,
    bool (*visit)(void *arg, const struct reply_record *r), void *arg);

/* The name so many bytes into the record's data, in the form of zone files;
 * NULL: there is none.  The caller frees. */
char *reply_name(const struct reply_record *r, size_t offset);

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
