/* What receivers say of single mails that failed. */
#include "report/cmd.h"

#include "gen/sql.h"

enum {
	KIND = CMD_PARTS,
	KIND_REST,
	KIND_TOTAL,
	ORIGIN,
	ORIGIN_REST,
	ORIGIN_TOTAL,
	DAY,
	DAY_REST,
	DAY_TOTAL
};

#define IN(section) (1u << (section))
#define EACH        (IN(KIND) | IN(ORIGIN) | IN(DAY))

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "domains", .type = TABLE_COUNT },
	{ .name = "first_day" },
	{ .name = "last_day" },
	{ .name = "reports", .type = TABLE_COUNT },
	{ .name = "reporters", .type = TABLE_COUNT },
	{ .name = "day", .title = "DAY", .sections = IN(DAY) },
	{ .name = "auth_failure",
	    .title = "FAILED",
	    .sections = IN(KIND),
	    .flags = TABLE_WRAP,
	    .absent = "not said" },
	{ .name = "delivery_result",
	    .title = "DELIVERY",
	    .sections = IN(KIND),
	    .flags = TABLE_WRAP,
	    .absent = "not said" },
	{ .name = "reporter",
	    .title = "REPORTED BY",
	    .sections = IN(KIND),
	    .flags = TABLE_WRAP,
	    .absent = "not said" },
	{ .name = "source_ip", .title = "SOURCE IP", .sections = IN(ORIGIN) },
	{ .name = "of_reports",
	    .title = "REPORTS",
	    .type = TABLE_COUNT,
	    .sections = EACH,
	    .flags = TABLE_SUM },
	{ .name = "mails",
	    .title = "MAILS",
	    .type = TABLE_COUNT,
	    .sections = EACH,
	    .flags = TABLE_SUM },
	{ .name = "from_day",
	    .title = "FROM",
	    .sections = IN(KIND) | IN(ORIGIN) },
	{ .name = "to_day", .title = "TO", .sections = IN(KIND) | IN(ORIGIN) },
	CMD_LEFT_OUT_COLUMNS,
	{ .name = NULL },
};

static void
heading(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "%s", table_show(t, row, "domain", buf));
	(void)fprintf(fp, "  %s", table_show(t, row, "first_day", buf));
	(void)fprintf(fp, " .. %s (UTC)", table_show(t, row, "last_day", buf));
	(void)fprintf(fp, "  %s failure report%s",
	    table_show(t, row, "reports", buf), cmd_s(t, row, "reports"));
	(void)fprintf(fp, " from %s reporter%s\n",
	    table_show(t, row, "reporters", buf), cmd_s(t, row, "reporters"));
}

static const struct table_section sections[] = {
	[CMD_DOMAIN] = { .name = "domain", .heading = heading },
	CMD_LEFT_OUT,
	[KIND] = { .name = "kind",
	    .label = "  What failed, and what was done:" },
	[KIND_REST] = { .name = "kind_others", .total = true, .rest = true },
	[KIND_TOTAL] = { .name = "kind_total",
	    .label = "total",
	    .total = true },
	[ORIGIN] = { .name = "origin", .label = "  Where it came from:" },
	[ORIGIN_REST] = { .name = "origin_others",
	    .total = true,
	    .rest = true },
	[ORIGIN_TOTAL] = { .name = "origin_total",
	    .label = "total",
	    .total = true },
	[DAY] = { .name = "day", .label = "  Day by day:" },
	[DAY_REST] = { .name = "day_others", .total = true, .rest = true },
	[DAY_TOTAL] = { .name = "day_total", .label = "total", .total = true },
};

enum diag_code
cmd_failures(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	const struct cmd_domains domains = { sql_report_failures_listed,
		sql_report_failures_domains };
	const struct cmd_part parts[] = {
		{ .section = KIND,
		    .total = KIND_TOTAL,
		    .sql = sql_report_failures_kinds },
		{ .section = ORIGIN,
		    .total = ORIGIN_TOTAL,
		    .sql = sql_report_failures_sources },
		{ .section = DAY,
		    .total = DAY_TOTAL,
		    .sql = sql_report_failures_days },
		{ .sql = NULL },
	};

	*out = table_new(columns, sections);
	return cmd_by_parts_of(*out, db, &domains, parts, a, d);
}
