/*
 * mail_finding: the mistakes that a mail can have: what each is called, and what
 * is said of it.
 */
#ifndef CHECK_MAIL_FINDING_H
#define CHECK_MAIL_FINDING_H

#include <stddef.h>

enum mail_finding_id {
	M_NO_FROM,
	M_MANY_FROM,
	M_FROM_ADDRESSES,
	M_FROM_BROKEN,
	M_NO_DATE,
	M_BAD_DATE,
	M_DATE_OFF,
	M_NO_MESSAGE_ID,
	M_BAD_MESSAGE_ID,
	M_DUPLICATE,
	M_RAW_8BIT,
	M_RAW_ISO2022,
	M_ENCODED_WORD,
	M_ENCODED_LONG,
	M_ENCODED_QUOTED,
	M_ENCODED_CHARSET,
	M_STRAY_LINE,
	M_BLANK_FOLD,
	M_SPACE_COLON,
	M_LONG_LINE,
	M_BARE_CR,
	M_NUL,
	M_MIXED_ENDS,
	M_NO_BODY,
	M_NO_MIME_VERSION,
	M_ALTERNATIVE,
	M_NO_END,
	M_NO_BOUNDARY,
	M_BOUNDARY_UNUSED,
	M_BOUNDARY_GLUED,
	M_BOUNDARY_BAD,
	M_BODY_8BIT,
	M_CTE_UNKNOWN,
	M_CTE_MULTIPART,
	M_BASE64_BAD,
	M_QP_BAD,
	M_CHARSET_WRONG,
	M_CONTENT_TYPE_BAD,
	M_TOO_MUCH,
	M_UNSUB_NO_HTTPS,
	M_UNSUB_MANY,
	M_UNSUB_NO_POST,
	M_UNSUB_POST_BAD,
	M_UNSUB_POST_ALONE,
	M_UNSUB_UNSIGNED,
	M_UNSUB_NONE,
	M_GMAIL_FROM,
	M_SIGNED_PART,
	M_SIGNED_ONCE,
	M_KEY_SHORT,
	M_FINDINGS
};

enum mail_severity {
	MAIL_ERROR,
	MAIL_WARNING,
	MAIL_NOTE
};

struct mail_finding_text {
	const char *name; /* M01 and so on; several may share one */
	enum mail_severity severity;
	const char *source;   /* RFC and section, or whose rule */
	const char *sentence; /* may have one %s: the detail */
};

extern const struct mail_finding_text mail_findings[M_FINDINGS];

const char *mail_severity_name(enum mail_severity s);

#endif
