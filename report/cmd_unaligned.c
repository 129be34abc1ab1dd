/* Who is authenticated, but as somebody else? */
#include "report/cmd.h"

#include "gen/sql.h"

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "domains", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "policy" },
	{ .name = "policies", .type = TABLE_COUNT },
	{ .name = "reports", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "reporters", .type = TABLE_COUNT },
	{ .name = "of_messages",
	    .type = TABLE_COUNT,
	    .flags = TABLE_SUM | TABLE_HEAD },
	{ .name = "of_fail",
	    .type = TABLE_COUNT,
	    .flags = TABLE_SUM | TABLE_HEAD },
	{ .name = "sender",
	    .title = "SENDER",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP },
	{ .name = "role",
	    .title = "ROLE",
	    .sections = CMD_LINES,
	    .flags = TABLE_OPTIONAL },
	{ .name = "messages",
	    .title = "MESSAGES",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM },
	{ .name = "messages_percent",
	    .title = "SHARE",
	    .type = TABLE_PERCENT,
	    .sections = CMD_LINES,
	    .part = "messages",
	    .whole = "of_messages",
	    .of_head = true },
	{ .name = "fail",
	    .title = "FAIL",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_MISSABLE },
	{ .name = "fail_percent",
	    .title = "OF FAIL",
	    .type = TABLE_PERCENT,
	    .sections = CMD_LINES,
	    .flags = TABLE_MISSABLE,
	    .part = "fail",
	    .whole = "of_fail",
	    .of_head = true },
	{ .name = "signed_as",
	    .title = "DKIM SIGNED AS",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP,
	    .note = "selector" },
	{ .name = "selector" },
	{ .name = "return_path",
	    .title = "RETURN-PATH",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP },
	{ .name = "header_from",
	    .title = "FROM",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP | TABLE_MISSABLE },
	{ .name = "sources",
	    .title = "SOURCES",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_MISSABLE },
	{ .name = "top_sources",
	    .title = "ADDRESSES",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP | TABLE_MISSABLE,
	    .more = "top_sources_more" },
	{ .name = "top_sources_more", .type = TABLE_COUNT },
	{ .name = "class" },
	{ .name = "stream" },
	{ .name = "wrong",
	    .title = "WHAT IS WRONG",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP },
	{ .name = "first_day" },
	{ .name = "last_day" },
	CMD_LEFT_OUT_COLUMNS,
	{ .name = NULL },
};

/* A count, and how much of another count it is. */
static void
print_part(FILE *fp, const struct table *t, size_t row, const char *label,
    const char *part, const char *of, const char *what)
{
	char name[TABLE_CELL_LEN];
	char buf[TABLE_CELL_LEN];

	(void)snprintf(name, sizeof(name), "%s_percent", part);
	(void)fprintf(fp, "  %-30s %14s", label, table_show(t, row, part, buf));
	(void)fprintf(fp, " %8s", table_show(t, row, name, buf));
	(void)fprintf(fp, " of %s %s\n", table_show(t, row, of, buf), what);
}

static void
heading(FILE *fp, const struct table *t, size_t row)
{
	cmd_print_heading(fp, t, row);
	(void)fputc('\n', fp);
	print_part(fp, t, row, "authenticated as somebody else", "messages",
	    "of_messages", "messages");
	print_part(fp, t, row, "of them fail DMARC", "fail", "of_fail",
	    "that fail");
}

static const struct table_section sections[] = {
	[CMD_DOMAIN] = { .name = "domain", .heading = heading },
	CMD_LEFT_OUT,
	[CMD_LINE] = { .name = "sender" },
	[CMD_REST] = { .name = "others", .total = true, .rest = true },
	[CMD_TOTAL] = { .name = "total", .label = "total", .total = true },
	[CMD_ALL] = { .name = "all", .heading = heading },
};

enum diag_code
cmd_unaligned(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	*out = table_new(columns, sections);
	return cmd_by_domain(*out, db, sql_report_unaligned, a, d);
}
