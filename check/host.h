/*
 * host: names of hosts, as DNS gives them.
 *
 * They are in the form of zone files: a byte that is no printable ASCII is
 * written as four (\009).
 */
#ifndef CHECK_HOST_H
#define CHECK_HOST_H

#include <stdbool.h>

/* Make s lower case, without a dot at the end. */
void host_clean(char *s);

/* Letters, digits, - and _ in labels of a length that can be asked for. */
bool host_is_plain(const char *s);

/*
 * The organizational domain of a clean name, by the public suffix list; NULL:
 * it has none.  Points into s.
 */
const char *host_org(const char *s);

#endif
