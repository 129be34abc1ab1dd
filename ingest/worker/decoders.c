/* decoders: all workers, and which item goes to which. */
#include "ingest/worker/decoders.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"
#include "ingest/worker/decoder_slot.h"
#include "ingest/limits.h"
#include "ingest/worker/patience.h"
#include "ingest/worker/replay.h"
#include "common/stop.h"

/* Small items are sent together, so a caller that does not wait looks at the
 * pipes only every few calls. */
#define EVERY 16

struct decoders {
	bool sandbox;
	size_t n;
	struct slot slots[LIMIT_DECODERS];
	GQueue order;   /* struct job, as they were given in */
	size_t bytes;   /* of their items */
	unsigned calls; /* of decoders_take() that did not wait */
	struct replay *replay;
	bool replaying;      /* the sink has received a part of the first job */
	bool told;           /* the last look at it passed a frame to it */
	struct diag trouble; /* an error, kept until it can be returned */
	struct patience patience; /* with the first job */
};

static size_t
cores(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == -1)
		return 1;
	return (size_t)CPU_COUNT(&set);
}

struct decoders *
decoders_new(bool sandbox)
{
	struct decoders *ds = mem_calloc(1, sizeof(*ds));

	ds->sandbox = sandbox;
	ds->n = cores() < LIMIT_DECODERS ? cores() : LIMIT_DECODERS;
	if (ds->n == 0)
		ds->n = 1;
	g_queue_init(&ds->order);
	for (size_t i = 0; i < ds->n; i++)
		slot_init(&ds->slots[i]);
	ds->replay = replay_new();
	return ds;
}

static void
free_job(gpointer p)
{
	struct job *job = p;

	errand_clear(&job->errand);
	free(job);
}

/* A new item begins. */
static void
forget_first(struct decoders *ds)
{
	ds->replaying = false;
	patience_reset(&ds->patience);
}

void
decoders_rest(struct decoders *ds)
{
	for (size_t i = 0; i < ds->n; i++)
		slot_clear(&ds->slots[i]);
	g_queue_clear_full(&ds->order, free_job);
	ds->bytes = 0;
	ds->trouble = (struct diag){ 0 };
	forget_first(ds);
}

void
decoders_free(struct decoders *ds)
{
	if (ds == NULL)
		return;
	decoders_rest(ds);
	replay_free(ds->replay);
	free(ds);
}

/* ---- who gets it ----------------------------------------------------------------- */

bool
decoders_are_busy(const struct decoders *ds)
{
	/* An item that needs no worker waits for its turn, too. */
	if (ds->order.length >= LIMIT_QUEUE_ITEMS ||
	    ds->bytes >= LIMIT_QUEUE_ALL)
		return true;
	for (size_t i = 0; i < ds->n; i++)
		if (slot_has_room(&ds->slots[i]))
			return false;
	return true;
}

size_t
decoders_bytes(const struct decoders *ds)
{
	return ds->bytes;
}

/* The worker with the shortest queue; a new one only when the queues of all
 * others are long enough. */
static struct slot *
choose(struct decoders *ds)
{
	struct slot *best = NULL;
	struct slot *fresh = NULL;

	for (size_t i = 0; i < ds->n; i++) {
		struct slot *s = &ds->slots[i];

		if (s->dec.pid == 0 && s->jobs.length == 0)
			fresh = fresh == NULL ? s : fresh;
		else if (best == NULL || s->bytes < best->bytes)
			best = s;
	}
	if (best == NULL || (fresh != NULL && slot_is_occupied(best)))
		return fresh;
	return best;
}

void
decoders_give(struct decoders *ds, struct errand *errand)
{
	struct job *job = mem_calloc(1, sizeof(*job));

	job->errand = *errand;
	*errand = (struct errand){ 0 };
	ds->bytes += job->errand.item.len;
	g_queue_push_tail(&ds->order, job);
	if (job->errand.item.bytes == NULL || job->errand.seen != NULL)
		return;
	job->header.type = FRAME_ITEM;
	job->header.len = (uint32_t)job->errand.item.len;
	job->slot = choose(ds);
	slot_add(job->slot, job);
}

/* ---- waiting ----------------------------------------------------------------------- */

static struct job *
first_job(struct decoders *ds)
{
	return g_queue_peek_head(&ds->order);
}

/* Whether its output queue is full. */
static bool
has_said_enough(const struct slot *s)
{
	return s->dec.in.len - s->dec.at >= LIMIT_QUEUE_BYTES;
}

/* The output of a worker whose turn has not come is read until its queue is
 * full. */
static bool
wants_to_hear(struct decoders *ds, const struct slot *s)
{
	const struct job *first = first_job(ds);

	if (s->dec.pid == 0 || s->dec.has_ended)
		return false;
	return (first != NULL && first->slot == s) || !has_said_enough(s);
}

/* Descriptors for poll(), and the slots that they belong to. */
struct talk {
	struct pollfd fds[1 + 2 * LIMIT_DECODERS];
	struct slot *who[1 + 2 * LIMIT_DECODERS];
	nfds_t n;
};

static void
add_fd(struct talk *talk, struct slot *s, int fd, short events)
{
	talk->who[talk->n] = s;
	talk->fds[talk->n++] = (struct pollfd){ fd, events, 0 };
}

static void
pass(const struct talk *talk, nfds_t i)
{
	if (talk->fds[i].events == POLLOUT)
		slot_send(talk->who[i]);
	else
		decoder_read(&talk->who[i]->dec);
}

/* Read the first frame of workers that have just started. */
static enum diag_code
greet_all(struct decoders *ds, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	for (size_t i = 0; i < ds->n && code == DIAG_OK; i++)
		if (ds->slots[i].dec.pid != 0)
			code = decoder_greet(&ds->slots[i].dec, d);
	return code;
}

/* Only the first job may get the large memory limit. */
static void
mark_next(struct decoders *ds)
{
	struct job *first = first_job(ds);

	if (first != NULL)
		first->is_next = true;
}

/* Read and write without blocking, after waiting at most this long. */
static enum diag_code
converse(struct decoders *ds, int timeout_ms, struct diag *d)
{
	struct talk talk = { .n = 0 };

	mark_next(ds);
	for (size_t i = 0; i < ds->n; i++) {
		struct slot *s = &ds->slots[i];

		if (wants_to_hear(ds, s))
			add_fd(&talk, s, s->dec.from, POLLIN);
		if (s->dec.pid != 0 && !s->dec.has_ended && slot_has_to_send(s))
			add_fd(&talk, s, s->dec.to, POLLOUT);
	}
	if (poll(talk.fds, talk.n, timeout_ms) <= 0)
		return DIAG_OK;
	for (nfds_t i = 0; i < talk.n; i++)
		if (talk.fds[i].revents != 0)
			pass(&talk, i);
	return greet_all(ds, d);
}

/* While a worker's output queue is full we do not send to it either, because
 * we would not notice it exit. */
static bool
can_talk(const struct slot *s)
{
	return s->dec.pid != 0 && !s->dec.has_ended && !has_said_enough(s);
}

void
decoders_meanwhile(struct decoders *ds, int fd, short events, bool wait)
{
	struct talk talk = { .n = 0 };

	mark_next(ds);
	add_fd(&talk, NULL, fd, events);
	for (size_t i = 0; i < ds->n; i++) {
		struct slot *s = &ds->slots[i];

		if (!can_talk(s))
			continue;
		add_fd(&talk, s, s->dec.from, POLLIN);
		if (slot_has_to_send(s))
			add_fd(&talk, s, s->dec.to, POLLOUT);
	}
	if (poll(talk.fds, talk.n, wait ? PATIENCE_TICK_MS : 0) <= 0)
		return;
	for (nfds_t i = 1; i < talk.n; i++)
		if (talk.fds[i].revents != 0)
			pass(&talk, i);
	if (ds->trouble.code == DIAG_OK)
		(void)greet_all(ds, &ds->trouble);
}

/* ---- those that fall ---------------------------------------------------------------- */

static enum diag_code
start_those_with_work(struct decoders *ds, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	for (size_t i = 0; i < ds->n && code == DIAG_OK; i++) {
		struct slot *s = &ds->slots[i];

		if (s->dec.pid == 0 && s->jobs.length > 0)
			code = slot_begin(s, ds->sandbox, d);
		/* A worker that exits without work is no error. */
		else if (s->dec.has_ended && s->jobs.length == 0)
			decoder_stop(&s->dec);
	}
	return code;
}

/* Replace a worker that has done its share. */
static void
replace(struct decoders *ds, struct slot *s, bool odd)
{
	if (odd)
		slot_give_up(s);
	else if (!slot_is_worn(s))
		return;
	if (slot_begin(s, ds->sandbox, &ds->trouble) == DIAG_OK)
		ds->trouble = (struct diag){ 0 };
}

/* The first job has finished; odd: it is suspicious, and may have taken control
 * of its worker. */
static void
hand_over(struct decoders *ds, bool odd, struct errand *out)
{
	struct job *job = g_queue_pop_head(&ds->order);

	ds->bytes -= job->errand.item.len;
	if (job->slot != NULL) {
		slot_done(job->slot);
		replace(ds, job->slot, odd);
	}
	*out = job->errand;
	free(job);
	forget_first(ds);
}

/* The first job's worker died.  True: the job is to blame, and fails. */
static bool
fell(struct decoders *ds, const struct diag *why)
{
	forget_first(ds);
	return slot_fell(first_job(ds)->slot, why);
}

/* ---- taking ---------------------------------------------------------------------------- */

enum turn {
	GOES_ON,  /* nothing more of it has arrived */
	CAME_OUT, /* the item has ended */
	FELL      /* its worker has died: see the diag */
};

static void
begin_replay(struct decoders *ds, const struct decoders_taker *to)
{
	replay_begin(ds->replay);
	to->begin(to->sink->ctx, &first_job(ds)->errand.item);
	ds->replaying = true;
}

/* Pass the first job's output to the sink. */
static enum turn
replay_first(struct decoders *ds, const struct decoders_taker *to,
    struct diag *why)
{
	const struct slot *s = first_job(ds)->slot;
	struct decoder *dec = &first_job(ds)->slot->dec;
	struct frame f;
	bool bad = false;

	while (dec->is_ready && decoder_frame(dec, &f, &bad)) {
		/* A result for an item that it has not received completely. */
		bad = s->unsent == s->jobs.head;
		if (bad)
			break;
		if (!ds->replaying)
			begin_replay(ds, to);
		ds->told = true;
		switch (replay_frame(ds->replay, &f, to->sink, why)) {
		case REPLAY_DONE:
			return CAME_OUT;
		case REPLAY_BAD:
			return FELL;
		case REPLAY_MORE:
			break;
		}
	}
	if (bad) {
		(void)diag_set(why, DIAG_FORMAT, REASON_DECODER_GARBLED,
		    "worker protocol error: invalid frame");
		return FELL;
	}
	if (!dec->has_ended)
		return GOES_ON;
	decoder_autopsy(dec, why);
	return FELL;
}

/* Look at the first job.  True: it has finished; *why says how. */
static bool
look_at_first(struct decoders *ds, const struct decoders_taker *to,
    struct errand *out, struct diag *why)
{
	const struct job *job = first_job(ds);
	enum turn progress = CAME_OUT;

	*why = (struct diag){ 0 };
	ds->told = false;
	if (job->slot != NULL)
		progress = replay_first(ds, to, why);
	if (progress == FELL && !fell(ds, why))
		return false;
	if (progress == GOES_ON)
		return false;
	/* It is too large, or was seen before: it needs no worker. */
	if (job->slot == NULL || progress == FELL)
		to->begin(to->sink->ctx, &job->errand.item);
	hand_over(ds, progress == CAME_OUT && replay_was_odd(ds->replay), out);
	return true;
}

/* We were asked to stop and the workers had time to finish; decoders_rest()
 * ends them. */
static enum decoders_next
give_up(struct diag *why)
{
	(void)diag_set(why, DIAG_RETRY, REASON_STOPPED,
	    "asked to stop while an item is decoded; the rest is for the next "
	    "run");
	return DECODERS_FAILED;
}

/* Wait until the first job has finished, or more of it has arrived. */
static enum decoders_next
wait_for_first(struct decoders *ds, const struct decoders_taker *to,
    struct errand *out, struct diag *why)
{
	enum diag_code code;

	while (!look_at_first(ds, to, out, why)) {
		if (stop_is_overdue())
			return give_up(why);
		if (ds->told)
			return DECODERS_PART;
		code = start_those_with_work(ds, why);
		if (code == DIAG_OK)
			code = converse(ds, PATIENCE_TICK_MS, why);
		if (code != DIAG_OK)
			return DECODERS_FAILED;
		if (patience_is_over(&ds->patience, &first_job(ds)->slot->dec,
			why) &&
		    fell(ds, why)) {
			to->begin(to->sink->ctx, &first_job(ds)->errand.item);
			hand_over(ds, false, out);
			break;
		}
	}
	return DECODERS_ITEM;
}

enum decoders_next
decoders_take(struct decoders *ds, bool wait, const struct decoders_taker *to,
    struct errand *out, struct diag *why)
{
	enum decoders_next next = DECODERS_NOTHING;
	enum diag_code code = DIAG_OK;

	if (first_job(ds) == NULL)
		return DECODERS_NOTHING;
	if (ds->trouble.code != DIAG_OK) {
		*why = ds->trouble;
		return DECODERS_FAILED;
	}
	if (!wait && ds->calls++ % EVERY == 0) {
		code = start_those_with_work(ds, why);
		if (code == DIAG_OK)
			code = converse(ds, 0, why);
	}
	if (code != DIAG_OK)
		return DECODERS_FAILED;
	if (wait && stop_is_overdue())
		return give_up(why);
	patience_begin(&ds->patience);
	if (wait)
		next = wait_for_first(ds, to, out, why);
	else if (look_at_first(ds, to, out, why))
		next = DECODERS_ITEM;
	patience_end(&ds->patience);
	return next;
}
