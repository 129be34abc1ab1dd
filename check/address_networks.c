/* The networks of source addresses: a database's answers to rows. */
#include "check/addresses.h"

#include "common/clock.h"
#include "gen/sql.h"
#include "check/jsonb.h"

struct network_work {
	struct addresses *e;
	const char *has_asn;
	const char *has_country;
	struct jsonb rows;
	int64_t found; /* of these rows */
};

static enum diag_code
store(struct network_work *w, struct diag *d)
{
	const char *params[] = { NULL, w->has_asn, w->has_country };
	enum diag_code code = DIAG_OK;

	if (w->rows.n == 0)
		return DIAG_OK;
	params[0] = jsonb_finish(&w->rows);
	code = db_run(w->e->db, sql_enrich_networks, 3, params, d);
	if (code == DIAG_OK) {
		w->e->networks += w->found;
		w->e->no_networks += (int64_t)w->rows.n - w->found;
	}
	jsonb_clear(&w->rows);
	w->found = 0;
	return code;
}

static void
add(struct network_work *w, const char *ip, const struct network_answer *a)
{
	jsonb_begin(&w->rows);
	jsonb_text(&w->rows, "ip", ip);
	if (a->asn != 0)
		jsonb_int(&w->rows, "asn", a->asn);
	jsonb_text(&w->rows, "as_name",
	    a->as_name[0] == '\0' ? NULL : a->as_name);
	jsonb_text(&w->rows, "country",
	    a->country[0] == '\0' ? NULL : a->country);
	if (jsonb_end(&w->rows) &&
	    (a->asn != 0 || a->as_name[0] != '\0' || a->country[0] != '\0'))
		w->found++;
}

enum diag_code
address_networks(struct addresses *e, const struct network *n, bool has_asn,
    bool has_country, struct diag *d)
{
	struct network_work w = { .e = e,
		.has_asn = has_asn ? "t" : "f",
		.has_country = has_country ? "t" : "f" };
	enum diag_code code = DIAG_OK;

	jsonb_init(&w.rows);
	for (int r = 0; code == DIAG_OK && r < PQntuples(e->due); r++) {
		const char *ip = addresses_due(e, r, "network_due");
		struct network_answer answer;
		struct address a;

		if (ip == NULL || !address_parse(ip, &a))
			continue;
		code = network_look_up(n, &a, &answer, d);
		if (code == DIAG_OK)
			add(&w, ip, &answer);
		if (code == DIAG_OK && w.rows.n == ADDRESSES_BATCH)
			code = store(&w, d);
		if (clock_ms() >= e->until)
			break;
	}
	if (code == DIAG_OK)
		code = store(&w, d);
	jsonb_free(&w.rows);
	return code;
}
