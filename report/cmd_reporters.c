/* Who reports? */
#include "report/cmd.h"

#include "gen/sql.h"

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "policy" },
	{ .name = "policies", .type = TABLE_COUNT },
	{ .name = "reporters", .type = TABLE_COUNT },
	{ .name = "reporter", .title = "REPORTER", .sections = CMD_LINES,
	    .flags = TABLE_WRAP },
	{ .name = "org_name" },
	{ .name = "reports", .title = "REPORTS", .type = TABLE_COUNT,
	    .sections = CMD_LINES, .flags = TABLE_SUM },
	{ .name = "records", .title = "RECORDS", .type = TABLE_COUNT,
	    .sections = CMD_LINES, .flags = TABLE_SUM },
	{ .name = "messages", .title = "MESSAGES", .type = TABLE_COUNT,
	    .sections = CMD_LINES, .flags = TABLE_SUM },
	{ .name = "share_percent", .title = "SHARE", .type = TABLE_PERCENT,
	    .sections = CMD_LINES, .part = "messages", .whole = "messages",
	    .of_head = true },
	{ .name = "pass", .title = "PASS", .type = TABLE_COUNT,
	    .sections = CMD_LINES, .flags = TABLE_SUM },
	{ .name = "pass_percent", .title = "PASS %", .type = TABLE_PERCENT,
	    .sections = CMD_LINES, .part = "pass", .whole = "messages" },
	{ .name = "first_day", .title = "FIRST DAY", .sections = CMD_LINES },
	{ .name = "last_day", .title = "LAST DAY", .sections = CMD_LINES },
	{ .name = "set_aside", .title = "SET ASIDE", .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH | TABLE_OPTIONAL },
	{ .name = "salvaged", .title = "SALVAGED", .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH | TABLE_OPTIONAL },
	{ .name = "errors", .title = "ERRORS", .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH | TABLE_OPTIONAL },
	{ .name = "disagree", .title = "DISAGREE", .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH | TABLE_OPTIONAL },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	[CMD_DOMAIN] = { .name = "domain", .heading = cmd_print_heading },
	[CMD_LINE] = { .name = "reporter" },
	[CMD_TOTAL] = { .name = "total", .label = "total", .total = true },
	[CMD_ALL] = { .name = "all", .heading = cmd_print_heading },
};

enum diag_code
cmd_reporters(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	*out = table_new(columns, sections);
	return cmd_by_domain(*out, db, sql_report_reporters, a, d);
}
