/* Who sends in the domain's name, and does it pass? */
#include "report/cmd.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "gen/sql.h"
#include "common/cli/fit.h"

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
	{ .name = "sender",
	    .title = "SENDER",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP,
	    .absent = "unauthenticated" },
	{ .name = "sender_kind" },
	{ .name = "senders", .type = TABLE_COUNT },
	{ .name = "stream" },
	{ .name = "role",
	    .title = "ROLE",
	    .sections = CMD_LINES,
	    .flags = TABLE_OPTIONAL },
	{ .name = "messages", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "fail",
	    .title = "FAIL",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH },
	{ .name = "fail_percent",
	    .type = TABLE_PERCENT,
	    .part = "fail",
	    .whole = "messages" },
	{ .name = "unknown",
	    .title = "UNKNOWN",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH | TABLE_OPTIONAL },
	{ .name = "unknown_percent",
	    .type = TABLE_PERCENT,
	    .part = "unknown",
	    .whole = "messages" },
	{ .name = "pass",
	    .title = "PASS",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_SUM | TABLE_DASH },
	{ .name = "pass_percent",
	    .type = TABLE_PERCENT,
	    .part = "pass",
	    .whole = "messages" },
	{ .name = "share_percent",
	    .title = "SHARE",
	    .type = TABLE_PERCENT,
	    .sections = CMD_LINES,
	    .part = "messages",
	    .whole = "messages",
	    .of_head = true },
	{ .name = "signed_as",
	    .title = "DKIM SIGNED AS",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP | TABLE_MISSABLE,
	    .more = "signed_as_more" },
	{ .name = "signed_as_more", .type = TABLE_COUNT },
	{ .name = "return_path",
	    .title = "RETURN-PATH",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP | TABLE_MISSABLE,
	    .note = "return_path_result",
	    .more = "return_path_more" },
	{ .name = "return_path_result" },
	{ .name = "return_path_more", .type = TABLE_COUNT },
	{ .name = "sources",
	    .title = "SOURCES",
	    .type = TABLE_COUNT,
	    .sections = CMD_LINES,
	    .flags = TABLE_MISSABLE },
	{ .name = "top_sources" },
	{ .name = "class" },
	{ .name = "confidence" },
	{ .name = "wrong",
	    .title = "WHAT IS WRONG",
	    .sections = CMD_LINES,
	    .flags = TABLE_WRAP },
	{ .name = "evidence", .title = "seen: ", .flags = TABLE_BELOW },
	{ .name = "action", .title = "→ ", .flags = TABLE_BELOW },
	{ .name = "legitimate_fail", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "unresolved_fail", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "indirect_fail", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "hostile_fail", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "undetermined_fail",
	    .type = TABLE_COUNT,
	    .flags = TABLE_SUM },
	{ .name = "dkim_aligned", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "dkim_aligned_percent",
	    .type = TABLE_PERCENT,
	    .part = "dkim_aligned",
	    .whole = "messages" },
	{ .name = "spf_aligned", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "spf_aligned_percent",
	    .type = TABLE_PERCENT,
	    .part = "spf_aligned",
	    .whole = "messages" },
	{ .name = "quarantine", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "quarantine_percent",
	    .type = TABLE_PERCENT,
	    .part = "quarantine",
	    .whole = "messages" },
	{ .name = "reject", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "reject_percent",
	    .type = TABLE_PERCENT,
	    .part = "reject",
	    .whole = "messages" },
	{ .name = "disagree", .type = TABLE_COUNT, .flags = TABLE_SUM },
	CMD_LEFT_OUT_COLUMNS,
	{ .name = NULL },
};

/* The figures of the heading, two a line. */
#define FIGURE_WIDTH 36

/* Sentences of the heading, for the narrowest of terminals. */
#define SENTENCE 76

static const struct figure {
	const char *label;
	const char *count;
	const char *percent; /* NULL: none */
	bool if_any;         /* not worth a line where it is 0 */
} figures[][2] = {
	{ { "messages", "messages", NULL, false },
	    { "DKIM aligned", "dkim_aligned", "dkim_aligned_percent", false } },
	{ { "DMARC pass", "pass", "pass_percent", false },
	    { "SPF aligned", "spf_aligned", "spf_aligned_percent", false } },
	{ { "DMARC fail", "fail", "fail_percent", false },
	    { "quarantined", "quarantine", "quarantine_percent", true } },
	{ { "unknown", "unknown", "unknown_percent", true },
	    { "rejected", "reject", "reject_percent", true } },
};

static int64_t
count_of(const struct table *t, size_t row, const char *name)
{
	return table_count(t, row, table_column(t, name));
}

static bool
is_worth(const struct table *t, size_t row, const struct figure *f)
{
	return !f->if_any || count_of(t, row, f->count) > 0;
}

/* One figure, or as many blanks. */
static void
print_figure(FILE *fp, const struct table *t, size_t row,
    const struct figure *f)
{
	char count[TABLE_CELL_LEN];
	char percent[TABLE_CELL_LEN];

	if (!is_worth(t, row, f)) {
		(void)fprintf(fp, "%*s", FIGURE_WIDTH, "");
		return;
	}
	(void)fprintf(fp, "%-12s %14s", f->label,
	    table_show(t, row, f->count, count));
	if (f->percent != NULL)
		(void)fprintf(fp, " %8s",
		    table_show(t, row, f->percent, percent));
}

/* Whose the failing messages are: what p=reject would hit, and what it is for. */
static void
print_failing(FILE *fp, const struct table *t, size_t row)
{
	static const struct {
		const char *count;
		const char *text;
	} parts[] = {
		{ "legitimate_fail", "legitimate" },
		{ "unresolved_fail", "unresolved" },
		{ "indirect_fail", "forwarded or lists" },
		{ "hostile_fail", "forged" },
		{ "undetermined_fail", "undetermined" },
	};
	struct buf text;
	char *lines;
	char buf[TABLE_CELL_LEN];

	if (count_of(t, row, "fail") == 0)
		return;
	buf_init(&text, 400);
	for (size_t i = 0; i < CMD_COUNT(parts); i++)
		if (count_of(t, row, parts[i].count) > 0)
			(void)buf_printf(&text, "%s %s %s",
			    text.len == 0 ? "of the failing:" : ",",
			    table_show(t, row, parts[i].count, buf),
			    parts[i].text);
	lines = fit_wrap(buf_str(&text), SENTENCE);
	for (char *line = lines; line != NULL;) {
		char *next = strchr(line, '\n');

		if (next != NULL)
			*next++ = '\0';
		(void)fprintf(fp, "  %s\n", line);
		line = next;
	}
	free(lines);
	buf_free(&text);
}

/* How many of the domain's rows ask something of the operator: those that say
 * what was seen, too. */
static void
print_to_do(FILE *fp, const struct table *t, size_t row)
{
	const size_t seen = table_column(t, "evidence");
	size_t n = 0;

	if (table_section_number(t, row) != CMD_DOMAIN)
		return;
	for (size_t r = row + 1;
	     r < table_rows(t) && table_section_number(t, r) != CMD_DOMAIN &&
	     table_section_number(t, r) != CMD_ALL;
	     r++)
		n += !table_is_null(t, r, seen);
	if (n > 0)
		(void)fprintf(fp,
		    "  %zu thing%s to do, marked with →, what does most harm "
		    "first\n",
		    n, n == 1 ? "" : "s");
}

static void
heading(FILE *fp, const struct table *t, size_t row)
{
	cmd_print_heading(fp, t, row);
	print_to_do(fp, t, row);
	(void)fputc('\n', fp);
	if (count_of(t, row, "messages") == 0) {
		(void)fputs("  no messages\n", fp);
		return;
	}
	for (size_t i = 0; i < CMD_COUNT(figures); i++) {
		const struct figure *left = &figures[i][0];
		const struct figure *right = &figures[i][1];

		if (!is_worth(t, row, left) && !is_worth(t, row, right))
			continue;
		(void)fputs("  ", fp);
		print_figure(fp, t, row, left);
		if (is_worth(t, row, right)) {
			(void)fprintf(fp, "%*s", left->percent == NULL ? 13 : 4,
			    "");
			print_figure(fp, t, row, right);
		}
		(void)fputc('\n', fp);
	}
	print_failing(fp, t, row);
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
cmd_summary(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	*out = table_new(columns, sections);
	return cmd_by_domain(*out, db, sql_report_summary, a, d);
}
