/* Who does not report (any more), and which days are missing? */
#include "report/cmd.h"

#include "gen/sql.h"

enum {
	SILENT = CMD_PARTS,
	SILENT_REST,
	WITHOUT,
	WITHOUT_REST,
	BIG,
	BIG_REST,
	OVERLAP,
	OVERLAP_REST,
	ASIDE,
	ASIDE_REST,
	WEEK,
	WEEK_REST,
	WEEK_TOTAL
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
	{ .name = "from_day",
	    .title = "FROM",
	    .sections = IN(WITHOUT) | IN(WEEK) },
	{ .name = "to_day", .title = "TO", .sections = IN(WITHOUT) | IN(WEEK) },
	{ .name = "reason", .title = "REASON", .sections = IN(ASIDE) },
	{ .name = "reporter",
	    .title = "REPORTER",
	    .sections = IN(SILENT) | IN(BIG) | IN(OVERLAP) | IN(ASIDE),
	    .flags = TABLE_WRAP },
	{ .name = "days",
	    .title = "DAYS",
	    .type = TABLE_COUNT,
	    .sections = IN(SILENT) | IN(WITHOUT) | IN(BIG) | IN(OVERLAP) |
		IN(WEEK),
	    .flags = TABLE_SUM },
	{ .name = "reports",
	    .title = "REPORTS",
	    .type = TABLE_COUNT,
	    .sections = IN(SILENT) | IN(BIG) | IN(OVERLAP) | IN(WEEK),
	    .flags = TABLE_SUM },
	{ .name = "reporters",
	    .title = "REPORTERS",
	    .type = TABLE_COUNT,
	    .sections = IN(WEEK) },
	{ .name = "messages",
	    .title = "MESSAGES",
	    .type = TABLE_COUNT,
	    .sections = IN(SILENT) | IN(BIG) | IN(OVERLAP) | IN(WEEK),
	    .flags = TABLE_SUM },
	{ .name = "of_messages", .type = TABLE_COUNT },
	{ .name = "share_percent",
	    .title = "SHARE",
	    .type = TABLE_PERCENT,
	    .sections = IN(BIG),
	    .part = "messages",
	    .whole = "of_messages" },
	{ .name = "usual_gap",
	    .title = "USUAL GAP",
	    .type = TABLE_COUNT,
	    .sections = IN(SILENT) },
	{ .name = "last_seen",
	    .title = "LAST",
	    .sections = IN(SILENT) | IN(BIG) | IN(OVERLAP) | IN(ASIDE) },
	{ .name = "silent_days",
	    .title = "SILENT DAYS",
	    .type = TABLE_COUNT,
	    .sections = IN(SILENT) },
	{ .name = "things",
	    .title = "THINGS",
	    .type = TABLE_COUNT,
	    .sections = IN(ASIDE) },
	CMD_LEFT_OUT_COLUMNS,
	{ .name = NULL },
};

static const struct table_section sections[] = {
	[CMD_DOMAIN] = { .name = "domain", .heading = cmd_print_heading },
	CMD_LEFT_OUT,
	[SILENT] = { .name = "silent",
	    .label = "  Reported regularly, and does no more:" },
	[SILENT_REST] = { .name = "silent_others",
	    .total = true,
	    .rest = true },
	[WITHOUT] = { .name = "without",
	    .label = "  Days without any report:" },
	[WITHOUT_REST] = { .name = "without_others",
	    .total = true,
	    .rest = true },
	[BIG] = { .name = "big", .label = "  Big receivers:" },
	[BIG_REST] = { .name = "big_others", .total = true, .rest = true },
	[OVERLAP] = { .name = "overlap",
	    .label = "  Periods that overlap, so that mail may count twice:" },
	[OVERLAP_REST] = { .name = "overlap_others",
	    .total = true,
	    .rest = true },
	[ASIDE] = { .name = "set_aside",
	    .label = "  Set aside and still open:" },
	[ASIDE_REST] = { .name = "set_aside_others",
	    .total = true,
	    .rest = true },
	[WEEK] = { .name = "week", .label = "  Week by week:" },
	[WEEK_REST] = { .name = "week_others", .total = true, .rest = true },
	[WEEK_TOTAL] = { .name = "week_total",
	    .label = "total",
	    .total = true },
};

enum diag_code
cmd_coverage(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	const struct cmd_part parts[] = {
		{ .section = SILENT, .sql = sql_report_coverage_silent },
		{ .section = WITHOUT, .sql = sql_report_coverage_without },
		{ .section = BIG, .sql = sql_report_coverage_big },
		{ .section = OVERLAP, .sql = sql_report_coverage_overlap },
		{ .section = ASIDE, .sql = sql_report_coverage_aside },
		{ .section = WEEK,
		    .total = WEEK_TOTAL,
		    .sql = sql_report_coverage },
		{ .sql = NULL },
	};

	*out = table_new(columns, sections);
	return cmd_by_parts(*out, db, parts, a, d);
}
