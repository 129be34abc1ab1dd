/*
 * mail_dmarc: the DMARC result of one mail (RFC 9989, section 5.3).
 */
#ifndef CHECK_MAIL_DMARC_H
#define CHECK_MAIL_DMARC_H

#include <stdbool.h>
#include <stddef.h>

#include "check/answers.h"
#include "check/dkim_signature.h"
#include "check/dmarc_walk.h"
#include "check/spf.h"

struct mail_dmarc {
	struct answers *dns;
	struct dmarc_walk walk; /* from the author domain */
	size_t failed;          /* the first stop that DNS did not answer for */
	bool no_such_domain;    /* the author's does not exist */
	/* What came of it. */
	char record[2048];  /* that applies; "": there is none */
	const char *result; /* as RFC 8601 has it */
	const char *policy; /* of the record, for this domain; NULL: none */
	bool testing;       /* the record says t=y */
	char why[400];
};

struct mail_dmarc_input {
	const char *author; /* the domain of From; NULL: there is none */
	const struct dkim_signature *signatures;
	size_t n;
	bool has_spf;
	const char *spf_domain;
	enum spf_result spf;
};

/* Find the record that applies to the author domain; false: DNS is still to be
 * asked. */
bool
mail_dmarc_find(struct mail_dmarc *m, struct answers *dns, const char *author);

/* Find the organizational domain of another; false: DNS is still to be asked. */
bool mail_dmarc_know(struct mail_dmarc *m, const char *domain);

/* Whether the domain is aligned with the author's: mode 'r' or 's'.  *unsure,
 * which may be NULL: DNS did not answer, so that it may be. */
bool mail_dmarc_is_aligned(const struct mail_dmarc *m, const char *domain,
    const char *author, char mode, bool *unsure);

void mail_dmarc_judge(struct mail_dmarc *m, const struct mail_dmarc_input *in);

void mail_dmarc_free(struct mail_dmarc *m);

#endif
