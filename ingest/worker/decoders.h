/*
 * decoders: all workers, and which item goes to which.
 *
 * Results come in the order of the items, although several are decoded at once.
 * When a worker dies, every item it held is retried alone in a fresh worker.
 * An item that kills that one too is returned as failed, with the reason.
 *
 * An item may also take control of a worker without killing it, and falsify the
 * results of later items.  What limits this: each worker has its own items.  A
 * fresh worker is started after an item that was set aside in whole or in part,
 * after one that was salvaged, and after a worker that died; the old one's
 * output about the next item is discarded.  Each worker is replaced after
 * LIMIT_DECODER_ITEMS, and at the end of a run.  What remains: an item that
 * takes control of a worker and looks like a sound report, or like no report,
 * can falsify the items of that worker until then.  It cannot touch the
 * database, the mailbox, or the output of other workers, and what it sends must
 * still be a valid report.
 */
#ifndef INGEST_DECODERS_H
#define INGEST_DECODERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"
#include "ingest/decode/decode.h"
#include "ingest/source/errand.h"

struct decoders;

/* Processes start when there is work; without sandbox they run unconfined. */
struct decoders *decoders_new(bool sandbox);

/* NULL is fine.  Items whose result was not taken are lost. */
void decoders_free(struct decoders *ds);

/* The receiver of the results. */
struct decoders_taker {
	/* Called before the first output of an item, when it is retried, and
	 * when it failed: discard what the sink has received for it. */
	void (*begin)(void *ctx, const struct item *item);
	/* The sink, called as decode() would call it. */
	const struct decode_sink *sink;
};

/* The queues are full: take a result before you give another item. */
bool decoders_are_busy(const struct decoders *ds);

/* Bytes of all items in the queues. */
size_t decoders_bytes(const struct decoders *ds);

/* Queue an errand, which is emptied here.  One that was seen before, or is too
 * large, needs no worker and only waits for its turn. */
void decoders_give(struct decoders *ds, struct errand *errand);

enum decoders_next {
	DECODERS_ITEM,    /* out is complete; the caller frees out->item */
	DECODERS_PART,    /* after waiting: the sink got a part of it */
	DECODERS_NOTHING, /* none is ready; after waiting: there is none at all */
	DECODERS_FAILED   /* no worker can run: see the diag */
};

/*
 * The next result, after the sink has received what is in the item. why->code
 * is DIAG_OK unless the item could not be decoded.
 */
enum decoders_next decoders_take(struct decoders *ds, bool wait,
    const struct decoders_taker *to, struct errand *out, struct diag *why);

/*
 * Exchange data with the workers.  If asked to, wait a moment for more, or
 * until something happens on the caller's descriptor (see poll(2)).  Their
 * output is kept for decoders_take(), up to the size of a queue.
 */
void decoders_meanwhile(struct decoders *ds, int fd, short events, bool wait);

/* Empty the queues and end the processes; new ones start when there is work. */
void decoders_rest(struct decoders *ds);

#endif
