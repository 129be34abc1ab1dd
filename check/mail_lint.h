/*
 * mail_lint: the mistakes in the form of a mail (RFC 5322, RFC 2045 to 2047).
 *
 * Readers of mail repair most of them without a word, filters do not.
 */
#ifndef CHECK_MAIL_LINT_H
#define CHECK_MAIL_LINT_H

#include "check/mail_tell.h"

/* Look at all of it. */
void mail_lint_header(struct mail_lint *l);
void mail_lint_lines(struct mail_lint *l);
void mail_lint_mime(struct mail_lint *l);

#endif
