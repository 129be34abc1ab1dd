/*
 * run: items from a source to workers, to a batch, to the commit.
 *
 * The straight line, when nobody has to wait:
 *
 *   read_source   next item of the source        -> fresh
 *   pass_on       fresh, asked for in the database (recognise) -> workers
 *   collect       a decoded item from the workers -> batch
 *   commit        a full batch -> database, then the source settles
 *
 * One thread does all of it.  To use the time in which libpq waits for the
 * server, db.c calls meanwhile() from inside each statement.  So the rest runs
 * inside these calls, and only these parts of it:
 *
 *   statement of          batch        written    meanwhile() may
 *   pass_on, settle       fills        empty      prefetch, fill_batch
 *   commit                fills (new)  is sent    prefetch, fill_batch
 *   write_large           is sent      empty      prefetch
 *
 *   prefetch    one item of the source -> fresh; what is no item (an end, a
 *               problem) is kept in .next for read_source
 *   fill_batch  one decoded item -> batch; a failure of the workers is kept in
 *               .worker_diag for collect_one
 *
 * meanwhile() itself must not start a statement, commit, swap the batches, call
 * pass_on, or report anything to the source or the operator.  Whoever starts a
 * statement must expect afterwards: more in fresh and in batch, never less.
 */
#include "ingest/run.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"
#include "ingest/store/batch.h"
#include "ingest/commit.h"
#include "ingest/limits.h"
#include "ingest/store/recognise.h"
#include "ingest/source/source.h"
#include "common/step.h"
#include "ingest/store/store.h"

/* Two batches and two queues: meanwhile() fills the one that nobody sends. */
struct run {
	struct db *db;
	struct decoders *decoders;
	struct store *store;
	struct batch *batch;   /* fills */
	struct batch *written; /* the commit sends it; else empty */
	bool sends_batch;      /* write_large() sends what fills */
	uint64_t commits;
	GArray *fresh;   /* struct errand: nobody has looked at them yet */
	GArray *passing; /* the same, while they are passed on */
	size_t fresh_bytes;
	size_t passing_bytes;
	struct source source;
	/* What prefetch() got from it, if that was no item. */
	bool has_next;
	enum source_next next;
	struct diag next_diag;
	struct diag worker_diag; /* why workers failed in fill_batch() */
	struct run_counts *counts;
};

/* ---- the commit ------------------------------------------------------------ */

/* Write the batch, whatever is still being decoded; the next one fills. */
static enum diag_code
commit(struct run *run, struct diag *d)
{
	const struct commit_means means = { run->db, run->store, run->counts,
		&run->source };
	struct batch *b = run->batch;
	enum diag_code code;

	if (b->items->len == 0)
		return DIAG_OK;
	run->batch = run->written;
	run->written = b;
	run->commits++;
	code = commit_batch(&means, b, d);
	batch_clear(b);
	if (code == DIAG_OK && run->source.ops != NULL &&
	    run->source.ops->settle != NULL)
		code = run->source.ops->settle(run->source.impl, run->db, d);
	return code;
}

/* ---- decoding --------------------------------------------------------------- */

static void
begin_item(void *ctx, const struct item *item)
{
	(void)item;
	batch_undo(ctx);
}

/* The report at hand is worth to be written ahead. */
static bool
is_large(const struct run *run)
{
	return batch_records_at_hand(run->batch) >= LIMIT_AHEAD_RECORDS;
}

enum took {
	TOOK_NOTHING,
	TOOK_PART, /* of the next item */
	TOOK_ITEM
};

/* Take the next decoded item into the batch, or what there is of it. */
static enum diag_code
take_one(struct run *run, bool wait, enum took *took, struct diag *d)
{
	const struct decode_sink sink = batch_sink(run->batch);
	const struct decoders_taker taker = { begin_item, &sink };
	struct errand errand;

	*took = TOOK_NOTHING;
	switch (decoders_take(run->decoders, wait, &taker, &errand, d)) {
	case DECODERS_NOTHING:
		return DIAG_OK;
	case DECODERS_PART:
		*took = TOOK_PART;
		return DIAG_OK;
	case DECODERS_FAILED:
		return d->code;
	case DECODERS_ITEM:
		break;
	}
	*took = TOOK_ITEM;
	batch_add(run->batch, &errand, d);
	return DIAG_OK;
}

/* A large report goes to the database while it is decoded; nothing comes
 * between its beginning and the commit. */
static enum diag_code
write_large(struct run *run, struct diag *d)
{
	enum took took = TOOK_PART;
	enum diag_code code = DIAG_OK;

	while (code == DIAG_OK && took == TOOK_PART) {
		run->sends_batch = true;
		store_ahead(run->store, run->batch);
		run->sends_batch = false;
		STEP("ahead");
		code = take_one(run, true, &took, d);
	}
	return code == DIAG_OK ? commit(run, d) : code;
}

/* Take the next item, and commit when the batch is full. */
static enum diag_code
collect_one(struct run *run, bool wait, bool *taken, struct diag *d)
{
	enum took took = TOOK_PART;
	enum diag_code code = DIAG_OK;

	if (run->worker_diag.code != DIAG_OK) {
		*d = run->worker_diag;
		return d->code;
	}
	while (code == DIAG_OK && took == TOOK_PART) {
		code = take_one(run, wait, &took, d);
		if (code == DIAG_OK && took == TOOK_PART && is_large(run)) {
			code = write_large(run, d);
			took = TOOK_ITEM;
		}
	}
	*taken = took == TOOK_ITEM;
	if (code == DIAG_OK && *taken && batch_is_full(run->batch))
		code = commit(run, d);
	return code;
}

/* Take what is there; while the workers have enough to do, wait for it.
 * After a commit more is given to them first, or they and the database would
 * work by turns. */
static enum diag_code
collect(struct run *run, struct diag *d)
{
	const uint64_t before = run->commits;
	enum diag_code code;
	bool taken = false;
	bool busy;

	do {
		busy = decoders_are_busy(run->decoders);
		code = collect_one(run, busy, &taken, d);
	} while (code == DIAG_OK && taken && (busy || run->commits == before));
	return code;
}

static struct errand *
errand_at(const GArray *errands, guint i)
{
	return &g_array_index(errands, struct errand, i);
}

static void
forget_errands(GArray *errands)
{
	for (guint i = 0; i < errands->len; i++)
		errand_clear(errand_at(errands, i));
	g_array_set_size(errands, 0);
}

/* Pass on what is fresh: what came before is known, the rest is decoded. */
static enum diag_code
pass_on(struct run *run, struct diag *d)
{
	GArray *errands = run->fresh;
	enum diag_code code = DIAG_OK;

	run->fresh = run->passing;
	run->passing = errands;
	run->passing_bytes = run->fresh_bytes;
	run->fresh_bytes = 0;
	if (errands->len > 0)
		code = recognise(run->db, errand_at(errands, 0), errands->len,
		    d);
	for (guint i = 0; i < errands->len && code == DIAG_OK; i++)
		decoders_give(run->decoders, errand_at(errands, i));
	run->passing_bytes = 0;
	if (code == DIAG_OK)
		code = collect(run, d);
	forget_errands(errands);
	return code;
}

static bool
is_fresh_enough(const struct run *run)
{
	return run->fresh->len >= LIMIT_FRESH_ITEMS ||
	    run->fresh_bytes >= LIMIT_FRESH_BYTES;
}

static void
add_fresh(struct run *run, struct errand *errand)
{
	g_array_append_val(run->fresh, *errand);
	run->fresh_bytes += errand->item.len;
	*errand = (struct errand){ 0 };
}

enum diag_code
run_give(struct run *run, struct errand *errand, struct diag *d)
{
	add_fresh(run, errand);
	return is_fresh_enough(run) ? pass_on(run, d) : DIAG_OK;
}

enum diag_code
run_flush(struct run *run, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	bool taken = true;

	/* While they are passed on there may be more. */
	while (code == DIAG_OK && run->fresh->len > 0)
		code = pass_on(run, d);
	while (code == DIAG_OK && taken)
		code = collect_one(run, true, &taken, d);
	if (code == DIAG_OK)
		code = commit(run, d);
	if (code == DIAG_OK)
		code = store_forget(run->store, d);
	/* Whoever asks does this, too, but not whoever asks by psql. */
	return code == DIAG_OK ? db_run(run->db, sql_refresh_some, 0, NULL, d) :
				 code;
}

/* ---- the sources ------------------------------------------------------------ */

void
run_problem(struct run_counts *counts, const struct diag *d)
{
	counts->problems++;
	/* What a person must mend comes before what time may mend. */
	if ((d->code == DIAG_RETRY && counts->worst == DIAG_OK) ||
	    d->code == DIAG_CONFIG)
		counts->worst = d->code;
	log_line(LOG_WARN, "%s", d->text);
}

/* The end of a source that wants to know; true: it was told something, and
 * may go on after this. */
static enum diag_code
flush_source(struct run *run, bool *more, struct diag *d)
{
	const uint64_t told = run->counts->items;
	enum diag_code code = DIAG_OK;

	if (run->source.ops->done != NULL)
		code = run_flush(run, d);
	*more = run->counts->items > told;
	return code;
}

/* What comes next, unless that is known already. */
static enum source_next
next_item(struct run *run, struct errand *errand, struct diag *d)
{
	if (!run->has_next)
		return run->source.ops->next(run->source.impl, &errand->item,
		    d);
	run->has_next = false;
	*d = run->next_diag;
	return run->next;
}

static enum diag_code
read_source(struct run *run, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	struct errand errand = { 0 };
	bool more = true;

	while (code == DIAG_OK && more) {
		switch (next_item(run, &errand, d)) {
		case SOURCE_ITEM:
			code = run_give(run, &errand, d);
			break;
		case SOURCE_NOTICE:
			log_line(LOG_NOTICE, "%s", d->text);
			break;
		case SOURCE_PROBLEM:
			run_problem(run->counts, d);
			break;
		case SOURCE_FAILED:
			run_problem(run->counts, d);
			code = flush_source(run, &more, d);
			more = false;
			break;
		case SOURCE_END:
			code = flush_source(run, &more, d);
			break;
		}
	}
	return code;
}

enum diag_code
run_source(struct run *run, const struct source *source, struct diag *d)
{
	enum diag_code code;

	run->source = *source;
	code = read_source(run, d);
	source->ops->close(source->impl);
	run->source = (struct source){ 0 };
	run->has_next = false;
	return code;
}

/* ---- while the database works ------------------------------------------------- */

/* Bytes of all items that wait somewhere. */
static size_t
items_held(const struct run *run)
{
	return run->fresh_bytes + run->passing_bytes +
	    decoders_bytes(run->decoders) + run->batch->bytes +
	    run->written->bytes;
}

/* Read an item before it is asked for.  True: that was something to do. */
static bool
prefetch(struct run *run)
{
	const struct source *source = &run->source;
	struct errand errand = { 0 };

	if (source->ops == NULL || !source->ops->at_hand || run->has_next ||
	    is_fresh_enough(run) || items_held(run) >= LIMIT_ITEMS_QUEUED)
		return false;
	run->next = source->ops->next(source->impl, &errand.item,
	    &run->next_diag);
	run->has_next = run->next != SOURCE_ITEM;
	if (!run->has_next)
		add_fresh(run, &errand);
	return true;
}

/* Take an item into the batch that fills.  True: that was something to do. */
static bool
fill_batch(struct run *run)
{
	enum took took = TOOK_NOTHING;
	struct diag d;

	if (run->sends_batch || run->worker_diag.code != DIAG_OK ||
	    batch_is_full(run->batch))
		return false;
	/* One that is large is enough. */
	if (batch_weight(run->written) >= 2 * LIMIT_BATCH_BYTES)
		return false;
	if (take_one(run, false, &took, &d) != DIAG_OK)
		run->worker_diag = d;
	return took == TOOK_ITEM;
}

/* A little of it at a time, since the database should not have to wait. */
static void
meanwhile(void *ctx, int fd, short events)
{
	struct run *run = ctx;
	const bool filled = fill_batch(run);
	const bool read = prefetch(run);

	decoders_meanwhile(run->decoders, fd, events, !filled && !read);
}

/* ---- the module ---------------------------------------------------------------- */

enum diag_code
run_begin(struct run **out, const struct run_means *means, struct diag *d)
{
	struct run *run = mem_calloc(1, sizeof(*run));
	enum diag_code code;

	run->db = means->db;
	run->decoders = means->decoders;
	run->counts = means->counts;
	run->batch = batch_new();
	run->written = batch_new();
	run->fresh = g_array_new(FALSE, FALSE, sizeof(struct errand));
	run->passing = g_array_new(FALSE, FALSE, sizeof(struct errand));
	db_set_idle(run->db, (struct db_idle){ meanwhile, run });
	*out = run;
	code = store_open(&run->store, run->db, &means->failures, d);
	if (code != DIAG_OK) {
		run_end(run);
		*out = NULL;
	}
	return code;
}

void
run_end(struct run *run)
{
	if (run == NULL)
		return;
	db_set_idle(run->db, (struct db_idle){ 0 });
	decoders_rest(run->decoders);
	store_close(run->store);
	batch_free(run->batch);
	batch_free(run->written);
	forget_errands(run->fresh);
	g_array_free(run->fresh, TRUE);
	forget_errands(run->passing);
	g_array_free(run->passing, TRUE);
	free(run);
}

enum diag_code
run_sources(const struct run_means *means, char *const *paths, int n,
    struct diag *d)
{
	struct run *run = NULL;
	struct source source;
	enum diag_code code = run_begin(&run, means, d);

	for (int i = 0; i < n && code == DIAG_OK; i++) {
		if (source_open(&source, paths[i], d) == DIAG_OK)
			code = run_source(run, &source, d);
		else
			run_problem(means->counts, d);
	}
	if (code == DIAG_OK)
		code = run_flush(run, d);
	run_end(run);
	if (code == DIAG_OK)
		run_statistics(means->db);
	return code;
}

void
run_statistics(struct db *db)
{
	struct diag d;

	/* The answers are the same without. */
	if (db_run(db, sql_analyze_new, 0, NULL, &d) != DIAG_OK)
		log_line(LOG_INFO, "%s", d.text);
}

int
run_has_trouble(const struct run_counts *c)
{
	return c->conflicts + c->set_aside + c->bad_records + c->problems > 0;
}
