/* decoder_child: the program as a worker. */
#include "ingest/worker/decoder_child.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "ingest/worker/charsets.h"
#include "ingest/decode/decode.h"
#include "ingest/worker/frame.h"
#include "common/jail/jail.h"
#include "ingest/limits.h"
#include "ingest/worker/misbehave.h"
#include "ingest/worker/oom.h"

/* Answers to small items go out together. */
#define ENOUGH 65536UL

#define NICE   10

/* Read at a time; several small items. */
#define PIECE 262144UL

struct child {
	struct buf in; /* items, from at on */
	size_t at;
	struct buf out; /* frames */
};

/* ---- the two pipes ---------------------------------------------------------- */

/* A write fails when the parent is gone. */
static void
flush(struct child *c)
{
	size_t done = 0;

	while (done < c->out.len) {
		const ssize_t n = write(STDOUT_FILENO, c->out.data + done,
		    c->out.len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n == 0 || errno != EINTR)
			_exit(EX_IOERR);
	}
	buf_truncate(&c->out, 0);
	/* After a large item: give unused memory back. */
	if (c->out.size > 4 * ENOUGH)
		buf_free(&c->out);
}

/* Drop the items that are done, and give back the memory of a large one. */
static void
make_room(struct child *c)
{
	const size_t left = c->in.len - c->at;

	if (left == 0 && c->in.size > 8 * PIECE)
		buf_free(&c->in);
	else if (left > 0 && c->at > 0)
		memmove(c->in.data, c->in.data + c->at, left);
	buf_truncate(&c->in, left);
	c->at = 0;
}

/* Read more; false: there is no more. */
static bool
read_more(struct child *c, char *piece)
{
	ssize_t n;

	do
		n = read(STDIN_FILENO, piece, PIECE);
	while (n == -1 && errno == EINTR);
	return n > 0 && buf_append(&c->in, piece, (size_t)n);
}

/* ---- decode's sink ------------------------------------------------------------ */

static bool
on_chunk(void *ctx, const struct report_head *head, const struct chunk *chunk)
{
	struct child *c = ctx;

	frame_chunk(&c->out, head, chunk);
	if (c->out.len >= ENOUGH)
		flush(c);
	return true;
}

static void
on_forget(void *ctx)
{
	frame_forget(&((struct child *)ctx)->out);
}

static bool
on_leaf(void *ctx, const struct leaf *leaf)
{
	struct child *c = ctx;

	frame_leaf(&c->out, leaf);
	if (c->out.len >= ENOUGH)
		flush(c);
	return true;
}

/* ---- items ---------------------------------------------------------------------- */

/* The next item, if all of it has arrived. */
static bool
next_item(struct child *c, struct frame *f)
{
	bool bad;
	size_t n;

	if (c->in.data == NULL)
		return false;
	n = frame_look(c->in.data + c->at, c->in.len - c->at, LIMIT_ITEM, f,
	    &bad);

	if (bad || (n > 0 && f->type != FRAME_ITEM))
		_exit(EX_PROTOCOL);
	c->at += n;
	return n > 0;
}

static void
serve(struct child *c, char *piece)
{
	const struct decode_sink sink = { c, on_chunk, on_forget, on_leaf };
	struct profile_memo *memo = profile_memo_new();
	struct frame item;

	do {
		while (next_item(c, &item)) {
			if (!MISBEHAVE(&c->out, item.body, item.len))
				decode(memo, item.body, item.len, &sink);
			frame_done(&c->out);
			if (c->out.len >= ENOUGH)
				flush(c);
		}
		flush(c);
		make_room(c);
	} while (read_more(c, piece));
	profile_memo_free(memo);
}

/* ---- the program ------------------------------------------------------------------ */

bool
decoder_child_is_meant(int argc, char *const *argv)
{
	return argc == 3 && strcmp(argv[1], DECODER_OPTION) == 0;
}

int
decoder_child_main(char *const *argv)
{
	const struct jail_limits bounds = { .memory = LIMIT_DECODER_MEMORY,
		.memory_max = LIMIT_DECODER_ROOM +
		    LIMIT_DECODER_COPIES * LIMIT_ITEM,
		.seconds = LIMIT_DECODER_LIFE };
	struct child c = { 0 };
	char *piece;
	size_t size = 0;
	struct diag d;

	/* Workers are faster than the database, so the parent and the database,
	 * which wait for each other, get the processor first. */
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	jail_prepare(DECODER_NAME);
	MISBEHAVE_AT_START();
	oom_ends_it();
	decode_init();
	charsets_load();
	tzset();
	buf_init(&c.in, LIMIT_ITEM + PIECE + sizeof(struct frame_header));
	buf_init(&c.out, 2 * LIMIT_FRAME);
	piece = mem_calloc(PIECE, 1);
	if (jail_enter(strcmp(argv[2], DECODER_UNLOCKED) != 0, &bounds, &size,
		&d) != DIAG_OK) {
		frame_failed(&c.out, &d);
		flush(&c);
		_exit(EX_CONFIG);
	}
	frame_ready(&c.out, size);
	flush(&c);
	serve(&c, piece);
	_exit(EX_OK);
}
