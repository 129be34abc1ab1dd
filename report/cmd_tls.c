/* Do others reach our mail servers by TLS, and where it fails, why? */
#include "report/cmd.h"

#include "gen/sql.h"

enum {
	POLICY = CMD_PARTS,
	POLICY_REST,
	POLICY_TOTAL,
	FAILURE,
	FAILURE_REST,
	FAILURE_TOTAL,
	DAY,
	DAY_REST,
	DAY_TOTAL
};

#define IN(section) (1u << (section))

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "domains", .type = TABLE_COUNT },
	{ .name = "first_day" },
	{ .name = "last_day" },
	{ .name = "reports", .type = TABLE_COUNT },
	{ .name = "reporters", .type = TABLE_COUNT },
	{ .name = "day", .title = "DAY", .sections = IN(DAY) },
	{ .name = "result_type",
	    .title = "RESULT",
	    .sections = IN(FAILURE),
	    .flags = TABLE_WRAP },
	{ .name = "mx",
	    .title = "MAIL SERVER",
	    .sections = IN(FAILURE),
	    .flags = TABLE_WRAP },
	{ .name = "policy_type",
	    .title = "POLICY",
	    .sections = IN(POLICY) | IN(FAILURE) },
	{ .name = "organization",
	    .title = "REPORTED BY",
	    .sections = IN(POLICY) | IN(FAILURE),
	    .flags = TABLE_WRAP },
	{ .name = "of_reports",
	    .title = "REPORTS",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY) | IN(DAY) },
	{ .name = "sessions",
	    .title = "SESSIONS",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY) | IN(DAY),
	    .flags = TABLE_SUM },
	{ .name = "failed",
	    .title = "FAILED",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY) | IN(FAILURE) | IN(DAY),
	    .flags = TABLE_SUM },
	{ .name = "failed_percent",
	    .title = "SHARE",
	    .type = TABLE_PERCENT,
	    .sections = IN(POLICY) | IN(DAY),
	    .part = "failed",
	    .whole = "sessions" },
	{ .name = "uncounted",
	    .title = "NOT COUNTED",
	    .type = TABLE_COUNT,
	    .sections = IN(FAILURE),
	    .flags = TABLE_OPTIONAL },
	{ .name = "from_day", .title = "FROM", .sections = IN(FAILURE) },
	{ .name = "to_day", .title = "TO", .sections = IN(FAILURE) },
	{ .name = "days",
	    .title = "DAYS",
	    .type = TABLE_COUNT,
	    .sections = IN(FAILURE) },
	{ .name = "reason_code",
	    .title = "REASON CODE",
	    .sections = IN(FAILURE),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "results",
	    .title = "RESULTS",
	    .sections = IN(DAY),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
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
	(void)fprintf(fp, "  %s TLS report%s",
	    table_show(t, row, "reports", buf), cmd_s(t, row, "reports"));
	(void)fprintf(fp, " from %s organization%s\n",
	    table_show(t, row, "reporters", buf), cmd_s(t, row, "reporters"));
	(void)fprintf(fp, "\n  %s session%s to its mail servers,",
	    table_show(t, row, "sessions", buf), cmd_s(t, row, "sessions"));
	(void)fprintf(fp, " %s failed", table_show(t, row, "failed", buf));
	(void)fprintf(fp, " (%s)\n", table_show(t, row, "failed_percent", buf));
}

static const struct table_section sections[] = {
	[CMD_DOMAIN] = { .name = "domain", .heading = heading },
	CMD_LEFT_OUT,
	[POLICY] = { .name = "policy",
	    .label = "  Which policies fail, and at whom:" },
	[POLICY_REST] = { .name = "policy_others",
	    .total = true,
	    .rest = true },
	[POLICY_TOTAL] = { .name = "policy_total",
	    .label = "total",
	    .total = true },
	[FAILURE] = { .name = "failure", .label = "  Why, and where:" },
	[FAILURE_REST] = { .name = "failure_others",
	    .total = true,
	    .rest = true },
	[FAILURE_TOTAL] = { .name = "failure_total",
	    .label = "total",
	    .total = true },
	[DAY] = { .name = "day", .label = "  Day by day:" },
	[DAY_REST] = { .name = "day_others", .total = true, .rest = true },
	[DAY_TOTAL] = { .name = "day_total", .label = "total", .total = true },
};

enum diag_code
cmd_tls(struct db *db, const struct args *a, struct table **out, struct diag *d)
{
	const struct cmd_domains domains = { sql_report_tls_listed,
		sql_report_tls_domains };
	const struct cmd_part parts[] = {
		{ .section = POLICY,
		    .total = POLICY_TOTAL,
		    .sql = sql_report_tls_policies },
		{ .section = FAILURE,
		    .total = FAILURE_TOTAL,
		    .sql = sql_report_tls_failures },
		{ .section = DAY,
		    .total = DAY_TOTAL,
		    .sql = sql_report_tls_days },
		{ .sql = NULL },
	};

	*out = table_new(columns, sections);
	return cmd_by_parts_of(*out, db, &domains, parts, a, d);
}
