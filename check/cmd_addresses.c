/* Who are these addresses? */
#include "check/cmd.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/num.h"
#include "gen/sql.h"
#include "check/addresses.h"

/* For how many days answers are good. */
#define NAME_DAYS   90
#define NONE_DAYS   30
#define FAILED_DAYS 1

/* More than DNS answers within any deadline that cron waits for; the rest is
 * the next run's. */
#define DUE_MAX  "500000"

#define COUNT(n) (sizeof(n) / sizeof((n)[0]))
#define SHOWN    1u

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "addresses",
	    .title = "ADDRESSES",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = "names_due",
	    .title = "NAMES DUE",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = "confirmed",
	    .title = "CONFIRMED",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = "unconfirmed",
	    .title = "UNCONFIRMED",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = "none",
	    .title = "NONE",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = "failed",
	    .title = "FAILED",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = "left",
	    .title = "LEFT",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = "network",
	    .title = "NETWORK",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = "no_network",
	    .title = "NO NETWORK",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = "steady",
	    .title = "STEADY",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = "seconds",
	    .title = "SECONDS",
	    .type = TABLE_COUNT,
	    .sections = SHOWN },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	{ .name = "addresses" },
};

/* The databases that were named; NULL: none. */
static enum diag_code
open_networks(struct network **out, const struct args *a, struct diag *d)
{
	const char *asn = args_text(a, OPT_ASN_DB);
	const char *country = args_text(a, OPT_COUNTRY_DB);

	if (asn == NULL && country == NULL)
		return DIAG_OK;
	return network_open(out, asn, country, d);
}

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Which addresses are due? */
static enum diag_code
find_due(struct db *db, const struct args *a, const struct network *n,
    PGresult **out, struct diag *d)
{
	const int64_t age = args_number(a, OPT_MAX_AGE, NAME_DAYS);
	const char *params[8] = { NULL };
	char days[4][24];

	if (a->domain[0] != '\0')
		params[0] = a->domain;
	if (a->since[0] != '\0')
		params[1] = a->since;
	if (a->until[0] != '\0')
		params[2] = a->until;
	(void)snprintf(days[0], sizeof(days[0]), "%lld", (long long)age);
	(void)snprintf(days[1], sizeof(days[1]), "%lld",
	    (long long)least(age, NONE_DAYS));
	(void)snprintf(days[2], sizeof(days[2]), "%lld",
	    (long long)least(age, FAILED_DAYS));
	for (int i = 0; i < 3; i++)
		params[3 + i] = days[i];
	if (n != NULL) {
		(void)snprintf(days[3], sizeof(days[3]), "%lld",
		    (long long)network_made_at(n));
		params[6] = days[3];
	}
	params[7] = DUE_MAX;
	return db_query(db, out, sql_enrich_due, 8, params, d);
}

/* A count of the first row. */
static int64_t
total(const struct addresses *e, const char *name)
{
	const char *s = PQgetvalue(e->due, 0, PQfnumber(e->due, name));
	int64_t n;

	return num_int64(s, 0, INT64_MAX, &n) ? n : 0;
}

static int64_t
names_found(const struct addresses *e)
{
	return e->names[PTR_CONFIRMED] + e->names[PTR_UNCONFIRMED] +
	    e->names[PTR_NONE] + e->names[PTR_FAILED];
}

static void
fill(struct table *t, const struct addresses *e, int64_t began)
{
	const int64_t due = total(e, "names_due");
	const struct {
		const char *name;
		int64_t n;
	} counts[] = {
		{ "addresses", total(e, "addresses") },
		{ "names_due", due },
		{ "confirmed", e->names[PTR_CONFIRMED] },
		{ "unconfirmed", e->names[PTR_UNCONFIRMED] },
		{ "none", e->names[PTR_NONE] },
		{ "failed", e->names[PTR_FAILED] },
		{ "left", due - names_found(e) },
		{ "network", e->networks },
		{ "no_network", e->no_networks },
		{ "steady", e->steady },
		{ "seconds", (clock_ms() - began + 500) / 1000 },
	};
	const size_t row = table_add(t, 0);

	for (size_t i = 0; i < COUNT(counts); i++)
		table_set_count(t, row, table_column(t, counts[i].name),
		    counts[i].n);
}

/* Ask DNS.  That it is away is an error where nothing else was found, and only
 * told otherwise. */
static enum diag_code
look_up_names(struct addresses *e, const struct args *a, struct diag *d)
{
	struct address servers[DNS_SERVERS_MAX];
	const char *s;
	size_t n = 0;
	enum diag_code code;

	for (; (s = args_nth(a, OPT_SERVER, n)) != NULL; n++)
		if (n == DNS_SERVERS_MAX || !address_parse_port(s, &servers[n]))
			return diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "--server: at most %d of them", DNS_SERVERS_MAX);
	code = address_names(e, servers, n,
	    (size_t)args_number(a, OPT_PARALLEL, 200), d);
	if (code == DIAG_OK && names_found(e) == 0)
		code = diag_set(d, DIAG_RETRY, REASON_DNS,
		    "no nameserver answered in time");
	if (code == DIAG_RETRY && d->reason == REASON_DNS &&
	    e->networks + e->no_networks > 0) {
		log_line(LOG_NOTICE, "%s", d->text);
		return DIAG_OK;
	}
	return code;
}

static enum diag_code
look_up(struct addresses *e, const struct args *a, const struct network *n,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;

	if (n != NULL)
		code = address_networks(e, n, args_has(a, OPT_ASN_DB),
		    args_has(a, OPT_COUNTRY_DB), d);
	if (code == DIAG_OK && total(e, "names_due") > 0)
		code = look_up_names(e, a, d);
	return code;
}

/* It asks nobody but the database, so that it is done whatever comes after. */
static enum diag_code
find_steady(struct db *db, int64_t *n, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_enrich_steady, 0, NULL, d);

	if (code == DIAG_OK &&
	    !num_int64(PQgetvalue(res, 0, 0), 0, INT64_MAX, n))
		*n = 0;
	PQclear(res);
	return code;
}

enum diag_code
cmd_addresses(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	const int64_t seconds = args_number(a, OPT_DEADLINE, 60);
	const int64_t began = clock_ms();
	struct addresses e = { .db = db };
	struct network *n = NULL;
	PGresult *due = NULL;
	enum diag_code code = open_networks(&n, a, d);

	*out = table_new(columns, sections);
	if (code == DIAG_OK)
		code = find_steady(db, &e.steady, d);
	if (code == DIAG_OK)
		code = find_due(db, a, n, &due, d);
	if (code == DIAG_OK) {
		e.due = due;
		/* Not the time of the database: a deadline that is over before
		 * anything was looked up would never get anything done. */
		e.until = clock_ms() + seconds * 1000;
		code = look_up(&e, a, n, d);
	}
	if (code == DIAG_OK && total(&e, "addresses") > 0)
		fill(*out, &e, began);
	PQclear(due);
	network_close(n);
	return code;
}
