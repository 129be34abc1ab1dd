/*
 * unpack: an archive or compressed file in, the bytes of its members out.
 *
 * The input is hostile.  What comes out is bounded by a budget that the caller
 * shares over everything one item unpacks to, and the members by number.
 * Names and sizes in an archive are claims: names go to messages only, sizes
 * are counted.  Formats are switched on one by one, by what sniff() said.
 */
#ifndef INGEST_UNPACK_H
#define INGEST_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "common/diag.h"
#include "ingest/decode/sniff.h"

struct unpack;

/*
 * Open in[0..len), which must stay until unpack_close().  *budget is what may
 * still come out; reading takes from it.
 */
enum diag_code unpack_open(struct unpack **out, const void *in, size_t len,
    enum kind kind, size_t *budget, struct diag *d) MUST_CHECK;
void unpack_close(struct unpack *u); /* NULL is fine */

/*
 * Go to the next member that is a file.  *name is valid until the next call,
 * "" when it has none; NULL: there are no more.
 */
enum diag_code
unpack_next(struct unpack *u, const char **name, struct diag *d) MUST_CHECK;

/*
 * Read up to size bytes of the member; *n is 0 at its end.  The end is only
 * reported when check sums and lengths are right, so that what was read before
 * counts only then.
 */
enum diag_code unpack_read(struct unpack *u, void *to, size_t size, size_t *n,
    struct diag *d) MUST_CHECK;

#endif
