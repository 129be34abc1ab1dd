/* left_out: reports that are not trusted are in no figure. */
#include "report/left_out.h"

#include <stdio.h>
#include <string.h>

#include "gen/sql.h"
#include "report/cmd.h"

static enum diag_code
look(struct left_out *l, struct db *db, const struct args *a, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = cmd_query(db, &res, sql_report_left_out, a, d);

	if (code != DIAG_OK)
		return code;
	if (strcmp(PQgetvalue(res, 0, 0), "0") != 0)
		(void)snprintf(l->text, sizeof(l->text),
		    "left out, as not trusted: %s report%s with %s messages; "
		    "--untrusted shows them",
		    PQgetvalue(res, 0, 0),
		    strcmp(PQgetvalue(res, 0, 0), "1") == 0 ? "" : "s",
		    PQgetvalue(res, 0, 1));
	PQclear(res);
	return DIAG_OK;
}

enum diag_code
left_out_begin(struct left_out *l, struct db *db, const struct args *a,
    struct diag *d)
{
	l->text[0] = '\0';
	if (!cmd_takes(a->command, OPT_UNTRUSTED))
		return DIAG_OK;
	if (!args_has(a, OPT_UNTRUSTED))
		return look(l, db, a, d);
	(void)snprintf(l->text, sizeof(l->text),
	    "these are the reports that are left out of all figures, as not "
	    "trusted");
	return db_run(db, "SET LOCAL dmarc.untrusted = 'only'", 0, NULL, d);
}
