/*
 * spf_macro: macros in SPF records (RFC 7208, section 7).
 */
#ifndef CHECK_SPF_MACRO_H
#define CHECK_SPF_MACRO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/address.h"

/*
 * Whether s is a macro-string.  explanation: it is the text that exp= leads
 * to, where spaces and the letters c, r and t may stand, too.
 */
bool spf_macro_fine(const char *s, size_t len, bool explanation);

/* Whether s, a macro-string, ends as a domain-spec does: in a label that can
 * be a top-level domain's, or in a macro. */
bool spf_macro_is_domain(const char *s, size_t len);

/* Whether %{p} stands in s; it takes questions to DNS. */
bool spf_macro_wants_name(const char *s, size_t len);

/* What the letters stand for.  The strings are the caller's. */
struct spf_macro_values {
	const char *sender; /* local-part@domain */
	const char
	    *domain; /* %{d}: at hand, changes with include and redirect */
	const char *helo;
	const char *name;     /* %{p}: validated, or "unknown" */
	const char *receiver; /* %{r} */
	struct address ip;
	int64_t now; /* %{t}: seconds since 1970 */
};

/* Append s, in which spf_macro_fine() finds no fault, with what its macros
 * stand for.  False: out is full. */
bool spf_macro_expand(struct buf *out, const char *s, size_t len,
    const struct spf_macro_values *v);

#endif
