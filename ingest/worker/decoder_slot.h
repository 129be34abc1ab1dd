/*
 * decoder_slot: one worker and its queue.
 *
 * Jobs are sent as the pipe takes them, several at once, and finish in the
 * order in which they were queued.
 */
#ifndef INGEST_DECODER_SLOT_H
#define INGEST_DECODER_SLOT_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "common/diag.h"
#include "ingest/source/errand.h"
#include "ingest/worker/decoder.h"
#include "ingest/worker/frame.h"

struct job {
	struct errand errand;
	struct frame_header header;
	struct slot *slot; /* NULL: there is nothing to decode */
	bool is_next;      /* first of all jobs in the order of results */
	bool needs_room;   /* more memory than workers usually get */
};

/* One worker and its queue. */
struct slot {
	struct decoder dec;
	GQueue jobs;   /* struct job; the current one first */
	GList *unsent; /* the first job that is not completely sent */
	size_t sent;   /* bytes of that one that are sent */
	size_t given;  /* jobs before it, which are completely sent */
	size_t bytes;  /* of all jobs */
	/* So many jobs, from the first on, were with a worker that died.  Any
	 * of them may be the cause, so they are sent one by one. */
	size_t suspects;
	size_t served; /* jobs that this worker has finished */
	size_t window; /* jobs that may wait in its pipe */
};

void slot_init(struct slot *s);

/* End the worker and empty the queue; the jobs are the caller's. */
void slot_clear(struct slot *s);

/* Whether it may get more jobs; whether its queue is so long that another
 * worker is worth starting. */
bool slot_has_room(const struct slot *s);
bool slot_is_occupied(const struct slot *s);

void slot_add(struct slot *s, struct job *job);
void slot_done(struct slot *s); /* the first job is */

/*
 * This worker is to be replaced: it has finished LIMIT_DECODER_ITEMS items or
 * one that needed room; or it has met a suspicious item, and then its output
 * for later jobs is discarded.
 */
bool slot_is_worn(const struct slot *s);
void slot_give_up(struct slot *s);

/* Whether something may be sent now; send as much as the pipe takes. */
bool slot_has_to_send(const struct slot *s);
void slot_send(struct slot *s);

/* Start a new worker, which begins with the first job. */
enum diag_code
slot_begin(struct slot *s, bool sandbox, struct diag *d) MUST_CHECK;

/*
 * The worker died before the first job was done; *why says how.  True: the job
 * is to blame.  It is if the worker had no other job and had finished none
 * before, which might have left damage; for exceeded time each job is to blame
 * itself.  A job that ran out of memory is first retried with more.
 */
bool slot_fell(struct slot *s, const struct diag *why);

#endif
