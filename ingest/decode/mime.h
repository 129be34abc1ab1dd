/*
 * mime: a mail in, its parts out, decoded.
 *
 * Everything is walked: nested multiparts, attached messages, parts without a
 * name or with a wrong type, a mail that is nothing but an archive.  Bounds
 * are in limits.h; what goes beyond them ends the walk with DIAG_LIMIT.
 */
#ifndef INGEST_MIME_H
#define INGEST_MIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"

/* What a mail is as a whole. */
enum mail_kind {
	MAIL_PLAIN,
	MAIL_BOUNCE,         /* a delivery status report, RFC 3464 */
	MAIL_FAILURE_REPORT, /* ARF, RFC 5965 and RFC 6591 */
	MAIL_TLS_REPORT      /* RFC 8460 */
};

struct mail_info {
	enum mail_kind kind;
	char *message_id;
	char *from; /* decoded: Name <address>, as many as there are */
	/* what auth_results.h makes of its fields; "" when there are none */
	char *auth_results;
	int64_t date; /* seconds since 1970, 0: none */
};

/*
 * A part: its name ("" when it has none) and its decoded bytes, which are
 * gone afterwards.  body is set for text that is the mail itself and no
 * attachment.  Anything but DIAG_OK ends the walk and becomes its result.
 */
struct mime_visitor {
	void *ctx;
	enum diag_code (*part)(void *ctx, const char *name, bool body,
	    const void *bytes, size_t len, struct diag *d);
};

/* To be called once before the first mime_walk(). */
void mime_init(void);

/*
 * Walk bytes[0..len).  info is filled in before the first part is handed out;
 * the caller frees it with mail_info_free(), also after a failure.
 */
enum diag_code mime_walk(const void *bytes, size_t len, struct mail_info *info,
    const struct mime_visitor *v, struct diag *d) MUST_CHECK;

void mail_info_free(struct mail_info *info);

/* A field as it is kept there: valid UTF-8, printable, of bearable length; the
 * caller frees it.  NULL stays NULL. */
char *mail_text(const char *s);

#endif
