/* The operator's word on a sender: give it, take it back, look at it. */
#include "report/cmd.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/cli/fit.h"
#include "gen/sql.h"

enum {
	SECTION_FACTS,
	SECTION_SEEN,
	SECTION_WORD
};

#define WORDS      (1u << SECTION_WORD)

#define ALL_OTHERS "*"

/* Words beside a label, in 80 columns; names that a list has; its length. */
#define WORDS_WIDTH 57
#define SOME        3
#define SOME_LEN    8192

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "sender",
	    .title = "SENDER",
	    .sections = WORDS,
	    .flags = TABLE_WRAP },
	{ .name = "domain",
	    .title = "FOR DOMAIN",
	    .sections = WORDS,
	    .absent = "all" },
	{ .name = "role", .title = "ROLE", .sections = WORDS },
	{ .name = "owner",
	    .title = "OWNER",
	    .sections = WORDS,
	    .flags = TABLE_OPTIONAL | TABLE_WRAP },
	{ .name = "note",
	    .title = "NOTE",
	    .sections = WORDS,
	    .flags = TABLE_OPTIONAL | TABLE_WRAP | TABLE_WHOLE },
	{ .name = "since",
	    .title = "SINCE",
	    .sections = WORDS,
	    .flags = TABLE_OPTIONAL },
	{ .name = "said_at", .title = "SAID (UTC)", .sections = WORDS },
	{ .name = "said_by", .title = "BY", .sections = WORDS },
	{ .name = "in_force", .title = "IN FORCE", .sections = WORDS },
	{ .name = "operator" },
	{ .name = "category" },
	{ .name = "layer" },
	{ .name = "author_dkim" },
	{ .name = "dkim_setup" },
	{ .name = "return_path" },
	{ .name = "return_path_setup" },
	{ .name = "about" },
	{ .name = "evidence" },
	{ .name = "origin" },
	{ .name = "first_day" },
	{ .name = "last_day" },
	{ .name = "days", .type = TABLE_COUNT },
	{ .name = "messages", .type = TABLE_COUNT },
	{ .name = "pass", .type = TABLE_COUNT },
	{ .name = "fail", .type = TABLE_COUNT },
	{ .name = "per_day", .type = TABLE_COUNT },
	{ .name = "peak_day" },
	{ .name = "peak", .type = TABLE_COUNT },
	{ .name = "reporters", .type = TABLE_COUNT },
	{ .name = "top_reporters" },
	{ .name = "sources", .type = TABLE_COUNT },
	{ .name = "top_sources" },
	{ .name = "relays" },
	{ .name = "class" },
	{ .name = "wrong" },
	{ .name = "stream" },
	{ .name = "seen" },
	{ .name = "repaired_on" },
	{ .name = "action" },
	{ .name = NULL },
};

/* ---- what the catalogue says ----------------------------------------------- */

/* label: the value of column name, unless there is none. */
static void
print_fact(FILE *fp, const struct table *t, size_t row, const char *label,
    const char *name)
{
	char buf[TABLE_CELL_LEN];

	if (!table_is_null(t, row, table_column(t, name)))
		(void)fprintf(fp, "  %-20s %s\n", label,
		    table_show(t, row, name, buf));
}

static void
print_facts(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "%s\n\n", table_show(t, row, "sender", buf));
	if (table_is_null(t, row, table_column(t, "layer"))) {
		(void)fputs("  not in the catalogue\n", fp);
		return;
	}
	print_fact(fp, t, row, "operator", "operator");
	print_fact(fp, t, row, "category", "category");
	print_fact(fp, t, row, "layer", "layer");
	print_fact(fp, t, row, "signs as the author", "author_dkim");
	print_fact(fp, t, row, "  how", "dkim_setup");
	print_fact(fp, t, row, "own return-path", "return_path");
	print_fact(fp, t, row, "  how", "return_path_setup");
	print_fact(fp, t, row, "note", "about");
}

/* ---- what the reports say ---------------------------------------------------- */

/* A line of words, wrapped and indented. */
static void
print_words(FILE *fp, const char *label, const char *words)
{
	char *lines = fit_wrap(words, WORDS_WIDTH);

	for (char *line = lines; line != NULL;) {
		char *next = strchr(line, '\n');

		if (next != NULL)
			*next++ = '\0';
		(void)fprintf(fp, "  %-20s %s\n", line == lines ? label : "",
		    line);
		line = next;
	}
	free(lines);
}

static void
print_seen_words(FILE *fp, const struct table *t, size_t row, const char *label,
    const char *name)
{
	char buf[TABLE_CELL_LEN];
	const char *words = table_pretty(t, row, table_column(t, name), buf);

	if (words != NULL)
		print_words(fp, label, words);
}

/* "of 12: a, b, c and 9 more" */
static void
print_some(FILE *fp, const struct table *t, size_t row, const char *label,
    const char *count, const char *names)
{
	char buf[TABLE_CELL_LEN];
	const char *words = table_pretty(t, row, table_column(t, names), buf);
	const int64_t n = table_count(t, row, table_column(t, count));
	struct buf text;

	if (words == NULL)
		return;
	buf_init(&text, SOME_LEN);
	(void)buf_add(&text, words);
	if (n > SOME)
		(void)buf_printf(&text, " and %lld more",
		    (long long)(n - SOME));
	print_words(fp, label, buf_str(&text));
	buf_free(&text);
}

static void
print_seen(FILE *fp, const struct table *t, size_t row)
{
	char a[TABLE_CELL_LEN];
	char b[TABLE_CELL_LEN];
	char c[TABLE_CELL_LEN];

	(void)fprintf(fp, "  %s  %s .. ", table_show(t, row, "domain", a),
	    table_show(t, row, "first_day", b));
	(void)fprintf(fp, "%s (UTC), ", table_show(t, row, "last_day", a));
	(void)fprintf(fp, "mail on %s days\n\n", table_show(t, row, "days", a));
	(void)fprintf(fp, "  %-20s %s: %s pass, %s fail\n", "messages",
	    table_show(t, row, "messages", a), table_show(t, row, "pass", b),
	    table_show(t, row, "fail", c));
	(void)fprintf(fp, "  %-20s about %s, at most %s on %s\n", "a day",
	    table_show(t, row, "per_day", a), table_show(t, row, "peak", b),
	    table_show(t, row, "peak_day", c));
	print_some(fp, t, row, "reported by", "reporters", "top_reporters");
	print_some(fp, t, row, "from", "sources", "top_sources");
	print_seen_words(fp, t, row, "carried by", "relays");
	print_seen_words(fp, t, row, "what is wrong", "wrong");
	print_seen_words(fp, t, row, "seen", "seen");
	print_seen_words(fp, t, row, "repaired since", "repaired_on");
	print_seen_words(fp, t, row, "what to do", "action");
}

static const struct table_section sections[] = {
	[SECTION_SEEN] = { .name = "seen", .heading = print_seen },
	[SECTION_FACTS] = { .name = "sender", .heading = print_facts },
	[SECTION_WORD] = { .name = "word" },
};

/* ---- whom he means ---------------------------------------------------------- */

/* An address as PostgreSQL writes it; false: it is none. */
static bool
is_address(const char *s, char out[INET6_ADDRSTRLEN])
{
	unsigned char bytes[sizeof(struct in6_addr)];
	const int family = strchr(s, ':') == NULL ? AF_INET : AF_INET6;

	return inet_pton(family, s, bytes) == 1 &&
	    inet_ntop(family, bytes, out, INET6_ADDRSTRLEN) != NULL;
}

static int
rank_of(const PGresult *res, int r)
{
	return PQgetvalue(res, r, 1)[0] - '0';
}

/* Nobody, or several, are called so. */
static enum diag_code
not_clear(const char *name, const PGresult *res, struct diag *d)
{
	struct buf names;
	enum diag_code code;

	buf_init(&names, sizeof(d->text));
	for (int r = 0; r < PQntuples(res); r++)
		(void)buf_printf(&names, "%s'%s'", r == 0 ? "" : ", ",
		    PQgetvalue(res, r, 0));
	code = diag_set(d, DIAG_CONFIG, REASON_USAGE,
	    "sender: nobody in the reports or the catalogue is called '%s'%s%s",
	    name, names.len == 0 ? "" : "; there is ", buf_str(&names));
	buf_free(&names);
	return code;
}

/* The name as the reports have it, into out. */
static enum diag_code
find_sender(struct db *db, const char *name, struct buf *out, struct diag *d)
{
	char address[INET6_ADDRSTRLEN];
	const char *params[] = { name };
	PGresult *res = NULL;
	enum diag_code code;
	bool clear;

	if (is_address(name, address)) {
		(void)buf_add(out, address);
		return DIAG_OK;
	}
	code = db_query(db, &res, sql_sender_find, 1, params, d);
	if (code != DIAG_OK)
		return code;
	clear = PQntuples(res) > 0 &&
	    (rank_of(res, 0) == 3 ||
		(rank_of(res, 0) == 2 &&
		    (PQntuples(res) == 1 || rank_of(res, 1) < 2)));
	if (clear)
		(void)buf_add(out, PQgetvalue(res, 0, 0));
	else
		code = not_clear(name, res, d);
	PQclear(res);
	return code;
}

/* ---- the command ------------------------------------------------------------- */

static enum diag_code
check_role(const char *role, struct diag *d)
{
	static const char *const roles[] = { "own", "vendor", "forwarder",
		"hostile", "retired", "none" };

	for (size_t i = 0; i < CMD_COUNT(roles); i++)
		if (strcmp(role, roles[i]) == 0)
			return DIAG_OK;
	return diag_set(d, DIAG_CONFIG, REASON_USAGE,
	    "sender: '%s' is no role; it is own, vendor, forwarder, hostile, "
	    "retired or none",
	    role);
}

/* Of all others it can be said that they forge, where a domain sends nothing. */
static enum diag_code
check_all_others(const struct args *a, const char *role, struct diag *d)
{
	if (a->domain[0] != '\0' &&
	    (strcmp(role, "hostile") == 0 || strcmp(role, "none") == 0))
		return DIAG_OK;
	return diag_set(d, DIAG_CONFIG, REASON_USAGE,
	    "sender: '*' is whoever fails and is not named otherwise; it can be"
	    " hostile or none, for one --domain, which sends no mail");
}

/* Keep the word; none takes it back. */
static enum diag_code
say(struct db *db, const struct args *a, const char *sender, const char *role,
    struct diag *d)
{
	const char *params[] = { sender,
		a->domain[0] == '\0' ? NULL : a->domain,
		strcmp(role, "none") == 0 ? NULL : role,
		args_text(a, OPT_OWNER), args_text(a, OPT_NOTE),
		args_text(a, OPT_SINCE) };

	return db_run(db, sql_sender_say, 6, params, d);
}

/* What the reports say of it, a section a domain. */
static enum diag_code
show_seen(struct db *db, const struct args *a, const char *sender,
    struct table *t, struct diag *d)
{
	const char *params[] = { sender,
		a->domain[0] == '\0' ? NULL : a->domain,
		a->n_operands == 2 || a->since[0] == '\0' ? NULL : a->since,
		a->until[0] == '\0' ? NULL : a->until };
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_sender_seen, 4, params, d);

	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++)
		cmd_fill(t, table_add(t, SECTION_SEEN), res, r, false);
	PQclear(res);
	return code;
}

/* The facts of one sender as the heading, and every word on it. */
static enum diag_code
show(struct db *db, const struct args *a, const char *sender, struct table *t,
    struct diag *d)
{
	const char *params[] = { sender };
	PGresult *res = NULL;
	enum diag_code code = DIAG_OK;
	const size_t top = sender == NULL ? 0 : table_add(t, SECTION_FACTS);

	if (sender != NULL) {
		table_set_text(t, top, table_column(t, "sender"), sender);
		code = db_query(db, &res, sql_sender_facts, 1, params, d);
		if (code == DIAG_OK && PQntuples(res) == 1)
			cmd_fill(t, top, res, 0, false);
		PQclear(res);
		res = NULL;
	}
	if (code == DIAG_OK && sender != NULL)
		code = show_seen(db, a, sender, t, d);
	if (code == DIAG_OK)
		code = db_query(db, &res, sql_sender_said, 1, params, d);
	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++)
		cmd_fill(t, table_add(t, SECTION_WORD), res, r, false);
	PQclear(res);
	return code;
}

enum diag_code
cmd_sender(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	struct buf name;
	enum diag_code code = DIAG_OK;

	*out = table_new(columns, sections);
	if (a->n_operands == 0)
		return show(db, a, NULL, *out, d);
	buf_init(&name, 1024);
	if (a->n_operands == 2)
		code = check_role(a->operands[1], d);
	if (code == DIAG_OK && strcmp(a->operands[0], ALL_OTHERS) != 0)
		code = find_sender(db, a->operands[0], &name, d);
	else if (code == DIAG_OK && a->n_operands == 2)
		code = check_all_others(a, a->operands[1], d);
	if (name.len == 0)
		(void)buf_add(&name, ALL_OTHERS);
	if (code == DIAG_OK && a->n_operands == 2)
		code = say(db, a, buf_str(&name), a->operands[1], d);
	if (code == DIAG_OK)
		code = show(db, a, buf_str(&name), *out, d);
	buf_free(&name);
	return code;
}
