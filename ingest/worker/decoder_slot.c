/* decoder_slot: one worker and its queue. */
#include "ingest/worker/decoder_slot.h"

#include <string.h>

#include "ingest/limits.h"

/* Items that must wait for a worker before another one is started. */
#define WORTH_ANOTHER 8

#define IOV           64

/* As many as there is room for. */
#define NO_WINDOW LIMIT_QUEUE_ITEMS

void
slot_init(struct slot *s)
{
	g_queue_init(&s->jobs);
	s->window = NO_WINDOW;
}

void
slot_clear(struct slot *s)
{
	decoder_stop(&s->dec);
	g_queue_clear(&s->jobs);
	s->unsent = NULL;
	s->sent = 0;
	s->given = 0;
	s->bytes = 0;
	s->suspects = 0;
	s->served = 0;
	s->window = NO_WINDOW;
}

/* ---- its work ----------------------------------------------------------------- */

bool
slot_has_room(const struct slot *s)
{
	return s->jobs.length == 0 || s->bytes < LIMIT_QUEUE_BYTES;
}

bool
slot_is_occupied(const struct slot *s)
{
	return s->jobs.length >= WORTH_ANOTHER ||
	    s->bytes >= LIMIT_QUEUE_BYTES / 2;
}

void
slot_add(struct slot *s, struct job *job)
{
	s->bytes += job->errand.item.len;
	g_queue_push_tail(&s->jobs, job);
	if (s->unsent == NULL)
		s->unsent = g_queue_peek_tail_link(&s->jobs);
}

void
slot_done(struct slot *s)
{
	const struct job *job = g_queue_pop_head(&s->jobs);

	s->bytes -= job->errand.item.len;
	s->served++;
	if (s->given > 0)
		s->given--;
	if (s->suspects > 0)
		s->suspects--;
	if (s->window < NO_WINDOW)
		s->window *= 2;
}

bool
slot_is_worn(const struct slot *s)
{
	return s->served >= LIMIT_DECODER_ITEMS ||
	    s->dec.bound > LIMIT_DECODER_MEMORY;
}

void
slot_give_up(struct slot *s)
{
	decoder_stop(&s->dec);
	s->unsent = NULL;
	s->window = LIMIT_DECODER_FIRST;
}

/* ---- sending ---------------------------------------------------------------------- */

/* Bytes of the job at the link, from at on; the number of pieces. */
static int
add_pieces(struct iovec *iov, struct job *job, size_t at)
{
	int n = 0;

	if (at < sizeof(job->header)) {
		iov[n++] = (struct iovec){ (char *)&job->header + at,
			sizeof(job->header) - at };
		at = sizeof(job->header);
	}
	at -= sizeof(job->header);
	if (at < job->errand.item.len)
		iov[n++] = (struct iovec){ job->errand.item.bytes + at,
			job->errand.item.len - at };
	return n;
}

static bool
needs_room(const struct job *job)
{
	return job->needs_room || job->errand.item.len > LIMIT_DECODER_SMALL;
}

/* n jobs come before it. */
static bool
may_be_sent(const struct slot *s, const GList *link, size_t n)
{
	const struct job *job = link->data;
	const struct job *first = s->jobs.head->data;

	if (n > 0 && (s->suspects > 0 || needs_room(first)))
		return false;
	/* Only one job at a time gets the large memory limit: the one whose
	 * result is next, because it waits for no other.  Its worker gets it
	 * when it is ready. */
	if (needs_room(job) && (n > 0 || !job->is_next || !s->dec.is_ready))
		return false;
	return n < s->window && s->served + n < LIMIT_DECODER_ITEMS;
}

static int
fill(struct slot *s, struct iovec *iov)
{
	size_t at = s->sent;
	size_t before = s->given;
	int n = 0;

	for (GList *l = s->unsent;
	     l != NULL && n < IOV - 1 && may_be_sent(s, l, before);
	     l = l->next, before++) {
		struct job *job = l->data;

		if (needs_room(job))
			decoder_make_room(&s->dec, job->errand.item.len);
		n += add_pieces(iov + n, job, at);
		at = 0;
	}
	return n;
}

static void
advance(struct slot *s, size_t done)
{
	while (done > 0) {
		const struct job *job = s->unsent->data;
		const size_t left = sizeof(job->header) + job->errand.item.len -
		    s->sent;

		if (done < left) {
			s->sent += done;
			return;
		}
		done -= left;
		s->sent = 0;
		s->given++;
		s->unsent = s->unsent->next;
	}
}

bool
slot_has_to_send(const struct slot *s)
{
	return s->unsent != NULL && may_be_sent(s, s->unsent, s->given);
}

void
slot_send(struct slot *s)
{
	struct iovec iov[IOV];
	size_t done = 1;

	while (done > 0 && slot_has_to_send(s)) {
		done = decoder_write(&s->dec, iov, fill(s, iov));
		advance(s, done);
	}
}

/* ---- when its worker falls --------------------------------------------------- */

enum diag_code
slot_begin(struct slot *s, bool sandbox, struct diag *d)
{
	decoder_stop(&s->dec);
	s->unsent = s->jobs.head;
	s->sent = 0;
	s->given = 0;
	s->served = 0;
	if (s->unsent == NULL)
		return DIAG_OK;
	return decoder_start(&s->dec, sandbox, d);
}

bool
slot_fell(struct slot *s, const struct diag *why)
{
	struct job *job = s->jobs.head->data;
	/* even if only a part of it */
	const size_t given = s->given + (s->sent > 0);
	const bool is_timeout = why->reason == REASON_DECODER_TIMEOUT;
	const bool is_memory = why->reason == REASON_DECODER_MEMORY;
	bool guilty = s->suspects > 0 && (s->served == 0 || is_timeout);

	if (is_memory && s->suspects > 0 && !needs_room(job)) {
		job->needs_room = true;
		guilty = false;
	}
	decoder_stop(&s->dec);
	if (s->suspects == 0)
		s->suspects = given > 0 ? given : 1;
	s->unsent = NULL;
	return guilty;
}
