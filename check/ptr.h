/*
 * ptr: the names of an address, and whether they lead back to it.
 *
 * Whoever has an address may give it any name; only the owner of the name can
 * make it lead back.  So a name counts when its A or AAAA records have the
 * address.
 */
#ifndef CHECK_PTR_H
#define CHECK_PTR_H

#include <stddef.h>

#include "common/address.h"
#include "check/dns.h"

/* Some addresses have a name for each of a thousand customers. */
#define PTR_NAMES_MAX 5  /* kept */
#define PTR_ASKED_MAX 20 /* asked, as many at a time as are kept */
#define PTR_READ_MAX  64 /* looked at */

enum ptr_status {
	PTR_CONFIRMED,
	PTR_UNCONFIRMED,
	PTR_NONE,
	PTR_FAILED, /* no answer, or none to whether the names lead back */
	PTR_SILENT, /* the nameserver is away */
	PTR_STOPPED,
	PTR_STATUSES
};

/*
 * What was found: the names that lead back first, then those that could, each
 * kind in alphabetical order, so that the same records give the same names.
 */
struct ptr_answer {
	enum ptr_status status;
	const char *names[PTR_NAMES_MAX];
	size_t n;
};

typedef void ptr_done(void *arg, const struct ptr_answer *answer);

/* Look a up; done is called once, by what dns_ask() says. */
void ptr_look_up(struct dns *dns, const struct address *a, ptr_done *done,
    void *arg);

#endif
