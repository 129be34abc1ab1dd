/* The names of source addresses: DNS's answers to rows. */
#include "check/addresses.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"
#include "gen/sql.h"
#include "check/host.h"
#include "check/jsonb.h"

#define BATCH_MS    1000
#define PROGRESS_MS 200

struct name_work {
	struct addresses *e;
	struct dns *dns;
	size_t parallel;
	int next;                     /* row of e->due */
	size_t open;                  /* addresses that are being looked up */
	struct jsonb rows;            /* what waits to be written */
	int64_t counts[PTR_STATUSES]; /* of rows */
	int64_t stored_at;
	int64_t shown_at; /* 0: nothing is on the terminal */
};

/* One address that is being looked up. */
struct name_job {
	struct name_work *w;
	const char *ip;
};

static const char *const statuses[PTR_STATUSES] = {
	[PTR_CONFIRMED] = "confirmed",
	[PTR_UNCONFIRMED] = "unconfirmed",
	[PTR_NONE] = "none",
	[PTR_FAILED] = "failed",
};

static bool
add(struct jsonb *rows, const char *ip, const struct ptr_answer *answer)
{
	jsonb_begin(rows);
	jsonb_text(rows, "ip", ip);
	if (answer->n > 0) {
		jsonb_text(rows, "ptr", answer->names[0]);
		jsonb_text(rows, "ptr_org", host_org(answer->names[0]));
		jsonb_list(rows, "ptr_names", answer->names, answer->n);
	}
	jsonb_text(rows, "ptr_status", statuses[answer->status]);
	return jsonb_end(rows);
}

static void
looked_up(void *arg, const struct ptr_answer *answer)
{
	struct name_job *job = arg;
	struct name_work *w = job->w;

	/* Of those two nothing was learned; the next run asks again. */
	if (answer->status != PTR_SILENT && answer->status != PTR_STOPPED &&
	    add(&w->rows, job->ip, answer))
		w->counts[answer->status]++;
	w->open--;
	free(job);
}

/* Begin with as many as may be open at once. */
static void
begin_some(struct name_work *w)
{
	while (w->open < w->parallel && w->next < PQntuples(w->e->due)) {
		const char *ip = addresses_due(w->e, w->next++, "ptr_due");
		struct address a;
		struct name_job *job;

		if (ip == NULL || !address_parse(ip, &a))
			continue;
		job = mem_calloc(1, sizeof(*job));
		job->w = w;
		job->ip = ip;
		w->open++;
		ptr_look_up(w->dns, &a, looked_up, job);
		/* Where nobody listens each has ended already, and there is
		 * room for the next. */
		if (clock_ms() >= w->e->until)
			break;
	}
}

static enum diag_code
store(struct name_work *w, struct diag *d)
{
	const char *params[1];
	enum diag_code code;

	w->stored_at = clock_ms();
	if (w->rows.n == 0)
		return DIAG_OK;
	params[0] = jsonb_finish(&w->rows);
	code = db_run(w->e->db, sql_enrich_names, 1, params, d);
	for (size_t i = 0; i < PTR_STATUSES; i++) {
		if (code == DIAG_OK)
			w->e->names[i] += w->counts[i];
		w->counts[i] = 0;
	}
	jsonb_clear(&w->rows);
	return code;
}

static enum diag_code
store_when_due(struct name_work *w, struct diag *d)
{
	if (w->rows.n < ADDRESSES_BATCH && clock_ms() - w->stored_at < BATCH_MS)
		return DIAG_OK;
	return store(w, d);
}

static void
show_progress(struct name_work *w)
{
	const int64_t now = clock_ms();

	if (isatty(STDERR_FILENO) != 1 || now - w->shown_at < PROGRESS_MS)
		return;
	w->shown_at = now;
	(void)fprintf(stderr, "\rlooking up: %d of %d addresses\033[K",
	    w->next - (int)w->open, PQntuples(w->e->due));
	(void)fflush(stderr);
}

static void
hide_progress(struct name_work *w)
{
	if (w->shown_at == 0)
		return;
	(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	w->shown_at = 0;
}

static enum diag_code
look_up_all(struct name_work *w, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	int64_t wake;

	w->stored_at = clock_ms();
	do {
		begin_some(w);
		show_progress(w);
		wake = clock_ms() + PROGRESS_MS;
		dns_wait(w->dns, wake < w->e->until ? wake : w->e->until);
		code = store_when_due(w, d);
	} while (code == DIAG_OK && clock_ms() < w->e->until &&
	    (w->open > 0 || w->next < PQntuples(w->e->due)));
	dns_stop(w->dns);
	hide_progress(w);
	return code == DIAG_OK ? store(w, d) : code;
}

enum diag_code
address_names(struct addresses *e, const struct address *servers,
    size_t n_servers, size_t parallel, struct diag *d)
{
	struct name_work w = { .e = e, .parallel = parallel };
	enum diag_code code = dns_open(&w.dns, servers, n_servers, e->until, d);

	if (code != DIAG_OK)
		return code;
	jsonb_init(&w.rows);
	code = look_up_all(&w, d);
	dns_close(w.dns);
	jsonb_free(&w.rows);
	return code;
}
