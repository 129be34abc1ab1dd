/* What is set aside, and a person has judged. */
#include "report/cmd.h"

#include "common/buf.h"
#include "common/num.h"
#include "gen/sql.h"

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "id", .title = "DISCARDED", .sections = 1 },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	{ .name = "discarded" },
	{ .name = NULL },
};

/* The numbers as an array of the database's. */
static enum diag_code
read_numbers(const struct args *a, struct buf *list, struct diag *d)
{
	int64_t n;

	for (size_t i = 0; i < a->n_operands; i++) {
		if (!num_int64(a->operands[i], 1, INT64_MAX, &n))
			return diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "discard: '%s' is no number of what is set aside; "
			    "dmarc-report status has them",
			    a->operands[i]);
		(void)buf_printf(list, "%s%lld", i == 0 ? "{" : ",",
		    (long long)n);
	}
	(void)buf_putc(list, '}');
	return DIAG_OK;
}

static bool
is_there(const PGresult *res, int64_t wanted)
{
	int64_t n;

	for (int r = 0; r < PQntuples(res); r++)
		if (num_int64(PQgetvalue(res, r, 0), 1, INT64_MAX, &n) &&
		    n == wanted)
			return true;
	return false;
}

/* All of them, or none: a number that is not open may be a typing mistake. */
static enum diag_code
want_all(const struct args *a, const PGresult *res, struct diag *d)
{
	int64_t n;

	for (size_t i = 0; i < a->n_operands; i++)
		if (num_int64(a->operands[i], 1, INT64_MAX, &n) &&
		    !is_there(res, n))
			return diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "discard: nothing with the number %s is set aside "
			    "and open; nothing was discarded",
			    a->operands[i]);
	return DIAG_OK;
}

enum diag_code
cmd_discard(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	const char *params[2] = { NULL, args_text(a, OPT_NOTE) };
	PGresult *res = NULL;
	struct buf list;
	enum diag_code code;

	*out = table_new(columns, sections);
	buf_init(&list, ARGS_OPERANDS_MAX * 24UL);
	code = read_numbers(a, &list, d);
	params[0] = buf_str(&list);
	if (code == DIAG_OK)
		code = db_run(db, "BEGIN", 0, NULL, d);
	if (code == DIAG_OK)
		code = db_query(db, &res, sql_discard, 2, params, d);
	if (code == DIAG_OK)
		code = want_all(a, res, d);
	if (code == DIAG_OK)
		code = db_run(db, "COMMIT", 0, NULL, d);
	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++)
		cmd_fill(*out, table_add(*out, 0), res, r, false);
	PQclear(res);
	buf_free(&list);
	return code;
}
