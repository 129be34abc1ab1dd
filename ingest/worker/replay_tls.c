/* replay_tls: validates a TLS report from a worker. */
#include "ingest/worker/replay_tls.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>

#include "ingest/limits.h"
#include "ingest/worker/frame.h"

static void
read_policy(struct cursor *c, struct tls_report *t, int64_t *sessions)
{
	struct frame_tls_policy f;
	struct tls_policy p = { 0 };

	cursor_take(c, &f, sizeof(f));
	cursor_want(c,
	    f.successes >= 0 && f.successes <= LIMIT_COUNT && f.failures >= 0 &&
		f.failures <= LIMIT_COUNT,
	    "invalid number of sessions");
	p.successes = f.successes;
	p.failures = f.failures;
	p.type = cursor_text(c, LIMIT_TLS_TEXT, "");
	p.domain = cursor_text(c, LIMIT_DOMAIN, "");
	p.text = cursor_text(c, LIMIT_TEXT, "\n");
	p.mx = cursor_text(c, LIMIT_TEXT, "\n");
	cursor_want(c, p.domain != NULL && p.domain[0] != '\0',
	    "invalid domain of a policy");
	if (cursor_failed(c))
		return;
	*sessions += p.successes + p.failures;
	cursor_want(c, *sessions <= LIMIT_REPORT_MESSAGES, "too many sessions");
	g_array_append_val(t->policies, p);
}

static bool
is_address(const char *s)
{
	unsigned char ip[16];

	return s == NULL || inet_pton(AF_INET, s, ip) == 1 ||
	    inet_pton(AF_INET6, s, ip) == 1;
}

/* before: the policy of the failure before it. */
static void
read_failure(struct cursor *c, struct tls_report *t, uint32_t *before)
{
	struct frame_tls_failure f;
	struct tls_failure x = { 0 };
	const char **texts[TLS_FAILURE_TEXTS];

	cursor_take(c, &f, sizeof(f));
	cursor_want(c, f.sessions >= -1 && f.sessions <= LIMIT_COUNT,
	    "invalid number of sessions");
	cursor_want(c, f.policy < t->policies->len && f.policy >= *before,
	    "invalid number of a policy");
	x.sessions = f.sessions;
	x.policy = f.policy;
	tls_failure_texts(&x, texts);
	for (size_t i = 0; i < TLS_FAILURE_TEXTS; i++)
		*texts[i] = cursor_text(c, LIMIT_TLS_TEXT, "");
	cursor_want(c, is_address(x.sending_ip) && is_address(x.receiving_ip),
	    "invalid address");
	if (cursor_failed(c))
		return;
	*before = x.policy;
	g_array_append_val(t->failures, x);
}

void
replay_tls(struct cursor *c, struct tls_report *t)
{
	struct frame_tls n;
	int64_t sessions = 0;
	uint32_t before = 0;

	t->policies = g_array_new(FALSE, FALSE, sizeof(struct tls_policy));
	t->failures = g_array_new(FALSE, FALSE, sizeof(struct tls_failure));
	cursor_take(c, &n, sizeof(n));
	cursor_want(c,
	    n.policies > 0 && n.policies <= LIMIT_TLS_POLICIES &&
		n.failures <= LIMIT_TLS_FAILURES,
	    "invalid size of a TLS report");
	for (uint32_t i = 0; i < n.policies && !cursor_failed(c); i++)
		read_policy(c, t, &sessions);
	for (uint32_t i = 0; i < n.failures && !cursor_failed(c); i++)
		read_failure(c, t, &before);
}
