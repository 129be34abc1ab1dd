/* mailboxes: the mailboxes of dmarc.conf, each once, or watched for ever. */
#include "ingest/mailboxes.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"
#include "ingest/store/mailbox_state.h"
#include "common/progress.h"
#include "ingest/imap/imap_refusal.h"
#include "ingest/imap/src_imap.h"
#include "common/stop.h"

/* RFC 3501 5.4 allows 30 minutes, and not everything keeps to it. */
#define QUIET_SECONDS 540

/* A folder that is read. */
struct place {
	char *name;
	int64_t id;      /* in the database; 0: not locked */
	bool by_pattern; /* it is there only as long as a pattern means it */
	bool is_meant;   /* one does, at this look */
};

/* A mailbox that is watched. */
struct watched {
	const struct mailbox *m;
	struct src_imap *source; /* NULL: not connected */
	GPtrArray *places;       /* struct place */
	size_t left;             /* folders that are not read, as was said */
	bool has_failed;         /* at this look */
	unsigned failures;       /* since it last went well */
	int wait;                /* seconds that the server asks for */
	int64_t due;             /* clock_ms() of the next look */
};

/* ---- its folders ------------------------------------------------------------- */

static void
place_free(void *p)
{
	struct place *place = p;

	free(place->name);
	free(place);
}

static void
add_place(struct watched *w, const char *name, bool by_pattern)
{
	struct place *place;

	for (guint i = 0; i < w->places->len; i++) {
		place = g_ptr_array_index(w->places, i);
		if (strcmp(place->name, name) == 0) {
			place->is_meant = true;
			return;
		}
	}
	place = mem_calloc(1, sizeof(*place));
	place->name = mem_strdup(name);
	place->by_pattern = by_pattern;
	place->is_meant = true;
	g_ptr_array_add(w->places, place);
}

static struct watched
watched_of(const struct mailbox *m)
{
	struct watched w = { .m = m,
		.places = g_ptr_array_new_with_free_func(place_free) };

	for (char **f = m->folders; *f != NULL; f++)
		if (!mailbox_is_pattern(*f))
			add_place(&w, *f, false);
	return w;
}

static bool
has_patterns(const struct mailbox *m)
{
	for (char **f = m->folders; *f != NULL; f++)
		if (mailbox_is_pattern(*f))
			return true;
	return false;
}

static void
say_busy(const struct watched *w, const struct place *place,
    struct run_counts *counts)
{
	struct diag d;

	if (w->m->folders[1] == NULL)
		(void)diag_set(&d, DIAG_RETRY, REASON_BUSY,
		    "%s: another dmarc-ingest reads this mailbox", w->m->name);
	else
		(void)diag_set(&d, DIAG_RETRY, REASON_BUSY,
		    "%s/%s: another dmarc-ingest reads this folder", w->m->name,
		    place->name);
	if (w->m->busy_is_failure)
		run_problem(counts, &d);
	else
		log_line(LOG_NOTICE, "%s", d.text);
}

/* Take the folders from number `from' on in the database, unless they are ours
 * already.  *n is how many are; of the others it was told why not. */
static enum diag_code
take(struct watched *w, guint from, struct db *db, struct run_counts *counts,
    size_t *n, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	*n = 0;
	for (guint i = from; i < w->places->len && code == DIAG_OK; i++) {
		struct place *place = g_ptr_array_index(w->places, i);
		bool ours = place->id != 0;
		int64_t id = 0;

		if (!ours)
			code = mailbox_lock(db, w->m, place->name, &id, &ours,
			    d);
		if (code == DIAG_OK && !ours)
			say_busy(w, place, counts);
		else if (code == DIAG_OK)
			(*n)++;
		if (code == DIAG_OK && ours && id != 0)
			place->id = id;
	}
	return code;
}

/* ---- one look at one mailbox ------------------------------------------------- */

static void
disconnect(struct watched *w)
{
	src_imap_close(w->source);
	w->source = NULL;
}

/* The mailbox, or a folder of it, does not work: tell it. */
static void
fail(struct watched *w, struct run_counts *counts, const struct diag *d)
{
	const int wait = imap_refusal_wait(d->text);

	w->has_failed = true;
	/* What was broken off because we are to stop is no problem. */
	if (!stop_requested())
		run_problem(counts, d);
	/* Who is refused again and again is locked out in the end. */
	w->failures = d->code == DIAG_CONFIG ? UINT_MAX - 1 : w->failures;
	w->wait = wait > w->wait ? wait : w->wait;
}

/* Folders that nobody reads; once, unless there are more or less of them. */
static void
say_left(struct watched *w, size_t left, struct run_counts *counts)
{
	struct diag d;

	if (left > 0 && left != w->left) {
		(void)diag_set(&d, DIAG_CONFIG, REASON_MAILBOX,
		    "%s: %zu more folders are not read: over %d, or with "
		    "names that cannot be shown",
		    w->m->name, left, LIMIT_IMAP_FOLDERS);
		run_problem(counts, &d);
	}
	w->left = left;
}

/* Those of patterns that are no longer there are not asked for any more. */
static enum diag_code
drop_gone(struct watched *w, struct db *db, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	guint i = 0;

	while (i < w->places->len && code == DIAG_OK) {
		const struct place *place = g_ptr_array_index(w->places, i);

		if (!place->by_pattern || place->is_meant) {
			i++;
			continue;
		}
		if (place->id != 0)
			code = mailbox_unlock(db, place->id, d);
		log_line(LOG_INFO, "%s: folder %s is gone", w->m->name,
		    place->name);
		(void)g_ptr_array_remove_index(w->places, i);
	}
	return code;
}

/* Find the folders that patterns stand for now; those from number *from on are
 * new.  The result is the database's. */
static enum diag_code
expand(struct watched *w, struct db *db, struct run_counts *counts, guint *from,
    struct diag *d)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(free);
	const guint known = w->places->len;
	guint added;
	enum diag_code code = DIAG_OK;
	bool all = true;
	size_t left = 0;

	for (char **f = w->m->folders; *f != NULL && all; f++) {
		if (!mailbox_is_pattern(*f) ||
		    src_imap_expand(w->source, *f, names, &left, d) == DIAG_OK)
			continue;
		fail(w, counts, d);
		all = src_imap_is_alive(w->source);
	}
	for (guint i = 0; i < w->places->len; i++)
		((struct place *)g_ptr_array_index(w->places, i))->is_meant =
		    false;
	for (guint i = 0; i < names->len; i++)
		add_place(w, g_ptr_array_index(names, i), true);
	g_ptr_array_free(names, TRUE);
	added = w->places->len - known;
	/* Of what could not be asked for nothing is known. */
	if (!w->has_failed) {
		say_left(w, left, counts);
		code = drop_gone(w, db, d);
	}
	*from = w->places->len - added;
	return code;
}

/* Read a folder.  *over: nothing more is to be had from this server.  The
 * result is the database's. */
static enum diag_code
read_place(struct watched *w, const struct place *place, struct run *run,
    const struct run_means *means, bool *over, struct diag *d)
{
	enum diag_code db_code = DIAG_OK;
	struct source source;
	enum diag_code code;
	int wait;

	src_imap_choose(w->source, place->name, place->id);
	if (src_imap_look(w->source, means->db, &db_code, d) != DIAG_OK) {
		fail(w, means->counts, d);
		return DIAG_OK;
	}
	if (db_code != DIAG_OK)
		return db_code;
	source = src_imap_source(w->source);
	/* What an earlier run left undone. */
	code = source.ops->settle(source.impl, means->db, d);
	if (code == DIAG_OK)
		code = run_source(run, &source, d);
	*over = src_imap_has_failed(w->source);
	if (*over) {
		w->has_failed = true;
		wait = src_imap_pause(w->source);
		w->wait = wait > w->wait ? wait : w->wait;
	}
	return code;
}

/* Read all that is ours, as long as the connection lives. */
static enum diag_code
read_places(struct watched *w, struct run *run, const struct run_means *means,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;
	bool over = false;

	for (guint i = 0; i < w->places->len && code == DIAG_OK; i++) {
		const struct place *place = g_ptr_array_index(w->places, i);

		if (place->id == 0)
			continue;
		if (!src_imap_is_alive(w->source) || stop_requested() || over)
			break;
		code = read_place(w, place, run, means, &over, d);
	}
	progress_clear();
	return code;
}

/* Read what is there.  The result is the database's. */
static enum diag_code
look(struct watched *w, struct run *run, const struct run_means *means,
    struct diag *d)
{
	struct db *db = means->db;
	struct run_counts *counts = means->counts;
	const bool patterns = has_patterns(w->m);
	guint from = 0;
	size_t n = 0;
	enum diag_code code = take(w, 0, db, counts, &n, d);

	w->has_failed = false;
	w->wait = 0;
	if (code != DIAG_OK || (n == 0 && !patterns))
		return code;
	if (w->source == NULL &&
	    src_imap_open(&w->source, w->m, d) != DIAG_OK) {
		fail(w, counts, d);
		return DIAG_OK;
	}
	if (patterns) {
		code = expand(w, db, counts, &from, d);
		if (code == DIAG_OK)
			code = take(w, from, db, counts, &n, d);
	}
	if (code == DIAG_OK)
		code = read_places(w, run, means, d);
	if (code == DIAG_OK && !w->has_failed)
		run_statistics(db);
	if (w->has_failed)
		disconnect(w);
	return code;
}

static enum diag_code
let_go(struct watched *w, struct db *db, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	disconnect(w);
	for (guint i = 0; i < w->places->len && code == DIAG_OK; i++) {
		struct place *place = g_ptr_array_index(w->places, i);

		if (place->id != 0)
			code = mailbox_unlock(db, place->id, d);
		place->id = 0;
	}
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
		struct watched w = watched_of(&boxes[i]);

		code = look(&w, run, means, d);
		if (code == DIAG_OK)
			code = let_go(&w, means->db, d);
		else
			disconnect(&w);
		g_ptr_array_free(w.places, TRUE);
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
	int wait;

	/* While nothing comes, nobody has to be there who has met strangers. */
	decoders_rest(means->decoders);
	if (code != DIAG_OK)
		return code;
	if (w->source == NULL) {
		if (w->failures < UINT_MAX)
			w->failures++;
		wait = mailboxes_back_off(w->failures);
		w->due = clock_ms() +
		    (int64_t)(w->wait > wait ? w->wait : wait) * 1000;
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
	if (n > 1 || w[0].source == NULL || w[0].places->len > 1) {
		(void)stop_wait(seconds * 1000);
	} else if (src_imap_wait(w[0].source, seconds, &d) != DIAG_OK) {
		fail(&w[0], counts, &d);
		disconnect(&w[0]);
		/* A server that refuses to be waited for is not met again at
		 * once. */
		w[0].due = clock_ms() + 1000 * (int64_t)mailboxes_back_off(1);
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
		w[i] = watched_of(&boxes[i]);
	while (code == DIAG_OK && !stop_requested()) {
		for (size_t i = 0; i < n && code == DIAG_OK; i++)
			if (w[i].due <= clock_ms() && !stop_requested())
				code = turn(&w[i], run, means, d);
		if (code == DIAG_OK && !stop_requested())
			wait_for_due(w, n, means->counts);
	}
	for (size_t i = 0; i < n; i++) {
		disconnect(&w[i]);
		g_ptr_array_free(w[i].places, TRUE);
	}
	run_end(run);
	free(w);
	return code;
}
