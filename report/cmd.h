/*
 * cmd: the commands, and what they share.
 *
 * A command asks one question: arguments to query, rows to table.  Those that
 * have a window answer per domain: a heading, lines, a total that is the sum
 * of the lines, and one over all domains when there are several.
 */
#ifndef REPORT_CMD_H
#define REPORT_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/diag.h"
#include "common/cli/args.h"
#include "common/cli/command.h"
#include "common/cli/table.h"

enum diag_code cmd_summary(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_unaligned(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_reporters(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_dispositions(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_policy(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_tls(struct db *db, const struct args *a, struct table **out,
    struct diag *d) MUST_CHECK;
enum diag_code cmd_failures(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_selectors(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_changes(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_coverage(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_sender(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_status(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_conflict(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_find(struct db *db, const struct args *a, struct table **out,
    struct diag *d) MUST_CHECK;
enum diag_code cmd_discard(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_readiness(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
int cmd_readiness_status(const struct table *t);
enum diag_code cmd_what_if(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_settings(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;

/* ---- what they share ---- */

/* The sections of a table by domain, in this order. */
enum {
	CMD_DOMAIN,
	CMD_NOT_YOURS, /* domains that are left out, in one line each */
	CMD_MORE_DOMAINS,
	CMD_LINE,
	CMD_REST, /* of the lines those that are left out */
	CMD_TOTAL,
	CMD_ALL
};

/* Where the sections of a command with several lists begin. */
#define CMD_PARTS CMD_LINE

/* The sections of the domains that are left out, and their columns. */
#define CMD_LEFT_OUT                                   \
	[CMD_NOT_YOURS] = { .name = "not_yours",       \
		.heading = cmd_print_left_out },       \
	[CMD_MORE_DOMAINS] = { .name = "more_domains", \
		.heading = cmd_print_left_out }
#define CMD_LEFT_OUT_COLUMNS                     \
	{ .name = "more", .type = TABLE_COUNT }, \
	{                                        \
		.name = "left_out"               \
	}

/*
 * A list has this many rows at most, unless --all is given, and one that says
 * how many more there are and has their sums; there are half as many domains,
 * and an eighth in what has lists of several kinds.  What a stranger can write
 * into one report would bury all else otherwise.
 */
#define CMD_ROWS     "200"

#define CMD_LINES    (1u << CMD_LINE) /* a column that its tables show */
#define CMD_COUNT(n) (sizeof(n) / sizeof((n)[0]))

/*
 * Set the cells of row from row r of the answer, by the columns' names; what
 * the answer does not have stays as it is.  head: only columns TABLE_HEAD.
 */
void
cmd_fill(struct table *t, size_t row, const PGresult *res, int r, bool head);

/* Whether row r of the answer stands for rows that are left out. */
bool cmd_is_rest(const PGresult *res, int r);

/*
 * Append to t one row of section for each row of the statement's answer, or of
 * the section behind it, which is its rest, where the column "more" is set.
 * Its parameter is cmd_rows().
 */
enum diag_code cmd_append(struct table *t, size_t section, struct db *db,
    const char *sql, const struct args *a, struct diag *d) MUST_CHECK;

/* How many rows a list may have, as a parameter: NULL for all. */
const char *cmd_rows(const struct args *a);

/*
 * Append to t a row for each row of the statement's answer, whose column "row"
 * is the name of one of the n sections; without such a column, of the first.
 */
enum diag_code
cmd_append_rows(struct table *t, const struct table_section *sections, size_t n,
    struct db *db, const char *sql, int n_params, const char *const *params,
    struct diag *d) MUST_CHECK;

/* A bound of the window as a parameter: NULL where nothing was given. */
const char *cmd_given(const char *s);

/*
 * Fill t by domain with the answer to sql, whose rows come in order of domain
 * and whose column "messages" is NULL where a domain has no line.
 */
enum diag_code cmd_by_domain(struct table *t, struct db *db, const char *sql,
    const struct args *a, struct diag *d) MUST_CHECK;

/* One list of several that a domain has. */
struct cmd_part {
	/* Of its lines; CMD_DOMAIN: its one line goes into the heading.  The
	 * section behind it is for the rest of them, as it is for apart. */
	size_t section;
	size_t apart;    /* of lines whose column "apart" is true */
	size_t total;    /* of their total; CMD_DOMAIN: it has none */
	const char *sql; /* rows in order of domain; NULL ends the list */
};

#define CMD_PARTS_MAX 8

/* Where a command's domains come from: statements with the parameters and
 * columns of report-listed and report-domains. */
struct cmd_domains {
	const char *listed;
	const char *heads;
};

/*
 * Fill t by domain: a row CMD_DOMAIN, and below the lines of each part, which
 * has no rows of domains without reports in the window.  The sections of the
 * lines are the command's own, from CMD_PARTS on.
 */
enum diag_code
cmd_by_parts(struct table *t, struct db *db, const struct cmd_part *parts,
    const struct args *a, struct diag *d) MUST_CHECK;

/* The same of other domains than those with aggregate reports. */
enum diag_code cmd_by_parts_of(struct table *t, struct db *db,
    const struct cmd_domains *domains, const struct cmd_part *parts,
    const struct args *a, struct diag *d) MUST_CHECK;

/* What the statements of a command are asked for. */
struct cmd_asked {
	/* Domains as an array, NULL for all; first and last day; rows of a list
	 * at most, NULL for all. */
	const char *params[4];
	PGresult *res; /* report-listed; owns the first of them */
};

/*
 * Choose the domains.  Those that are not the operator's are left out, and so
 * are some where there are very many, unless --domain or --all is given.
 */
enum diag_code cmd_ask(struct db *db, struct cmd_asked *q, const struct args *a,
    struct diag *d) MUST_CHECK;
/* The same by another statement than report-listed. */
enum diag_code cmd_ask_by(struct db *db, struct cmd_asked *q,
    const char *listed, const struct args *a, struct diag *d) MUST_CHECK;
void cmd_asked_free(struct cmd_asked *q);

/* cmd_by_domain() of what was asked for before. */
enum diag_code cmd_by_domain_of(struct table *t, struct db *db, const char *sql,
    const struct cmd_asked *q, struct diag *d) MUST_CHECK;

/* Append to t a row for the domains that are left out, if there are any. */
void cmd_add_left_out(struct table *t, const struct cmd_asked *q);
void cmd_print_left_out(FILE *fp, const struct table *t, size_t row);

/* Ask for the window. */
enum diag_code cmd_query(struct db *db, PGresult **out, const char *sql,
    const struct cmd_asked *q, struct diag *d) MUST_CHECK;

/* The first line of a heading: domain, policy, window, reports, reporters. */
void cmd_print_heading(FILE *fp, const struct table *t, size_t row);

/* That line without the domain, after first; and what stands below it. */
void cmd_print_window(FILE *fp, const struct table *t, size_t row,
    const char *first);

/* Sentences of a heading fit the narrowest of terminals. */
#define CMD_SENTENCE 76
/* One, broken over lines that are indented; first stands before it. */
void cmd_print_sentence(FILE *fp, const char *first, const char *sentence);

/* The plural's "s" for that count of row. */
const char *cmd_s(const struct table *t, size_t row, const char *name);

#endif
