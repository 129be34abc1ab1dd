/*
 * addresses: what the steps of `dmarc-check addresses` share: the addresses that
 * are due, how long the run may last, what was found.
 */
#ifndef CHECK_ADDRESSES_H
#define CHECK_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/diag.h"
#include "common/address.h"
#include "check/network.h"
#include "check/ptr.h"

/*
 * So many rows are written at a time, in a transaction of their own: a run
 * that is killed has lost no more than these, or what came within a second.
 */
#define ADDRESSES_BATCH 500

struct addresses {
	struct db *db;
	const PGresult *due; /* enrich-due */
	int64_t until;       /* clock_ms */
	/* What was found, and stored. */
	int64_t names[PTR_STATUSES];
	int64_t networks;
	int64_t no_networks;
	int64_t steady; /* addresses that send unauthenticated mail daily */
};

/* Address number row of those due; NULL: there is none, or not of this kind. */
const char *addresses_due(const struct addresses *e, int row, const char *kind);

/* Look up all names that are due, at most parallel of them at once. */
enum diag_code address_names(struct addresses *e, const struct address *servers,
    size_t n_servers, size_t parallel, struct diag *d) MUST_CHECK;

/* Look up all networks that are due; has_: which databases there are. */
enum diag_code address_networks(struct addresses *e, const struct network *n,
    bool has_asn, bool has_country, struct diag *d) MUST_CHECK;

#endif
