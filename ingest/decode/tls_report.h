/*
 * tls_report: an SMTP TLS report (RFC 8460) as it travels from decode to store.
 *
 * What it has in common with an aggregate report is in a report_head: who sent
 * it, its id, its period, the domain.  Here are its policies and the failures
 * that it explains.  All strings are valid UTF-8 without control characters;
 * NULL means that the reporter did not say.
 */
#ifndef INGEST_TLS_REPORT_H
#define INGEST_TLS_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

struct tls_policy {
	const char *type; /* sts, tlsa, no-policy-found, or what was sent */
	const char *domain;
	const char *text; /* policy-string, its members one a line */
	const char *mx;   /* mx-host, the same */
	int64_t successes;
	int64_t failures;
};

struct tls_failure {
	uint32_t policy; /* index into the policies */
	const char *type;
	const char *sending_ip; /* addresses as inet_ntop() writes them */
	const char *receiving_ip;
	const char *mx;
	const char *helo;
	const char *info;
	const char *reason;
	int64_t sessions; /* -1: not said */
};

struct tls_report {
	GArray *policies;    /* struct tls_policy */
	GArray *failures;    /* struct tls_failure, in the order of policies */
	GStringChunk *texts; /* NULL: the strings are somebody else's */
};

void tls_report_init(struct tls_report *t);
void tls_report_clear(struct tls_report *t); /* all of it zero is fine */

const struct tls_policy *
tls_report_policy(const struct tls_report *t, size_t i);
const struct tls_failure *
tls_report_failure(const struct tls_report *t, size_t i);

/* The addresses of the texts, in the order in which they travel. */
#define TLS_POLICY_TEXTS  4
#define TLS_FAILURE_TEXTS 7
void
tls_policy_texts(struct tls_policy *p, const char **texts[TLS_POLICY_TEXTS]);
void
tls_failure_texts(struct tls_failure *f, const char **texts[TLS_FAILURE_TEXTS]);

/* A copy with texts of its own; *bytes is what it takes of memory. */
struct tls_report *tls_report_copy(const struct tls_report *t, size_t *bytes);
void tls_report_free(struct tls_report *t); /* NULL is fine */

/* Fingerprint of the content, whatever the order of policies and failures. */
void tls_report_hash(const struct tls_report *t, unsigned char out[32]);

#endif
