/*
 * profile_memo: profiles that were made before.
 *
 * Reporters repeat the same texts day after day, so a profile is made once for
 * each combination of texts and kept for the items that follow.  Without that
 * decoding takes 6 % more instructions, which is why the memo travels from the
 * worker down to the chunks of a report.  It changes no result, whatever items
 * came before: it keeps all that the texts make, and compares them byte by byte.
 */
#ifndef INGEST_PROFILE_MEMO_H
#define INGEST_PROFILE_MEMO_H

#include <stddef.h>
#include <stdint.h>

#include "ingest/decode/raw_record.h"
#include "ingest/decode/report.h"

struct profile_memo;

struct made_profile {
	struct auth_profile profile; /* the memo's, lists and texts, too */
	uint64_t quirks;             /* what was odd about its texts */
	size_t text;                 /* bytes of them */
	/* the taker's: the last chunk that it is in, and where */
	uint64_t chunk;
	uint32_t number;
};

struct profile_memo *profile_memo_new(void);
void profile_memo_free(struct profile_memo *m); /* NULL is fine */

/*
 * A chunk begins.  The profiles of the one before it are no longer used, so
 * that now is the time to forget what has become too much.  Returns a number
 * that no chunk had, from 1.
 */
uint64_t profile_memo_begin(struct profile_memo *m);

/* The profile of these texts in a report with this head; valid until the next
 * chunk begins. */
struct made_profile *profile_memo_take(struct profile_memo *m,
    const struct raw_record *raw, const struct report_head *head);

#endif
