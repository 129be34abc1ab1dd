/* What came in, and what became of it? */
#include "report/cmd.h"

#include "gen/sql.h"

enum {
	OUTCOME,
	OUTCOME_REST,
	OUTCOME_TOTAL,
	SET_ASIDE,
	SET_ASIDE_REST,
	SET_ASIDE_TOTAL,
	CONFLICT,
	CONFLICT_REST,
	CONFLICT_TOTAL
};

#define IN(section) (1u << (section))
#define LISTED      (IN(SET_ASIDE) | IN(CONFLICT))

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "id", .title = "NUMBER", .sections = IN(SET_ASIDE) },
	{ .name = "outcome", .title = "OUTCOME", .sections = IN(OUTCOME) },
	{ .name = "kind",
	    .title = "KIND",
	    .sections = IN(SET_ASIDE),
	    .flags = TABLE_MISSABLE },
	{ .name = "domain",
	    .title = "DOMAIN",
	    .sections = LISTED,
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "org_name",
	    .title = "REPORTER",
	    .sections = LISTED,
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "report_id",
	    .title = "REPORT",
	    .sections = LISTED,
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "begin_at",
	    .title = "BEGIN",
	    .sections = IN(CONFLICT),
	    .flags = TABLE_WRAP },
	{ .name = "end_at",
	    .title = "END",
	    .sections = IN(CONFLICT),
	    .flags = TABLE_WRAP },
	{ .name = "source",
	    .title = "SOURCE",
	    .sections = IN(SET_ASIDE),
	    .flags = TABLE_WRAP },
	{ .name = "part",
	    .title = "PART",
	    .sections = IN(SET_ASIDE),
	    .flags = TABLE_WRAP },
	{ .name = "reason",
	    .title = "REASON",
	    .sections = IN(OUTCOME) | IN(SET_ASIDE) },
	{ .name = "detail",
	    .title = "DETAIL",
	    .sections = IN(SET_ASIDE),
	    .flags = TABLE_WRAP },
	{ .name = "bytes",
	    .title = "BYTES",
	    .type = TABLE_COUNT,
	    .sections = IN(SET_ASIDE),
	    .flags = TABLE_SUM | TABLE_MISSABLE },
	{ .name = "documents",
	    .title = "DOCUMENTS",
	    .type = TABLE_COUNT,
	    .sections = IN(OUTCOME) | IN(CONFLICT),
	    .flags = TABLE_SUM },
	{ .name = "records",
	    .title = "RECORDS",
	    .type = TABLE_COUNT,
	    .sections = IN(OUTCOME) | IN(CONFLICT),
	    .flags = TABLE_SUM },
	{ .name = "messages",
	    .title = "MESSAGES",
	    .type = TABLE_COUNT,
	    .sections = IN(OUTCOME) | IN(CONFLICT),
	    .flags = TABLE_SUM },
	{ .name = "first_seen",
	    .title = "FIRST SEEN (UTC)",
	    .sections = IN(OUTCOME) | LISTED,
	    .flags = TABLE_WRAP | TABLE_MISSABLE },
	{ .name = "last_seen",
	    .title = "LAST SEEN (UTC)",
	    .sections = IN(OUTCOME) | IN(CONFLICT),
	    .flags = TABLE_WRAP | TABLE_MISSABLE },
	{ .name = "more", .type = TABLE_COUNT },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	[OUTCOME] = { .name = "outcome", .label = "What came in:" },
	[OUTCOME_REST] = { .name = "outcome_others",
	    .total = true,
	    .rest = true },
	[OUTCOME_TOTAL] = { .name = "outcome_total",
	    .label = "total",
	    .total = true },
	[SET_ASIDE] = { .name = "set_aside",
	    .label = "Set aside and still open:" },
	[SET_ASIDE_REST] = { .name = "set_aside_others",
	    .total = true,
	    .rest = true },
	[SET_ASIDE_TOTAL] = { .name = "set_aside_total",
	    .label = "total",
	    .total = true },
	[CONFLICT] = { .name = "conflict",
	    .label = "Came again with other content (the first stays):" },
	[CONFLICT_REST] = { .name = "conflict_others",
	    .total = true,
	    .rest = true },
	[CONFLICT_TOTAL] = { .name = "conflict_total",
	    .label = "total",
	    .total = true },
};

enum diag_code
cmd_status(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	const struct {
		size_t section;
		size_t total;
		const char *sql;
	} parts[] = {
		{ OUTCOME, OUTCOME_TOTAL, sql_report_outcomes },
		{ SET_ASIDE, SET_ASIDE_TOTAL, sql_report_set_aside },
		{ CONFLICT, CONFLICT_TOTAL, sql_report_conflicts },
	};
	enum diag_code code = DIAG_OK;

	*out = table_new(columns, sections);
	for (size_t i = 0; code == DIAG_OK && i < CMD_COUNT(parts); i++) {
		const size_t from = table_rows(*out);
		size_t to;

		code = cmd_append(*out, parts[i].section, db, parts[i].sql, a,
		    d);
		to = table_rows(*out);
		if (code == DIAG_OK && to > from)
			table_add_up(*out, table_add(*out, parts[i].total),
			    parts[i].section, from, to);
	}
	return code;
}
