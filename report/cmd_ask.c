/* Which domains a command tells of, and which it leaves out. */
#include "report/cmd.h"

#include <string.h>

#include "gen/sql.h"

enum diag_code
cmd_ask(struct db *db, struct cmd_asked *q, const struct args *a,
    struct diag *d)
{
	return cmd_ask_by(db, q, sql_report_listed, a, d);
}

enum diag_code
cmd_ask_by(struct db *db, struct cmd_asked *q, const char *listed,
    const struct args *a, struct diag *d)
{
	const char *const params[] = { cmd_given(a->domain),
		cmd_given(a->since), cmd_given(a->until), cmd_rows(a) };
	enum diag_code code;

	memset(q, 0, sizeof(*q));
	code = db_query(db, &q->res, listed, CMD_COUNT(params), params, d);
	if (code != DIAG_OK)
		return code;
	if (!PQgetisnull(q->res, 0, PQfnumber(q->res, "listed")))
		q->params[0] = PQgetvalue(q->res, 0,
		    PQfnumber(q->res, "listed"));
	memcpy(q->params + 1, params + 1, 3 * sizeof(params[0]));
	return DIAG_OK;
}

void
cmd_asked_free(struct cmd_asked *q)
{
	PQclear(q->res);
}

void
cmd_add_left_out(struct table *t, const struct cmd_asked *q)
{
	const int yours = PQfnumber(q->res, "yours");

	/* The first row is the domains that are listed. */
	for (int r = 1; r < PQntuples(q->res); r++)
		cmd_fill(t,
		    table_add(t,
			strcmp(PQgetvalue(q->res, r, yours), "t") == 0 ?
			    CMD_MORE_DOMAINS :
			    CMD_NOT_YOURS),
		    q->res, r, false);
}

void
cmd_print_left_out(FILE *fp, const struct table *t, size_t row)
{
	const bool yours = table_section_number(t, row) == CMD_MORE_DOMAINS;
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "%s%s %sdomain%s%s", yours ? "and " : "",
	    table_show(t, row, "domains", buf), yours ? "more " : "",
	    cmd_s(t, row, "domains"),
	    yours                                   ? "" :
		cmd_s(t, row, "domains")[0] == '\0' ? " that is not yours" :
						      " that are not yours");
	(void)fprintf(fp, ": %s (--domain or --all shows more)\n",
	    table_show(t, row, "left_out", buf));
}
