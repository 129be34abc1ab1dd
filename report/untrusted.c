/* untrusted: reports that are not trusted are in no figure. */
#include "report/untrusted.h"

#include <stdio.h>
#include <string.h>

#include "gen/sql.h"
#include "report/cmd.h"

static enum diag_code
look(struct untrusted *u, struct db *db, const struct args *a, struct diag *d)
{
	const char *const params[] = { cmd_given(a->domain),
		cmd_given(a->since), cmd_given(a->until) };
	const struct asked {
		enum diag_code (*run)(struct db *db, const struct args *a,
		    struct table **out, struct diag *d);
		const char *sql;
		const char *unit;
	} all[] = {
		{ cmd_tls, sql_report_tls_untrusted, "sessions" },
		{ cmd_failures, sql_report_failures_untrusted, "mails" },
		{ NULL, sql_report_untrusted, "messages" },
	};
	const struct asked *asked = all;
	PGresult *res = NULL;
	enum diag_code code;

	while (asked->run != NULL && asked->run != a->command->run)
		asked++;
	code = db_query(db, &res, asked->sql, CMD_COUNT(params), params, d);

	if (code != DIAG_OK)
		return code;
	if (strcmp(PQgetvalue(res, 0, 0), "0") != 0)
		(void)snprintf(u->text, sizeof(u->text),
		    "left out, as not trusted: %s report%s, %s %s "
		    "(--untrusted)",
		    PQgetvalue(res, 0, 0),
		    strcmp(PQgetvalue(res, 0, 0), "1") == 0 ? "" : "s",
		    PQgetvalue(res, 0, 1), asked->unit);
	PQclear(res);
	return DIAG_OK;
}

enum diag_code
untrusted_begin(struct untrusted *u, struct db *db, const struct args *a,
    struct diag *d)
{
	u->text[0] = '\0';
	if (!command_takes(a->command, OPT_UNTRUSTED))
		return DIAG_OK;
	if (!args_has(a, OPT_UNTRUSTED))
		return look(u, db, a, d);
	(void)snprintf(u->text, sizeof(u->text),
	    "only reports that are left out of all figures, as not trusted");
	return db_run(db, "SET LOCAL dmarc.untrusted = 'only'", 0, NULL, d);
}
