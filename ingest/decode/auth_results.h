/*
 * auth_results: the Authentication-Results fields of a mail (RFC 8601), in a
 * form that SQL can read.
 *
 * A line a field, the topmost first:
 *
 *   mx.example.jp dmarc=pass header.from=google.com dkim=pass
 *   header.d=google.com spf=pass smtp.mailfrom=noreply@google.com
 *
 * (one line).  First the authserv-id; "-" where the field has none, as those of
 * Exchange Online; then the results of dmarc, dkim (three at most), spf and
 * arc, in this order, or "none" when it has none of them; "several" is no
 * result of a server but says that it passed DMARC for different domains.
 * Beside each result stands what it is about, where the field says so; of dkim
 * header.d, else header.i; of spf smtp.mailfrom, else smtp.helo.  Domains,
 * methods and results are in lower case.  A word is printable ASCII without a
 * blank; whatever else was in it is "?", and so is all of a word that is too
 * long, so that nothing a stranger put into his address looks like a result.
 *
 * Any bytes may come.  Nothing is judged here: whoever sends a mail can write
 * such fields, too, and only the operator knows the authserv-id of his own
 * servers.  The fields are to be those of the outermost mail, the one that came
 * here: those of a mail inside of it were written on somebody else's way.
 */
#ifndef INGEST_AUTH_RESULTS_H
#define INGEST_AUTH_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

struct auth_results {
	struct buf text; /* the lines; no line break at the end */
	int fields;
};

void auth_results_init(struct auth_results *r);
void auth_results_free(struct auth_results *r);

/*
 * Add the next field: the text after its colon.  False: there is no more room.
 * The fields below it are then useless, because those above them are missing.
 */
bool auth_results_add(struct auth_results *r, const char *field, size_t len);

#endif
