/*
 * spf_lint: what is wrong with the text of an SPF record, and the text that it
 * was meant to be.
 *
 * Nothing is looked up.  A corrected record is handed out only when this same
 * check finds no error in it.
 */
#ifndef CHECK_SPF_LINT_H
#define CHECK_SPF_LINT_H

#include <stddef.h>

#include "check/finding.h"

/*
 * domain is for the sentences.  The corrected record, which the caller frees;
 * NULL: nothing is to be corrected, or nobody knows how.
 */
char *
spf_lint(struct findings *f, const char *domain, const char *text, size_t len);

/* Whether a TXT record means to be SPF, or was meant to be. */
bool spf_lint_is_meant(const char *text, size_t len);

/* Several records in one: their terms in order, each once, with one "all" at
 * the end, the mildest; the caller frees.  NULL: one of them is in error. */
char *spf_lint_merge(const char *const *texts, size_t n);

#endif
