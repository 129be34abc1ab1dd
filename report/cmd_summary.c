/* Who sends in the domain's name, and does it pass? */
#include "report/cmd.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
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
	{ .name = "action" },
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
	{ .name = "recent", .type = TABLE_COUNT, .flags = TABLE_SUM },
	{ .name = "last_seen",
	    .title = "LAST SEEN",
	    .sections = CMD_LINES,
	    .flags = TABLE_MISSABLE },
	{ .name = "trend", .title = "TREND", .sections = CMD_LINES },
	{ .name = "to_do", .type = TABLE_COUNT },
	{ .name = "advice", .title = "→ ", .flags = TABLE_BELOW },
	{ .name = "remark", .title = "", .flags = TABLE_BELOW },
	{ .name = "verdict" },
	{ .name = "next_policy" },
	{ .name = "below_verdict" },
	{ .name = "below_next_policy" },
	{ .name = NULL },
};

/* The figures of the heading, two a line. */
#define FIGURE_WIDTH 36

/* Of how many domains the verdicts are told. */
#define MOST_VERDICTS 10

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
	lines = fit_wrap(buf_str(&text), CMD_SENTENCE);
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

/* How many things there are to do: rows that ask the same are one. */
static int64_t
things_to_do(const struct table *t, size_t row)
{
	const size_t to_do = table_column(t, "to_do");
	int64_t n = 0;

	for (size_t r = row + 1;
	     r < table_rows(t) && table_section_number(t, r) != CMD_DOMAIN &&
	     table_section_number(t, r) != CMD_ALL;
	     r++)
		if (!table_is_null(t, r, to_do) && table_count(t, r, to_do) > n)
			n = table_count(t, r, to_do);
	return n;
}

static bool
has(const struct table *t, size_t row, const char *column)
{
	return !table_is_null(t, row, table_column(t, column));
}

/* "NOT READY for p=reject", "p=reject HOLDS"; prefix is "" or "below_", whose
 * verdict is told in small letters, as a domain has one. */
static void
print_verdict(FILE *fp, const struct table *t, size_t row, const char *prefix)
{
	char name[TABLE_CELL_LEN];
	char verdict_buf[TABLE_CELL_LEN];
	char next_buf[TABLE_CELL_LEN];
	const char *verdict, *next;
	char *text;

	(void)snprintf(name, sizeof(name), "%sverdict", prefix);
	verdict = table_show(t, row, name, verdict_buf);
	(void)snprintf(name, sizeof(name), "%snext_policy", prefix);
	next = table_show(t, row, name, next_buf);
	if (next[0] == '\0')
		text = mem_strdup(verdict);
	else if (strstr(verdict, "HOLD") != NULL)
		text = mem_printf("%s %s", next, verdict);
	else
		text = mem_printf("%s for %s", verdict, next);
	for (char *s = text; prefix[0] != '\0' && *s != '\0'; s++)
		*s = (char)tolower((unsigned char)*s);
	(void)fputs(text, fp);
	free(text);
}

/*
 * The verdict and the number of things to do; then what is first for the
 * domain as a whole, unless its senders go before that.
 */
static void
print_answer(FILE *fp, const struct table *t, size_t row)
{
	const int64_t n = things_to_do(t, row);
	char buf[TABLE_CELL_LEN];
	bool not_ready = false;

	(void)fprintf(fp, "%s  ", table_show(t, row, "domain", buf));
	if (has(t, row, "verdict")) {
		not_ready = strstr(table_show(t, row, "verdict", buf),
				"NOT ") != NULL;
		print_verdict(fp, t, row, "");
		(void)fputs(": ", fp);
	}
	if (n == 0)
		(void)fputs("no sender needs you\n", fp);
	else
		(void)fprintf(fp,
		    "%" PRId64 " thing%s to do (→), most harm first\n", n,
		    n == 1 ? "" : "s");
	if (has(t, row, "action") && (n == 0 || !not_ready))
		cmd_print_sentence(fp, n == 0 ? "next: " : "then: ",
		    table_show(t, row, "action", buf));
	if (has(t, row, "below_verdict")) {
		(void)fputs("  names below it: ", fp);
		print_verdict(fp, t, row, "below_");
		(void)fputc('\n', fp);
	}
}

static void
print_figures(FILE *fp, const struct table *t, size_t row)
{
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
}

static void
heading(FILE *fp, const struct table *t, size_t row)
{
	const bool all = table_section_number(t, row) == CMD_ALL;

	if (all) {
		cmd_print_heading(fp, t, row);
	} else {
		print_answer(fp, t, row);
		cmd_print_window(fp, t, row, "");
	}
	(void)fputc('\n', fp);
	if (count_of(t, row, "messages") == 0) {
		(void)fputs("  no messages\n", fp);
		return;
	}
	print_figures(fp, t, row);
	print_failing(fp, t, row);
	if (row == 0 && !all)
		(void)fputs("  one row: one sender and one problem; TREND: the "
			    "last week and those before\n",
		    fp);
}

static const struct table_section sections[] = {
	[CMD_DOMAIN] = { .name = "domain", .heading = heading },
	CMD_LEFT_OUT,
	[CMD_LINE] = { .name = "sender" },
	[CMD_REST] = { .name = "others", .total = true, .rest = true },
	[CMD_TOTAL] = { .name = "total", .label = "total", .total = true },
	[CMD_ALL] = { .name = "all", .heading = heading },
};

/* The row of that domain's heading; SIZE_MAX: it has none. */
static size_t
find_domain(const struct table *t, const char *domain)
{
	char buf[TABLE_CELL_LEN];

	for (size_t row = 0; row < table_rows(t); row++)
		if (table_section_number(t, row) == CMD_DOMAIN &&
		    strcmp(table_show(t, row, "domain", buf), domain) == 0)
			return row;
	return SIZE_MAX;
}

/* What readiness says of a domain, or of those below it where it differs. */
static void
take_verdict(struct table *t, const PGresult *res, int r)
{
	const size_t row = find_domain(t,
	    PQgetvalue(res, r, PQfnumber(res, "domain")));
	const bool below = strcmp(PQgetvalue(res, r, PQfnumber(res, "scope")),
			       "sp") == 0;
	const char *verdict = PQgetvalue(res, r, PQfnumber(res, "verdict"));
	const char *step = PQgetvalue(res, r, PQfnumber(res, "step"));
	const char *messages = PQgetvalue(res, r, PQfnumber(res, "messages"));
	char next[TABLE_CELL_LEN];
	char buf[TABLE_CELL_LEN];

	if (row == SIZE_MAX || strcmp(verdict, "FOREIGN") == 0 ||
	    strcmp(PQgetvalue(res, r, PQfnumber(res, "row")), "scope") != 0)
		return;
	if (below &&
	    (strcmp(messages, "0") == 0 || messages[0] == '\0' ||
		strcmp(table_show(t, row, "verdict", buf), verdict) == 0))
		return;
	table_put(t, row, below ? "below_verdict" : "verdict", verdict);
	if (step[0] != '\0') {
		(void)snprintf(next, sizeof(next), "%s=%s", below ? "sp" : "p",
		    strcmp(step, "stay") == 0 ? "reject" : step);
		table_put(t, row, below ? "below_next_policy" : "next_policy",
		    next);
	}
	if (!below && !PQgetisnull(res, r, PQfnumber(res, "action")))
		table_put(t, row, "action",
		    PQgetvalue(res, r, PQfnumber(res, "action")));
}

/* Few domains have their verdict; of many it would take as long again. */
static enum diag_code
add_verdicts(struct table *t, struct db *db, const struct cmd_asked *q,
    const struct args *a, struct diag *d)
{
	const char *const params[] = { q->params[0], cmd_given(a->until) };
	PGresult *res = NULL;
	size_t domains = 0;
	enum diag_code code;

	for (size_t row = 0; row < table_rows(t); row++)
		domains += table_section_number(t, row) == CMD_DOMAIN;
	if (domains == 0 || domains > MOST_VERDICTS ||
	    args_has(a, OPT_UNTRUSTED))
		return DIAG_OK;
	code = db_query(db, &res, sql_report_readiness, CMD_COUNT(params),
	    params, d);
	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++)
		take_verdict(t, res, r);
	PQclear(res);
	return code;
}

enum diag_code
cmd_summary(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	struct cmd_asked q;
	enum diag_code code = cmd_ask(db, &q, a, d);

	*out = table_new(columns, sections);
	if (code == DIAG_OK)
		code = cmd_by_domain_of(*out, db, sql_report_summary, &q, d);
	if (code == DIAG_OK)
		code = add_verdicts(*out, db, &q, a, d);
	cmd_asked_free(&q);
	return code;
}
