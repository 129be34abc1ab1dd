/*
 * key_lint: what is wrong with the record of a DKIM key, and the record that
 * it was meant to be.
 */
#ifndef CHECK_KEY_LINT_H
#define CHECK_KEY_LINT_H

#include <stddef.h>

#include "check/finding.h"

/* The corrected record, which the caller frees; NULL: nothing is to be
 * corrected, or nobody knows how. */
char *key_lint(struct findings *f, const char *text, size_t len);

#endif
