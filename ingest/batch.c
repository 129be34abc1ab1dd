/* batch: what was decoded and waits for the next commit. */
#include "ingest/batch.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/printable.h"
#include "ingest/limits.h"
#include "ingest/packed.h"
#include "ingest/rows.h"

struct batch *
batch_new(void)
{
	struct batch *b = mem_calloc(1, sizeof(*b));

	b->items = g_array_new(FALSE, TRUE, sizeof(struct batch_item));
	b->documents = g_array_new(FALSE, TRUE, sizeof(struct document_row));
	b->bad = g_array_new(FALSE, FALSE, sizeof(struct bad_record));
	b->profiles = g_array_new(FALSE, FALSE, sizeof(struct batch_profile));
	b->profile_index = g_hash_table_new_full(digest_hash, digest_equal,
	    g_free, NULL);
	b->strings = g_string_chunk_new(65536);
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
	g_string_chunk_clear(b->strings);
	buf_truncate(&b->profile_rows, 0);
	buf_truncate(&b->records, 0);
	/* After a giant that would be kept for nothing. */
	if (b->records.size > LIMIT_BATCH_BYTES)
		buf_free(&b->records);
	if (b->profile_rows.size > LIMIT_BATCH_BYTES)
		buf_free(&b->profile_rows);
	b->n_records = 0;
	b->bytes = 0;
	b->text = 0;
	b->at_hand = (struct batch_at_hand){ 0 };
	b->records_mark = 0;
	b->n_records_mark = 0;
	b->bad_mark = 0;
	b->documents_mark = 0;
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
	g_string_chunk_free(b->strings);
	buf_free(&b->profile_rows);
	buf_free(&b->records);
	free(b);
}

bool
batch_is_full(const struct batch *b)
{
	return b->items->len >= LIMIT_BATCH_ITEMS ||
	    b->n_records >= LIMIT_BATCH_RECORDS ||
	    b->bytes + b->text + b->profile_rows.len + b->records.len >=
	    LIMIT_BATCH_BYTES;
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

/* ---- decode's sink ----------------------------------------------------- */

static const char *
keep(struct batch *b, const char *s)
{
	b->text += s == NULL ? 0 : strlen(s);
	return s == NULL ? NULL : g_string_chunk_insert(b->strings, s);
}

static void
look_at_head(struct batch *b, const struct report_head *head)
{
	(void)g_strlcpy(b->at_hand.domain, head->policy_domain,
	    sizeof(b->at_hand.domain));
	b->at_hand.day = report_day(head);
}

static bool
on_chunk(void *ctx, const struct report_head *head, const struct chunk *chunk)
{
	struct batch *b = ctx;
	uint32_t *numbers = mem_calloc(chunk->n_profiles, sizeof(*numbers));

	if (batch_records_at_hand(b) == 0)
		look_at_head(b, head);
	for (size_t i = 0; i < chunk->n_profiles; i++)
		numbers[i] = add_profile(b, &chunk->profiles[i]);
	for (size_t i = 0; i < chunk->n_records; i++)
		packed_add(&b->records, &chunk->records[i],
		    numbers[chunk->records[i].profile]);
	b->n_records += chunk->n_records;
	for (size_t i = 0; i < chunk->n_bad; i++) {
		struct bad_record bad = chunk->bad[i];

		bad.detail = keep(b, bad.detail);
		bad.fields = keep(b, bad.fields);
		g_array_append_val(b->bad, bad);
	}
	free(numbers);
	return true;
}

static void
on_forget(void *ctx)
{
	struct batch *b = ctx;

	b->forgotten++;
	buf_truncate(&b->records, b->records_mark);
	b->n_records = b->n_records_mark;
	g_array_set_size(b->bad, (guint)b->bad_mark);
}

static void
take_head(struct document_row *doc, const struct report_head *head)
{
	struct report_head *h = &doc->head;

	/* The decoder keeps its own. */
	*h = *head;
	h->version = mem_strdup(head->version);
	h->org_name = mem_strdup(head->org_name);
	h->email = mem_strdup(head->email);
	h->extra_contact_info = mem_strdup(head->extra_contact_info);
	h->report_id = mem_strdup(head->report_id);
	h->generator = mem_strdup(head->generator);
	for (size_t i = 0; i < head->n_errors; i++)
		h->errors[i] = mem_strdup(head->errors[i]);
	h->reporter = mem_strdup(head->reporter);
	h->policy_domain = mem_strdup(head->policy_domain);
	h->p = mem_strdup(head->p);
	h->sp = mem_strdup(head->sp);
	h->np = mem_strdup(head->np);
	h->adkim = mem_strdup(head->adkim);
	h->aspf = mem_strdup(head->aspf);
	h->fo = mem_strdup(head->fo);
	h->testing = mem_strdup(head->testing);
	h->discovery_method = mem_strdup(head->discovery_method);
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
	case LEAF_NOT_REPORT:
		break;
	}
	return OUTCOME_NOT_REPORT;
}

static bool
on_leaf(void *ctx, const struct leaf *leaf)
{
	struct batch *b = ctx;
	struct document_row doc = {
		.part = mem_strdup(leaf->part),
		.outcome = first_outcome(leaf->kind),
		.records = b->records_mark,
		.n_records = b->n_records - b->n_records_mark,
		.bad = b->bad_mark,
		.n_bad = b->bad->len - b->bad_mark,
		.head = { .pct = -1 },
	};

	if (leaf->kind != LEAF_REPORT)
		doc.diag = leaf->diag;
	if (leaf->mail != NULL) {
		doc.message_id = mem_strdup(leaf->mail->message_id);
		doc.mail_from = mem_strdup(leaf->mail->from);
		doc.mail_auth = mem_strdup(leaf->mail->auth_results);
		doc.mail_date = leaf->mail->date;
	}
	if (leaf->head != NULL)
		take_head(&doc, leaf->head);
	if (leaf->totals != NULL)
		doc.totals = *leaf->totals;
	g_array_append_val(b->documents, doc);
	b->records_mark = b->records.len;
	b->n_records_mark = b->n_records;
	b->bad_mark = b->bad->len;
	return true;
}

/* ---- items -------------------------------------------------------------- */

static void
add_too_large(struct batch *b, const struct item *item)
{
	struct leaf leaf = { .kind = LEAF_BAD, .part = "" };
	const unsigned long long limit = item->limit == 0 ? LIMIT_ITEM :
							    item->limit;

	if (item->more)
		(void)diag_set(&leaf.diag, DIAG_LIMIT, "too_large",
		    "more than %llu bytes came of it", limit);
	else
		(void)diag_set(&leaf.diag, DIAG_LIMIT, "too_large",
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
		document_row_clear(doc);
	}
	on_forget(b);
	g_array_set_size(b->documents, (guint)first);
}

/* What came before is a duplicate of itself. */
static void
add_known(struct batch *b, struct errand *errand)
{
	g_array_append_val(b->documents, *errand->known);
	free(errand->known);
	errand->known = NULL;
}

void
batch_add(struct batch *b, struct errand *errand, const struct diag *why)
{
	struct batch_item row = { .errand = *errand,
		.documents = b->documents_mark };
	struct leaf leaf = { .kind = LEAF_BAD, .part = "", .diag = *why };

	*errand = (struct errand){ 0 };
	/* A file's name may be any bytes; from here on it is text. */
	printable(row.errand.item.name);
	if (row.errand.known != NULL)
		add_known(b, &row.errand);
	else if (row.errand.item.bytes == NULL)
		add_too_large(b, &row.errand.item);
	else if (why->code != DIAG_OK)
		(void)on_leaf(b, &leaf);
	row.n_documents = b->documents->len - row.documents;
	b->documents_mark = b->documents->len;
	b->bytes += row.errand.item.len;
	g_array_append_val(b->items, row);
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
		(void)diag_set(&doc->diag, DIAG_FORMAT, "refused_by_database",
		    "the database refuses it: %s", why->text);
		doc->n_records = 0;
		doc->n_bad = 0;
	}
}

enum verdict
batch_verdict(const struct batch *b, size_t i)
{
	const struct batch_item *item = batch_item(b, i);
	enum verdict verdict = VERDICT_NOT_REPORT;

	for (size_t k = 0; k < item->n_documents; k++) {
		const struct document_row *doc = batch_document(b,
		    item->documents + k);

		switch (doc->outcome) {
		case OUTCOME_CONFLICT:
		case OUTCOME_SET_ASIDE:
			return VERDICT_SET_ASIDE;
		case OUTCOME_STORED:
			if (doc->n_bad > 0)
				return VERDICT_SET_ASIDE;
			verdict = VERDICT_STORED;
			break;
		case OUTCOME_DUPLICATE:
			if (verdict == VERDICT_NOT_REPORT)
				verdict = VERDICT_DUPLICATE;
			break;
		case OUTCOME_NOT_REPORT:
			break;
		}
	}
	return verdict;
}
