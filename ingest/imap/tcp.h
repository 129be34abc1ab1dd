/*
 * tcp: connecting to a host, and waiting for one, neither for ever.
 */
#ifndef INGEST_TCP_H
#define INGEST_TCP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/diag.h"

/*
 * Connect, within so many seconds.  On success the caller closes *fd, which
 * does not block.  CONFIG: there is no such host; RETRY: nobody answers.
 */
enum diag_code tcp_dial(int *fd, const char *host, const char *port,
    int seconds, struct diag *d) MUST_CHECK;

/* The other end is this machine. */
bool tcp_is_local(int fd);

enum tcp_waited {
	TCP_READY,
	TCP_LATE,
	TCP_STOP
};

/*
 * Until the deadline (clock_ms()), for bytes (POLLIN) or room for some
 * (POLLOUT).  Asked to stop, it still waits for so many ms of grace, so that a
 * command which is under way can come to its end.
 */
enum tcp_waited tcp_wait(int fd, short events, int64_t deadline, int64_t grace);

#endif
