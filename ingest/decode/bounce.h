/*
 * bounce: mails that report what became of another mail.
 *
 * A report that we sent and that came back must not be counted as one that was
 * sent to us, so nothing in such a mail is read.  It is known by a delivery
 * status or disposition notification anywhere in it; or, when another mail is
 * in it, by an empty return-path, by being sent automatically or by its sender.
 */
#ifndef INGEST_BOUNCE_H
#define INGEST_BOUNCE_H

#include <stdbool.h>

#include <gmime/gmime.h>

bool bounce_is(GMimeMessage *m);

/* A part of this multipart is feedback (RFC 5965), so that a mail in it is what
 * somebody sent, and no report to us. */
bool bounce_has_feedback(GMimeObject *o);

/* A Subject as RFC 7489 and RFC 9990 want it for a report. */
bool subject_names_report(const char *subject);

#endif
