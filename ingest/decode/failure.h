/*
 * failure: a failure report (RFC 9991, RFC 6591) as it travels from decode to
 * store: what one receiver says of one mail that failed.
 *
 * All of it is a stranger's word, and much of it is about people.  Nothing here
 * is redacted; whoever stores it does that.  All texts are valid UTF-8 without
 * control characters, of bounded length; NULL means that the reporter did not
 * say.
 */
#ifndef INGEST_FAILURE_H
#define INGEST_FAILURE_H

#include <stddef.h>
#include <stdint.h>

/* In the order in which they travel. */
enum failure_text {
	FAILURE_DOMAIN,    /* Reported-Domain, or that of From; normalised */
	FAILURE_TYPE,      /* Auth-Failure, in lower case */
	FAILURE_RESULT,    /* Delivery-Result, in lower case */
	FAILURE_SOURCE_IP, /* as inet_ntop() writes it */
	FAILURE_DKIM_DOMAIN,
	FAILURE_DKIM_SELECTOR,
	FAILURE_DKIM_IDENTITY,
	FAILURE_SPF_DNS,
	FAILURE_AUTH_RESULTS,
	FAILURE_ALIGNMENT, /* means one thing in RFC 7489, its opposite in 9991 */
	FAILURE_MAIL_FROM,
	FAILURE_RCPT_TO,
	FAILURE_FROM, /* of the mail that failed, as the next two */
	FAILURE_SUBJECT,
	FAILURE_MESSAGE_ID,
	FAILURE_MTA, /* Reporting-MTA */
	FAILURE_AGENT,
	FAILURE_TEXTS
};

struct failure_report {
	char *texts[FAILURE_TEXTS];
	int64_t arrival;   /* seconds since 1970; 0: not said */
	int64_t incidents; /* mails that it stands for, 1 or more */
};

/* A copy with texts of its own; *bytes is what it takes of memory. */
struct failure_report *
failure_copy(const struct failure_report *f, size_t *bytes);
void failure_free(struct failure_report *f); /* NULL is fine */

/*
 * The fingerprint by which it is known when it comes again.  Where nothing in
 * it tells two mails that failed apart, the Message-ID of the mail that carried
 * it does; that may be NULL.
 */
void failure_digest(const struct failure_report *f, const char *message_id,
    unsigned char out[32]);

#endif
