/* batch_sink: what is decoded comes into the batch here, and is taken back. */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/store/batch.h"
#include "ingest/store/packed.h"
#include "ingest/store/rows.h"

/* Whether the current item may take more. */
static bool
may_hold_more(const struct batch *b)
{
	return batch_held_at_hand(b) <= LIMIT_HELD;
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
	b->document_bytes += 3 * strlen(s) + BATCH_TEXT_COST;
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
