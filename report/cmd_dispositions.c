/* What did reporters do with mail that fails, and was that what was asked? */
#include "report/cmd.h"

#include "gen/sql.h"

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "domains", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "policy" },
	{ .name = "policies", .type = TABLE_COUNT },
	{ .name = "first_day" },
	{ .name = "last_day" },
	{ .name = "reports", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "reporters", .type = TABLE_COUNT },
	{ .name = "reporter",
	    .title = "REPORTER",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP },
	{ .name = "messages",
	    .title = "FAIL",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM },
	{ .name = "honoured",
	    .title = "AS ASKED",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH },
	{ .name = "weaker",
	    .title = "LET THROUGH",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH },
	{ .name = "stronger",
	    .title = "HARSHER",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH | TABLE_OPTIONAL },
	{ .name = "not_said",
	    .title = "NOT SAID",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH | TABLE_OPTIONAL | TABLE_MISSABLE },
	{ .name = "sampled",
	    .title = "SAMPLED",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH | TABLE_OPTIONAL | TABLE_MISSABLE },
	{ .name = "enforcing", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "enforced", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "enforced_percent",
	    .title = "HONOURS",
	    .type = TABLE_PERCENT,
	    .sections = CMD_LINES,
	    .part = "enforced",
	    .whole = "enforcing" },
	{ .name = "reasons",
	    .title = "WHY",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "weaker_mailing_list",
	    .type = TABLE_COUNT,
	    .flags = TABLE_SUM },
	{ .name = "weaker_forwarded", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "weaker_trusted_forwarder",
	    .type = TABLE_COUNT,
	    .flags = TABLE_SUM },
	{ .name = "weaker_arc", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "weaker_local_policy",
	    .type = TABLE_COUNT,
	    .flags = TABLE_SUM },
	{ .name = "weaker_other", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "weaker_none_given",
	    .type = TABLE_COUNT,
	    .flags = TABLE_SUM },
	CMD_LEFT_OUT_COLUMNS,
	{ .name = NULL },
};

static void
heading(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	cmd_print_heading(fp, t, row);
	(void)fprintf(fp, "\n  %s messages fail\n",
	    table_show(t, row, "messages", buf));
	if (table_count(t, row, table_column(t, "enforcing")) == 0)
		return;
	(void)fprintf(fp, "  of %s that the policy wants quarantined or",
	    table_show(t, row, "enforcing", buf));
	(void)fprintf(fp, " rejected %s were",
	    table_show(t, row, "enforced", buf));
	(void)fprintf(fp, " (%s)\n",
	    table_show(t, row, "enforced_percent", buf));
}

static const struct table_section sections[] = {
	[CMD_DOMAIN] = { .name = "domain", .heading = heading },
	CMD_LEFT_OUT,
	[CMD_LINE] = { .name = "reporter" },
	[CMD_REST] = { .name = "others", .total = true, .rest = true },
	[CMD_TOTAL] = { .name = "total", .label = "total", .total = true },
	[CMD_ALL] = { .name = "all", .heading = heading },
};

enum diag_code
cmd_dispositions(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	*out = table_new(columns, sections);
	return cmd_by_domain(*out, db, sql_report_dispositions, a, d);
}
