/* Domains whose answer is one list. */
#include "report/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "gen/sql.h"

/* The table in the making, with the answers to both statements. */
struct making {
	struct table *t;
	PGresult *heads; /* report-domains */
	PGresult *lines;
	bool *done;  /* by row of heads */
	int *sorted; /* rows of heads */
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
			cmd_fill(m->t,
			    table_add(m->t,
				cmd_is_rest(m->lines, r) ? CMD_REST : CMD_LINE),
			    m->lines, r, false);
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
compare(const void *a, const void *b, void *heads)
{
	return strcmp(domain_of(heads, *(const int *)a),
	    domain_of(heads, *(const int *)b));
}

/* The rows of heads in the order by which find_head() looks for one. */
static int *
sort_heads(PGresult *heads)
{
	const size_t n = (size_t)PQntuples(heads);
	int *out = mem_calloc(n + 1, sizeof(*out));

	for (size_t i = 0; i < n; i++)
		out[i] = (int)i;
	qsort_r(out, n, sizeof(*out), compare, heads);
	return out;
}

static int
find_head(const struct making *m, const char *domain)
{
	int from = 0;
	int to = PQntuples(m->heads);

	while (from < to) {
		const int middle = from + (to - from) / 2;
		const int head = m->sorted[middle];
		const int order = strcmp(domain_of(m->heads, head), domain);

		if (order == 0)
			return head;
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return -1;
}

/* In the order of the lines, then the domains whose reports have none. */
static void
add_domains(struct making *m)
{
	const int heads = PQntuples(m->heads);
	const int n = PQntuples(m->lines);

	m->done = mem_calloc((size_t)heads + 1, sizeof(*m->done));
	m->sorted = sort_heads(m->heads);
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
	free(m->sorted);
	free(m->done);
}

enum diag_code
cmd_by_domain_of(struct table *t, struct db *db, const char *sql,
    const struct cmd_asked *q, struct diag *d)
{
	struct making m = { .t = t };
	enum diag_code code;

	code = db_query(db, &m.heads, sql_report_domains, 3, q->params, d);
	if (code == DIAG_OK)
		code = cmd_query(db, &m.lines, sql, q, d);
	if (code == DIAG_OK) {
		add_domains(&m);
		cmd_add_left_out(t, q);
	}
	PQclear(m.heads);
	PQclear(m.lines);
	return code;
}

enum diag_code
cmd_by_domain(struct table *t, struct db *db, const char *sql,
    const struct args *a, struct diag *d)
{
	struct cmd_asked q;
	enum diag_code code = cmd_ask(db, &q, a, d);

	if (code == DIAG_OK)
		code = cmd_by_domain_of(t, db, sql, &q, d);
	cmd_asked_free(&q);
	return code;
}
