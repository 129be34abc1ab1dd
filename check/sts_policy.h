/*
 * sts_policy: the policy of MTA-STS (RFC 8461, section 3.2), which lies on a web
 * server and is handed in.
 */
#ifndef CHECK_STS_POLICY_H
#define CHECK_STS_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "check/finding.h"

/* Whether the text means to be a policy. */
bool sts_policy_is_meant(const char *text, size_t len);

/* Names of mail servers that a policy may have, at most. */
#define STS_MX_MAX 50

struct sts_policy {
	struct tag_part mx[STS_MX_MAX];
	size_t n_mx;
};

void sts_policy_check(struct findings *f, const char *text, size_t len,
    struct sts_policy *out);

/* Whether an mx of the policy covers the mail server. */
bool sts_policy_covers(const char *text, struct tag_part mx, const char *host);

#endif
