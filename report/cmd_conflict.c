/* Reports that came again with other content: which one is to count? */
#include "report/cmd.h"

#include <string.h>

#include "common/num.h"
#include "gen/sql.h"

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "id", .title = "ID", .sections = 1 },
	{ .name = "domain",
	    .title = "DOMAIN",
	    .sections = 1,
	    .flags = TABLE_WRAP },
	{ .name = "org_name",
	    .title = "REPORTER",
	    .sections = 1,
	    .flags = TABLE_WRAP },
	{ .name = "report_id",
	    .title = "REPORT",
	    .sections = 1,
	    .flags = TABLE_WRAP },
	{ .name = "stored_messages",
	    .title = "STORED",
	    .type = TABLE_COUNT,
	    .sections = 1 },
	{ .name = "stored_pass",
	    .title = "PASS",
	    .type = TABLE_COUNT,
	    .sections = 1 },
	{ .name = "stored_from",
	    .title = "BY MAIL OF",
	    .sections = 1,
	    .flags = TABLE_WRAP },
	{ .name = "stored_tier" },
	{ .name = "messages",
	    .title = "THE OTHER",
	    .type = TABLE_COUNT,
	    .sections = 1 },
	{ .name = "pass", .title = "PASS", .type = TABLE_COUNT, .sections = 1 },
	{ .name = "mail_from",
	    .title = "BY MAIL OF",
	    .sections = 1,
	    .flags = TABLE_WRAP },
	{ .name = "first_seen",
	    .title = "FIRST SEEN (UTC)",
	    .sections = 1,
	    .flags = TABLE_WRAP | TABLE_MISSABLE },
	{ .name = "decision",
	    .title = "DECIDED",
	    .sections = 1,
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	{ .name = "conflict" },
};

static enum diag_code
check(const char *id, const char *word, struct diag *d)
{
	int64_t n;

	if (!num_int64(id, 1, INT64_MAX, &n))
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "conflict: '%s' is no number of a conflict; without it all "
		    "are listed",
		    id);
	if (word != NULL && strcmp(word, "keep") != 0 &&
	    strcmp(word, "replace") != 0)
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "conflict: '%s' is no decision; it is keep (the stored "
		    "report) or replace (it by the other)",
		    word);
	return DIAG_OK;
}

/* One that is decided on, or was never there, is not decided again. */
static enum diag_code
decide(struct db *db, const char *id, const char *word, struct diag *d)
{
	const char *params[] = { id, word };
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_conflict_list, 1, params,
	    d);

	if (code == DIAG_OK && PQntuples(res) == 0)
		code = diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "conflict: there is no open conflict with the number %s",
		    id);
	if (code == DIAG_OK)
		code = db_run(db, sql_conflict_decide, 2, params, d);
	PQclear(res);
	return code;
}

enum diag_code
cmd_conflict(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	const char *id = a->n_operands > 0 ? a->operands[0] : NULL;
	const char *word = a->n_operands > 1 ? a->operands[1] : NULL;
	enum diag_code code = id == NULL ? DIAG_OK : check(id, word, d);

	*out = table_new(columns, sections);
	if (code == DIAG_OK && word != NULL)
		code = decide(db, id, word, d);
	if (code == DIAG_OK)
		code = cmd_append_rows(*out, sections, CMD_COUNT(sections), db,
		    sql_conflict_list, 1, &id, d);
	return code;
}
