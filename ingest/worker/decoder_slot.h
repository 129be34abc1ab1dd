/*
 * decoder_slot: one place for a decoder, and the work that it was given.
 *
 * Jobs are sent as the pipe takes them, several at once, and done in the order
 * in which they came.
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
	bool is_next;      /* of all jobs it comes out next */
	bool needs_room;   /* more memory than decoders have as a rule */
};

/* One place for a decoder, and its work. */
struct slot {
	struct decoder dec;
	GQueue jobs;   /* struct job, the one that it decodes first */
	GList *unsent; /* of these, the first that was not given to it whole */
	size_t sent;   /* bytes of that one that were */
	size_t given;  /* jobs before that one, which it has whole */
	size_t bytes;  /* of all jobs */
	/* So many, from the first on, a decoder had been given that fell: any
	 * of them may have been the cause, so they are given one by one. */
	size_t suspects;
	size_t served; /* jobs that this decoder has done */
	size_t window; /* jobs that it may be given ahead */
};

void slot_init(struct slot *s);

/* End the decoder and forget the jobs, which belong to somebody else. */
void slot_clear(struct slot *s);

/* It may be given more; it has enough for another decoder to be worth it. */
bool slot_has_room(const struct slot *s);
bool slot_is_occupied(const struct slot *s);

void slot_add(struct slot *s, struct job *job);
void slot_done(struct slot *s); /* the first job is */

/*
 * This decoder has done its share: LIMIT_DECODER_ITEMS, or one that needed
 * room.  Or it has met something odd, and whatever it has said of the jobs
 * behind that is forgotten.  In either case another one begins.
 */
bool slot_is_worn(const struct slot *s);
void slot_give_up(struct slot *s);

/* Something waits to be sent and may be; send as much as the pipe takes. */
bool slot_has_to_send(const struct slot *s);
void slot_send(struct slot *s);

/* Start a new decoder, which begins with the first job. */
enum diag_code
slot_begin(struct slot *s, bool sandbox, struct diag *d) MUST_CHECK;

/*
 * The decoder fell while the first job was not done, because of *why.  True: it
 * is this job's fault.  It is when the decoder had nothing else, and had seen
 * nothing before, which may have left something behind; time is each job's own.
 * One that memory was not enough for is tried with more first.
 */
bool slot_fell(struct slot *s, const struct diag *why);

#endif
