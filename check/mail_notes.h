/*
 * mail_notes: what the parts of a mail show together: unsubscribing, what is
 * signed, what Google wants.
 */
#ifndef CHECK_MAIL_NOTES_H
#define CHECK_MAIL_NOTES_H

#include "check/dkim_signature.h"
#include "check/mail_lint.h"
#include "check/mail_way.h"

struct mail_notes {
	const struct message *m;
	const struct dkim_signature *signatures;
	size_t n;
	const char *author; /* the domain of From, or NULL */
	const struct mail_way *way;
};

void mail_notes(struct mail_lint *l, const struct mail_notes *n);

/* A finding's sentence with its detail; the caller frees. */
char *mail_finding_sentence(enum mail_finding_id id, const char *detail);

#endif
