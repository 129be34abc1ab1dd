/* Is the domain ready for its next policy, and what is in the way? */
#include "report/cmd.h"

#include <ctype.h>
#include <string.h>

#include "gen/sql.h"

enum {
	SCOPE = CMD_DOMAIN,
	GATE = CMD_PARTS,
	NOTE
};

#define IN(section) (1u << (section))

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "scope" },
	{ .name = "policy" },
	{ .name = "level" },
	{ .name = "step" },
	{ .name = "verdict" },
	{ .name = "met", .title = "MET", .sections = IN(GATE) },
	{ .name = "gate" },
	{ .name = "what",
	    .title = "GATE",
	    .sections = IN(GATE),
	    .flags = TABLE_WRAP },
	{ .name = "figure",
	    .title = "FIGURE",
	    .type = TABLE_DECIMAL,
	    .sections = IN(GATE) },
	{ .name = "limit",
	    .title = "LIMIT",
	    .type = TABLE_DECIMAL,
	    .sections = IN(GATE) },
	{ .name = "unit", .title = "UNIT", .sections = IN(GATE) },
	{ .name = "source",
	    .title = "SOURCE",
	    .sections = IN(GATE),
	    .flags = TABLE_MISSABLE },
	{ .name = "detail", .title = "", .flags = TABLE_BELOW },
	{ .name = "note",
	    .title = "NOTE",
	    .sections = IN(NOTE),
	    .flags = TABLE_WRAP },
	{ .name = "action" },
	{ .name = "first_day" },
	{ .name = "last_day" },
	{ .name = "level_day" },
	{ .name = "reports", .type = TABLE_COUNT },
	{ .name = "reporters", .type = TABLE_COUNT },
	{ .name = "messages", .type = TABLE_COUNT },
	{ .name = "legitimate", .type = TABLE_COUNT },
	{ .name = "legitimate_fail", .type = TABLE_COUNT },
	{ .name = "legitimate_dkim", .type = TABLE_COUNT },
	{ .name = "indirect", .type = TABLE_COUNT },
	{ .name = "indirect_fail", .type = TABLE_COUNT },
	{ .name = "unresolved_fail", .type = TABLE_COUNT },
	{ .name = "hostile", .type = TABLE_COUNT },
	{ .name = "hostile_fail", .type = TABLE_COUNT },
	{ .name = "undetermined", .type = TABLE_COUNT },
	{ .name = "left_out", .type = TABLE_COUNT },
	{ .name = "untrusted", .type = TABLE_COUNT },
	{ .name = "loss_low", .type = TABLE_COUNT },
	{ .name = "loss_low_percent",
	    .type = TABLE_PERCENT,
	    .part = "loss_low",
	    .whole = "loss_of" },
	{ .name = "loss_mid", .type = TABLE_COUNT },
	{ .name = "loss_mid_percent",
	    .type = TABLE_PERCENT,
	    .part = "loss_mid",
	    .whole = "loss_of" },
	{ .name = "loss_high", .type = TABLE_COUNT },
	{ .name = "loss_high_percent",
	    .type = TABLE_PERCENT,
	    .part = "loss_high",
	    .whole = "loss_high_of" },
	{ .name = "loss_of", .type = TABLE_COUNT },
	{ .name = "loss_high_of", .type = TABLE_COUNT },
	{ .name = "expected_low", .type = TABLE_COUNT },
	{ .name = "expected_mid", .type = TABLE_COUNT },
	{ .name = "expected_high", .type = TABLE_COUNT },
	{ .name = "domains", .type = TABLE_COUNT },
	CMD_LEFT_OUT_COLUMNS,
	{ .name = "names" },
	{ .name = NULL },
};

/* Whether the row's text in that column is s. */
static bool
says(const struct table *t, size_t row, const char *column, const char *s)
{
	char buf[TABLE_CELL_LEN];

	return strcmp(table_show(t, row, column, buf), s) == 0;
}

static bool
has(const struct table *t, size_t row, const char *column)
{
	return !table_is_null(t, row, table_column(t, column));
}

static int64_t
count_of(const struct table *t, size_t row, const char *column)
{
	return table_count(t, row, table_column(t, column));
}

/*
 * "example.jp  p=none  next p=quarantine: NOT READY".  A domain has one verdict:
 * that on the names below it comes second, in small letters.
 */
static void
print_headline(FILE *fp, const struct table *t, size_t row)
{
	const bool below = says(t, row, "scope", "sp");
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "%s%s", below ? "below " : "",
	    table_show(t, row, "domain", buf));
	if (says(t, row, "verdict", "FOREIGN")) {
		(void)fputs("  foreign: not your domain\n", fp);
		return;
	}
	if (!has(t, row, "policy"))
		(void)fputs("  no policy said", fp);
	else if (!below)
		(void)fprintf(fp, "  %s", table_show(t, row, "policy", buf));
	else
		(void)fprintf(fp, "  sp=%s", table_show(t, row, "level", buf));
	if (!says(t, row, "step", "stay")) {
		(void)fprintf(fp, "  next %s=", below ? "sp" : "p");
		(void)fputs(table_show(t, row, "step", buf), fp);
	}
	(void)fputs(": ", fp);
	for (const char *s = table_show(t, row, "verdict", buf); *s != '\0';
	     s++)
		(void)fputc(below ? tolower((unsigned char)*s) : *s, fp);
	(void)fputc('\n', fp);
	if (below)
		(void)fprintf(fp, "  names that send: %s\n",
		    has(t, row, "names") ? table_show(t, row, "names", buf) :
					   "none");
}

static void
print_window(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "  %s", table_show(t, row, "first_day", buf));
	(void)fprintf(fp, " .. %s (UTC)", table_show(t, row, "last_day", buf));
	(void)fprintf(fp, "  %s report%s", table_show(t, row, "reports", buf),
	    cmd_s(t, row, "reports"));
	(void)fprintf(fp, " from %s reporter%s",
	    table_show(t, row, "reporters", buf), cmd_s(t, row, "reporters"));
	if (has(t, row, "level_day")) {
		(void)fprintf(fp, ", at %s", table_show(t, row, "level", buf));
		(void)fprintf(fp, " since %s",
		    table_show(t, row, "level_day", buf));
	}
	(void)fputc('\n', fp);
}

/* What the messages are: the parts add up to all of them. */
static void
print_streams(FILE *fp, const struct table *t, size_t row)
{
	static const struct {
		const char *count;
		const char *text;
	} parts[] = {
		{ "legitimate", "legitimate" },
		{ "indirect", "forwarded or lists" },
		{ "unresolved_fail", "unresolved" },
		{ "hostile", "forged" },
		{ "undetermined", "undetermined" },
		{ "left_out", "left out" },
	};
	const char *before = ":";
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "\n  %s message%s",
	    table_show(t, row, "messages", buf), cmd_s(t, row, "messages"));
	for (size_t i = 0; i < CMD_COUNT(parts); i++) {
		if (count_of(t, row, parts[i].count) == 0)
			continue;
		(void)fprintf(fp, "%s %s %s", before,
		    table_show(t, row, parts[i].count, buf), parts[i].text);
		before = ",";
	}
	(void)fputc('\n', fp);
}

/* One line of the loss: how many, what share of what, what is to be expected. */
static void
print_loss(FILE *fp, const struct table *t, size_t row, const char *name,
    const char *label)
{
	const char *whole = strcmp(name, "high") == 0 ? "loss_high_of" :
							"loss_of";
	char column[TABLE_CELL_LEN];
	char buf[TABLE_CELL_LEN];

	(void)snprintf(column, sizeof(column), "loss_%s", name);
	(void)fprintf(fp, "  %-34s %12s", label,
	    table_show(t, row, column, buf));
	(void)snprintf(column, sizeof(column), "loss_%s_percent", name);
	if (has(t, row, column)) {
		(void)fprintf(fp, " %8s", table_show(t, row, column, buf));
		(void)fprintf(fp, " of %s", table_show(t, row, whole, buf));
	}
	(void)snprintf(column, sizeof(column), "expected_%s", name);
	if (has(t, row, column))
		(void)fprintf(fp, ", expected %s",
		    table_show(t, row, column, buf));
	(void)fputc('\n', fp);
}

static void
print_losses(FILE *fp, const struct table *t, size_t row)
{
	const bool stay = says(t, row, "step", "stay");
	char label[80];
	char buf[TABLE_CELL_LEN];

	(void)snprintf(label, sizeof(label), "%s=%s would cost",
	    says(t, row, "scope", "sp") ? "sp" : "p",
	    stay ? "reject" : table_show(t, row, "step", buf));
	print_loss(fp, t, row, "low",
	    stay ? "legitimate mail that fails" : label);
	print_loss(fp, t, row, "mid", "  with forwarded mail and lists");
	print_loss(fp, t, row, "high", "  with what nobody has named");
	(void)fprintf(fp, "  %-34s %12s\n",
	    stay ? "forged mail that fails" : "and stop, of forged mail",
	    table_show(t, row, "hostile_fail", buf));
}

static void
heading(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	print_headline(fp, t, row);
	if (says(t, row, "verdict", "FOREIGN"))
		return;
	print_window(fp, t, row);
	print_streams(fp, t, row);
	if (count_of(t, row, "messages") > 0)
		print_losses(fp, t, row);
	if (has(t, row, "action")) {
		(void)fputc('\n', fp);
		cmd_print_sentence(fp, "→ ", table_show(t, row, "action", buf));
	}
}

static const struct table_section sections[] = {
	[SCOPE] = { .name = "scope", .heading = heading },
	CMD_LEFT_OUT,
	[GATE] = { .name = "gate" },
	[NOTE] = { .name = "note" },
};

enum diag_code
cmd_readiness(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	struct cmd_asked q;
	enum diag_code code = cmd_ask(db, &q, a, d);

	*out = table_new(columns, sections);
	if (code == DIAG_OK) {
		const char *const params[] = { q.params[0],
			cmd_given(a->until) };

		code = cmd_append_rows(*out, sections, CMD_COUNT(sections), db,
		    sql_report_readiness, CMD_COUNT(params), params, d);
	}
	if (code == DIAG_OK)
		cmd_add_left_out(*out, &q);
	cmd_asked_free(&q);
	for (size_t row = 0; row < table_rows(*out); row++)
		table_set_percents(*out, row, row);
	return code;
}

/* 0 ready, 1 not ready, 2 too little is known: the highest of all scopes. */
int
cmd_readiness_status(const struct table *t)
{
	int status = table_rows(t) == 0 ? 2 : 0;

	for (size_t row = 0; row < table_rows(t); row++) {
		int s = 0;

		if (says(t, row, "verdict", "NOT READY") ||
		    says(t, row, "verdict", "DOES NOT HOLD"))
			s = 1;
		/* Of the operator's domains that are not told of nothing is
		 * known. */
		if (says(t, row, "verdict", "INSUFFICIENT DATA") ||
		    table_section_number(t, row) == CMD_MORE_DOMAINS)
			s = 2;
		status = s > status ? s : status;
	}
	return status;
}
