/* imap_command: a command is sent, and what became of it. */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/imap/imap_refusal.h"
#include "ingest/imap/imap_session.h"

static void
arm(struct imap *im, uint64_t bytes, bool is_ours, const char *wanted)
{
	/* What was said before must not be taken for an answer to this. */
	im->session->imap_response = NULL;
	(void)mmap_string_truncate(im->session->imap_response_buffer, 0);
	imap_lines_begin(&im->lines, is_ours, wanted);
	tls_stream_arm(im->stream, im->m->timeout, bytes);
}

void
imap_arm(struct imap *im, uint64_t bytes)
{
	arm(im, bytes, false, NULL);
}

void
imap_arm_own(struct imap *im, uint64_t bytes, const char *wanted)
{
	arm(im, bytes, true, wanted);
}

int
imap_send(struct imap *im, const char *command)
{
	mailimap *session = im->session;
	char *line = mem_printf("%s\r\n", command);
	const size_t len = strlen(line);
	int r = mailimap_send_current_tag(session);

	if (IMAP_DONE(r) &&
	    (mailstream_write(session->imap_stream, line, len) !=
		    (ssize_t)len ||
		mailstream_flush(session->imap_stream) == -1))
		r = MAILIMAP_ERROR_STREAM;
	free(line);
	return r;
}

int
imap_finish(struct imap *im)
{
	const struct imap_reply *reply = &im->lines.reply;

	while (reply->status == STATUS_NONE)
		if (!tls_stream_pump(im->stream))
			return MAILIMAP_ERROR_STREAM;
	return reply->status == STATUS_OK ? MAILIMAP_NO_ERROR :
					    MAILIMAP_ERROR_EXTENSION;
}

int
imap_ask_for(struct imap *im, const char *wanted, const char *command)
{
	int r;

	imap_arm_own(im, IMAP_ANSWER, wanted);
	r = imap_send(im, command);
	return IMAP_DONE(r) ? imap_finish(im) : r;
}

static const char *
answer(const struct imap *im)
{
	const char *text = im->lines.is_raw ? im->session->imap_response :
					      im->lines.reply.text;

	return text == NULL || text[0] == '\0' ? "no reason given" : text;
}

bool
imap_has_code(const struct imap *im, const char *code)
{
	return strcmp(im->lines.reply.code, code) == 0;
}

enum diag_code
imap_result(struct imap *im, int r, enum diag_code refused, const char *doing,
    struct diag *d)
{
	const char *name = im->m->name;
	const char *failure = tls_stream_failure(im->stream);
	enum reason reason = REASON_REFUSED;

	if (IMAP_DONE(r) && failure == NULL)
		return DIAG_OK;
	if (failure != NULL && im->lines.reply.text[0] != '\0')
		return diag_set(d, DIAG_RETRY, REASON_CONNECTION,
		    "%s: %s: %s, after: %s", name, doing, failure, answer(im));
	if (failure != NULL)
		return diag_set(d, DIAG_RETRY, REASON_CONNECTION, "%s: %s: %s",
		    name, doing, failure);
	switch (r) {
	case MAILIMAP_ERROR_STREAM:
	case MAILIMAP_ERROR_FATAL:
	case MAILIMAP_ERROR_BAD_STATE:
		im->in_step = false;
		return diag_set(d, DIAG_RETRY, REASON_CONNECTION,
		    "%s: %s: the server ends the conversation: %s", name, doing,
		    answer(im));
	case MAILIMAP_ERROR_PROTOCOL:
		if (im->lines.guard.was_bad)
			break;
		/* fall through */
		/* BAD, or a tag that is not ours; libetpan says not which. */
	case MAILIMAP_ERROR_PARSE:
	case MAILIMAP_ERROR_MEMORY:
		im->in_step = false;
		return diag_set(d, DIAG_FORMAT, REASON_BAD_ANSWER,
		    "%s: %s: the server's answer is no IMAP", name, doing);
	default:
		break;
	}
	if (imap_refusal_is_temporary(im->lines.reply.code, answer(im))) {
		/* That may be about one mail. */
		if (!imap_has_code(im, "SERVERBUG"))
			reason = REASON_NOT_NOW;
		refused = refused == DIAG_CONFIG ? DIAG_RETRY : refused;
	}
	return diag_set(d, refused, reason, "%s: %s: %s", name, doing,
	    answer(im));
}

/* The UIDs from number i on that follow one another: the last of them. */
static size_t
run_end(const uint32_t *uids, size_t n, size_t i)
{
	while (i + 1 < n && uids[i + 1] == uids[i] + 1)
		i++;
	return i;
}

struct mailimap_set *
imap_set(const uint32_t *uids, size_t n)
{
	struct mailimap_set *set = mailimap_set_new_empty();

	for (size_t i = 0, last; i < n; i = last + 1) {
		last = run_end(uids, n, i);
		(void)mailimap_set_add_interval(set, uids[i], uids[last]);
	}
	return set;
}

char *
imap_set_text(const uint32_t *uids, size_t n)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0, last; i < n; i = last + 1) {
		last = run_end(uids, n, i);
		g_string_append_printf(s, "%s%" PRIu32, i > 0 ? "," : "",
		    uids[i]);
		if (last > i)
			g_string_append_printf(s, ":%" PRIu32, uids[last]);
	}
	return g_string_free(s, FALSE);
}

enum diag_code
imap_whole_result(struct imap *im, int r, enum diag_code refused,
    const char *doing, struct diag *d)
{
	enum diag_code code = imap_result(im, r, refused, doing, d);

	if (code == DIAG_FORMAT)
		code = d->code = DIAG_RETRY;
	return code;
}
