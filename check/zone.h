/*
 * zone: a zone file that answers in place of DNS (libzscanner).
 *
 * So a record can be checked before it is published, and tests need no server.
 */
#ifndef CHECK_ZONE_H
#define CHECK_ZONE_H

#include <stdbool.h>

#include "check/answers.h"
#include "common/diag.h"

struct zone;

struct zone *zone_new(void);
void zone_free(struct zone *z); /* NULL is fine */

/*
 * Read a file (RFC 1035, section 5), and what it includes.  spec is its path,
 * or ORIGIN=PATH when its names are relative to an origin that it does not
 * name.  DIAG_CONFIG: d names the line.
 */
enum diag_code
zone_read(struct zone *z, const char *spec, struct diag *d) MUST_CHECK;

/*
 * What the zone says; false: the name is none of its.  Its names are those at
 * and below an SOA record, but not those that it delegates; where there is no
 * SOA record, those that have a record.
 */
bool zone_find(const struct zone *z, const char *name, enum dns_type type,
    struct answer *out);

#endif
