/*
 * What is different since the last run, or since a day?  Nothing is printed
 * where nothing is, so that cron has no mail to send.
 */
#include "report/cmd.h"

#include <string.h>

#include "common/num.h"
#include "gen/sql.h"

enum {
	HEARTBEAT = CMD_PARTS,
	CHANGE,
	CHANGE_REST
};

#define CHANGES (1u << CHANGE)

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "since_day" },
	{ .name = "until_day" },
	{ .name = "before_day" },
	{ .name = "kind", .title = "CHANGE", .sections = CHANGES },
	{ .name = "subject",
	    .title = "WHO",
	    .sections = CHANGES,
	    .flags = TABLE_WRAP },
	{ .name = "messages_before",
	    .title = "BEFORE",
	    .type = TABLE_COUNT,
	    .sections = CHANGES },
	{ .name = "pass_before", .type = TABLE_COUNT },
	{ .name = "pass_before_percent",
	    .title = "PASS",
	    .type = TABLE_PERCENT,
	    .sections = CHANGES,
	    .part = "pass_before",
	    .whole = "messages_before" },
	{ .name = "messages",
	    .title = "NOW",
	    .type = TABLE_COUNT,
	    .sections = CHANGES },
	{ .name = "pass", .type = TABLE_COUNT },
	{ .name = "pass_percent",
	    .title = "PASS",
	    .type = TABLE_PERCENT,
	    .sections = CHANGES,
	    .part = "pass",
	    .whole = "messages" },
	{ .name = "last_seen",
	    .title = "LAST SEEN",
	    .sections = CHANGES,
	    .flags = TABLE_MISSABLE },
	{ .name = "class" },
	{ .name = "detail",
	    .title = "WHAT",
	    .sections = CHANGES,
	    .flags = TABLE_WRAP },
	{ .name = "changes", .type = TABLE_COUNT },
	{ .name = "domains", .type = TABLE_COUNT },
	{ .name = "reports", .type = TABLE_COUNT },
	CMD_LEFT_OUT_COLUMNS,
	{ .name = NULL },
};

static void
heading(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "%s", table_show(t, row, "domain", buf));
	(void)fprintf(fp, "  since %s", table_show(t, row, "since_day", buf));
	(void)fprintf(fp, ", up to %s (UTC)",
	    table_show(t, row, "until_day", buf));
	(void)fprintf(fp, ", against what was since %s\n",
	    table_show(t, row, "before_day", buf));
}

static void
heartbeat(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	if (table_is_null(t, row, table_column(t, "since_day"))) {
		(void)fputs("no new day to look at\n", fp);
		return;
	}
	(void)fprintf(fp, "%s change%s", table_show(t, row, "changes", buf),
	    cmd_s(t, row, "changes"));
	(void)fprintf(fp, " since %s", table_show(t, row, "since_day", buf));
	(void)fprintf(fp, ", up to %s (UTC)",
	    table_show(t, row, "until_day", buf));
	(void)fprintf(fp, ": %s message%s", table_show(t, row, "messages", buf),
	    cmd_s(t, row, "messages"));
	(void)fprintf(fp, " in %s report%s", table_show(t, row, "reports", buf),
	    cmd_s(t, row, "reports"));
	(void)fprintf(fp, " on %s domain%s\n",
	    table_show(t, row, "domains", buf), cmd_s(t, row, "domains"));
}

static const struct table_section sections[] = {
	[CMD_DOMAIN] = { .name = "domain", .heading = heading },
	CMD_LEFT_OUT,
	[HEARTBEAT] = { .name = "heartbeat", .heading = heartbeat },
	[CHANGE] = { .name = "change" },
	[CHANGE_REST] = { .name = "change_others",
	    .total = true,
	    .rest = true },
};

/* The window that is told of, as parameters of the statements. */
struct window {
	/* Domain, first and last day, rows of a list at most. */
	const char *params[4];
	bool any_day;
	bool may_mark;
	PGresult *res; /* owns the days */
};

static const char *
given(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

static enum diag_code
find_window(struct db *db, const struct args *a, struct window *w,
    struct diag *d)
{
	const char *params[] = { given(a->domain), given(a->since),
		given(a->until) };
	enum diag_code code = db_query(db, &w->res, sql_change_window, 3,
	    params, d);

	if (code != DIAG_OK)
		return code;
	w->params[0] = params[0];
	w->params[3] = cmd_rows(a);
	w->params[1] = PQgetvalue(w->res, 0, 0);
	w->params[2] = PQgetvalue(w->res, 0, 1);
	w->any_day = strcmp(PQgetvalue(w->res, 0, 2), "t") == 0;
	w->may_mark = strcmp(PQgetvalue(w->res, 0, 3), "t") == 0;
	if (params[1] == NULL && !w->may_mark)
		return diag_set(d, DIAG_CONFIG, REASON_RIGHTS,
		    "changes: this role may not keep how far it was told"
		    " (give --since, or grant it dmarc_operator)");
	return DIAG_OK;
}

/* A heading for the domain of row r. */
static void
add_domain(const struct window *w, struct table *t, const PGresult *res, int r)
{
	const size_t row = table_add(t, CMD_DOMAIN);

	table_set_text(t, row, table_column(t, "domain"),
	    PQgetvalue(res, r, 0));
	table_set_text(t, row, table_column(t, "since_day"), w->params[1]);
	table_set_text(t, row, table_column(t, "until_day"), w->params[2]);
	table_set_text(t, row, table_column(t, "before_day"),
	    PQgetvalue(res, r, PQfnumber(res, "before_day")));
}

/* The changes, a heading above those of each domain. */
static enum diag_code
add_changes(struct db *db, const struct window *w, struct table *t,
    struct diag *d)
{
	PGresult *res = NULL;
	const char *last = "";
	enum diag_code code = db_query(db, &res, sql_report_changes, 4,
	    w->params, d);

	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++) {
		const char *domain = PQgetvalue(res, r, 0);
		size_t row;

		if (domain[0] != '\0' && strcmp(domain, last) != 0)
			add_domain(w, t, res, r);
		row = table_add(t,
		    domain[0] == '\0'       ? CMD_MORE_DOMAINS :
			cmd_is_rest(res, r) ? CHANGE_REST :
					      CHANGE);
		cmd_fill(t, row, res, r, false);
		table_set_percents(t, row, row);
		last = domain;
	}
	if (code == DIAG_OK && PQntuples(res) > 0 &&
	    table_section_number(t, 0) == HEARTBEAT)
		table_set_count(t, 0, table_column(t, "changes"),
		    num_count(PQgetvalue(res, 0, PQfnumber(res, "total"))));
	PQclear(res);
	return code;
}

/* The line that says that somebody looked. */
static enum diag_code
add_heartbeat(struct db *db, const struct window *w, struct table *t,
    struct diag *d)
{
	const size_t row = table_add(t, HEARTBEAT);
	PGresult *res = NULL;
	enum diag_code code;

	table_set_count(t, row, table_column(t, "changes"), 0);
	if (!w->any_day)
		return DIAG_OK;
	table_set_text(t, row, table_column(t, "since_day"), w->params[1]);
	table_set_text(t, row, table_column(t, "until_day"), w->params[2]);
	code = db_query(db, &res, sql_change_heartbeat, 3, w->params, d);
	if (code == DIAG_OK)
		cmd_fill(t, row, res, 0, false);
	PQclear(res);
	return code;
}

static enum diag_code
tell(struct db *db, const struct args *a, const struct window *w,
    struct table *t, struct diag *d)
{
	const char *mark[] = { w->params[0], w->params[2] };
	enum diag_code code = DIAG_OK;

	if (args_has(a, OPT_HEARTBEAT))
		code = add_heartbeat(db, w, t, d);
	if (code == DIAG_OK && w->any_day)
		code = add_changes(db, w, t, d);
	/* A run that names its days is a look, and moves nothing. */
	if (code == DIAG_OK && w->any_day && a->since[0] == '\0')
		code = db_run(db, sql_change_mark, 2, mark, d);
	return code;
}

enum diag_code
cmd_changes(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	struct window w = { .res = NULL };
	enum diag_code code = db_run(db,
	    "BEGIN ISOLATION LEVEL REPEATABLE READ", 0, NULL, d);

	*out = table_new(columns, sections);
	if (code == DIAG_OK)
		code = find_window(db, a, &w, d);
	if (code == DIAG_OK)
		code = tell(db, a, &w, *out, d);
	if (code == DIAG_OK)
		code = db_run(db, "COMMIT", 0, NULL, d);
	PQclear(w.res);
	return code;
}
