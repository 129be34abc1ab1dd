/*
 * diag: what went wrong, and who can fix it.
 *
 * An error is returned as a value to the code that decides.  Its text lies in
 * the caller's memory, so nobody has to free it.  It is printed once, at the
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
	DIAG_RETRY,  /* nobody: the network or a server, retry later */
	DIAG_CONFIG  /* the operator: an option, a grant, a missing schema */
};

struct diag {
	enum diag_code code;
	enum reason reason;
	char text[480]; /* one line for people, printable */
};

/*
 * Fill in d (which may be NULL) and return code.  Arguments may come from
 * outside and may be cut anywhere: the text is made printable().
 */
enum diag_code diag_set(struct diag *d, enum diag_code code, enum reason reason,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Put "subject: " before the text. */
enum diag_code diag_prefix(struct diag *d, const char *subject);

/* The exit status (sysexits) for a run that ended with this code. */
int diag_exit(enum diag_code code);

#endif
