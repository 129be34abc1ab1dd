/*
 * record_builder: one record in the making, from the elements below it.
 *
 * Of an element that comes more than once the first that says something
 * counts; of two counts nobody knows which is right.
 */
#ifndef INGEST_RECORD_BUILDER_H
#define INGEST_RECORD_BUILDER_H

#include <stdint.h>

#include "ingest/decode/elements.h"
#include "ingest/decode/raw_record.h"

struct record_builder;

struct record_builder *record_builder_new(void);
void record_builder_free(struct record_builder *b); /* NULL is fine */

/* The next record; what the one before it was is forgotten. */
void record_begin(struct record_builder *b);

/* A result or a reason begins; oddities are added to *quirks. */
void record_enter(struct record_builder *b, enum node node, uint64_t *quirks);

/* The text of an element below the record, which has ended: text[0..len) and
 * a NUL. */
void record_take_text(struct record_builder *b, enum node node,
    const char *text, size_t len, uint64_t *quirks);

/* It cannot be used, and why; the last reason stays. */
void record_spoil(struct record_builder *b, const char *why);
const char *record_spoilt(const struct record_builder *b); /* NULL: it can */

/* As it is; its texts are the builder's, and gone with the next record. */
const struct raw_record *record_raw(const struct record_builder *b);

#endif
