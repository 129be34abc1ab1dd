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
	bool failed;            /* DNS did not answer */
	/* What came of it. */
	char record[2048];  /* that applies; "": there is none */
	const char *result; /* as RFC 8601 has it */
	const char *policy; /* of the record, for this domain; NULL: none */
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

/* Whether the domain is aligned with the author's: mode 'r' or 's'. */
bool mail_dmarc_is_aligned(const struct mail_dmarc *m, const char *domain,
    const char *author, char mode);

void mail_dmarc_judge(struct mail_dmarc *m, const struct mail_dmarc_input *in);

void mail_dmarc_free(struct mail_dmarc *m);

#endif
