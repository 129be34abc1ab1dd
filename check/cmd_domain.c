/* What does DNS say of a domain's mail, and what is wrong with it? */
#include "check/cmd.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check/asking.h"
#include "check/domain_check.h"
#include "check/domain_table.h"
#include "common/buf.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/num.h"
#include "common/cli/program.h"
#include "gen/sql.h"

#define PROGRAM       "dmarc-check"
#define SELECTORS_MAX "50"
#define SOURCES_MAX   "2000"
#define SOURCE_DAYS   INT64_C(90)
#define GIVEN_MAX     20
#define STRING_MAX    65535

/* One domain that is checked. */
struct job {
	char domain[ARGS_DOMAIN_LEN];
	PGresult *selectors; /* from the reports, or NULL */
	struct key_name *keys;
	struct address *sources;
	size_t n_sources;
	struct domain_question q;
	struct domain_check check;
	bool done;
};

struct work {
	struct asking asking;
	const struct args *args;
	struct db *db; /* NULL: there is none */
	struct place_record given[GIVEN_MAX];
	size_t n_given;
	struct job *jobs;
	size_t n;
	bool away; /* no nameserver answers */
};

/* ---- what is asked -------------------------------------------------------- */

static enum diag_code
add_job(struct work *w, const char *name, struct diag *d)
{
	struct job *j;

	w->jobs = mem_realloc(w->jobs, w->n + 1, sizeof(w->jobs[0]));
	j = &w->jobs[w->n++];
	*j = (struct job){ .done = false };
	(void)snprintf(j->domain, sizeof(j->domain), "%s", name);
	if (!dns_name(j->domain))
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "domain: no name of a domain: %s", name);
	return DIAG_OK;
}

/* Every domain that has reports. */
static enum diag_code
add_all(struct work *w, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(w->db, &res, sql_check_domains, 0, NULL,
	    d);
	struct diag ignored;

	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++)
		if (add_job(w, PQgetvalue(res, r, 0), &ignored) != DIAG_OK)
			w->n--; /* a reporter made it up */
	PQclear(res);
	return code;
}

static enum diag_code
take_domains(struct work *w, struct diag *d)
{
	const struct args *a = w->args;
	enum diag_code code = DIAG_OK;
	char name[ARGS_DOMAIN_LEN];

	if (args_has(a, OPT_ALL))
		return add_all(w, d);
	for (size_t i = 0; i < a->n_operands && code == DIAG_OK; i++) {
		code = args_name("domain", a->operands[i], name, d);
		if (code == DIAG_OK)
			code = add_job(w, name, d);
	}
	return code;
}

/*
 * A record that is given: as it is, or as a zone file has it, in strings.
 * Someone who copies it has quotes around it.
 */
static bool
unquote(const char *s, struct buf *out, size_t *longest)
{
	while (*s == '"') {
		const size_t from = out->len;

		for (s++; *s != '"'; s++) {
			if (*s == '\0')
				return false;
			if (*s == '\\' && s[1] != '\0')
				s++;
			if (!buf_putc(out, *s))
				return false;
		}
		if (out->len - from > *longest)
			*longest = out->len - from;
		s++;
		s += strspn(s, " \t");
	}
	return *s == '\0';
}

static enum diag_code
take_records(struct work *w, struct diag *d)
{
	const char *s;

	for (size_t i = 0; (s = args_nth(w->args, OPT_RECORD, i)) != NULL;
	     i++) {
		struct place_record *r = &w->given[w->n_given];
		struct buf b;

		if (w->n_given == GIVEN_MAX || strlen(s) > STRING_MAX)
			return diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "--record: at most %d of them, of %d bytes",
			    GIVEN_MAX, STRING_MAX);
		buf_init(&b, STRING_MAX);
		r->longest_string = 0;
		if (*s == '"' && unquote(s, &b, &r->longest_string))
			r->text = mem_strdup(buf_str(&b));
		else
			r->text = mem_strdup(s);
		buf_free(&b);
		r->len = strlen(r->text);
		w->n_given++;
	}
	return DIAG_OK;
}

/* ---- the database --------------------------------------------------------- */

/* With a database more is known; who names one wants it. */
static enum diag_code
open_database(struct work *w, struct diag *d)
{
	static const char *const named[] = { "PGDATABASE", "PGSERVICE",
		"PGHOST" };
	const bool must = args_has(w->args, OPT_DB) ||
	    args_has(w->args, OPT_ALL);
	bool may = must;
	enum diag_code code;

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		may = may || getenv(named[i]) != NULL;
	if (!may)
		return DIAG_OK;
	code = program_database(PROGRAM, &w->db, w->args, d);
	if (code == DIAG_OK || must)
		return code;
	log_line(LOG_NOTICE, "%s; going on without it", d->text);
	db_close(w->db);
	w->db = NULL;
	return DIAG_OK;
}

static enum diag_code
find_selectors(struct work *w, struct job *j, struct diag *d)
{
	const char *params[] = { j->domain, SELECTORS_MAX };

	if (w->db == NULL || w->n_given > 0)
		return DIAG_OK;
	return db_query(w->db, &j->selectors, sql_check_selectors, 2, params,
	    d);
}

/* The addresses that sent mail with the domain in the return-path. */
static enum diag_code
find_sources(struct work *w, struct job *j, struct diag *d)
{
	char since[NUM_DATE_LEN];
	const char *params[] = { j->domain, since, NULL, SOURCES_MAX };
	PGresult *res = NULL;
	enum diag_code code;

	if (w->db == NULL || w->n_given > 0)
		return DIAG_OK;
	num_date((int64_t)time(NULL) - SOURCE_DAYS * 86400, since);
	code = db_query(w->db, &res, sql_check_replay, 4, params, d);
	if (code == DIAG_OK)
		j->sources = mem_calloc((size_t)PQntuples(res) + 1,
		    sizeof(j->sources[0]));
	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++)
		if (address_parse(PQgetvalue(res, r, PQfnumber(res, "ip")),
			&j->sources[j->n_sources]))
			j->n_sources++;
		else
			j->n_sources = 0; /* there are more than are known */
	PQclear(res);
	return code;
}

/* The keys to look for: those that are named, and those in the reports. */
static void
set_question(struct work *w, struct job *j)
{
	const size_t seen = j->selectors == NULL ?
	    0 :
	    (size_t)PQntuples(j->selectors);
	const char *s;
	size_t n = 0;

	j->keys = mem_calloc(seen + ARGS_GIVEN_MAX + 1, sizeof(j->keys[0]));
	for (size_t i = 0; (s = args_nth(w->args, OPT_SELECTOR, i)) != NULL;
	     i++)
		j->keys[n++] = (struct key_name){ s, NULL };
	for (size_t i = 0; i < seen; i++) {
		const char *domain = PQgetvalue(j->selectors, (int)i, 0);
		const char *selector = PQgetvalue(j->selectors, (int)i, 1);
		bool known = false;

		for (size_t k = 0; k < n; k++)
			if (strcasecmp(j->keys[k].selector, selector) == 0 &&
			    j->keys[k].domain == NULL &&
			    strcmp(domain, j->domain) == 0)
				known = true;
		if (!known)
			j->keys[n++] = (struct key_name){ selector, domain };
	}
	j->q = (struct domain_question){ .domain = j->domain,
		.keys = j->keys,
		.n_keys = n,
		.given = w->given,
		.n_given = w->n_given,
		.sources = j->sources,
		.n_sources = j->n_sources };
}

/* ---- the check ------------------------------------------------------------ */

/* Once round: whether some domain waits for an answer. */
static bool
check_once(struct work *w)
{
	bool open = false;

	for (size_t i = 0; i < w->n; i++) {
		struct job *j = &w->jobs[i];

		if (j->done)
			continue;
		domain_check_free(&j->check);
		j->done = domain_check(&j->check, w->asking.answers, &j->q);
		open = open || !j->done;
	}
	return open;
}

/*
 * A nameserver that is away is no end: what is given can be checked without.
 * It is asked no more then.
 */
static enum diag_code
check_all(struct work *w, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	while (code == DIAG_OK && check_once(w)) {
		code = asking_find_out(&w->asking, d);
		if (code == DIAG_RETRY) {
			w->asking.lookup.until = 0;
			w->away = true;
			code = DIAG_OK;
		}
	}
	return code;
}

/* Whether anything at all is known. */
static bool
knows_something(const struct work *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->jobs[i].check.n_places > 0)
			return true;
	return false;
}

static enum diag_code
run(struct work *w, struct table *t, struct diag *d)
{
	enum diag_code code = take_records(w, d);
	struct diag away = { .code = DIAG_OK };

	if (args_has(w->args, OPT_ALL) == (w->args->n_operands > 0))
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "domain: names of domains, or --all");
	if (code == DIAG_OK)
		code = open_database(w, d);
	if (code == DIAG_OK)
		code = take_domains(w, d);
	for (size_t i = 0; i < w->n && code == DIAG_OK; i++) {
		code = find_selectors(w, &w->jobs[i], d);
		if (code == DIAG_OK)
			code = find_sources(w, &w->jobs[i], d);
		set_question(w, &w->jobs[i]);
	}
	if (code == DIAG_OK)
		code = check_all(w, &away);
	if (code == DIAG_OK && w->away && !knows_something(w)) {
		*d = away;
		return DIAG_RETRY;
	}
	if (w->away && code == DIAG_OK)
		log_line(LOG_NOTICE, "%s", away.text);
	for (size_t i = 0; i < w->n && code == DIAG_OK; i++)
		domain_table_add(t, &w->jobs[i].check);
	return code;
}

enum diag_code
cmd_domain(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	struct work w = { .args = a };
	enum diag_code code = asking_open(&w.asking, a, d);

	(void)db;
	*out = domain_table_new();
	if (code == DIAG_OK)
		code = run(&w, *out, d);
	for (size_t i = 0; i < w.n; i++) {
		domain_check_free(&w.jobs[i].check);
		free(w.jobs[i].keys);
		free(w.jobs[i].sources);
		PQclear(w.jobs[i].selectors);
	}
	for (size_t i = 0; i < w.n_given; i++)
		free(w.given[i].text);
	free(w.jobs);
	db_close(w.db);
	asking_close(&w.asking);
	return code;
}
