/*
 * batch: what was decoded and waits for the next commit.
 *
 * A batch has items, an item has documents, and a document that is a report has
 * records.  The batch's sink receives what decode() produces. store.c writes it
 * in one transaction or, when the database refuses something in it, item by
 * item.
 */
#ifndef INGEST_BATCH_H
#define INGEST_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "common/buf.h"
#include "ingest/decode/decode.h"
#include "ingest/source/document_row.h"
#include "ingest/source/errand.h"
#include "ingest/limits.h"
#include "ingest/decode/report.h"
#include "ingest/source/source.h"

struct batch_profile {
	unsigned char digest[32];
	size_t row; /* where its COPY row lies in batch.profile_rows */
	size_t row_len;
};

struct batch_item {
	struct errand errand;
	size_t documents; /* first one in batch.documents, and how many */
	size_t n_documents;
	bool is_left; /* could not be written, nothing is reported */
};

/* From the head of the document that is being decoded. */
struct batch_at_hand {
	char domain[LIMIT_DOMAIN + 1];
	int64_t day; /* report_day() */
};

struct batch {
	GArray *items;             /* struct batch_item */
	GArray *documents;         /* struct document_row */
	GArray *bad;               /* struct bad_record */
	GArray *profiles;          /* struct batch_profile */
	GHashTable *profile_index; /* digest to number + 1 */
	struct buf profile_rows;
	/* see packed.h; profiles have the batch's own numbers */
	struct buf records;
	size_t n_records;
	size_t bytes;                 /* of all items */
	size_t text;                  /* of bad records */
	size_t document_bytes;        /* of documents, and of their texts */
	struct batch_at_hand at_hand; /* if it has records */
	uint64_t forgotten; /* how often the sink was told to forget */
	/* where the document at hand begins, and the item */
	size_t records_mark;
	size_t n_records_mark;
	size_t bad_mark;
	size_t profiles_mark;
	size_t documents_mark;
	size_t held_mark; /* what was held when the item began */
};

/* Memory of malloc() for a text, besides its bytes. */
#define BATCH_TEXT_COST 32UL

struct batch *batch_new(void);
void batch_free(struct batch *b); /* NULL is fine */
void batch_clear(struct batch *b);
bool batch_is_full(const struct batch *b);

/* Bytes of its items, and of what was decoded from them. */
size_t batch_weight(const struct batch *b);

/* Memory that the current item takes so far, with all overhead. */
size_t batch_held_at_hand(const struct batch *b);

/* How many records the current document has so far. */
size_t batch_records_at_hand(const struct batch *b);

/*
 * The sink for the documents of the item that will be added next.  It says stop
 * when one item takes more memory than LIMIT_HELD; batch_undo() frees that.
 */
struct decode_sink batch_sink(struct batch *b);

/* Drop everything that the sink has received since the last item. */
void batch_undo(struct batch *b);

/*
 * Add the item, which the batch owns from now on, with what the sink has
 * received for it, or with what an earlier run stored of it.  It is set aside
 * whole if it is too large, or if why has a code: it could not be decoded.
 */
void batch_add(struct batch *b, struct errand *errand, const struct diag *why);

/* The number of documents of item i, and one of them. */
struct batch_item *batch_item(const struct batch *b, size_t i);
struct document_row *batch_document(const struct batch *b, size_t i);

/* The documents of items from..to-1, which are consecutive. */
struct span {
	size_t from;
	size_t to;
};

struct span batch_span(const struct batch *b, size_t from, size_t to);

/*
 * The database refused item i: none of its reports is to be stored, all are
 * set aside with this reason.
 */
void batch_refuse(struct batch *b, size_t i, const struct diag *why);

/* What became of item i, once its outcomes are final. */
enum fate batch_fate(const struct batch *b, size_t i);

#endif
