/*
 * channel: the library of DNS (c-ares), the same to us in the releases that
 * there are: up to 1.27 and from 1.34 on.
 *
 * What differs, and what is made of it: an answer that the library cannot read
 * reaches whoever asked, as it came, and is nobody else's trouble; nothing is
 * remembered from one question to the next; a question that gets no answer has
 * ended after seven seconds or so, and the last two of them were one try.
 */
#ifndef CHECK_CHANNEL_H
#define CHECK_CHANNEL_H

#include <poll.h>
#include <stddef.h>

#include <ares.h>

#include "common/address.h"

/* The last try is at least this long. */
#define CHANNEL_LAST_TRY_MS 2000

struct channel;

/* status is the library's (ARES_SUCCESS, ...), reply the whole answer with
 * ARES_SUCCESS, else NULL. */
typedef void
channel_done(void *arg, int status, const unsigned char *reply, size_t len);

/* The library's status; *out is to be closed when it is ARES_SUCCESS. */
int channel_open(struct channel **out);
void channel_close(struct channel *c);

/* Ask this server and no other. */
int channel_use(struct channel *c, const struct address *server);

/* The servers of resolv.conf, max of them. */
int
channel_servers(struct channel *c, struct address *out, size_t max, size_t *n);

/* done is called once, maybe before this returns. */
void channel_ask(struct channel *c, const char *name, int type,
    channel_done *done, void *arg);

/* End what is open, as ARES_ECANCELLED. */
void channel_stop(struct channel *c);

/* Wait for something, for at most so many milliseconds, and take what came. */
void channel_wait(struct channel *c, int ms);

#endif
