/* tls_report: an SMTP TLS report as it travels from decode to store. */
#include "ingest/decode/tls_report.h"

#include <stdlib.h>
#include <string.h>

#include <nettle/sha2.h>
#include <xxhash.h>

#include "common/mem.h"
#include "ingest/decode/profile.h"

void
tls_report_init(struct tls_report *t)
{
	t->policies = g_array_new(FALSE, FALSE, sizeof(struct tls_policy));
	t->failures = g_array_new(FALSE, FALSE, sizeof(struct tls_failure));
	t->texts = g_string_chunk_new(4096);
}

void
tls_report_clear(struct tls_report *t)
{
	if (t->policies != NULL)
		g_array_free(t->policies, TRUE);
	if (t->failures != NULL)
		g_array_free(t->failures, TRUE);
	if (t->texts != NULL)
		g_string_chunk_free(t->texts);
	*t = (struct tls_report){ 0 };
}

const struct tls_policy *
tls_report_policy(const struct tls_report *t, size_t i)
{
	return &g_array_index(t->policies, struct tls_policy, i);
}

const struct tls_failure *
tls_report_failure(const struct tls_report *t, size_t i)
{
	return &g_array_index(t->failures, struct tls_failure, i);
}

void
tls_policy_texts(struct tls_policy *p, const char **texts[TLS_POLICY_TEXTS])
{
	texts[0] = &p->type;
	texts[1] = &p->domain;
	texts[2] = &p->text;
	texts[3] = &p->mx;
}

void
tls_failure_texts(struct tls_failure *f, const char **texts[TLS_FAILURE_TEXTS])
{
	texts[0] = &f->type;
	texts[1] = &f->sending_ip;
	texts[2] = &f->receiving_ip;
	texts[3] = &f->mx;
	texts[4] = &f->helo;
	texts[5] = &f->info;
	texts[6] = &f->reason;
}

/* ---- a copy ----------------------------------------------------------------- */

static void
copy_texts(struct tls_report *to, const char **texts[], size_t n, size_t *bytes)
{
	for (size_t i = 0; i < n; i++) {
		if (*texts[i] == NULL)
			continue;
		*bytes += strlen(*texts[i]) + 1;
		/* The same names come with each failure. */
		*texts[i] = g_string_chunk_insert_const(to->texts, *texts[i]);
	}
}

struct tls_report *
tls_report_copy(const struct tls_report *t, size_t *bytes)
{
	struct tls_report *to = mem_calloc(1, sizeof(*to));
	const char **texts[TLS_FAILURE_TEXTS];

	tls_report_init(to);
	*bytes = sizeof(*to) + 4096 +
	    2 *
		(t->policies->len * sizeof(struct tls_policy) +
		    t->failures->len * sizeof(struct tls_failure));
	for (size_t i = 0; i < t->policies->len; i++) {
		struct tls_policy p = *tls_report_policy(t, i);

		tls_policy_texts(&p, texts);
		copy_texts(to, texts, TLS_POLICY_TEXTS, bytes);
		g_array_append_val(to->policies, p);
	}
	for (size_t i = 0; i < t->failures->len; i++) {
		struct tls_failure f = *tls_report_failure(t, i);

		tls_failure_texts(&f, texts);
		copy_texts(to, texts, TLS_FAILURE_TEXTS, bytes);
		g_array_append_val(to->failures, f);
	}
	return to;
}

void
tls_report_free(struct tls_report *t)
{
	if (t == NULL)
		return;
	tls_report_clear(t);
	free(t);
}

/* ---- the fingerprint --------------------------------------------------------- */

static void
digest_texts(struct sha256_ctx *sum, const char **texts[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		profile_digest_text(sum, *texts[i]);
}

/* A sum does not depend on the order of what is added up. */
static void
add_to(XXH128_hash_t *total, struct sha256_ctx *sum)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	XXH128_hash_t h;

	sha256_digest(sum, sizeof(digest), digest);
	h = XXH3_128bits(digest, sizeof(digest));
	total->low64 += h.low64;
	total->high64 += h.high64;
}

static void
add_policy(XXH128_hash_t *total, const struct tls_policy *policy,
    const XXH128_hash_t *failures)
{
	struct tls_policy p = *policy;
	const char **texts[TLS_POLICY_TEXTS];
	struct sha256_ctx sum;

	sha256_init(&sum);
	tls_policy_texts(&p, texts);
	digest_texts(&sum, texts, TLS_POLICY_TEXTS);
	sha256_update(&sum, sizeof(p.successes), (const uint8_t *)&p.successes);
	sha256_update(&sum, sizeof(p.failures), (const uint8_t *)&p.failures);
	sha256_update(&sum, sizeof(*failures), (const uint8_t *)failures);
	add_to(total, &sum);
}

static void
add_failure(XXH128_hash_t *total, const struct tls_failure *failure)
{
	struct tls_failure f = *failure;
	const char **texts[TLS_FAILURE_TEXTS];
	struct sha256_ctx sum;

	sha256_init(&sum);
	tls_failure_texts(&f, texts);
	digest_texts(&sum, texts, TLS_FAILURE_TEXTS);
	sha256_update(&sum, sizeof(f.sessions), (const uint8_t *)&f.sessions);
	add_to(total, &sum);
}

void
tls_report_hash(const struct tls_report *t, unsigned char out[32])
{
	XXH128_hash_t total = { 0, 0 };
	struct sha256_ctx sum;
	size_t k = 0;

	for (size_t i = 0; i < t->policies->len; i++) {
		XXH128_hash_t failures = { 0, 0 };

		for (; k < t->failures->len &&
		     tls_report_failure(t, k)->policy == i;
		     k++)
			add_failure(&failures, tls_report_failure(t, k));
		add_policy(&total, tls_report_policy(t, i), &failures);
	}
	sha256_init(&sum);
	sha256_update(&sum, sizeof(total), (const uint8_t *)&total);
	sha256_digest(&sum, SHA256_DIGEST_SIZE, out);
}
