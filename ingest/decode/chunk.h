/*
 * chunk: records of a report and their profiles, in pieces of bounded size.
 */
#ifndef INGEST_CHUNK_H
#define INGEST_CHUNK_H

#include <stdbool.h>

#include "ingest/decode/profile_memo.h"
#include "ingest/decode/raw_record.h"
#include "ingest/decode/report.h"

/* Collects records into chunks; see chunker_add(). */
struct chunker;

/* Nobody else may use memo until chunker_free(). */
struct chunker *chunker_new(struct profile_memo *memo);
void chunker_free(struct chunker *c); /* NULL is fine */

/*
 * Add a record of the report with this head.  A record that cannot be used (no
 * valid count) is added to the bad ones of the chunk, with the reason. totals
 * and head->quirks are updated.
 */
void chunker_add(struct chunker *c, const struct raw_record *raw,
    struct report_head *head, struct report_totals *totals);

/* Add a record that is known to be bad. */
void chunker_add_bad(struct chunker *c, const struct raw_record *raw,
    struct report_totals *totals, enum reason reason, const char *detail);

/* The chunk is full: pass it on. */
bool chunker_is_full(const struct chunker *c);

/* Bytes of text in all chunks of the report so far. */
size_t chunker_text(const struct chunker *c);

/* The chunk; valid until the chunker changes. */
const struct chunk *chunker_chunk(struct chunker *c);
void chunker_clear(struct chunker *c);

/* The fingerprint of a whole report, over head and all records added. */
void chunker_hash(const struct chunker *c, const struct report_head *head,
    const struct report_totals *totals, unsigned char out[32]);

#endif
