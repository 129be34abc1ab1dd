/* retry: what was set aside, once more. */
#include "ingest/retry.h"

#include <string.h>

#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"

static enum diag_code
retry_one(struct run *run, struct db *db, const char *id, struct diag *d)
{
	const char *params[] = { id };
	struct errand errand = { 0 };
	unsigned char *raw = NULL;
	PGresult *res = NULL;
	size_t len = 0;
	enum diag_code code = db_query(db, &res, sql_retry_item, 1, params, d);

	if (code != DIAG_OK)
		return code;
	if (PQntuples(res) == 1 &&
	    num_int64(id, 1, INT64_MAX, &errand.retry_of))
		raw = PQunescapeBytea((const unsigned char *)PQgetvalue(res, 0,
					  1),
		    &len);
	if (raw != NULL) {
		errand.item.name = mem_strdup(PQgetvalue(res, 0, 0));
		errand.item.bytes = mem_calloc(len + 1, 1);
		memcpy(errand.item.bytes, raw, len);
		errand.item.len = len;
		errand.item.size = len;
		errand.replaces = PQgetvalue(res, 0, 2)[0] == 't';
		errand.decided = PQgetvalue(res, 0, 3)[0] == 't';
		code = run_give(run, &errand, d);
	}
	PQfreemem(raw);
	PQclear(res);
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
