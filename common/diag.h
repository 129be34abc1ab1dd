/*
 * diag: what went wrong, and who can mend it.
 *
 * An error travels as a value to the place that decides; the text goes into
 * memory the caller brings, so nobody frees it.  It is printed once, at the
 * top.
 */
#ifndef COMMON_DIAG_H
#define COMMON_DIAG_H

#include "common/reason.h"

#define MUST_CHECK __attribute__((warn_unused_result))

enum diag_code {
	DIAG_OK = 0,
	DIAG_FORMAT, /* the sender: not what the standard says */
	DIAG_LIMIT,  /* the sender: larger than we accept */
	DIAG_RETRY,  /* nobody: the network or a server, later may do */
	DIAG_CONFIG  /* the operator: an option, a grant, a missing schema */
};

struct diag {
	enum diag_code code;
	enum reason reason;
	char text[480]; /* one line for people, printable */
};

/*
 * Fill in d (which may be NULL) and return code.  What came from outside may
 * be among the arguments, cut anywhere: the text is made printable().
 */
enum diag_code diag_set(struct diag *d, enum diag_code code, enum reason reason,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Put "subject: " before the text. */
enum diag_code diag_prefix(struct diag *d, const char *subject);

/* The exit status (sysexits) for a run that ended with this code. */
int diag_exit(enum diag_code code);

#endif
