/* What would another policy have done to this mail? */
#include "report/cmd.h"

#include <string.h>

#include "common/buf.h"
#include "gen/sql.h"

enum {
	DOMAIN = CMD_DOMAIN,
	SENDER = CMD_PARTS,
	SENDER_REST,
	TOTAL,
	DAY,
	DAY_REST,
	DAY_TOTAL,
	NOTE
};

/* The largest senders and the newest days; --all has the rest. */
#define ROWS        "5"

#define IN(section) (1u << (section))
#define LINES       (IN(SENDER) | IN(DAY))

/* A count of the lines; those that are seldom anything are optional. */
#define COUNT(column, heading, extra)                                      \
	{                                                                  \
		.name = (column), .title = (heading), .type = TABLE_COUNT, \
		.sections = LINES, .flags = TABLE_DASH | (extra),          \
	}

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "policy" },
	{ .name = "first_day" },
	{ .name = "last_day" },
	{ .name = "reports", .type = TABLE_COUNT },
	{ .name = "reporters", .type = TABLE_COUNT },
	{ .name = "day", .title = "DAY", .sections = IN(DAY) },
	{ .name = "sender",
	    .title = "SENDER",
	    .sections = IN(SENDER),
	    .flags = TABLE_WRAP,
	    .absent = "unauthenticated" },
	{ .name = "role",
	    .title = "ROLE",
	    .sections = IN(SENDER),
	    .flags = TABLE_OPTIONAL },
	{ .name = "stream", .title = "STREAM", .sections = IN(SENDER) },
	COUNT("messages", "MESSAGES", 0),
	COUNT("was_delivered", "WAS DELIVERED", TABLE_MISSABLE),
	COUNT("was_quarantined", "WAS QUARANTINED", TABLE_MISSABLE),
	COUNT("was_rejected", "WAS REJECTED", TABLE_MISSABLE),
	COUNT("delivered", "DELIVERED", 0),
	COUNT("quarantined", "QUARANTINED", TABLE_OPTIONAL),
	COUNT("rejected", "REJECTED", TABLE_OPTIONAL),
	COUNT("unknown", "UNKNOWN", TABLE_OPTIONAL),
	COUNT("gone", "GONE", TABLE_OPTIONAL),
	COUNT("newly_fail", "NEWLY FAILS", TABLE_OPTIONAL),
	COUNT("newly_pass", "NEWLY PASSES", TABLE_OPTIONAL),
	{ .name = "legitimate_hit",
	    .title = "LEGITIMATE HIT",
	    .type = TABLE_COUNT,
	    .sections = IN(DAY),
	    .flags = TABLE_DASH },
	{ .name = "unresolved_hit", .type = TABLE_COUNT },
	{ .name = "indirect_hit", .type = TABLE_COUNT },
	{ .name = "hostile_hit",
	    .title = "FORGED HIT",
	    .type = TABLE_COUNT,
	    .sections = IN(DAY),
	    .flags = TABLE_DASH },
	{ .name = "undetermined_hit", .type = TABLE_COUNT },
	{ .name = "note",
	    .title = "NOTE",
	    .sections = IN(NOTE),
	    .flags = TABLE_WRAP },
	{ .name = "domains", .type = TABLE_COUNT },
	CMD_LEFT_OUT_COLUMNS,
	{ .name = NULL },
};

static int64_t
count_of(const struct table *t, size_t row, const char *column)
{
	return table_count(t, row, table_column(t, column));
}

/* What the policy takes: the owner's mail, what may be his, and forged mail. */
static void
print_hit(FILE *fp, const struct table *t, size_t row)
{
	static const struct {
		const char *label;
		const char *count;
		const char *text;
	} parts[] = {
		{ "lost", "legitimate_hit", "messages of yours" },
		{ "unclear", "unresolved_hit", "that nobody has named" },
		{ NULL, "indirect_hit", "forwarded or lists" },
		{ NULL, "undetermined_hit", "undetermined" },
		{ "stopped", "hostile_hit", "forged" },
	};
	const char *before = "";
	char buf[TABLE_CELL_LEN];

	for (size_t i = 0; i < CMD_COUNT(parts); i++) {
		if (parts[i].label != NULL) {
			(void)fprintf(fp, "\n  %-8s", parts[i].label);
			before = " ";
		} else if (count_of(t, row, parts[i].count) == 0) {
			continue;
		}
		(void)fprintf(fp, "%s%s %s", before,
		    table_show(t, row, parts[i].count, buf), parts[i].text);
		before = ", ";
	}
	(void)fputc('\n', fp);
}

/* What would have become of all mail, and in brackets what did. */
static void
print_outcomes(FILE *fp, const struct table *t, size_t row)
{
	static const struct {
		const char *label;
		const char *would;
		const char *was; /* NULL: no report says so */
	} parts[] = {
		{ "delivered", "delivered", "was_delivered" },
		{ "quarantined", "quarantined", "was_quarantined" },
		{ "rejected", "rejected", "was_rejected" },
		{ "without a verdict", "unknown", NULL },
		{ "left out", "gone", NULL },
	};
	struct buf text;
	char buf[TABLE_CELL_LEN];

	buf_init(&text, 400);
	(void)buf_printf(&text, "of %s messages (as reported):",
	    table_show(t, row, "messages", buf));
	for (size_t i = 0; i < CMD_COUNT(parts); i++) {
		if (parts[i].was == NULL &&
		    count_of(t, row, parts[i].would) == 0)
			continue;
		(void)buf_printf(&text, "%s %s %s", i == 0 ? "" : ",",
		    table_show(t, row, parts[i].would, buf), parts[i].label);
		if (parts[i].was != NULL)
			(void)buf_printf(&text, " (%s)",
			    table_show(t, row, parts[i].was, buf));
	}
	cmd_print_sentence(fp, "", buf_str(&text));
	buf_free(&text);
}

static void
heading(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "%s", table_show(t, row, "domain", buf));
	(void)fprintf(fp, "  replayed under %s",
	    table_show(t, row, "policy", buf));
	(void)fprintf(fp, "  %s", table_show(t, row, "first_day", buf));
	(void)fprintf(fp, " .. %s (UTC)", table_show(t, row, "last_day", buf));
	(void)fprintf(fp, "  %s report%s", table_show(t, row, "reports", buf),
	    cmd_s(t, row, "reports"));
	(void)fprintf(fp, " from %s reporter%s\n",
	    table_show(t, row, "reporters", buf), cmd_s(t, row, "reporters"));
	if (table_is_null(t, row, table_column(t, "messages"))) {
		(void)fputs("\n  no messages\n", fp);
		return;
	}
	print_hit(fp, t, row);
	print_outcomes(fp, t, row);
}

static const struct table_section sections[] = {
	[DOMAIN] = { .name = "domain", .heading = heading },
	CMD_LEFT_OUT,
	[SENDER] = { .name = "sender" },
	[SENDER_REST] = { .name = "sender_others",
	    .total = true,
	    .rest = true },
	[TOTAL] = { .name = "total", .label = "total", .total = true },
	[DAY] = { .name = "day" },
	[DAY_REST] = { .name = "day_others", .total = true, .rest = true },
	[DAY_TOTAL] = { .name = "day_total", .label = "total", .total = true },
	[NOTE] = { .name = "note" },
};

/* What an option that can be given several times was given, a line each. */
static const char *
lines_of(const struct args *a, enum option_id id, struct buf *b)
{
	const char *s;

	for (size_t i = 0; (s = args_nth(a, id, i)) != NULL; i++)
		(void)buf_printf(b, "%s%s", i == 0 ? "" : "\n", s);
	return args_has(a, id) ? buf_str(b) : NULL;
}

/* What the statement is asked for, of the domains that are told of. */
static enum diag_code
replay(struct table *t, struct db *db, const struct args *a,
    const struct cmd_asked *q, struct diag *d)
{
	struct buf fixed;
	struct buf gone;
	enum diag_code code;

	buf_init(&fixed, 65536);
	buf_init(&gone, 65536);
	{
		const char *const params[] = { q->params[0],
			cmd_given(a->since), cmd_given(a->until),
			args_text(a, OPT_POLICY), args_text(a, OPT_SP),
			args_text(a, OPT_NP), args_text(a, OPT_ADKIM),
			args_text(a, OPT_ASPF), lines_of(a, OPT_FIXED, &fixed),
			lines_of(a, OPT_GONE, &gone),
			args_has(a, OPT_ALL) ? NULL : ROWS };

		code = cmd_append_rows(t, sections, CMD_COUNT(sections), db,
		    sql_report_what_if, CMD_COUNT(params), params, d);
	}
	buf_free(&fixed);
	buf_free(&gone);
	return code;
}

enum diag_code
cmd_what_if(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	struct cmd_asked q;
	enum diag_code code = cmd_ask(db, &q, a, d);

	*out = table_new(columns, sections);
	if (code == DIAG_OK)
		code = replay(*out, db, a, &q, d);
	if (code == DIAG_OK)
		cmd_add_left_out(*out, &q);
	cmd_asked_free(&q);
	return code;
}
