/* What would an SPF record say of the addresses in the reports? */
#include "check/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check/asking.h"
#include "check/spf.h"
#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"

/* Addresses that are evaluated; the others are one row, without a result. */
#define ADDRESSES_MAX "100000"
#define ROWS_MAX      200

enum {
	HEAD,
	LINE,
	REST,
	TOTAL
};

#define LINES (1u << LINE)

static void print_head(FILE *fp, const struct table *t, size_t row);

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "record" },
	{ .name = "proposed_record" },
	{ .name = "ip", .title = "ADDRESS", .sections = LINES },
	{ .name = "sender",
	    .title = "SENDER",
	    .sections = LINES,
	    .flags = TABLE_WRAP },
	{ .name = "role",
	    .title = "ROLE",
	    .sections = LINES,
	    .flags = TABLE_OPTIONAL },
	{ .name = "stream", .title = "COUNTS AS", .sections = LINES },
	{ .name = "messages",
	    .title = "MESSAGES",
	    .type = TABLE_COUNT,
	    .sections = LINES,
	    .flags = TABLE_SUM },
	{ .name = "result", .title = "SPF", .sections = LINES },
	{ .name = "term",
	    .title = "BY",
	    .sections = LINES,
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "pass",
	    .title = "PASS",
	    .type = TABLE_COUNT,
	    .sections = LINES,
	    .flags = TABLE_SUM | TABLE_DASH },
	{ .name = "proposed_result",
	    .title = "PROPOSED",
	    .sections = LINES,
	    .flags = TABLE_OPTIONAL },
	{ .name = "proposed_term",
	    .title = "BY",
	    .sections = LINES,
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "proposed_pass",
	    .title = "WOULD PASS",
	    .type = TABLE_COUNT,
	    .sections = LINES,
	    .flags = TABLE_SUM | TABLE_OPTIONAL },
	{ .name = "gained",
	    .title = "GAINED",
	    .type = TABLE_COUNT,
	    .sections = LINES,
	    .flags = TABLE_SUM | TABLE_OPTIONAL },
	{ .name = "lost",
	    .title = "LOST",
	    .type = TABLE_COUNT,
	    .sections = LINES,
	    .flags = TABLE_SUM | TABLE_OPTIONAL },
	{ .name = "more", .type = TABLE_COUNT },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	[HEAD] = { .name = "domain", .heading = print_head },
	[LINE] = { .name = "address" },
	[REST] = { .name = "more_addresses", .total = true, .rest = true },
	[TOTAL] = { .name = "total", .label = "total", .total = true },
	{ .name = NULL },
};

static void
print_head(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];
	const char *proposed;

	(void)fprintf(fp, "%s: ", table_show(t, row, "domain", buf));
	(void)fprintf(fp, "%s\n", table_show(t, row, "record", buf));
	proposed = table_show(t, row, "proposed_record", buf);
	if (proposed[0] != '\0')
		(void)fprintf(fp, "proposed: %s\n", proposed);
}

/* An address, and what becomes of it: published and proposed. */
struct source {
	const char *ip;
	const char *sender;
	const char *role;
	const char *stream;
	int64_t messages;
	struct address address;
	enum spf_result result[2];
	char *term[2]; /* that decides; NULL: none does */
};

struct work {
	struct asking asking;
	char domain[ARGS_DOMAIN_LEN];
	char sender[ARGS_DOMAIN_LEN + 12];
	const char *records[2]; /* published (NULL: ask DNS) and proposed */
	size_t n_records;
	struct source *sources;
	size_t n;
	char **term; /* of whoever is evaluated */
};

static void
remember_term(void *arg, const struct spf_step *step)
{
	struct work *w = arg;

	/* The outermost term that decides comes last. */
	if (step->term == NULL || step->result == SPF_UNKNOWN_YET)
		return;
	free(*w->term);
	*w->term = mem_printf("%.*s", (int)step->term->all.len,
	    step->record->text + step->term->all.at);
}

/* False: something is wanted first. */
static bool
evaluate(struct work *w, struct source *s, size_t k)
{
	const struct spf_question q = { .ip = s->address,
		.sender = w->sender,
		.helo = w->domain,
		.now = (int64_t)time(NULL),
		.void_max = SPF_VOID_MAX,
		.seen = remember_term,
		.arg = w };
	struct spf_outcome out;

	w->term = &s->term[k];
	free(s->term[k]);
	s->term[k] = NULL;
	if (w->records[k] != NULL)
		spf_check_record(w->asking.answers, &q, w->records[k], &out);
	else
		spf_check(w->asking.answers, &q, &out);
	s->result[k] = out.result;
	return out.result != SPF_UNKNOWN_YET;
}

static enum diag_code
evaluate_all(struct work *w, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	bool open = true;

	while (open && code == DIAG_OK) {
		open = false;
		for (size_t i = 0; i < w->n; i++)
			for (size_t k = 0; k < w->n_records; k++)
				if (!evaluate(w, &w->sources[i], k))
					open = true;
		if (open)
			code = asking_find_out(&w->asking, d);
	}
	return code;
}

static const char *
text(const PGresult *res, int r, const char *name)
{
	const int c = PQfnumber(res, name);

	return PQgetisnull(res, r, c) ? NULL : PQgetvalue(res, r, c);
}

static int64_t
number(const PGresult *res, int r, const char *name)
{
	return num_count(PQgetvalue(res, r, PQfnumber(res, name)));
}

/* The addresses; the row of the others, -1: none. */
static int
take_sources(struct work *w, const PGresult *res)
{
	int others = -1;

	w->sources = mem_calloc((size_t)PQntuples(res) + 1,
	    sizeof(*w->sources));
	for (int r = 0; r < PQntuples(res); r++) {
		struct source *s = &w->sources[w->n];

		s->ip = text(res, r, "ip");
		s->sender = text(res, r, "sender");
		s->role = text(res, r, "role");
		s->stream = text(res, r, "stream");
		s->messages = number(res, r, "messages");
		if (s->ip == NULL)
			others = r;
		else if (address_parse(s->ip, &s->address))
			w->n++;
	}
	return others;
}

/* Forged mail that does not pass is as it should be: --all lists it. */
#define RANK_FORGED 4

/* What needs a look first: lost by the change, then gained by a forger, then
 * what does not pass. */
static int
rank(const struct work *w, const struct source *s)
{
	const bool now = s->result[0] == SPF_PASS;
	const bool then = s->result[w->n_records - 1] == SPF_PASS;
	const bool forged = s->stream != NULL &&
	    strcmp(s->stream, "hostile") == 0;

	if (now && !then)
		return 0;
	if (forged)
		return then ? 1 : RANK_FORGED;
	return then ? 3 : 2;
}

static int
compare(const void *a, const void *b, void *arg)
{
	const struct work *w = arg;
	const struct source *x = a;
	const struct source *y = b;
	const int by = rank(w, x) - rank(w, y);

	if (by != 0)
		return by;
	if (x->messages != y->messages)
		return x->messages < y->messages ? 1 : -1;
	return strcmp(x->ip, y->ip);
}

static void
set(struct table *t, size_t row, const char *column, const char *s)
{
	if (s != NULL)
		table_put(t, row, column, s);
}

static void
count(struct table *t, size_t row, const char *column, int64_t n)
{
	const size_t col = table_column(t, column);
	const int64_t old = table_is_null(t, row, col) ?
	    0 :
	    table_count(t, row, col);

	table_set_count(t, row, col, n > INT64_MAX - old ? INT64_MAX : old + n);
}

/* The counts of a source, into its row or that of the rest. */
static void
add_counts(const struct work *w, struct table *t, size_t row,
    const struct source *s)
{
	const bool now = s->result[0] == SPF_PASS;
	const bool then = s->result[w->n_records - 1] == SPF_PASS;

	count(t, row, "messages", s->messages);
	count(t, row, "pass", now ? s->messages : 0);
	if (w->n_records == 1)
		return;
	count(t, row, "proposed_pass", then ? s->messages : 0);
	count(t, row, "gained", then && !now ? s->messages : 0);
	count(t, row, "lost", now && !then ? s->messages : 0);
}

static void
add_line(const struct work *w, struct table *t, const struct source *s)
{
	const size_t row = table_add(t, LINE);

	set(t, row, "domain", w->domain);
	set(t, row, "ip", s->ip);
	set(t, row, "sender", s->sender);
	set(t, row, "role", s->role);
	set(t, row, "stream", s->stream);
	set(t, row, "result", spf_result_name(s->result[0]));
	set(t, row, "term", s->term[0]);
	if (w->n_records > 1) {
		set(t, row, "proposed_result", spf_result_name(s->result[1]));
		set(t, row, "proposed_term", s->term[1]);
	}
	add_counts(w, t, row, s);
}

/* How many of the addresses, which are in order, have a row. */
static size_t
listed(const struct work *w, bool all)
{
	size_t n = 0;

	if (all)
		return w->n;
	while (
	    n < w->n && n < ROWS_MAX && rank(w, &w->sources[n]) < RANK_FORGED)
		n++;
	return n;
}

static void
fill(struct work *w, struct table *t, const PGresult *res, int others, bool all)
{
	const size_t rows = listed(w, all);
	const size_t head = table_add(t, HEAD);
	const struct answer *a = answers_get(w->asking.answers, w->domain,
	    DNS_TXT);
	size_t row;
	size_t rest;

	set(t, head, "domain", w->domain);
	set(t, head, "record", "no SPF record");
	for (size_t i = 0; a != NULL && i < a->n; i++)
		if (spf_is_record(a->records[i].text, a->records[i].len))
			set(t, head, "record", a->records[i].text);
	set(t, head, "proposed_record", w->records[1]);
	for (size_t i = 0; i < rows; i++)
		add_line(w, t, &w->sources[i]);
	if (w->n > rows || others >= 0) {
		rest = table_add(t, REST);
		set(t, rest, "domain", w->domain);
		for (size_t i = rows; i < w->n; i++)
			add_counts(w, t, rest, &w->sources[i]);
		count(t, rest, "more",
		    w->n > rows ? (int64_t)(w->n - rows) : 0);
		if (others >= 0) {
			count(t, rest, "more", number(res, others, "more"));
			count(t, rest, "messages",
			    number(res, others, "messages"));
		}
	}
	row = table_add(t, TOTAL);
	set(t, row, "domain", w->domain);
	table_add_up(t, row, LINE, head, row);
}

static enum diag_code
run(struct work *w, struct db *db, const struct args *a, struct table *t,
    struct diag *d)
{
	const char *params[4] = { w->domain,
		a->since[0] == '\0' ? NULL : a->since,
		a->until[0] == '\0' ? NULL : a->until, ADDRESSES_MAX };
	PGresult *res = NULL;
	const struct answer *record = NULL;
	enum diag_code code = db_query(db, &res, sql_check_replay, 4, params,
	    d);
	int others = -1;

	if (code == DIAG_OK)
		others = take_sources(w, res);
	if (code == DIAG_OK && w->n > 0)
		code = asking_one(&w->asking, w->domain, DNS_TXT, &record, d);
	if (code == DIAG_OK && w->n > 0)
		code = evaluate_all(w, d);
	if (code == DIAG_OK && w->n > 0) {
		qsort_r(w->sources, w->n, sizeof(*w->sources), compare, w);
		fill(w, t, res, others, args_has(a, OPT_ALL));
	}
	for (size_t i = 0; i < w->n; i++) {
		free(w->sources[i].term[0]);
		free(w->sources[i].term[1]);
	}
	free(w->sources);
	PQclear(res);
	return code;
}

enum diag_code
cmd_replay(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	struct work w = { .n_records = 1 };
	enum diag_code code = asking_open(&w.asking, a, d);

	*out = table_new(columns, sections);
	if (code == DIAG_OK && args_nth(a, OPT_RECORD, 1) != NULL)
		code = diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--record: given twice");
	w.records[1] = args_text(a, OPT_RECORD);
	if (w.records[1] != NULL)
		w.n_records = 2;
	(void)snprintf(w.domain, sizeof(w.domain), "%s", a->domain);
	(void)snprintf(w.sender, sizeof(w.sender), "postmaster@%s", a->domain);
	if (code == DIAG_OK && !dns_name(w.domain))
		code = diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "replay: no name of a domain: %s", a->domain);
	if (code == DIAG_OK && w.n_records > 1 &&
	    !spf_is_record(w.records[1], strlen(w.records[1])))
		code = diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--record: an SPF record begins with v=spf1");
	if (code == DIAG_OK)
		code = run(&w, db, a, *out, d);
	asking_close(&w.asking);
	return code;
}
