/* Is mail of this sender from these addresses authorised by SPF? */
#include "check/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "check/asking.h"
#include "check/spf.h"
#include "common/log.h"
#include "common/mem.h"

enum {
	RESULT,
	STEP
};

static void print_result(FILE *fp, const struct table *t, size_t row);
static void print_step(FILE *fp, const struct table *t, size_t row);

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "mailbox" },
	{ .name = "ip" },
	{ .name = "result" },
	{ .name = "why" },
	{ .name = "explanation" },
	{ .name = "lookups", .type = TABLE_COUNT },
	{ .name = "void_lookups", .type = TABLE_COUNT },
	{ .name = "depth", .type = TABLE_COUNT },
	{ .name = "domain" },
	{ .name = "term" },
	{ .name = "name" },
	{ .name = "outcome" },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	[RESULT] = { .name = "result", .heading = print_result, .close = true },
	[STEP] = { .name = "step", .heading = print_step, .close = true },
	{ .name = NULL },
};

/* The line that spfeval of yenma prints, too; scripts read it. */
static void
print_result(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "%s %s %s\n", table_show(t, row, "mailbox", buf),
	    table_show(t, row, "ip", buf), table_show(t, row, "result", buf));
}

static void
print_step(FILE *fp, const struct table *t, size_t row)
{
	const int64_t depth = table_count(t, row, table_column(t, "depth"));
	const char *term;
	const char *name;
	char buf[TABLE_CELL_LEN];

	term = table_show(t, row, "term", buf);
	(void)fprintf(fp,
	    "%*s%s: ", 2 + 4 * (int)depth + (term[0] == '\0' ? 0 : 2), "",
	    term[0] == '\0' ? table_show(t, row, "domain", buf) : term);
	(void)fputs(table_show(t, row, "outcome", buf), fp);
	name = table_show(t, row, "name", buf);
	if (name[0] != '\0')
		(void)fprintf(fp, " (%s)", name);
	(void)fputc('\n', fp);
}

/* Who is asked about, and what is known. */
struct work {
	struct asking asking;
	const char *mailbox;
	const char *helo;
	const char *record;
	bool explain;
	struct table *t;
};

/* A part of a record as a cell. */
static void
set_part(struct table *t, size_t row, const char *column, const char *s,
    size_t len)
{
	char *copy = mem_calloc(len + 1, 1);

	memcpy(copy, s, len);
	table_put(t, row, column, copy);
	free(copy);
}

static void
add_step(void *arg, const struct spf_step *step)
{
	struct work *w = arg;
	const size_t row = table_add(w->t, STEP);
	const char *outcome = step->result == SPF_UNKNOWN_YET ?
	    "no match" :
	    spf_result_name(step->result);

	table_put_count(w->t, row, "depth", step->depth);
	table_put(w->t, row, "domain", step->domain);
	if (step->term != NULL) {
		set_part(w->t, row, "term",
		    step->record->text + step->term->all.at,
		    step->term->all.len);
		table_put(w->t, row, "outcome", outcome);
	} else if (step->record != NULL)
		set_part(w->t, row, "outcome", step->record->text,
		    step->record->len);
	else
		table_put(w->t, row, "outcome", outcome);
	if (step->note != NULL)
		table_put(w->t, row, "name", step->note);
	else if (step->name != NULL && strcmp(step->name, step->domain) != 0)
		table_put(w->t, row, "name", step->name);
}

static struct spf_question
question(const struct work *w, const struct address *ip)
{
	return (struct spf_question){ .ip = *ip,
		.sender = w->mailbox,
		.helo = w->helo,
		.now = (int64_t)time(NULL),
		.void_max = SPF_VOID_MAX };
}

static void
evaluate(struct work *w, const struct spf_question *q, struct spf_outcome *out)
{
	if (w->record != NULL)
		spf_check_record(w->asking.answers, q, w->record, out);
	else
		spf_check(w->asking.answers, q, out);
}

/* Evaluate until nothing is wanted any more. */
static enum diag_code
evaluate_all(struct work *w, const struct address *ips, size_t n,
    struct spf_outcome *outs, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	bool open = true;

	while (open && code == DIAG_OK) {
		open = false;
		for (size_t i = 0; i < n; i++) {
			const struct spf_question q = question(w, &ips[i]);

			evaluate(w, &q, &outs[i]);
			open = open || outs[i].result == SPF_UNKNOWN_YET;
		}
		if (open)
			code = asking_find_out(&w->asking, d);
	}
	return code;
}

static void
fill(struct work *w, const struct address *ip, const struct spf_outcome *out)
{
	const size_t row = table_add(w->t, RESULT);
	struct spf_question q = question(w, ip);
	struct spf_outcome again;
	char text[ADDRESS_LEN];

	table_put(w->t, row, "mailbox", w->mailbox);
	table_put(w->t, row, "ip", address_text(ip, text));
	table_put(w->t, row, "result", spf_result_name(out->result));
	if (out->why[0] != '\0')
		table_put(w->t, row, "why", out->why);
	if (out->explanation[0] != '\0')
		table_put(w->t, row, "explanation", out->explanation);
	table_put_count(w->t, row, "lookups", out->asking);
	table_put_count(w->t, row, "void_lookups", out->voids);
	if (w->explain) {
		q.seen = add_step;
		q.arg = w;
		evaluate(w, &q, &again);
	}
	if (out->why[0] != '\0')
		log_line(LOG_NOTICE, "%s: %s", w->mailbox, out->why);
	if (out->explanation[0] != '\0')
		log_line(LOG_NOTICE, "%s: %s", w->mailbox, out->explanation);
}

/* The addresses of an operand, which may be the name of a host. */
static enum diag_code
take_addresses(struct work *w, const struct args *a, const char *s,
    struct address **ips, size_t *n, struct diag *d)
{
	const enum dns_type types[] = { DNS_A, DNS_AAAA };
	const bool wanted[] = { !args_has(a, OPT_IPV6),
		!args_has(a, OPT_IPV4) };
	struct address one;
	char name[ARGS_DOMAIN_LEN];
	const size_t before = *n;
	enum diag_code code;

	if (address_parse(s, &one)) {
		*ips = mem_realloc(*ips, *n + 1, sizeof(**ips));
		(*ips)[(*n)++] = one;
		return DIAG_OK;
	}
	code = args_name("spf", s, name, d);
	for (size_t i = 0; i < 2 && code == DIAG_OK; i++) {
		const struct answer *answer = NULL;

		if (!wanted[i])
			continue;
		code = asking_one(&w->asking, name, types[i], &answer, d);
		for (size_t k = 0; code == DIAG_OK && k < answer->n; k++) {
			*ips = mem_realloc(*ips, *n + 1, sizeof(**ips));
			(*ips)[(*n)++] = answer->records[k].address;
		}
	}
	if (code == DIAG_OK && *n == before)
		code = diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "spf: neither an address nor a host that has one: %s", s);
	return code;
}

static enum diag_code
run(struct work *w, const struct args *a, struct diag *d)
{
	struct address *ips = NULL;
	struct spf_outcome *outs;
	size_t n = 0;
	enum diag_code code = DIAG_OK;

	for (size_t i = 1; i < a->n_operands && code == DIAG_OK; i++)
		code = take_addresses(w, a, a->operands[i], &ips, &n, d);
	outs = mem_calloc(n + 1, sizeof(*outs));
	if (code == DIAG_OK)
		code = evaluate_all(w, ips, n, outs, d);
	for (size_t i = 0; i < n && code == DIAG_OK; i++)
		fill(w, &ips[i], &outs[i]);
	free(outs);
	free(ips);
	return code;
}

enum diag_code
cmd_spf(struct db *db, const struct args *a, struct table **out, struct diag *d)
{
	const char *at = strrchr(a->operands[0], '@');
	struct work w = { .mailbox = a->operands[0],
		.helo = args_text(a, OPT_HELO),
		.record = args_text(a, OPT_RECORD),
		.explain = args_has(a, OPT_EXPLAIN) };
	enum diag_code code;

	(void)db;
	*out = table_new(columns, sections);
	w.t = *out;
	if (w.helo == NULL)
		w.helo = at == NULL ? w.mailbox : at + 1;
	code = asking_open(&w.asking, a, d);
	if (code == DIAG_OK && args_nth(a, OPT_RECORD, 1) != NULL)
		code = diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--record: given twice");
	if (code == DIAG_OK)
		code = run(&w, a, d);
	asking_close(&w.asking);
	return code;
}
