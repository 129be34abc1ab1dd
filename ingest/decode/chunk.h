/*
 * chunk: records of a report and their profiles, put together in pieces that
 * travel on.
 */
#ifndef INGEST_CHUNK_H
#define INGEST_CHUNK_H

#include <stdbool.h>

#include "ingest/decode/profile_memo.h"
#include "ingest/decode/raw_record.h"
#include "ingest/decode/report.h"

/* Builds chunks of records; see chunker_add(). */
struct chunker;

/* memo is the chunker's alone until chunker_free(). */
struct chunker *chunker_new(struct profile_memo *memo);
void chunker_free(struct chunker *c); /* NULL is fine */

/*
 * Add a record of the report with this head.  A record that cannot be used
 * (no valid count) goes to the chunk's bad ones, with the reason.  totals and
 * head->quirks are kept up.
 */
void chunker_add(struct chunker *c, const struct raw_record *raw,
    struct report_head *head, struct report_totals *totals);

/* Add a record that is known to be bad. */
void chunker_add_bad(struct chunker *c, const struct raw_record *raw,
    struct report_totals *totals, enum reason reason, const char *detail);

/* It is time to hand the chunk on. */
bool chunker_is_full(const struct chunker *c);

/* Bytes of text in all chunks of the report so far. */
size_t chunker_text(const struct chunker *c);

/* What there is; valid until the next call that changes it. */
const struct chunk *chunker_chunk(struct chunker *c);
void chunker_clear(struct chunker *c);

/* The fingerprint of a whole report, over head and all records added. */
void chunker_hash(const struct chunker *c, const struct report_head *head,
    const struct report_totals *totals, unsigned char out[32]);

#endif
