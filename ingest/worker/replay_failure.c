/* replay_failure: a failure report that a decoder hands over, checked. */
#include "ingest/worker/replay_failure.h"

#include <arpa/inet.h>
#include <string.h>

#include "ingest/limits.h"
#include "ingest/worker/frame.h"

static size_t
most_of(enum failure_text which)
{
	switch (which) {
	case FAILURE_DOMAIN:
	case FAILURE_DKIM_DOMAIN:
		return LIMIT_DOMAIN;
	case FAILURE_TYPE:
	case FAILURE_RESULT:
		return LIMIT_FAILURE_WORD;
	default:
		return LIMIT_FAILURE_TEXT;
	}
}

void
replay_failure(struct cursor *c, struct failure_report *f)
{
	struct frame_failure fixed;
	unsigned char ip[16];
	const char *s;

	cursor_take(c, &fixed, sizeof(fixed));
	cursor_want(c, fixed.arrival >= 0 && fixed.arrival <= LIMIT_EPOCH,
	    "invalid date of arrival");
	cursor_want(c, fixed.incidents >= 1 && fixed.incidents <= LIMIT_COUNT,
	    "invalid number of mails");
	f->arrival = fixed.arrival;
	f->incidents = fixed.incidents;
	for (int i = 0; i < FAILURE_TEXTS; i++)
		f->texts[i] = cursor_text(c, most_of((enum failure_text)i), "");
	s = f->texts[FAILURE_SOURCE_IP];
	cursor_want(c,
	    s == NULL || inet_pton(AF_INET, s, ip) == 1 ||
		inet_pton(AF_INET6, s, ip) == 1,
	    "invalid address");
}
