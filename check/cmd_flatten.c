/* Which networks does an SPF record authorise? */
#include "check/cmd.h"

#include <stdio.h>
#include <string.h>

#include "check/asking.h"
#include "check/spf.h"
#include "check/spf_flat.h"
#include "common/log.h"

enum {
	NETWORK,
	PROBLEM,
	TOTAL
};

static void print_network(FILE *fp, const struct table *t, size_t row);
static void print_nothing(FILE *fp, const struct table *t, size_t row);

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "term" },
	{ .name = "network" },
	{ .name = "problem" },
	{ .name = "networks", .type = TABLE_COUNT },
	{ .name = "problems", .type = TABLE_COUNT },
	{ .name = "lookups", .type = TABLE_COUNT },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	[NETWORK] = { .name = "network",
	    .heading = print_network,
	    .close = true },
	/* People read these on standard error: a script takes the networks. */
	[PROBLEM] = { .name = "problem",
	    .heading = print_nothing,
	    .close = true },
	[TOTAL] = { .name = "total", .heading = print_nothing, .close = true },
	{ .name = NULL },
};

static void
print_network(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "%s\n", table_show(t, row, "network", buf));
}

static void
print_nothing(FILE *fp, const struct table *t, size_t row)
{
	(void)fp;
	(void)t;
	(void)row;
}

static void
add_problem(struct table *t, const char *domain, const char *term,
    const char *text)
{
	const size_t row = table_add(t, PROBLEM);
	char buf[TABLE_CELL_LEN];

	table_put(t, row, "domain", domain);
	if (term != NULL)
		table_put(t, row, "term", term);
	table_put(t, row, "problem", text);
	log_line(LOG_NOTICE, "%s: %s%s%s", table_show(t, row, "domain", buf),
	    table_show(t, row, "term", buf), term == NULL ? "" : ": ", text);
}

static void
fill(struct table *t, const char *domain, const struct spf_flat *f)
{
	const struct spf_flat_network *networks;
	const struct spf_flat_problem *problems;
	const size_t n = spf_flat_networks(f, &networks);
	const size_t n_problems = spf_flat_problems(f, &problems);
	const unsigned asking = spf_flat_asking(f);
	const bool too_many = asking > SPF_ASKING_MAX;
	char text[80];
	size_t row;

	for (size_t i = 0; i < n; i++) {
		row = table_add(t, NETWORK);
		table_put(t, row, "domain", networks[i].domain);
		table_put(t, row, "term", networks[i].term);
		table_put(t, row, "network", networks[i].network);
	}
	for (size_t i = 0; i < n_problems; i++)
		add_problem(t, problems[i].domain, problems[i].term,
		    problems[i].text);
	(void)snprintf(text, sizeof(text),
	    "%u terms ask DNS, and %d may (RFC 7208, section 4.6.4)", asking,
	    SPF_ASKING_MAX);
	if (too_many)
		add_problem(t, domain, NULL, text);
	row = table_add(t, TOTAL);
	table_put(t, row, "domain", domain);
	table_put_count(t, row, "networks", (int64_t)n);
	table_put_count(t, row, "problems",
	    (int64_t)n_problems + (too_many ? 1 : 0));
	table_put_count(t, row, "lookups", asking);
}

static enum diag_code
flatten(struct asking *q, struct table *t, const char *domain, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	bool done = false;

	while (code == DIAG_OK && !done) {
		struct spf_flat *f = spf_flat_new();

		done = spf_flatten(f, q->answers, domain);
		if (done)
			fill(t, domain, f);
		else
			code = asking_find_out(q, d);
		spf_flat_free(f);
	}
	return code;
}

enum diag_code
cmd_flatten(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	struct asking q;
	enum diag_code code = asking_open(&q, a, d);

	(void)db;
	*out = table_new(columns, sections);
	for (size_t i = 0; i < a->n_operands && code == DIAG_OK; i++) {
		char name[ARGS_DOMAIN_LEN];

		code = args_name("flatten", a->operands[i], name, d);
		if (code == DIAG_OK && !dns_name(name))
			code = diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "flatten: no name of a domain: %s", name);
		if (code == DIAG_OK)
			code = flatten(&q, *out, name, d);
	}
	asking_close(&q);
	return code;
}

int
cmd_flatten_status(const struct table *t)
{
	for (size_t row = 0; row < table_rows(t); row++)
		if (table_section_number(t, row) == PROBLEM)
			return 1;
	return 0;
}
