/*
 * failure_mail: finds a failure report in a mail.
 *
 * It is a part message/feedback-report whose Feedback-Type is auth-failure
 * (RFC 5965, RFC 6591), whatever the multipart around it says of itself; or the
 * text that Exim writes in place of one.
 */
#ifndef INGEST_FAILURE_MAIL_H
#define INGEST_FAILURE_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "ingest/decode/failure.h"

enum failure_mail {
	FAILURE_MAIL_NONE,
	FAILURE_MAIL_REPORT,   /* *out is it, the caller frees it */
	FAILURE_MAIL_COMPLAINT /* feedback of another kind, such as abuse */
};

/* Whether it is worth to look: a cheap question. */
bool failure_mail_maybe(const char *bytes, size_t len);

enum failure_mail
failure_mail_read(const char *bytes, size_t len, struct failure_report **out);

#endif
