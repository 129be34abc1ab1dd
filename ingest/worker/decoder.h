/*
 * decoder: one worker, seen from the parent: start it, exchange frames with it,
 * find out why it exited.
 *
 * A worker is this program, executed again (decoder_child.c), so that it shares
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
	bool is_ready; /* it has reported that it is in the sandbox */
	bool has_ended;
	size_t size;  /* its address space when it was ready */
	size_t bound; /* on what it may use beyond that */
	struct buf in;
	size_t at; /* what lies in in before that was dealt with */
};

/* All zero: no worker is running. */

/* Start a process.  RETRY: the system has none, or no descriptors. */
enum diag_code
decoder_start(struct decoder *dec, bool sandbox, struct diag *d) MUST_CHECK;

/* Kill it and discard its output. */
void decoder_stop(struct decoder *dec);

/* Read its output without waiting.  Afterwards dec->has_ended says whether that
 * was the end. */
void decoder_read(struct decoder *dec);

/* Write bytes to it; returns how many the pipe took, which may be 0. */
size_t decoder_write(struct decoder *dec, const struct iovec *iov, int n);

/*
 * The next frame, if all of it has arrived; valid until the next call.  *bad:
 * the bytes are not a frame.
 */
bool decoder_frame(struct decoder *dec, struct frame *f, bool *bad);

/*
 * Look at the first frame.  DIAG_OK: the worker is ready, or has not answered
 * yet.  RETRY: it was killed while it started, as happens when memory is short.
 * CONFIG: it cannot enter the sandbox, or cannot be executed at all.
 */
enum diag_code decoder_greet(struct decoder *dec, struct diag *d) MUST_CHECK;

/* It is ready: set its memory limit to what an item of this size may need. */
void decoder_make_room(struct decoder *dec, size_t len);

/* The processor time that it has used, in milliseconds; -1: unknown. */
int64_t decoder_cpu_ms(const struct decoder *dec);

/* It exited unexpectedly: find out why, and clean up. */
void decoder_autopsy(struct decoder *dec, struct diag *d);

#endif
