/*
 * mail_exam: all that one mail shows, as rows of a table.
 */
#ifndef CHECK_MAIL_EXAM_H
#define CHECK_MAIL_EXAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "check/jailed.h"
#include "check/mail_section.h"
#include "common/address.h"

/* What is asked, and what the caller knows besides. */
struct mail_exam {
	const char *bytes;
	size_t len;
	int64_t now;
	bool has_ip;
	struct address ip;
	const char *helo;    /* NULL: not known */
	const char *from;    /* MAIL FROM; NULL: not known */
	const char *trusted; /* the server that took it in; NULL: not known */
};

/* Load what the sandbox does not let in. */
void mail_exam_prepare(void);

/* The work for jailed_run(); arg is a struct mail_exam. */
void mail_exam(struct jailed *j, struct answers *answers, void *arg);

#endif
