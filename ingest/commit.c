/* commit: writes a batch to the database, then informs the source and the
 * operator. */
#include "ingest/commit.h"

#include <stdbool.h>
#include <stdio.h>

#include "gen/sql.h"
#include "common/step.h"

static bool
has_bad_records(const struct batch *b, const struct batch_item *item)
{
	for (size_t k = 0; k < item->n_documents; k++)
		if (batch_document(b, item->documents + k)->n_bad > 0)
			return true;
	return false;
}

/* Mark the set-aside item as resolved, unless it failed again. */
static enum diag_code
resolve(struct db *db, const struct batch *b, size_t i, struct diag *d)
{
	const struct batch_item *item = batch_item(b, i);
	char id[24];
	const char *params[] = { id, fate_name(batch_fate(b, i)) };

	if (has_bad_records(b, item))
		return DIAG_OK;
	if (batch_fate(b, i) == FATE_SET_ASIDE)
		return DIAG_OK;
	(void)snprintf(id, sizeof(id), "%lld",
	    (long long)item->errand.retry_of);
	return db_run(db, sql_retry_resolve, 2, params, d);
}

/* When so many items fail in a row, the cause is not the items. */
#define LEFT_IN_A_ROW 50

/* The database does not get this item done: the others shall not wait. */
static enum diag_code
leave(const struct commit_means *means, struct batch *b, size_t i,
    const struct diag *d)
{
	if (means->counts->left_in_a_row == LEFT_IN_A_ROW)
		return d->code;
	means->counts->left_in_a_row++;
	batch_item(b, i)->is_left = true;
	tell_left(means->counts, b, i, d);
	return DIAG_OK;
}

/* If the database refuses even to set the item aside, the operator must repair
 * it. */
static enum diag_code
write_one(const struct commit_means *means, struct batch *b, size_t i,
    struct diag *d)
{
	enum diag_code code = store_write(means->store, b, i, i + 1, d);

	if (code == DIAG_FORMAT) {
		batch_refuse(b, i, d);
		code = store_write(means->store, b, i, i + 1, d);
		if (code == DIAG_FORMAT)
			code = d->code = DIAG_CONFIG;
	}
	if (code == DIAG_RETRY && db_failed_at_work(means->db))
		return leave(means, b, i, d);
	means->counts->left_in_a_row = 0;
	return code;
}

/*
 * The database refuses something in the batch, or does not get it done: item by
 * item, so that only the one is set aside or left.
 */
static enum diag_code
write_one_by_one(const struct commit_means *means, struct batch *b,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;

	for (size_t i = 0; i < b->items->len && code == DIAG_OK; i++)
		code = write_one(means, b, i, d);
	return code;
}

/* After the commit: inform all. */
static enum diag_code
tell(const struct commit_means *means, const struct batch *b, struct diag *d)
{
	const struct source *source = means->source;
	enum diag_code code = DIAG_OK;

	for (size_t i = 0; i < b->items->len && code == DIAG_OK; i++) {
		const struct errand *errand = &batch_item(b, i)->errand;

		if (batch_item(b, i)->is_left)
			continue;
		if (errand->retry_of != 0)
			code = resolve(means->db, b, i, d);
		tell_item(means->counts, b, i);
		if (source->ops != NULL && source->ops->done != NULL)
			source->ops->done(source->impl, errand->item.tag,
			    batch_fate(b, i));
	}
	return code;
}

enum diag_code
commit_batch(const struct commit_means *means, struct batch *b, struct diag *d)
{
	enum diag_code code;

	STEP("decoded");
	code = store_write(means->store, b, 0, b->items->len, d);
	if (code == DIAG_FORMAT ||
	    (code == DIAG_RETRY && db_failed_at_work(means->db)))
		code = write_one_by_one(means, b, d);
	STEP("committed");
	if (code == DIAG_OK)
		code = tell(means, b, d);
	STEP("told");
	return code;
}
