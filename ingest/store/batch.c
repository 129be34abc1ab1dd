/* batch: what was decoded and waits for the next commit. */
#include "ingest/store/batch.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/printable.h"
#include "ingest/decode/names.h"
#include "ingest/limits.h"

/* Memory besides the texts: of a profile in the arrays and the table; of the
 * fixed part of a bad record. */
#define PROFILE_COST 160UL
#define BAD_COST     (sizeof(struct bad_record) + 2 * BATCH_TEXT_COST)

/* free() for a text that is const to all others. */
static void
free_text(const char *s)
{
	void *p;

	memcpy(&p, &s, sizeof(p));
	free(p);
}

/* The texts of a bad record are the batch's own. */
static void
clear_bad(gpointer p)
{
	const struct bad_record *bad = p;

	free_text(bad->detail);
	free_text(bad->fields);
}

struct batch *
batch_new(void)
{
	struct batch *b = mem_calloc(1, sizeof(*b));

	b->items = g_array_new(FALSE, TRUE, sizeof(struct batch_item));
	b->documents = g_array_new(FALSE, TRUE, sizeof(struct document_row));
	b->bad = g_array_new(FALSE, FALSE, sizeof(struct bad_record));
	g_array_set_clear_func(b->bad, clear_bad);
	b->profiles = g_array_new(FALSE, FALSE, sizeof(struct batch_profile));
	b->profile_index = g_hash_table_new_full(digest_hash, digest_equal,
	    g_free, NULL);
	buf_init(&b->profile_rows, SIZE_MAX / 2);
	buf_init(&b->records, SIZE_MAX / 2);
	return b;
}

void
batch_clear(struct batch *b)
{
	for (size_t i = 0; i < b->items->len; i++)
		errand_clear(&batch_item(b, i)->errand);
	for (size_t i = 0; i < b->documents->len; i++)
		document_row_clear(batch_document(b, i));
	g_array_set_size(b->items, 0);
	g_array_set_size(b->documents, 0);
	g_array_set_size(b->bad, 0);
	g_array_set_size(b->profiles, 0);
	g_hash_table_remove_all(b->profile_index);
	buf_truncate(&b->profile_rows, 0);
	buf_truncate(&b->records, 0);
	/* After a very large report: give the memory back. */
	if (b->records.size > LIMIT_BATCH_BYTES)
		buf_free(&b->records);
	if (b->profile_rows.size > LIMIT_BATCH_BYTES)
		buf_free(&b->profile_rows);
	b->n_records = 0;
	b->bytes = 0;
	b->text = 0;
	b->document_bytes = 0;
	b->at_hand = (struct batch_at_hand){ 0 };
	b->records_mark = 0;
	b->n_records_mark = 0;
	b->bad_mark = 0;
	b->profiles_mark = 0;
	b->documents_mark = 0;
	b->held_mark = 0;
}

void
batch_free(struct batch *b)
{
	if (b == NULL)
		return;
	batch_clear(b);
	g_array_free(b->items, TRUE);
	g_array_free(b->documents, TRUE);
	g_array_free(b->bad, TRUE);
	g_array_free(b->profiles, TRUE);
	g_hash_table_destroy(b->profile_index);
	buf_free(&b->profile_rows);
	buf_free(&b->records);
	free(b);
}

size_t
batch_weight(const struct batch *b)
{
	return b->bytes + b->text + b->document_bytes + b->profile_rows.len +
	    b->records.len;
}

bool
batch_is_full(const struct batch *b)
{
	return b->items->len >= LIMIT_BATCH_ITEMS ||
	    b->n_records >= LIMIT_BATCH_RECORDS ||
	    batch_weight(b) >= LIMIT_BATCH_BYTES;
}

/* All that was decoded, in bytes of memory; the rows of profiles are copied
 * once when they are sent. */
static size_t
held(const struct batch *b)
{
	return b->text + b->document_bytes + b->records.len +
	    2 * b->profile_rows.len + b->profiles->len * PROFILE_COST +
	    b->bad->len * BAD_COST;
}

size_t
batch_held_at_hand(const struct batch *b)
{
	return held(b) - b->held_mark;
}

size_t
batch_records_at_hand(const struct batch *b)
{
	return b->n_records - b->n_records_mark;
}

struct batch_item *
batch_item(const struct batch *b, size_t i)
{
	return &g_array_index(b->items, struct batch_item, i);
}

struct document_row *
batch_document(const struct batch *b, size_t i)
{
	return &g_array_index(b->documents, struct document_row, i);
}

struct span
batch_span(const struct batch *b, size_t from, size_t to)
{
	const struct batch_item *first = batch_item(b, from);
	const struct batch_item *last = batch_item(b, to - 1);

	return (struct span){ first->documents,
		last->documents + last->n_documents };
}

/* ---- items -------------------------------------------------------------- */

/* A document that nobody decoded. */
static void
add_leaf(struct batch *b, const struct leaf *leaf)
{
	(void)batch_sink(b).leaf(b, leaf);
}

static void
add_too_large(struct batch *b, const struct item *item)
{
	struct leaf leaf = { .kind = LEAF_BAD, .part = "" };
	const unsigned long long limit = item->limit == 0 ? LIMIT_ITEM :
							    item->limit;

	if (item->more)
		(void)diag_set(&leaf.diag, DIAG_LIMIT, REASON_TOO_LARGE,
		    "more than %llu bytes came of it", limit);
	else
		(void)diag_set(&leaf.diag, DIAG_LIMIT, REASON_TOO_LARGE,
		    "%llu bytes are more than %llu",
		    (unsigned long long)item->size, limit);
	add_leaf(b, &leaf);
}

/* An item that was seen before is a duplicate. */
static void
add_seen(struct batch *b, struct errand *errand)
{
	g_array_append_val(b->documents, *errand->seen);
	free(errand->seen);
	errand->seen = NULL;
}

/* A file without a report, though its name promises one: as with the parts of a
 * mail, whose names are known where it is decoded. */
static void
look_at_name(struct batch *b, const struct batch_item *row)
{
	const char *slash = strrchr(row->errand.item.name, '/');
	struct document_row *doc;

	if (b->documents->len - row->documents != 1 ||
	    !names_report(slash == NULL ? row->errand.item.name : slash + 1))
		return;
	doc = batch_document(b, row->documents);
	if (doc->outcome != OUTCOME_NOT_REPORT ||
	    (doc->diag.reason != REASON_EMPTY &&
		doc->diag.reason != REASON_OTHER &&
		doc->diag.reason != REASON_HTML &&
		doc->diag.reason != REASON_JSON))
		return;
	doc->is_missing = true;
	(void)diag_set(&doc->diag, DIAG_FORMAT, REASON_REPORT_MISSING,
	    "the file has the name of a report, but there is none in it");
}

void
batch_add(struct batch *b, struct errand *errand, const struct diag *why)
{
	struct batch_item row = { .errand = *errand,
		.documents = b->documents_mark };
	struct leaf leaf = { .kind = LEAF_BAD, .part = "", .diag = *why };

	*errand = (struct errand){ 0 };
	/* A file name may have any bytes; from here on it is printable text. */
	printable(row.errand.item.name);
	if (row.errand.seen != NULL)
		add_seen(b, &row.errand);
	else if (row.errand.item.bytes == NULL)
		add_too_large(b, &row.errand.item);
	else if (why->code != DIAG_OK)
		add_leaf(b, &leaf);
	else
		look_at_name(b, &row);
	row.n_documents = b->documents->len - row.documents;
	b->documents_mark = b->documents->len;
	b->bytes += row.errand.item.len;
	g_array_append_val(b->items, row);
	b->held_mark = held(b);
}

void
batch_refuse(struct batch *b, size_t i, const struct diag *why)
{
	const struct batch_item *item = batch_item(b, i);

	for (size_t k = 0; k < item->n_documents; k++) {
		struct document_row *doc = batch_document(b,
		    item->documents + k);

		if (doc->outcome == OUTCOME_NOT_REPORT ||
		    doc->outcome == OUTCOME_SET_ASIDE)
			continue;
		doc->outcome = OUTCOME_SET_ASIDE;
		doc->diag = *why;
		(void)diag_set(&doc->diag, DIAG_FORMAT,
		    REASON_REFUSED_BY_DATABASE, "the database refuses it: %s",
		    why->text);
		doc->n_records = 0;
		doc->n_bad = 0;
	}
}

enum fate
batch_fate(const struct batch *b, size_t i)
{
	const struct batch_item *item = batch_item(b, i);
	enum fate fate = FATE_NOT_REPORT;

	for (size_t k = 0; k < item->n_documents; k++) {
		const struct document_row *doc = batch_document(b,
		    item->documents + k);

		switch (doc->outcome) {
		case OUTCOME_CONFLICT:
		case OUTCOME_SET_ASIDE:
			return FATE_SET_ASIDE;
		case OUTCOME_FAILURE_REPORT:
		case OUTCOME_STORED:
			if (doc->n_bad > 0)
				return FATE_SET_ASIDE;
			fate = FATE_STORED;
			break;
		case OUTCOME_DUPLICATE:
			if (fate == FATE_NOT_REPORT)
				fate = FATE_DUPLICATE;
			break;
		case OUTCOME_NOT_REPORT:
			if (doc->is_missing)
				return FATE_SET_ASIDE;
			break;
		}
	}
	return fate;
}
