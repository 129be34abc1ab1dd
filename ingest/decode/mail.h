/*
 * mail: a mail that was taken apart: what is known of it as a whole, and who
 * takes its parts.
 */
#ifndef INGEST_MAIL_H
#define INGEST_MAIL_H

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
	/* What it says of a report, though none may be found in it. */
	bool names_report; /* its Subject does */
	bool by_nobody;    /* its return-path is empty */
	bool has_bounce;   /* a mail in it is one, and was left out */
	bool is_partial;   /* content of it is elsewhere */
	bool lacks_parts;  /* a multipart in which no part is found */
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

/* Free what it holds; it is empty afterwards. */
void mail_info_free(struct mail_info *info);

/* The value of a field as it is kept there: valid UTF-8, printable, of bounded
 * length; the caller frees it.  NULL stays NULL. */
char *mail_text(const char *s);

#endif
