/* batch: what was decoded and waits for the next commit. */
#include "ingest/store/batch.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/printable.h"
#include "ingest/decode/names.h"
#include "ingest/limits.h"
#include "ingest/store/packed.h"
#include "ingest/store/rows.h"

/* Memory besides the texts: of a profile in the arrays and the table; of
 * malloc() for a text; of the fixed part of a bad record. */
#define PROFILE_COST 160UL
#define TEXT_COST    32UL
#define BAD_COST     (sizeof(struct bad_record) + 2 * TEXT_COST)

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

/* Whether the current item may take more. */
static bool
may_hold_more(const struct batch *b)
{
	return batch_held_at_hand(b) <= LIMIT_HELD;
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

/* ---- profiles ---------------------------------------------------------- */

/* The batch's number of a profile, which may be new to it. */
static uint32_t
add_profile(struct batch *b, const struct auth_profile *p)
{
	gpointer known = g_hash_table_lookup(b->profile_index, p->digest);
	struct batch_profile kept = { .row = b->profile_rows.len };

	if (known != NULL)
		return GPOINTER_TO_UINT(known) - 1;
	rows_profile(&b->profile_rows, p);
	memcpy(kept.digest, p->digest, sizeof(kept.digest));
	kept.row_len = b->profile_rows.len - kept.row;
	g_array_append_val(b->profiles, kept);
	g_hash_table_insert(b->profile_index,
	    g_memdup2(p->digest, sizeof(p->digest)),
	    GUINT_TO_POINTER(b->profiles->len));
	return b->profiles->len - 1;
}

/* Drop the profiles that no finished document refers to. */
static void
forget_profiles(struct batch *b)
{
	const struct batch_profile *first;

	if (b->profiles->len == b->profiles_mark)
		return;
	for (size_t i = b->profiles_mark; i < b->profiles->len; i++)
		(void)g_hash_table_remove(b->profile_index,
		    g_array_index(b->profiles, struct batch_profile, i).digest);
	first = &g_array_index(b->profiles, struct batch_profile,
	    b->profiles_mark);
	buf_truncate(&b->profile_rows, first->row);
	g_array_set_size(b->profiles, (guint)b->profiles_mark);
}

/* ---- decode's sink ----------------------------------------------------- */

static void
look_at_head(struct batch *b, const struct report_head *head)
{
	(void)g_strlcpy(b->at_hand.domain, head->policy_domain,
	    sizeof(b->at_hand.domain));
	b->at_hand.day = report_day(head);
}

static void
add_bad(struct batch *b, const struct bad_record *said)
{
	struct bad_record bad = *said;

	bad.detail = mem_strdup(said->detail);
	bad.fields = mem_strdup(said->fields);
	b->text += strlen(bad.detail) + strlen(bad.fields);
	g_array_append_val(b->bad, bad);
}

static bool
on_chunk(void *ctx, const struct report_head *head, const struct chunk *chunk)
{
	struct batch *b = ctx;
	uint32_t *numbers = mem_calloc(chunk->n_profiles, sizeof(*numbers));

	if (batch_records_at_hand(b) == 0)
		look_at_head(b, head);
	/* The row of a profile may be many times as long as its texts, so the
	 * limit is checked for each. */
	for (size_t i = 0; i < chunk->n_profiles && may_hold_more(b); i++)
		numbers[i] = add_profile(b, &chunk->profiles[i]);
	if (may_hold_more(b)) {
		for (size_t i = 0; i < chunk->n_records; i++)
			packed_add(&b->records, &chunk->records[i],
			    numbers[chunk->records[i].profile]);
		b->n_records += chunk->n_records;
	}
	for (size_t i = 0; i < chunk->n_bad && may_hold_more(b); i++)
		add_bad(b, &chunk->bad[i]);
	free(numbers);
	return may_hold_more(b);
}

static void
forget_bad(struct batch *b)
{
	for (size_t i = b->bad_mark; i < b->bad->len; i++) {
		const struct bad_record *bad = &g_array_index(b->bad,
		    struct bad_record, i);

		b->text -= strlen(bad->detail) + strlen(bad->fields);
	}
	g_array_set_size(b->bad, (guint)b->bad_mark);
}

static void
on_forget(void *ctx)
{
	struct batch *b = ctx;

	b->forgotten++;
	buf_truncate(&b->records, b->records_mark);
	b->n_records = b->n_records_mark;
	forget_profiles(b);
	forget_bad(b);
}

/* A text of a document.  It is counted with the rows that are made of it,
 * in which each byte may become two. */
static char *
keep(struct batch *b, const char *s)
{
	if (s == NULL)
		return NULL;
	b->document_bytes += 3 * strlen(s) + TEXT_COST;
	return mem_strdup(s);
}

static void
take_head(struct batch *b, struct document_row *doc,
    const struct report_head *head)
{
	struct report_head *h = &doc->head;

	/* The caller keeps its own texts. */
	*h = *head;
	for (int i = 0; i < HEAD_TEXTS; i++) {
		char **text = head_text(h, (enum head_text)i);

		*text = keep(b, *text);
	}
	for (size_t i = 0; i < head->n_errors; i++)
		h->errors[i] = keep(b, head->errors[i]);
	doc->has_head = true;
}

static enum outcome
first_outcome(enum leaf_kind kind)
{
	switch (kind) {
	case LEAF_REPORT:
		return OUTCOME_STORED; /* unless the store finds it there */
	case LEAF_BAD:
		return OUTCOME_SET_ASIDE;
	case LEAF_FAILURE:
		return OUTCOME_FAILURE_REPORT; /* the same */
	case LEAF_MISSING:
	case LEAF_NOT_REPORT:
	case LEAF_KINDS:
		break;
	}
	return OUTCOME_NOT_REPORT;
}

static bool
on_leaf(void *ctx, const struct leaf *leaf)
{
	struct batch *b = ctx;
	const size_t before = b->document_bytes;
	struct document_row doc = {
		.part = keep(b, leaf->part),
		.outcome = first_outcome(leaf->kind),
		.is_missing = leaf->kind == LEAF_MISSING,
		.records = b->records_mark,
		.n_records = b->n_records - b->n_records_mark,
		.profiles = b->profiles_mark,
		.bad = b->bad_mark,
		.n_bad = b->bad->len - b->bad_mark,
		.head = { .pct = -1 },
	};

	if (leaf->kind != LEAF_REPORT && leaf->kind != LEAF_FAILURE)
		doc.diag = leaf->diag;
	if (leaf->mail != NULL) {
		doc.message_id = keep(b, leaf->mail->message_id);
		doc.mail_from = keep(b, leaf->mail->from);
		doc.mail_auth = keep(b, leaf->mail->auth_results);
		doc.mail_date = leaf->mail->date;
	}
	if (leaf->head != NULL)
		take_head(b, &doc, leaf->head);
	if (leaf->totals != NULL)
		doc.totals = *leaf->totals;
	if (leaf->failure != NULL)
		doc.head.policy_domain = keep(b,
		    leaf->failure->texts[FAILURE_DOMAIN]);
	/* With the rows that are made of it. */
	b->document_bytes += 3 *
	    document_row_copy(&doc, leaf->tls, leaf->failure);
	b->document_bytes += sizeof(doc);
	doc.held = b->document_bytes - before;
	g_array_append_val(b->documents, doc);
	b->records_mark = b->records.len;
	b->n_records_mark = b->n_records;
	b->bad_mark = b->bad->len;
	b->profiles_mark = b->profiles->len;
	return may_hold_more(b);
}

/* ---- items -------------------------------------------------------------- */

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
	(void)on_leaf(b, &leaf);
}

struct decode_sink
batch_sink(struct batch *b)
{
	return (struct decode_sink){ b, on_chunk, on_forget, on_leaf };
}

void
batch_undo(struct batch *b)
{
	const size_t first = b->documents_mark;

	for (size_t i = b->documents->len; i > first; i--) {
		struct document_row *doc = batch_document(b, i - 1);

		b->records_mark = doc->records;
		b->n_records_mark -= doc->n_records;
		b->bad_mark = doc->bad;
		b->profiles_mark = doc->profiles;
		b->document_bytes -= doc->held;
		document_row_clear(doc);
	}
	on_forget(b);
	g_array_set_size(b->documents, (guint)first);
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
		(void)on_leaf(b, &leaf);
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
