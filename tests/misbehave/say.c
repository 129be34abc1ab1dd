/* say: what a worker that has fallen says, for tests. */
#include "tests/misbehave/say.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ingest/worker/frame.h"
#include "ingest/limits.h"

void
say_the_rest(struct buf *out)
{
	if (out->len > 0 && write(STDOUT_FILENO, out->data, out->len) == -1)
		_exit(GOT_OUT);
	buf_truncate(out, 0);
}

bool
say_garbage(struct buf *out)
{
	for (int i = 0; i < 10000; i++)
		(void)buf_putc(out, (char)(i * 7 + 200));
	return true;
}

bool
say_half(struct buf *out)
{
	const struct frame_header h = { FRAME_LEAF, 1000 };

	(void)buf_append(out, &h, sizeof(h));
	if (write(STDOUT_FILENO, out->data, out->len) == -1)
		_exit(GOT_OUT);
	_exit(0);
}

bool
say_too_much(struct buf *out)
{
	const struct frame_header h = { FRAME_LEAF, UINT32_MAX };

	(void)buf_append(out, &h, sizeof(h));
	return true;
}

bool
say_nothing(struct buf *out)
{
	(void)out;
	return true;
}

/* A report of more messages than its records have. */
bool
say_wrong_sum(struct buf *out)
{
	char text[] = "x.example";
	struct report_head head = { .pct = -1,
		.org_name = text,
		.reporter = text,
		.policy_domain = text };
	const struct report_totals totals = { .messages = 1 };
	const struct leaf leaf = { .kind = LEAF_REPORT,
		.part = "",
		.head = &head,
		.totals = &totals };

	frame_leaf(out, &leaf);
	return true;
}

/* A text that PostgreSQL would not take. */
bool
say_no_text(struct buf *out)
{
	struct leaf leaf = { .kind = LEAF_NOT_REPORT, .part = "\xff\xfe" };

	(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_OTHER, "text");
	frame_leaf(out, &leaf);
	return true;
}

/* Documents without end. */
bool
say_for_ever(struct buf *out)
{
	struct leaf leaf = { .kind = LEAF_BAD, .part = "" };

	(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_OTHER, "again");
	say_the_rest(out);
	frame_leaf(out, &leaf);
	while (write(STDOUT_FILENO, out->data, out->len) != -1)
		continue;
	_exit(GOT_OUT);
}

/* Go on with what out holds, n times. */
static void
repeat(const struct buf *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t done = 0; done < out->len;) {
			const ssize_t k = write(STDOUT_FILENO, out->data + done,
			    out->len - done);

			if (k == -1)
				_exit(GOT_OUT);
			done += (size_t)k;
		}
}

static char *
long_text(size_t n, char c)
{
	char *s = calloc(n + 1, 1);

	if (s == NULL)
		_exit(GOT_OUT);
	memset(s, c, n);
	return s;
}

/* Texts of documents, in all a little less than may come through the pipe. */
bool
flood_parts(struct buf *out)
{
	char *text = long_text(4 * LIMIT_MIB, 'x');
	struct leaf leaf = { .kind = LEAF_BAD, .part = text };

	(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_OTHER, "a long name");
	say_the_rest(out);
	frame_leaf(out, &leaf);
	repeat(out, 95);
	buf_truncate(out, 0);
	free(text);
	return true;
}

/* As many documents as may be, with as many small texts. */
bool
flood_heads(struct buf *out)
{
	char text[] = "x";
	struct report_head head = { .pct = -1, .n_errors = LIMIT_ERRORS };
	struct leaf leaf = { .kind = LEAF_BAD, .part = "", .head = &head };

	for (int i = 0; i < HEAD_TEXTS; i++)
		*head_text(&head, (enum head_text)i) = text;
	for (size_t i = 0; i < LIMIT_ERRORS; i++)
		head.errors[i] = text;
	(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_OTHER, "again");
	say_the_rest(out);
	frame_leaf(out, &leaf);
	repeat(out, LIMIT_DOCUMENTS + 10);
	buf_truncate(out, 0);
	return true;
}

/* Profiles whose rows are eight times as long as they are; each is another
 * one.  alone: no record has it. */
static void
say_profiles(struct buf *out, bool alone)
{
	char *text = long_text(LIMIT_TEXT, '\\');
	char domain[] = "x.example";
	struct auth_result results[LIMIT_RESULTS];
	struct auth_profile p = { .adkim = 'r',
		.aspf = 'r',
		.dkim = results,
		.n_dkim = LIMIT_RESULTS };
	struct record r = { .count = 1 };
	const struct report_head head = { .pct = -1,
		.reporter = domain,
		.policy_domain = domain };
	const struct chunk chunk = { .profiles = &p,
		.n_profiles = 1,
		.records = &r,
		.n_records = alone ? 0 : 1 };

	for (size_t i = 0; i < LIMIT_RESULTS; i++)
		results[i] = (struct auth_result){ .domain = domain,
			.qualifier = text };
	say_the_rest(out);
	for (int i = 0; i < 900; i++) {
		(void)snprintf(text, 9, "%08d", i);
		text[8] = 'x';
		buf_truncate(out, 0);
		frame_chunk(out, &head, &chunk);
		repeat(out, 1);
	}
	free(text);
	_exit(0);
}

bool
flood_profiles(struct buf *out)
{
	say_profiles(out, false);
	return true;
}

bool
flood_idle_profiles(struct buf *out)
{
	say_profiles(out, true);
	return true;
}
