/*
 * batch: what was decoded and waits for the next commit.
 *
 * A batch is a row of items; an item has documents; a document that is a
 * report has records.  It fills by way of its sink, which takes what decode()
 * hands out, and is written by store.c, whole or, when the database refuses
 * something in it, item by item.
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
	bool is_left; /* could not be written, nobody is told */
};

/* What the head says of the document that is being decoded, so far. */
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
	uint64_t forgotten;           /* how often something was taken back */
	/* where the document at hand begins, and the item */
	size_t records_mark;
	size_t n_records_mark;
	size_t bad_mark;
	size_t profiles_mark;
	size_t documents_mark;
	size_t held_mark; /* what was held when the item began */
};

struct batch *batch_new(void);
void batch_free(struct batch *b); /* NULL is fine */
void batch_clear(struct batch *b);
bool batch_is_full(const struct batch *b);

/* How many bytes its items have, and what was decoded of them. */
size_t batch_weight(const struct batch *b);

/* What the item at hand takes of memory so far, with all overhead. */
size_t batch_held_at_hand(const struct batch *b);

/* How many records the document at hand has so far. */
size_t batch_records_at_hand(const struct batch *b);

/*
 * Where to hand what is in the item that will be added next.  It says stop
 * when one item takes more memory than LIMIT_HELD; batch_undo() gives that
 * back.
 */
struct decode_sink batch_sink(struct batch *b);

/* Forget what was handed there since the last item, if anything was. */
void batch_undo(struct batch *b);

/*
 * What was handed there is this item's, which the batch owns from now on; or
 * it is known without that.  It is set aside whole when it is too large, and
 * when why has a code: it could not be decoded.
 */
void batch_add(struct batch *b, struct errand *errand, const struct diag *why);

/* The number of documents of item i, and one of them. */
struct batch_item *batch_item(const struct batch *b, size_t i);
struct document_row *batch_document(const struct batch *b, size_t i);

/* The documents of items from..to-1, which lie one behind the other. */
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
