/* The published policy as the world saw it, over time. */
#include "report/cmd.h"

#include "gen/sql.h"

enum {
	POLICY = CMD_PARTS,
	POLICY_REST,
	LATE,
	LATE_REST,
	ERRORS,
	ERRORS_REST
};

#define IN(section) (1u << (section))

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "domains", .type = TABLE_COUNT },
	{ .name = "policy" },
	{ .name = "policies", .type = TABLE_COUNT },
	{ .name = "first_day" },
	{ .name = "last_day" },
	{ .name = "reporters", .type = TABLE_COUNT },
	{ .name = "published",
	    .title = "POLICY",
	    .sections = IN(POLICY),
	    .flags = TABLE_WRAP },
	{ .name = "error",
	    .title = "ERROR",
	    .sections = IN(ERRORS),
	    .flags = TABLE_WRAP },
	{ .name = "from_day",
	    .title = "FROM",
	    .sections = IN(POLICY) | IN(LATE) | IN(ERRORS) },
	{ .name = "reporter",
	    .title = "REPORTER",
	    .sections = IN(LATE) | IN(ERRORS),
	    .flags = TABLE_WRAP,
	    .more = "reporter_more" },
	{ .name = "reporter_more", .type = TABLE_COUNT },
	{ .name = "to_day",
	    .title = "TO",
	    .sections = IN(POLICY) | IN(LATE) | IN(ERRORS) },
	{ .name = "days",
	    .title = "DAYS",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY) },
	{ .name = "lag_days",
	    .title = "DAYS LATE",
	    .type = TABLE_COUNT,
	    .sections = IN(LATE) },
	{ .name = "still", .title = "STILL", .sections = IN(LATE) },
	{ .name = "reports",
	    .title = "REPORTS",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY) },
	{ .name = "seen",
	    .title = "SAW IT",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY) },
	{ .name = "seen_reporters",
	    .title = "REPORTERS",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY) },
	{ .name = "old",
	    .title = "SAW OLD",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY) | IN(LATE),
	    .flags = TABLE_DASH },
	{ .name = "other",
	    .title = "SAW OTHER",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY),
	    .flags = TABLE_DASH | TABLE_OPTIONAL },
	{ .name = "error_reports",
	    .title = "REPORTS",
	    .type = TABLE_COUNT,
	    .sections = IN(ERRORS) },
	{ .name = "p" },
	{ .name = "sp" },
	{ .name = "np" },
	{ .name = "adkim" },
	{ .name = "aspf" },
	{ .name = "pct" },
	{ .name = "fo" },
	{ .name = "testing" },
	{ .name = "note", .title = "", .flags = TABLE_BELOW },
	CMD_LEFT_OUT_COLUMNS,
	{ .name = NULL },
};

static const struct table_section sections[] = {
	[CMD_DOMAIN] = { .name = "domain", .heading = cmd_print_heading },
	CMD_LEFT_OUT,
	[POLICY] = { .name = "policy" },
	[POLICY_REST] = { .name = "policy_others",
	    .total = true,
	    .rest = true },
	[LATE] = { .name = "late",
	    .label = "  Saw the old policy after the change:" },
	[LATE_REST] = { .name = "late_others", .total = true, .rest = true },
	[ERRORS] = { .name = "error",
	    .label = "  What reporters find wrong with the record:" },
	[ERRORS_REST] = { .name = "error_others", .total = true, .rest = true },
};

enum diag_code
cmd_policy(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	const struct cmd_part parts[] = {
		{ .section = POLICY, .sql = sql_report_policy },
		{ .section = LATE, .sql = sql_report_policy_late },
		{ .section = ERRORS, .sql = sql_report_policy_error },
		{ .sql = NULL },
	};

	*out = table_new(columns, sections);
	return cmd_by_parts(*out, db, parts, a, d);
}
