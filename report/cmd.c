/* cmd: what a command is, and what the commands share. */
#include "report/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "common/num.h"
#include "common/cli/fit.h"

void
cmd_fill(struct table *t, size_t row, const PGresult *res, int r, bool head)
{
	for (size_t col = 0; col < table_columns(t); col++) {
		const struct table_column *c = table_spec(t, col);
		const int n = PQfnumber(res, c->name);

		if (n == -1 || PQgetisnull(res, r, n) ||
		    (head && (c->flags & TABLE_HEAD) == 0))
			continue;
		if (c->type == TABLE_COUNT)
			table_set_count(t, row, col,
			    num_count(PQgetvalue(res, r, n)));
		else if (c->type == TABLE_TEXT || c->type == TABLE_DECIMAL)
			table_set_text(t, row, col, PQgetvalue(res, r, n));
	}
}

bool
cmd_is_rest(const PGresult *res, int r)
{
	const int more = PQfnumber(res, "more");

	return more != -1 && !PQgetisnull(res, r, more);
}

/* NULL where nothing was given. */
const char *
cmd_given(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

const char *
cmd_rows(const struct args *a)
{
	return args_has(a, OPT_ALL) ? NULL : CMD_ROWS;
}

enum diag_code
cmd_query(struct db *db, PGresult **out, const char *sql,
    const struct cmd_asked *q, struct diag *d)
{
	return db_query(db, out, sql, (int)CMD_COUNT(q->params), q->params, d);
}

enum diag_code
cmd_append(struct table *t, size_t section, struct db *db, const char *sql,
    const struct args *a, struct diag *d)
{
	const char *const params[] = { cmd_rows(a) };
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql, 1, params, d);

	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++)
		cmd_fill(t,
		    table_add(t, section + (cmd_is_rest(res, r) ? 1 : 0)), res,
		    r, false);
	PQclear(res);
	return code;
}

static size_t
find_section(const struct table_section *sections, size_t n, const char *name)
{
	size_t i = 0;

	while (i + 1 < n && strcmp(sections[i].name, name) != 0)
		i++;
	return i;
}

enum diag_code
cmd_append_rows(struct table *t, const struct table_section *sections, size_t n,
    struct db *db, const char *sql, int n_params, const char *const *params,
    struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql, n_params, params, d);
	const int col = code == DIAG_OK ? PQfnumber(res, "row") : -1;

	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++) {
		const char *name = col == -1 ? sections[0].name :
					       PQgetvalue(res, r, col);

		cmd_fill(t, table_add(t, find_section(sections, n, name)), res,
		    r, false);
	}
	PQclear(res);
	return code;
}

const char *
cmd_s(const struct table *t, size_t row, const char *name)
{
	return table_count(t, row, table_column(t, name)) == 1 ? "" : "s";
}

void
cmd_print_window(FILE *fp, const struct table *t, size_t row, const char *first)
{
	char buf[TABLE_CELL_LEN];

	(void)fputs(first, fp);
	if (table_section_number(t, row) != CMD_ALL) {
		const char *policy = table_show(t, row, "policy", buf);

		(void)fprintf(fp, "  %s",
		    policy[0] == '\0' ? "no policy said" : policy);
		(void)fprintf(fp, "  %s", table_show(t, row, "first_day", buf));
		(void)fprintf(fp, " .. %s (UTC)",
		    table_show(t, row, "last_day", buf));
	}
	(void)fprintf(fp, "  %s report%s", table_show(t, row, "reports", buf),
	    cmd_s(t, row, "reports"));
	if (!table_is_null(t, row, table_column(t, "reporters")))
		(void)fprintf(fp, " from %s reporter%s",
		    table_show(t, row, "reporters", buf),
		    cmd_s(t, row, "reporters"));
	(void)fputc('\n', fp);
	if (table_count(t, row, table_column(t, "policies")) > 1)
		(void)fprintf(fp,
		    "  %s policies were seen in this window;"
		    " the newest is shown\n",
		    table_show(t, row, "policies", buf));
}

void
cmd_print_heading(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	if (table_section_number(t, row) == CMD_ALL)
		(void)fprintf(fp, "all %s domains",
		    table_show(t, row, "domains", buf));
	else
		(void)fprintf(fp, "%s", table_show(t, row, "domain", buf));
	cmd_print_window(fp, t, row, "");
}

void
cmd_print_sentence(FILE *fp, const char *first, const char *sentence)
{
	const size_t indent = fit_width(first);
	char *lines = fit_wrap(sentence, CMD_SENTENCE - indent);
	const char *s = lines;

	for (bool begin = true; *s != '\0'; begin = false) {
		const size_t len = strcspn(s, "\n");

		(void)fprintf(fp, "  %*s%s%.*s\n", begin ? 0 : (int)indent, "",
		    begin ? first : "", (int)len, s);
		s += len + (s[len] == '\n' ? 1 : 0);
	}
	free(lines);
}
