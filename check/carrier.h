/*
 * carrier: sockets for the library of DNS (c-ares) that hand it no answer which
 * it cannot read; wire.h says why, and what it gets instead.
 *
 * A library before 1.29 needs none of it, one from 1.34 on takes it.
 */
#ifndef CHECK_CARRIER_H
#define CHECK_CARRIER_H

#include <stddef.h>

#include <ares.h>

#define CARRIER_USED (ARES_VERSION >= 0x012200)

struct carrier;

/* For this channel, before its first question.  The library's status; *out is
 * NULL where it needs none.  To be closed after the channel. */
int carrier_open(struct carrier **out, ares_channel channel);
void carrier_close(struct carrier *c); /* NULL is fine */

#if CARRIER_USED
/* The answer as it came, when the library could not read it; else NULL.  It
 * lies in record. */
const unsigned char *
carrier_unwrap(const ares_dns_record_t *record, size_t *len);
#endif

#endif
