/*
 * tls: whatever the JSON says, a TLS report that is read keeps within its bounds,
 * its texts can be stored and shown, and a copy of it is the same.
 */
#include "tests/fuzz/fuzz.h"

#include <arpa/inet.h>

#include "ingest/decode/domain.h"
#include "ingest/decode/tls_json.h"
#include "ingest/limits.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	domain_init();
	tls_json_init();
	return 0;
}

static void
check_policies(const struct tls_report *t)
{
	int64_t sessions = 0;

	PROMISE(t->policies->len > 0 && t->policies->len <= LIMIT_TLS_POLICIES);
	for (size_t i = 0; i < t->policies->len; i++) {
		const struct tls_policy *p = tls_report_policy(t, i);

		PROMISE(p->domain != NULL && p->domain[0] != '\0');
		PROMISE(is_text(p->domain, "") &&
		    strlen(p->domain) <= LIMIT_DOMAIN);
		PROMISE(is_text(p->type, "") && is_text(p->text, "\n") &&
		    is_text(p->mx, "\n"));
		PROMISE(p->text == NULL || strlen(p->text) <= LIMIT_TEXT);
		PROMISE(p->mx == NULL || strlen(p->mx) <= LIMIT_TEXT);
		PROMISE(p->successes >= 0 && p->successes <= LIMIT_COUNT);
		PROMISE(p->failures >= 0 && p->failures <= LIMIT_COUNT);
		sessions += p->successes + p->failures;
	}
	PROMISE(sessions <= LIMIT_REPORT_MESSAGES);
}

static bool
is_address(const char *s)
{
	unsigned char ip[16];

	return s == NULL || inet_pton(AF_INET, s, ip) == 1 ||
	    inet_pton(AF_INET6, s, ip) == 1;
}

static void
check_failures(const struct tls_report *t)
{
	uint32_t before = 0;

	PROMISE(t->failures->len <= LIMIT_TLS_FAILURES);
	for (size_t i = 0; i < t->failures->len; i++) {
		struct tls_failure f = *tls_report_failure(t, i);
		const char **texts[TLS_FAILURE_TEXTS];

		PROMISE(f.policy >= before && f.policy < t->policies->len);
		PROMISE(f.sessions >= -1 && f.sessions <= LIMIT_COUNT);
		PROMISE(is_address(f.sending_ip) && is_address(f.receiving_ip));
		tls_failure_texts(&f, texts);
		for (size_t k = 0; k < TLS_FAILURE_TEXTS; k++)
			PROMISE(is_text(*texts[k], "") &&
			    (*texts[k] == NULL ||
				strlen(*texts[k]) <= LIMIT_TLS_TEXT));
		before = f.policy;
	}
}

static void
check_copy(const struct tls_report *t)
{
	unsigned char hash[2][32];
	size_t bytes;
	struct tls_report *copy = tls_report_copy(t, &bytes);

	tls_report_hash(t, hash[0]);
	tls_report_hash(copy, hash[1]);
	PROMISE(memcmp(hash[0], hash[1], sizeof(hash[0])) == 0);
	check_policies(copy);
	check_failures(copy);
	tls_report_free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report_head head = { 0 };
	struct tls_report t = { 0 };
	struct diag d = { 0 };
	const enum tls_json_end end = tls_json_read((const char *)data, size,
	    &head, &t, &d);

	for (int i = 0; i < HEAD_TEXTS; i++)
		PROMISE(is_text(*head_text(&head, (enum head_text)i), ""));
	if (end == TLS_JSON_REPORT) {
		PROMISE(head.reporter != NULL && head.policy_domain != NULL);
		PROMISE(head.begin >= 0 && head.begin <= LIMIT_EPOCH);
		PROMISE(head.end >= 0 && head.end <= LIMIT_EPOCH);
		check_policies(&t);
		check_failures(&t);
		check_copy(&t);
	} else {
		PROMISE(d.code == DIAG_FORMAT || d.code == DIAG_LIMIT);
		PROMISE(d.reason != REASON_NONE && is_text(d.text, ""));
	}
	report_head_free(&head);
	tls_report_clear(&t);
	return 0;
}
