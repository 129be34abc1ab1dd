/*
 * ledger: what became of everything, and the bytes of what could not be read.
 */
#include "ingest/store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <nettle/base16.h>
#include <nettle/sha2.h>

#include "common/mem.h"
#include "gen/sql.h"
#include "ingest/store/mailbox_state.h"
#include "ingest/store/pgtext.h"

/* ---- ingest_log ---------------------------------------------------------- */

static void
put_seen_report(struct buf *b, const struct document_row *doc)
{
	const struct report_head *h = &doc->head;
	const bool whole = doc->failure == NULL &&
	    (doc->outcome == OUTCOME_STORED ||
		doc->outcome == OUTCOME_DUPLICATE ||
		doc->outcome == OUTCOME_CONFLICT);

	pgtext_str(b, h->policy_domain);
	pgtext_str(b, h->org_name);
	pgtext_str(b, h->report_id);
	if (!whole) {
		for (int i = 0; i < 6; i++)
			pgtext_str(b, NULL);
		return;
	}
	pgtext_time(b, h->begin);
	pgtext_time(b, h->end);
	/* Sessions are no messages. */
	if (h->kind != REPORT_AGGREGATE) {
		for (int i = 0; i < 4; i++)
			pgtext_str(b, NULL);
		return;
	}
	pgtext_int(b, doc->totals.records);
	pgtext_int(b, doc->totals.bad);
	pgtext_int(b, doc->totals.messages);
	pgtext_int(b, doc->totals.passes);
}

static void
put_log(struct buf *b, const struct document_row *doc, const struct item *item)
{
	const bool ok = doc->outcome == OUTCOME_STORED ||
	    doc->outcome == OUTCOME_DUPLICATE ||
	    doc->outcome == OUTCOME_FAILURE_REPORT;

	pgtext_str(b, item->name);
	pgtext_str(b, doc->part[0] == '\0' ? NULL : doc->part);
	pgtext_str(b, doc->message_id);
	pgtext_str(b, doc->mail_from);
	pgtext_int(b, (int64_t)item->size);
	pgtext_str(b, outcome_name(doc->outcome));
	pgtext_str(b, ok ? NULL : reason_name(doc->diag.reason));
	pgtext_str(b, ok ? NULL : doc->diag.text);
	pgtext_str(b, document_row_kind(doc));
	put_seen_report(b, doc);
	pgtext_end(b);
}

static enum diag_code
write_log(struct db *db, const struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	struct buf rows;
	enum diag_code code;

	buf_init(&rows, SIZE_MAX / 2);
	for (size_t i = from; i < to; i++) {
		const struct batch_item *item = batch_item(b, i);

		for (size_t k = 0; k < item->n_documents; k++)
			put_log(&rows, batch_document(b, item->documents + k),
			    &item->errand.item);
	}
	code = db_copy(db,
	    "COPY dmarc.ingest_log (source, part, message_id, mail_from, size,"
	    " outcome, reason, detail, kind, policy_domain, org_name, report_id,"
	    " begin_at, end_at, record_count, set_aside_count, message_count,"
	    " pass_count) FROM STDIN",
	    rows.data, rows.len, d);
	buf_free(&rows);
	return code;
}

/* Conflicts of one item that are told each alone, and the bytes of the item that
 * are kept for them. */
#define CONFLICTS_MAX   16
#define CONFLICTS_BYTES (16UL << 20)

/* ---- set_aside ----------------------------------------------------------- */

struct aside {
	const char *kind;
	const char *source;
	char *part; /* its own */
	enum reason reason;
	char *detail; /* its own */
	uint64_t size;
	const char *raw; /* NULL: not kept */
	size_t raw_len;
	const struct report_head *head;
	char digest[2 + 64 + 1]; /* hex form of bytea */
};

/* Of what it is and holds; key tells apart what is the same otherwise. */
static void
make_digest(struct aside *a, const char *key)
{
	struct sha256_ctx sum;
	uint8_t digest[SHA256_DIGEST_SIZE];

	sha256_init(&sum);
	sha256_update(&sum, strlen(a->kind) + 1, (const uint8_t *)a->kind);
	if (a->raw != NULL)
		sha256_update(&sum, a->raw_len, (const uint8_t *)a->raw);
	else
		sha256_update(&sum, strlen(a->source),
		    (const uint8_t *)a->source);
	if (a->raw == NULL)
		sha256_update(&sum, sizeof(a->size), (const uint8_t *)&a->size);
	sha256_update(&sum, strlen(key), (const uint8_t *)key);
	sha256_digest(&sum, sizeof(digest), digest);
	memcpy(a->digest, "\\x", 2);
	base16_encode_update(a->digest + 2, sizeof(digest), digest);
	a->digest[2 + BASE16_ENCODE_LENGTH(sizeof(digest))] = '\0';
}

static void
add_item(GArray *list, const char *kind, const struct batch_item *item,
    const struct document_row *doc, enum reason reason, const char *detail,
    const char *key)
{
	struct aside a = {
		.kind = kind,
		.source = item->errand.item.name,
		.part = mem_strdup(doc->part),
		.reason = reason,
		.detail = mem_strdup(detail),
		.size = item->errand.item.size,
		.raw = item->errand.item.bytes,
		.raw_len = item->errand.item.len,
		.head = &doc->head,
	};

	make_digest(&a, key);
	g_array_append_val(list, a);
}

static void
add_record(GArray *list, const struct batch_item *item,
    const struct document_row *doc, const struct bad_record *bad)
{
	char key[64];
	struct aside a = {
		.kind = "record",
		.source = item->errand.item.name,
		.part = mem_printf("%s%srecord %llu", doc->part,
		    doc->part[0] == '\0' ? "" : "/",
		    (unsigned long long)bad->number),
		.reason = bad->reason,
		.detail = mem_strdup(bad->detail),
		.size = strlen(bad->fields),
		.raw = bad->fields,
		.raw_len = strlen(bad->fields),
		.head = &doc->head,
	};

	(void)snprintf(key, sizeof(key), "%lld %llu", (long long)doc->report_id,
	    (unsigned long long)bad->number);
	make_digest(&a, key);
	g_array_append_val(list, a);
}

/* Whether the item is kept because of this document. */
static bool
is_kept(const struct batch_item *item, const struct document_row *doc)
{
	return doc->outcome == OUTCOME_SET_ASIDE ||
	    doc->outcome == OUTCOME_CONFLICT ||
	    (doc->outcome == OUTCOME_NOT_REPORT &&
		(doc->is_missing || item->errand.item.only_copy));
}

/* What tells the conflicts of an item apart. */
static char *
conflict_key(const struct document_row *doc)
{
	const struct report_head *h = &doc->head;

	return mem_printf("%s %s %s %lld %lld %s", h->policy_domain,
	    h->reporter, h->report_id == NULL ? "" : h->report_id,
	    (long long)h->begin, (long long)h->end, doc->part);
}

static size_t
count_kept(const struct batch *b, const struct batch_item *item)
{
	size_t n = 0;

	for (size_t k = 0; k < item->n_documents; k++)
		n += is_kept(item, batch_document(b, item->documents + k));
	return n;
}

/*
 * The item is kept once, however many of its documents are bad: they may be
 * thousands, and it may be large.  But a person decides on each conflict alone.
 */
static void
add_whole(GArray *list, const struct batch *b, const struct batch_item *item)
{
	const bool alone = count_kept(b, item) == 1;
	size_t conflicts = 0;
	bool whole = false;

	for (size_t k = 0; k < item->n_documents; k++) {
		const struct document_row *doc = batch_document(b,
		    item->documents + k);
		const bool conflict = doc->outcome == OUTCOME_CONFLICT;
		char *key;

		if (!is_kept(item, doc) || (!conflict && whole) ||
		    (conflict && conflicts > 0 &&
			(conflicts == CONFLICTS_MAX ||
			    conflicts * item->errand.item.len >
				CONFLICTS_BYTES)))
			continue;
		key = conflict && !alone ? conflict_key(doc) : mem_strdup("");
		add_item(list, "item", item, doc, doc->diag.reason,
		    doc->diag.text, key);
		free(key);
		conflicts += conflict;
		whole = whole || !conflict;
	}
}

/* Those of a duplicate lie there already. */
static void
add_bad_records(GArray *list, const struct batch *b,
    const struct batch_item *item, const struct document_row *doc)
{
	char *detail;

	if (doc->outcome != OUTCOME_STORED || doc->n_bad == 0)
		return;
	detail = mem_printf("%zu of %lld records were set aside", doc->n_bad,
	    (long long)doc->totals.records);
	add_item(list, "report", item, doc, REASON_BAD_RECORDS, detail, "");
	free(detail);
	for (size_t i = 0; i < doc->n_bad; i++)
		add_record(list, item, doc,
		    &g_array_index(b->bad, struct bad_record, doc->bad + i));
}

static enum diag_code
insert(struct db *db, const struct aside *a, struct diag *d)
{
	char size[24];
	const char *params[11] = { a->digest, a->kind, a->source,
		a->part[0] == '\0' ? NULL : a->part, reason_name(a->reason),
		a->detail, size, a->raw, a->head->policy_domain,
		a->head->org_name, a->head->report_id };

	(void)snprintf(size, sizeof(size), "%llu", (unsigned long long)a->size);
	return db_run_bytes(db, sql_store_set_aside, 11, params, 7, a->raw_len,
	    d);
}

static gint
by_digest(gconstpointer a, gconstpointer b)
{
	return strcmp(((const struct aside *)a)->digest,
	    ((const struct aside *)b)->digest);
}

/* In the order of their digests, so that two ingesters with the same things
 * wait for each other and never in a circle. */
static enum diag_code
write_asides(struct db *db, GArray *list, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	g_array_sort(list, by_digest);
	for (guint i = 0; i < list->len; i++) {
		struct aside *a = &g_array_index(list, struct aside, i);

		if (code == DIAG_OK)
			code = insert(db, a, d);
		free(a->part);
		free(a->detail);
	}
	return code;
}

enum diag_code
ledger_write(struct db *db, const struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(struct aside));
	enum diag_code code = write_log(db, b, from, to, d);

	for (size_t i = from; i < to && code == DIAG_OK; i++) {
		const struct batch_item *item = batch_item(b, i);

		add_whole(list, b, item);
		for (size_t k = 0; k < item->n_documents; k++)
			add_bad_records(list, b, item,
			    batch_document(b, item->documents + k));
	}
	if (code == DIAG_OK)
		code = write_asides(db, list, d);
	if (code == DIAG_OK)
		code = mailbox_remember(db, b, from, to, d);
	g_array_free(list, TRUE);
	return code;
}
