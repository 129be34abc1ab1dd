/*
 * domain: domain names as we keep them, and who belongs to whom.
 *
 * Organizational domains are those of RFC 7489 3.2: public suffix plus one
 * label, by libpsl.  The tree walk of RFC 9989 needs DNS and is never done
 * here; its results should equal these in nearly all cases.
 */
#ifndef INGEST_DOMAIN_H
#define INGEST_DOMAIN_H

#include <stddef.h>
#include <stdint.h>

#include "ingest/limits.h"
#include "ingest/decode/report.h"

#define DOMAIN_SIZE (LIMIT_DOMAIN + 2)

/* To be called once before the others: loads the public suffix list. */
void domain_init(void);

/*
 * Lower case, no trailing dot, A-labels; of an address the part after the @.
 * What had to be changed is added to *quirks.  What is no domain name at all
 * stays as it is, in lower case and cut to LIMIT_DOMAIN.
 */
void domain_normalise(const char *s, char out[DOMAIN_SIZE], uint64_t *quirks);

/* The organizational domain of a normalised name: a part of it. */
const char *domain_org(const char *name);

/*
 * How an authenticated name aligns with the author domain (RFC 7489 3.1); org
 * and from_org are the domain_org() of each.  Both are normalised; NULL or
 * empty, or a header_from of several domains: unknown.
 */
enum alignment domain_alignment(const char *name, const char *org,
    const char *header_from, const char *from_org);

#endif
