/*
 * dns: questions to a nameserver, many at a time (c-ares).
 *
 * What nobody answers says something about the name only when the nameserver
 * was there meanwhile; otherwise it was the nameserver that was away, and nothing
 * was learned.
 */
#ifndef CHECK_DNS_H
#define CHECK_DNS_H

#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"
#include "common/address.h"

/* Each has its sockets, and is asked one after the other. */
#define DNS_SERVERS_MAX 8

enum dns_result {
	DNS_ANSWER, /* records */
	DNS_NO_NAME, /* no such name (NXDOMAIN), or one that cannot be asked for */
	DNS_NO_DATA, /* no such record of it */
	DNS_FAILED,  /* the nameserver could not find out, or not in time */
	DNS_SILENT,  /* the nameserver is away */
	DNS_STOPPED  /* dns_stop() */
};

/* reply is the whole answer with DNS_ANSWER, else NULL. */
typedef void dns_done(void *arg, enum dns_result result,
    const unsigned char *reply, size_t len);

struct dns;

/*
 * Choose the first of the servers that answers until then (clock_ms); n 0:
 * those of resolv.conf.  DIAG_RETRY: none does.
 */
enum diag_code dns_open(struct dns **out, const struct address *servers,
    size_t n, int64_t until, struct diag *d) MUST_CHECK;
void dns_close(struct dns *dns); /* NULL is fine */

/*
 * Ask for the records of a type.  done is called once: from dns_wait(),
 * dns_stop() or here, before this returns.
 */
void
dns_ask(struct dns *dns, const char *name, int type, dns_done *done, void *arg);

/* Take what comes, and wait for something, until then at most. */
void dns_wait(struct dns *dns, int64_t until);

/* End what is open. */
void dns_stop(struct dns *dns);

#endif
