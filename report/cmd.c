/* cmd: what a command is, and what the commands share. */
#include "report/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"

bool
cmd_takes(const struct command *c, enum option_id id)
{
	return ((c->options | OPTIONS_COMMON) & OPTION(id)) != 0;
}

/* A sum of the database may be larger than a count of ours. */
static int64_t
count_of(const char *s)
{
	int64_t n;

	return num_int64(s, INT64_MIN, INT64_MAX, &n) ? n : INT64_MAX;
}

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
			    count_of(PQgetvalue(res, r, n)));
		else if (c->type == TABLE_TEXT || c->type == TABLE_DECIMAL)
			table_set_text(t, row, col, PQgetvalue(res, r, n));
	}
}

/* NULL where nothing was given. */
const char *
cmd_given(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

enum diag_code
cmd_query(struct db *db, PGresult **out, const char *sql, const struct args *a,
    struct diag *d)
{
	const char *params[] = { NULL, NULL, NULL };

	if (a == NULL)
		return db_query(db, out, sql, 0, NULL, d);
	params[0] = cmd_given(a->domain);
	params[1] = cmd_given(a->since);
	params[2] = cmd_given(a->until);
	return db_query(db, out, sql, 3, params, d);
}

enum diag_code
cmd_append(struct table *t, size_t section, struct db *db, const char *sql,
    const struct args *a, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = cmd_query(db, &res, sql, a, d);

	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++)
		cmd_fill(t, table_add(t, section), res, r, false);
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

/* The table in the making, with the answers to both statements. */
struct making {
	struct table *t;
	PGresult *heads; /* report-domains */
	PGresult *lines;
	bool *done; /* by row of heads */
};

static const char *
domain_of(const PGresult *res, int r)
{
	return PQgetvalue(res, r, PQfnumber(res, "domain"));
}

/* Set what row has of the domain itself: line is one of its lines, or -1. */
static void
fill_head(struct making *m, size_t row, int head, int line)
{
	if (line != -1)
		cmd_fill(m->t, row, m->lines, line, true);
	cmd_fill(m->t, row, m->heads, head, false);
}

/* One domain: the lines [from, to) of the answer. */
static void
add_domain(struct making *m, int head, int from, int to)
{
	const int messages = PQfnumber(m->lines, "messages");
	const size_t top = table_add(m->t, CMD_DOMAIN);
	const int line = from < to ? from : -1;
	size_t end;

	for (int r = from; r < to; r++)
		if (!PQgetisnull(m->lines, r, messages))
			cmd_fill(m->t, table_add(m->t, CMD_LINE), m->lines, r,
			    false);
	end = table_rows(m->t);
	table_add_up(m->t, top, CMD_LINE, top, end);
	fill_head(m, top, head, line);
	if (end > top + 1) {
		const size_t total = table_add(m->t, CMD_TOTAL);

		table_add_up(m->t, total, CMD_LINE, top, end);
		fill_head(m, total, head, line);
	}
	for (size_t row = top; row < table_rows(m->t); row++)
		table_set_percents(m->t, row, top);
	m->done[head] = true;
}

static int
find_head(const struct making *m, const char *domain)
{
	for (int r = 0; r < PQntuples(m->heads); r++)
		if (strcmp(domain_of(m->heads, r), domain) == 0)
			return r;
	return -1;
}

/* In the order of the lines, then the domains whose reports have none. */
static void
add_domains(struct making *m)
{
	const int heads = PQntuples(m->heads);
	const int n = PQntuples(m->lines);

	m->done = mem_calloc((size_t)heads, sizeof(*m->done));
	for (int from = 0, to; from < n; from = to) {
		const char *domain = domain_of(m->lines, from);
		const int head = find_head(m, domain);

		for (to = from + 1;
		     to < n && strcmp(domain_of(m->lines, to), domain) == 0;)
			to++;
		if (head != -1)
			add_domain(m, head, from, to);
	}
	for (int head = 0; head < heads; head++)
		if (!m->done[head])
			add_domain(m, head, 0, 0);
	if (heads > 1) {
		const size_t end = table_rows(m->t);
		const size_t all = table_add(m->t, CMD_ALL);

		table_add_up(m->t, all, CMD_DOMAIN, 0, end);
		table_set_percents(m->t, all, all);
	}
	free(m->done);
}

enum diag_code
cmd_by_domain(struct table *t, struct db *db, const char *sql,
    const struct args *a, struct diag *d)
{
	struct making m = { .t = t };
	enum diag_code code = cmd_query(db, &m.heads, sql_report_domains, a, d);

	if (code == DIAG_OK)
		code = cmd_query(db, &m.lines, sql, a, d);
	if (code == DIAG_OK)
		add_domains(&m);
	PQclear(m.heads);
	PQclear(m.lines);
	return code;
}

const char *
cmd_s(const struct table *t, size_t row, const char *name)
{
	return table_count(t, row, table_column(t, name)) == 1 ? "" : "s";
}

void
cmd_print_heading(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	if (table_section_number(t, row) == CMD_ALL) {
		(void)fprintf(fp, "all %s domains",
		    table_show(t, row, "domains", buf));
	} else {
		const char *policy = table_show(t, row, "policy", buf);

		(void)fprintf(fp, "%s", table_show(t, row, "domain", buf));
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
