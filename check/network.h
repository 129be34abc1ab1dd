/*
 * network: who announces an address, and in which country, from databases in
 * MaxMind's format (libmaxminddb): GeoLite2, DB-IP, IPinfo and their like.
 */
#ifndef CHECK_NETWORK_H
#define CHECK_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/diag.h"
#include "common/address.h"

#define NETWORK_NAME_LEN 256

struct network_answer {
	int64_t asn;                    /* 0: not known */
	char as_name[NETWORK_NAME_LEN]; /* UTF-8, printable; "": not known */
	char country[3];                /* "": not known */
};

struct network;

/*
 * Open the databases; NULL: there is none of that kind, but one of them is.
 * DIAG_CONFIG: a file that is missing or is none of these.
 */
enum diag_code network_open(struct network **out, const char *asn_file,
    const char *country_file, struct diag *d) MUST_CHECK;
void network_close(struct network *n); /* NULL is fine */

/* When the newest of them was made, seconds since 1970. */
int64_t network_made_at(const struct network *n);

/*
 * What they say of a.  That is nothing for most addresses that nobody
 * announces.  DIAG_CONFIG: a database is broken.
 */
enum diag_code network_look_up(const struct network *n, const struct address *a,
    struct network_answer *out, struct diag *d) MUST_CHECK;

#endif
