/*
 * mail_tell: tells of a mistake in a mail, with its line and marks below it.
 */
#ifndef CHECK_MAIL_TELL_H
#define CHECK_MAIL_TELL_H

#include <stddef.h>
#include <stdint.h>

#include "check/mail_finding.h"
#include "check/message.h"

struct mail_mistake {
	enum mail_finding_id id;
	size_t line; /* 0: it is about no line */
	const char
	    *text; /* the line, printable and cut; "" where there is none */
	const char *marks;  /* carets below what it is about */
	const char *detail; /* for the sentence; NULL: none */
	const char *fix;    /* what it should be; NULL: not known */
};

/* The texts are gone afterwards. */
typedef void mail_mistake_seen(void *arg, const struct mail_mistake *mistake);

/* Findings of one kind that are told, and all together. */
#define MAIL_MISTAKES_SAME 5
#define MAIL_MISTAKES_MAX  200

struct mail_lint {
	const struct message *m;
	mail_mistake_seen *seen;
	void *arg;
	/* From here on not the caller's. */
	size_t told[M_FINDINGS];
	size_t n;
	size_t parts;
};

/* Tell of one: about len bytes at an offset into the message, or about none of
 * them (len 0 and at SIZE_MAX). */
void mail_lint_say(struct mail_lint *l, enum mail_finding_id id, size_t at,
    size_t len, const char *detail, const char *fix);
#define MAIL_LINT_NOWHERE SIZE_MAX

#endif
