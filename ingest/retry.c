/* retry: decodes set-aside items again. */
#include "ingest/retry.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"
#include "ingest/limits.h"

/* Bytes that are asked for at a time: libpq holds an answer twice, and from the
 * beginning of what is compressed the server begins each time. */
#define PIECE (16 * LIMIT_MIB)

/* The next bytes into the item, which has room for them. */
static enum diag_code
add_piece(struct db *db, const char *id, struct item *item, struct diag *d)
{
	const size_t left = (size_t)item->size - item->len;
	const size_t n = left < PIECE ? left : PIECE;
	char from[24];
	char len[24];
	const char *params[] = { id, from, len };
	PGresult *res = NULL;
	enum diag_code code;

	(void)snprintf(from, sizeof(from), "%zu", item->len + 1);
	(void)snprintf(len, sizeof(len), "%zu", n);
	code = db_query_bytes(db, &res, sql_retry_bytes, 3, params, d);
	if (code != DIAG_OK)
		return code;
	if (PQntuples(res) == 1 && (size_t)PQgetlength(res, 0, 0) == n) {
		memcpy(item->bytes + item->len, PQgetvalue(res, 0, 0), n);
		item->len += n;
	} else {
		code = diag_set(d, DIAG_RETRY, REASON_DATABASE,
		    "database: what is set aside has changed meanwhile");
	}
	PQclear(res);
	return code;
}

static enum diag_code
get_bytes(struct db *db, const char *id, struct item *item, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	item->bytes = mem_calloc((size_t)item->size + 1, 1);
	while (code == DIAG_OK && item->len < item->size)
		code = add_piece(db, id, item, d);
	return code;
}

/* What the row says of it; false: it is not open any more. */
static bool
describe(const PGresult *res, const char *id, struct errand *errand)
{
	int64_t len;

	if (PQntuples(res) != 1 ||
	    !num_int64(id, 1, INT64_MAX, &errand->retry_of) ||
	    !num_int64(PQgetvalue(res, 0, 1), 0, INT32_MAX, &len))
		return false;
	errand->item.name = mem_strdup(PQgetvalue(res, 0, 0));
	errand->item.size = (uint64_t)len;
	errand->replaces = PQgetvalue(res, 0, 2)[0] == 't';
	errand->decided = PQgetvalue(res, 0, 3)[0] == 't';
	return true;
}

static enum diag_code
retry_one(struct run *run, struct db *db, const char *id, struct diag *d)
{
	const char *params[] = { id };
	struct errand errand = { 0 };
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_retry_item, 1, params, d);
	bool found;

	if (code != DIAG_OK)
		return code;
	found = describe(res, id, &errand);
	PQclear(res);
	if (found)
		code = get_bytes(db, id, &errand.item, d);
	if (found && code == DIAG_OK)
		code = run_give(run, &errand, d);
	errand_clear(&errand);
	return code;
}

enum diag_code
retry_all(const struct run_means *means, struct diag *d)
{
	struct run *run = NULL;
	PGresult *res = NULL;
	enum diag_code code = run_begin(&run, means, d);

	if (code == DIAG_OK)
		code = db_query(means->db, &res, sql_retry_list, 0, NULL, d);
	for (int i = 0; code == DIAG_OK && i < PQntuples(res); i++)
		code = retry_one(run, means->db, PQgetvalue(res, i, 0), d);
	if (code == DIAG_OK)
		code = run_flush(run, d);
	PQclear(res);
	run_end(run);
	return code;
}
