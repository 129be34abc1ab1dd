/* db_schema: the version of the schema and of the views in the database. */
#include "common/db_schema.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/num.h"
#include "gen/sql.h"

int
db_schema_newest(void)
{
	int version = 0;

	for (const struct sql_migration *m = sql_migrations; m->text != NULL;
	     m++)
		version = m->version;
	return version;
}

static enum diag_code
is_there(struct db *db, bool *there, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res,
	    "SELECT to_regclass('dmarc.schema_version') IS NOT NULL", 0, NULL,
	    d);

	if (code == DIAG_OK)
		*there = strcmp(PQgetvalue(res, 0, 0), "t") == 0;
	PQclear(res);
	return code;
}

enum diag_code
db_schema(struct db *db, struct db_schema *out, struct diag *d)
{
	PGresult *res = NULL;
	bool there = false;
	int64_t n;
	enum diag_code code = is_there(db, &there, d);

	*out = (struct db_schema){ 0 };
	if (code == DIAG_OK && there)
		code = db_query(db, &res, sql_schema_state, 0, NULL, d);
	if (code == DIAG_OK && PQntuples(res) == 1 &&
	    num_int64(PQgetvalue(res, 0, 0), 0, 1 << 30, &n)) {
		out->version = (int)n;
		out->our_views = strcmp(PQgetvalue(res, 0, 1),
				     sql_views_digest) == 0;
	}
	PQclear(res);
	return code;
}
