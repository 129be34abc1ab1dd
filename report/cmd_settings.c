/* What are the limits, and whose is what? */
#include "report/cmd.h"

#include <string.h>

#include "common/buf.h"
#include "gen/sql.h"

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "name", .title = "NAME", .sections = 1 },
	{ .name = "value",
	    .title = "VALUE",
	    .sections = 1,
	    .flags = TABLE_WRAP | TABLE_WHOLE },
	{ .name = "unit", .title = "UNIT", .sections = 1 },
	{ .name = "default_value",
	    .title = "DEFAULT",
	    .sections = 1,
	    .flags = TABLE_WRAP | TABLE_WHOLE },
	{ .name = "changed" },
	{ .name = "kind" },
	{ .name = "meaning",
	    .title = "WHAT IT IS FOR",
	    .sections = 1,
	    .flags = TABLE_WRAP | TABLE_WHOLE },
	{ .name = "source",
	    .title = "SOURCE",
	    .sections = 1,
	    .flags = TABLE_MISSABLE },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	{ .name = "setting" },
};

/* Refuse what the setting cannot be; value NULL asks for its name alone. */
static enum diag_code
check(struct db *db, const char *name, const char *value, struct diag *d)
{
	const char *const params[] = { name, value };
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_setting_problem, 2, params,
	    d);

	if (code == DIAG_OK && !PQgetisnull(res, 0, 0))
		code = diag_set(d, DIAG_CONFIG, REASON_USAGE, "settings: %s",
		    PQgetvalue(res, 0, 0));
	PQclear(res);
	return code;
}

/* Whose account is whose has gone into every verdict. */
static enum diag_code
judge_again(struct db *db, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_setting_judge, 0, NULL, d);

	PQclear(res);
	if (code != DIAG_OK)
		(void)diag_prefix(d,
		    "own_tenants is set, but what is stored has to be judged"
		    " again: run SELECT dmarc.judge_again() as dmarc_owner");
	return code;
}

static enum diag_code
change(struct db *db, const char *name, const char *value, struct diag *d)
{
	const char *const params[] = { name, value };
	const bool undo = strcmp(value, "default") == 0;
	enum diag_code code = check(db, name, undo ? NULL : value, d);

	if (code != DIAG_OK)
		return code;
	code = undo ? db_run(db, sql_setting_default, 1, params, d) :
		      db_run(db, sql_setting_set, 2, params, d);
	if (code == DIAG_OK && strcmp(name, "own_tenants") == 0)
		code = judge_again(db, d);
	/* What the setting says of what is stored is true at once. */
	if (code == DIAG_OK)
		code = db_run(db, sql_refresh_all, 0, NULL, d);
	return code;
}

enum diag_code
cmd_settings(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	const char *name = a->n_operands > 0 ? a->operands[0] : NULL;
	enum diag_code code = DIAG_OK;
	struct buf value;

	buf_init(&value, 65536);
	for (size_t i = 1; i < a->n_operands; i++)
		if (!buf_printf(&value, "%s%s", i == 1 ? "" : " ",
			a->operands[i]))
			code = diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "settings: %s: too long", name);
	if (code == DIAG_OK && name != NULL)
		code = a->n_operands > 1 ?
		    change(db, name, buf_str(&value), d) :
		    check(db, name, NULL, d);
	*out = table_new(columns, sections);
	if (code == DIAG_OK)
		code = cmd_append_rows(*out, sections, CMD_COUNT(sections), db,
		    sql_report_settings, 1, &name, d);
	buf_free(&value);
	return code;
}
