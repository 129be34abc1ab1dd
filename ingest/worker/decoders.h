/*
 * decoders: the few processes that decode, and who gets what.
 *
 * Items are given in, and come out in the same order; meanwhile several are
 * decoded at once.  A decoder that falls to an item costs that item: what the
 * decoder had at that moment is tried once more, one by one, and the item that
 * a fresh decoder falls to as well, with nothing else to do, comes out with the
 * reason.
 *
 * A decoder may also fall without showing it: an item takes it over, and it
 * says of the items behind what that one wants.  What limits this: each decoder
 * has its own items; after an item that is set aside, in whole or in part, or
 * was mended, and after a decoder that fell, a fresh one begins with the next
 * item, and what was said of that already is forgotten; after
 * LIMIT_DECODER_ITEMS it is replaced in any case, and so it is at the end of a
 * run.  What remains: an item that takes a decoder over and looks like a sound
 * report, or like no report at all, can falsify the items of that decoder up
 * to then.  It can't touch the database, the mailbox, or what other decoders
 * say, and what it says still has to be a report.
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
	/* The item that comes out next begins, or begins anew; or it could not
	 * be decoded: what the sink was told of it was nothing. */
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
