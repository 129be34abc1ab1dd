/* Domains whose answer has several lists. */
#include "report/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "gen/sql.h"

static const char *
domain_of(const PGresult *res, int r)
{
	return PQgetvalue(res, r, PQfnumber(res, "domain"));
}

/* The row that the line goes to. */
static size_t
row_of(struct table *t, const struct cmd_part *p, const PGresult *res, int r,
    size_t top)
{
	const int apart = PQfnumber(res, "apart");

	size_t section = p->section;

	if (section == CMD_DOMAIN)
		return top;
	if (apart != -1 && strcmp(PQgetvalue(res, r, apart), "t") == 0)
		section = p->apart;
	return table_add(t, cmd_is_rest(res, r) ? section + 1 : section);
}

/* Add domain's lines of one list, from row *r of the answer on. */
static void
add_part(struct table *t, const struct cmd_part *p, const PGresult *res, int *r,
    const char *domain, size_t top)
{
	const size_t from = table_rows(t);
	size_t to;

	for (; *r < PQntuples(res) && strcmp(domain_of(res, *r), domain) == 0;
	     ++*r)
		cmd_fill(t, row_of(t, p, res, *r, top), res, *r, false);
	to = table_rows(t);
	if (p->total != CMD_DOMAIN && to > from) {
		const size_t total = table_add(t, p->total);

		table_add_up(t, total, p->section, from, to);
		table_set_text(t, total, table_column(t, "domain"), domain);
	}
	for (size_t row = from; row < table_rows(t); row++)
		table_set_percents(t, row, top);
}

static void
add_domains(struct table *t, const PGresult *heads,
    const struct cmd_part *parts, PGresult *const *lists)
{
	int *at = NULL;
	size_t n = 0;

	while (parts[n].sql != NULL)
		n++;
	at = mem_calloc(n + 1, sizeof(*at));
	for (int r = 0; r < PQntuples(heads); r++) {
		const size_t top = table_add(t, CMD_DOMAIN);

		cmd_fill(t, top, heads, r, false);
		for (size_t i = 0; i < n; i++)
			add_part(t, &parts[i], lists[i], &at[i],
			    domain_of(heads, r), top);
		table_set_percents(t, top, top);
	}
	free(at);
}

enum diag_code
cmd_by_parts(struct table *t, struct db *db, const struct cmd_part *parts,
    const struct args *a, struct diag *d)
{
	const struct cmd_domains domains = { sql_report_listed,
		sql_report_domains };

	return cmd_by_parts_of(t, db, &domains, parts, a, d);
}

enum diag_code
cmd_by_parts_of(struct table *t, struct db *db,
    const struct cmd_domains *domains, const struct cmd_part *parts,
    const struct args *a, struct diag *d)
{
	PGresult *heads = NULL;
	PGresult *lists[CMD_PARTS_MAX] = { NULL };
	struct cmd_asked q;
	enum diag_code code = cmd_ask_by(db, &q, domains->listed, a, d);

	if (code == DIAG_OK)
		code = db_query(db, &heads, domains->heads, 3, q.params, d);
	for (size_t i = 0; code == DIAG_OK && parts[i].sql != NULL; i++)
		code = cmd_query(db, &lists[i], parts[i].sql, &q, d);
	if (code == DIAG_OK) {
		add_domains(t, heads, parts, lists);
		cmd_add_left_out(t, &q);
	}
	PQclear(heads);
	for (size_t i = 0; i < CMD_PARTS_MAX; i++)
		PQclear(lists[i]);
	cmd_asked_free(&q);
	return code;
}
