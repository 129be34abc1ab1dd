/* mailboxes: the mailboxes of dmarc.conf, each once, or watched for ever. */
#include "ingest/mailboxes.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"
#include "ingest/store/mailbox_state.h"
#include "common/progress.h"
#include "ingest/imap/src_imap.h"
#include "common/stop.h"

/* RFC 3501 5.4 allows 30 minutes, and not everything keeps to it. */
#define QUIET_SECONDS 540

/* A mailbox that is watched. */
struct watched {
	const struct mailbox *m;
	struct src_imap *source; /* NULL: not connected */
	int64_t id;              /* 0: not locked */
	unsigned failures;       /* since it last went well */
	int64_t due;             /* clock_ms() of the next look */
};

/* ---- one look at one mailbox ------------------------------------------------- */

static void
say_busy(const struct mailbox *m, struct run_counts *counts)
{
	struct diag d;

	(void)diag_set(&d, DIAG_RETRY, REASON_BUSY,
	    "%s: another dmarc-ingest reads this mailbox", m->name);
	if (m->busy_is_failure)
		run_problem(counts, &d);
	else
		log_line(LOG_NOTICE, "%s", d.text);
}

/* Take the mailbox in the database.  *ours false: it was told why not. */
static enum diag_code
take(struct watched *w, struct db *db, struct run_counts *counts, bool *ours,
    struct diag *d)
{
	int64_t id = 0;
	enum diag_code code;

	*ours = w->id != 0;
	if (*ours)
		return DIAG_OK;
	code = mailbox_lock(db, w->m, &id, ours, d);
	if (code == DIAG_OK && *ours)
		w->id = id;
	else if (code == DIAG_OK)
		say_busy(w->m, counts);
	return code;
}

static void
disconnect(struct watched *w)
{
	src_imap_close(w->source);
	w->source = NULL;
}

/* The mailbox does not work: tell it, and let the connection go. */
static void
fail(struct watched *w, struct run_counts *counts, const struct diag *d)
{
	/* What was broken off because we are to stop is no problem. */
	if (!stop_requested())
		run_problem(counts, d);
	/* Who is refused again and again is locked out in the end. */
	w->failures = d->code == DIAG_CONFIG ? UINT_MAX - 1 : w->failures;
	disconnect(w);
}

/* Read what is there.  The result is the database's. */
static enum diag_code
look(struct watched *w, struct run *run, const struct run_means *means,
    struct diag *d)
{
	struct db *db = means->db;
	struct run_counts *counts = means->counts;
	struct source source;
	enum diag_code db_code = DIAG_OK;
	bool ours = false;
	enum diag_code code = take(w, db, counts, &ours, d);

	if (code != DIAG_OK || !ours)
		return code;
	if (w->source == NULL &&
	    src_imap_open(&w->source, w->m, w->id, d) != DIAG_OK) {
		fail(w, counts, d);
		return DIAG_OK;
	}
	if (src_imap_look(w->source, db, &db_code, d) != DIAG_OK) {
		fail(w, counts, d);
		return DIAG_OK;
	}
	if (db_code != DIAG_OK)
		return db_code;
	source = src_imap_source(w->source);
	/* What an earlier run left undone. */
	code = source.ops->settle(source.impl, db, d);
	if (code == DIAG_OK)
		code = run_source(run, &source, d);
	if (code == DIAG_OK)
		run_statistics(db);
	progress_clear();
	return code;
}

static enum diag_code
let_go(struct watched *w, struct db *db, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	disconnect(w);
	if (w->id != 0)
		code = mailbox_unlock(db, w->id, d);
	w->id = 0;
	return code;
}

/* ---- once -------------------------------------------------------------------------- */

enum diag_code
mailboxes_run(const struct run_means *means, const struct mailbox *boxes,
    size_t n, struct diag *d)
{
	struct run *run = NULL;
	enum diag_code code = run_begin(&run, means, d);

	stop_install();
	for (size_t i = 0; i < n && code == DIAG_OK && !stop_requested(); i++) {
		struct watched w = { .m = &boxes[i] };

		code = look(&w, run, means, d);
		if (code == DIAG_OK)
			code = let_go(&w, means->db, d);
		else
			disconnect(&w);
	}
	run_end(run);
	if (code == DIAG_OK && stop_requested())
		return diag_set(d, DIAG_RETRY, REASON_STOPPED,
		    "asked to stop; the rest is for the next run");
	return code;
}

/* ---- for ever ------------------------------------------------------------------------ */

int
mailboxes_back_off(unsigned n)
{
	static const int seconds[] = { 5, 10, 30, 60, 120, 300, 600 };
	const unsigned most = sizeof(seconds) / sizeof(seconds[0]);

	return seconds[n == 0 ? 0 : n > most ? most - 1 : n - 1];
}

/* One look, and when the next one is due. */
static enum diag_code
turn(struct watched *w, struct run *run, const struct run_means *means,
    struct diag *d)
{
	enum diag_code code = look(w, run, means, d);

	/* While nothing comes, nobody has to be there who has met strangers. */
	decoders_rest(means->decoders);
	if (code != DIAG_OK)
		return code;
	if (w->source == NULL || src_imap_has_failed(w->source)) {
		disconnect(w);
		if (w->failures < UINT_MAX)
			w->failures++;
		w->due = clock_ms() +
		    (int64_t)mailboxes_back_off(w->failures) * 1000;
		return DIAG_OK;
	}
	w->failures = 0;
	w->due = clock_ms() + (int64_t)w->m->poll_interval * 1000;
	/* Servers, and what lies between, end connections that are quiet. */
	if (!w->m->idle && w->m->poll_interval > QUIET_SECONDS)
		disconnect(w);
	return DIAG_OK;
}

/* Wait for the first that is due; with one mailbox alone the server can say
 * that there is mail. */
static void
wait_for_due(struct watched *w, size_t n, struct run_counts *counts)
{
	int64_t first = w[0].due;
	struct diag d;
	int seconds;

	for (size_t i = 1; i < n; i++)
		if (w[i].due < first)
			first = w[i].due;
	/* Rounded up: a look too early is one too many. */
	seconds = first > clock_ms() ?
	    (int)((first - clock_ms() + 999) / 1000) :
	    0;
	if (seconds == 0)
		return;
	if (n > 1 || w[0].source == NULL) {
		(void)stop_wait(seconds * 1000);
	} else if (src_imap_wait(w[0].source, seconds, &d) != DIAG_OK) {
		fail(&w[0], counts, &d);
		w[0].due = clock_ms();
	} else {
		w[0].due = clock_ms();
	}
}

enum diag_code
mailboxes_watch(const struct run_means *means, const struct mailbox *boxes,
    size_t n, struct diag *d)
{
	struct watched *w = mem_calloc(n, sizeof(*w));
	struct run *run = NULL;
	enum diag_code code = run_begin(&run, means, d);

	for (size_t i = 0; i < n; i++)
		w[i].m = &boxes[i];
	while (code == DIAG_OK && !stop_requested()) {
		for (size_t i = 0; i < n && code == DIAG_OK; i++)
			if (w[i].due <= clock_ms() && !stop_requested())
				code = turn(&w[i], run, means, d);
		if (code == DIAG_OK && !stop_requested())
			wait_for_due(w, n, means->counts);
	}
	for (size_t i = 0; i < n; i++)
		disconnect(&w[i]);
	run_end(run);
	free(w);
	return code;
}
