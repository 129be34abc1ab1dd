#include "ingest/run.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "common/num.h"
#include "common/printable.h"
#include "gen/sql.h"
#include "ingest/batch.h"
#include "ingest/limits.h"
#include "ingest/recognise.h"
#include "ingest/source.h"
#include "ingest/step.h"
#include "ingest/store.h"

struct run {
	struct db *db;
	struct decoders *decoders;
	struct store *store;
	struct batch *batch;
	GArray *fresh; /* struct errand: nobody has looked at them yet */
	size_t fresh_bytes;
	struct source source;
	struct run_counts *counts;
};

/* ---- telling people -------------------------------------------------------- */

static void
say(enum log_level level, const struct item *item,
    const struct document_row *doc, const char *text)
{
	char *name = mem_strdup(item->name);

	printable(name);
	log_line(level, "%s%s%s: %s", name, doc->part[0] == '\0' ? "" : ": ",
	    doc->part, text);
	free(name);
}

static void
say_bad_records(const struct batch *b, const struct item *item,
    const struct document_row *doc)
{
	const struct bad_record *first = &g_array_index(b->bad,
	    struct bad_record, doc->bad);
	char text[200];

	(void)snprintf(text, sizeof(text),
	    "%zu of %lld records set aside: record %llu %s%s", doc->n_bad,
	    (long long)doc->totals.records, (unsigned long long)first->number,
	    first->detail, doc->n_bad > 1 ? ", ..." : "");
	say(LOG_WARN, item, doc, text);
}

/* Oddities that a person may want to look at. */
static void
say_quirks(const struct item *item, const struct document_row *doc)
{
	static const struct {
		enum quirk quirk;
		const char *text;
	} table[] = {
		{ QUIRK_BAD_SOURCE_IP,
		    "a source_ip is no address; stored without it" },
		{ QUIRK_REVERSED_DATES,
		    "the period ends before it begins; stored as it is" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (doc->head.quirks & QUIRK_BIT(table[i].quirk))
			say(LOG_NOTICE, item, doc, table[i].text);
	if (doc->totals.salvaged)
		say(LOG_NOTICE, item, doc,
		    "broken XML; its records are whole and were salvaged");
}

static void
count_stored(struct run *run, const struct item *item,
    const struct document_row *doc)
{
	run->counts->stored++;
	run->counts->messages += doc->totals.messages;
	run->counts->bad_records += doc->n_bad;
	say_quirks(item, doc);
	if (doc->n_bad > 0)
		say_bad_records(run->batch, item, doc);
}

/* Count a document and print the line that it deserves. */
static void
tell_document(struct run *run, const struct item *item,
    const struct document_row *doc)
{
	struct run_counts *c = run->counts;

	switch (doc->outcome) {
	case OUTCOME_STORED:
		count_stored(run, item, doc);
		break;
	case OUTCOME_DUPLICATE:
		c->duplicates++;
		say(LOG_INFO, item, doc, "stored before");
		break;
	case OUTCOME_CONFLICT:
		c->conflicts++;
		say(LOG_WARN, item, doc, doc->diag.text);
		break;
	case OUTCOME_SET_ASIDE:
		c->set_aside++;
		say(LOG_WARN, item, doc, doc->diag.text);
		break;
	case OUTCOME_NOT_REPORT:
		c->not_reports++;
		say(LOG_NOTICE, item, doc, doc->diag.text);
		break;
	}
}

static void
tell(struct run *run, size_t i)
{
	const struct batch_item *item = batch_item(run->batch, i);

	run->counts->items++;
	for (size_t k = 0; k < item->n_documents; k++)
		tell_document(run, &item->errand.item,
		    batch_document(run->batch, item->documents + k));
	if (run->source.ops != NULL && run->source.ops->done != NULL)
		run->source.ops->done(run->source.impl, item->errand.item.tag,
		    batch_verdict(run->batch, i));
}

/* ---- the commit ------------------------------------------------------------ */

static bool
has_bad_records(const struct run *run, const struct batch_item *item)
{
	for (size_t k = 0; k < item->n_documents; k++)
		if (batch_document(run->batch, item->documents + k)->n_bad > 0)
			return true;
	return false;
}

/* The set-aside item that this came from is dealt with. */
static enum diag_code
resolve(struct run *run, size_t i, struct diag *d)
{
	const struct batch_item *item = batch_item(run->batch, i);
	const char *what = NULL;
	char id[24];
	const char *params[] = { id, NULL };

	if (has_bad_records(run, item))
		return DIAG_OK;
	switch (batch_verdict(run->batch, i)) {
	case VERDICT_STORED:
		what = "stored";
		break;
	case VERDICT_DUPLICATE:
		what = "duplicate";
		break;
	case VERDICT_NOT_REPORT:
		what = "not_report";
		break;
	case VERDICT_SET_ASIDE:
		return DIAG_OK;
	}
	(void)snprintf(id, sizeof(id), "%lld",
	    (long long)item->errand.retry_of);
	params[1] = what;
	return db_run(run->db, sql_retry_resolve, 2, params, d);
}

/*
 * The database refuses something in the batch: item by item, so that only
 * the one is set aside.  When it is refused even so it is the operator's.
 */
static enum diag_code
write_one_by_one(struct run *run, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	for (size_t i = 0; i < run->batch->items->len && code == DIAG_OK; i++) {
		code = store_write(run->store, run->batch, i, i + 1, d);
		if (code != DIAG_FORMAT)
			continue;
		batch_refuse(run->batch, i, d);
		code = store_write(run->store, run->batch, i, i + 1, d);
		if (code == DIAG_FORMAT)
			code = d->code = DIAG_CONFIG;
	}
	return code;
}

/* Write the batch, whatever is still being decoded. */
static enum diag_code
commit(struct run *run, struct diag *d)
{
	const size_t n = run->batch->items->len;
	enum diag_code code;

	if (n == 0)
		return DIAG_OK;
	STEP("decoded");
	code = store_write(run->store, run->batch, 0, n, d);
	if (code == DIAG_FORMAT)
		code = write_one_by_one(run, d);
	STEP("committed");
	for (size_t i = 0; i < n && code == DIAG_OK; i++) {
		if (batch_item(run->batch, i)->errand.retry_of != 0)
			code = resolve(run, i, d);
		tell(run, i);
	}
	STEP("told");
	batch_clear(run->batch);
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

/* Take the next decoded item into the batch, and commit when that is full.
 * *taken: there was one. */
static enum diag_code
collect_one(struct run *run, bool wait, bool *taken, struct diag *d)
{
	const struct decode_sink sink = batch_sink(run->batch);
	const struct decoders_taker taker = { begin_item, &sink };
	struct errand errand;

	*taken = false;
	switch (decoders_take(run->decoders, wait, &taker, &errand, d)) {
	case DECODERS_NOTHING:
		return DIAG_OK;
	case DECODERS_FAILED:
		return d->code;
	case DECODERS_ITEM:
		break;
	}
	*taken = true;
	batch_add(run->batch, &errand, d);
	return batch_is_full(run->batch) ? commit(run, d) : DIAG_OK;
}

/* Take what is there; while the decoders have enough to do, wait for it. */
static enum diag_code
collect(struct run *run, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	bool taken = true;

	while (code == DIAG_OK && taken)
		code = collect_one(run, decoders_are_busy(run->decoders),
		    &taken, d);
	return code;
}

static struct errand *
fresh(const struct run *run, guint i)
{
	return &g_array_index(run->fresh, struct errand, i);
}

static void
forget_fresh(struct run *run)
{
	for (guint i = 0; i < run->fresh->len; i++)
		errand_clear(fresh(run, i));
	g_array_set_size(run->fresh, 0);
	run->fresh_bytes = 0;
}

/* Pass on what is fresh: what came before is known, the rest is decoded. */
static enum diag_code
pass_on(struct run *run, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	if (run->fresh->len > 0)
		code = recognise(run->db, fresh(run, 0), run->fresh->len, d);
	for (guint i = 0; i < run->fresh->len && code == DIAG_OK; i++) {
		decoders_give(run->decoders, fresh(run, i));
		code = collect(run, d);
	}
	forget_fresh(run);
	return code;
}

static enum diag_code
decode_later(struct run *run, struct errand *errand, struct diag *d)
{
	g_array_append_val(run->fresh, *errand);
	run->fresh_bytes += errand->item.len;
	*errand = (struct errand){ 0 };
	if (run->fresh->len < LIMIT_FRESH_ITEMS &&
	    run->fresh_bytes < LIMIT_FRESH_BYTES)
		return DIAG_OK;
	return pass_on(run, d);
}

enum diag_code
run_flush(struct run *run, struct diag *d)
{
	enum diag_code code = pass_on(run, d);
	bool taken = true;

	while (code == DIAG_OK && taken)
		code = collect_one(run, true, &taken, d);
	return code == DIAG_OK ? commit(run, d) : code;
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

static enum diag_code
read_source(struct run *run, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	struct errand errand = { 0 };
	bool more = true;

	while (code == DIAG_OK && more) {
		switch (
		    run->source.ops->next(run->source.impl, &errand.item, d)) {
		case SOURCE_ITEM:
			code = decode_later(run, &errand, d);
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
	return code;
}

/* While the database works the decoders are kept busy. */
static void
meanwhile(void *decoders, int fd, short events)
{
	decoders_meanwhile(decoders, fd, events);
}

enum diag_code
run_begin(struct run **out, const struct run_means *means, struct diag *d)
{
	struct run *run = mem_calloc(1, sizeof(*run));
	enum diag_code code;

	run->db = means->db;
	run->decoders = means->decoders;
	run->counts = means->counts;
	run->batch = batch_new();
	run->fresh = g_array_new(FALSE, FALSE, sizeof(struct errand));
	db_set_idle(run->db, (struct db_idle){ meanwhile, run->decoders });
	*out = run;
	code = store_open(&run->store, run->db, d);
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
	forget_fresh(run);
	g_array_free(run->fresh, TRUE);
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
	return code;
}

/* ---- once more --------------------------------------------------------------- */

static enum diag_code
retry_one(struct run *run, const char *id, struct diag *d)
{
	const char *params[] = { id };
	struct errand errand = { 0 };
	unsigned char *raw = NULL;
	PGresult *res = NULL;
	size_t len = 0;
	enum diag_code code = db_query(run->db, &res, sql_retry_item, 1, params,
	    d);

	if (code != DIAG_OK)
		return code;
	if (PQntuples(res) == 1 &&
	    num_int64(id, 1, INT64_MAX, &errand.retry_of))
		raw = PQunescapeBytea((const unsigned char *)PQgetvalue(res, 0,
					  1),
		    &len);
	if (raw != NULL) {
		errand.item.name = mem_strdup(PQgetvalue(res, 0, 0));
		errand.item.bytes = mem_calloc(len + 1, 1);
		memcpy(errand.item.bytes, raw, len);
		errand.item.len = len;
		errand.item.size = len;
		errand.replaces = strcmp(PQgetvalue(res, 0, 2), "report") == 0;
		code = decode_later(run, &errand, d);
	}
	PQfreemem(raw);
	PQclear(res);
	return code;
}

enum diag_code
run_retry(const struct run_means *means, struct diag *d)
{
	struct run *run = NULL;
	PGresult *res = NULL;
	enum diag_code code = run_begin(&run, means, d);

	if (code == DIAG_OK)
		code = db_query(means->db, &res, sql_retry_list, 0, NULL, d);
	for (int i = 0; code == DIAG_OK && i < PQntuples(res); i++)
		code = retry_one(run, PQgetvalue(res, i, 0), d);
	if (code == DIAG_OK)
		code = run_flush(run, d);
	PQclear(res);
	run_end(run);
	return code;
}

int
run_has_trouble(const struct run_counts *c)
{
	return c->conflicts + c->set_aside + c->bad_records + c->problems > 0;
}
