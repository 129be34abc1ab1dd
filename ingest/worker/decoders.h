/*
 * decoders: the few processes that decode, and who gets what.
 *
 * Items are given in, and come out in the same order; several are decoded at
 * once.  When a decoder dies, every item it held is retried alone in a fresh
 * decoder.  An item that kills that one too is returned as failed, with the
 * reason.
 *
 * An item may also take a decoder over without killing it, and make it lie about
 * the items behind.  What limits this: each decoder has its own items.  A fresh
 * one begins after an item that is set aside, in whole or in part, after one
 * that was salvaged, and after a decoder that died; what the old one sent about
 * the next item is discarded.  Each decoder is replaced after
 * LIMIT_DECODER_ITEMS, and at the end of a run.  What remains: an item that
 * takes a decoder over, and looks like a sound report or like no report, can
 * falsify the items of that decoder until then.  It cannot touch the database,
 * the mailbox, or the output of other decoders, and what it sends must still be
 * a valid report.
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

/* Processes are started when there is work.  Without sandbox they run, but are
 * not locked in. */
struct decoders *decoders_new(bool sandbox);

/* NULL is fine.  What was given in and did not come out is lost. */
void decoders_free(struct decoders *ds);

/* Who takes what comes out. */
struct decoders_taker {
	/* Called before the first output of an item, when it is retried, and
	 * when it failed: discard what the sink has received for it. */
	void (*begin)(void *ctx, const struct item *item);
	/* As decode() would. */
	const struct decode_sink *sink;
};

/* Nothing more should be given in before something has come out. */
bool decoders_are_busy(const struct decoders *ds);

/* Bytes of the items that were given in and did not come out. */
size_t decoders_bytes(const struct decoders *ds);

/* Give in an errand, which is emptied here.  One that is known, or too large,
 * needs no decoder and only waits for its turn. */
void decoders_give(struct decoders *ds, struct errand *errand);

enum decoders_next {
	DECODERS_ITEM,    /* *out is it; the caller frees out->item */
	DECODERS_PART,    /* after waiting: the sink was told more of it */
	DECODERS_NOTHING, /* none is ready now, or, after waiting, at all */
	DECODERS_FAILED   /* there can be no decoders: see the diag */
};

/*
 * The next item that comes out, after the sink was told what is in it.
 * why->code is DIAG_OK unless it could not be decoded.
 */
enum decoders_next decoders_take(struct decoders *ds, bool wait,
    const struct decoders_taker *to, struct errand *out, struct diag *why);

/*
 * Pass on to and from the decoders what can be now; and wait, if that is
 * wanted, for a moment, until there is something to pass on, or something
 * happens on a descriptor that somebody waits for (as poll(2) has it).  What
 * they say is kept for decoders_take(), as much as a queue may hold.
 */
void decoders_meanwhile(struct decoders *ds, int fd, short events, bool wait);

/* Throw away what was given in, and end the processes; they start anew when
 * there is work. */
void decoders_rest(struct decoders *ds);

#endif
