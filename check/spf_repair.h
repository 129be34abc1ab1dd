/*
 * spf_repair: the term that a broken term of an SPF record was meant to be.
 */
#ifndef CHECK_SPF_REPAIR_H
#define CHECK_SPF_REPAIR_H

#include <stdbool.h>

#include "check/spf_record.h"

/* Whether s is one term without a fault, and not an unknown modifier. */
bool spf_term_is_fine(const char *s);

/* Each returns a term that is fine, which the caller frees, or NULL. */
char *spf_repair_name(const char *term);     /* ipv4:192.0.2.1, 192.0.2.1 */
char *spf_repair_address(const char *term);  /* ip4:192.0.2/24 */
char *spf_repair_prefix(const char *term);   /* a/024 */
char *spf_repair_domain(const char *term);   /* a:192.0.2.1, include:@x.jp */
char *spf_repair_modifier(const char *term); /* include=example.jp */

/* A mechanism's name that stands before another one. */
char *spf_repair_name_twice(const char *term); /* include:include:x.jp */

/* Terms with spaces between; NULL: it is not that. */
char *spf_repair_glued(const char *term); /* a/28-all, a:x.jpip4:192.0.2.1 */
char *spf_repair_separated(const char *term); /* ip4:192.0.2.1,192.0.2.2 */

#endif
