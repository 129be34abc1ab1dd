/*
 * decoder: one process that decodes, seen by the parent: start it, speak with
 * it, learn why it ended.
 *
 * It is this program, executed anew (decoder_child.c), so that it shares
 * neither memory nor descriptors nor environment with the parent.
 */
#ifndef INGEST_DECODER_H
#define INGEST_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "common/buf.h"
#include "common/diag.h"
#include "ingest/worker/frame.h"

struct decoder {
	pid_t pid;     /* 0: there is none */
	int to;        /* its standard input */
	int from;      /* its standard output */
	bool is_ready; /* it has said that it is locked in */
	bool has_ended;
	size_t size;  /* its address space when it was ready */
	size_t bound; /* on what it may use beyond that */
	struct buf in;
	size_t at; /* what lies in in before that was dealt with */
};

/* All of it zero is a decoder that is not there. */

/* Start a process.  RETRY: the system has none, or no descriptors. */
enum diag_code
decoder_start(struct decoder *dec, bool sandbox, struct diag *d) MUST_CHECK;

/* End it, whatever it does, and forget what it said. */
void decoder_stop(struct decoder *dec);

/* Take what it has said, as much as there is; dec->has_ended afterwards when
 * that was all. */
void decoder_read(struct decoder *dec);

/* Give it bytes; returns how many it took, which may be none. */
size_t decoder_write(struct decoder *dec, const struct iovec *iov, int n);

/*
 * The next frame, if it is there whole; it is gone with the next call.  *bad:
 * what it says is no frame.
 */
bool decoder_frame(struct decoder *dec, struct frame *f, bool *bad);

/*
 * The first frame: it is ready, or could not be.  DIAG_OK: it is, or has not
 * said so yet.  RETRY: it was ended before it could, as happens where memory
 * is short.  CONFIG: it cannot be locked in, or not be run at all.
 */
enum diag_code decoder_greet(struct decoder *dec, struct diag *d) MUST_CHECK;

/* It is ready: let it have the memory that the largest that can come of an
 * item of this size may take. */
void decoder_make_room(struct decoder *dec, size_t len);

/* What it has used, in milliseconds of processor time; -1: cannot be told. */
int64_t decoder_cpu_ms(const struct decoder *dec);

/* It has ended, and nobody had asked it to: why?  It is gone afterwards. */
void decoder_autopsy(struct decoder *dec, struct diag *d);

#endif
