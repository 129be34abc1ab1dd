/*
 * tell: logs what became of each item, and counts it.
 */
#ifndef INGEST_TELL_H
#define INGEST_TELL_H

#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"
#include "ingest/store/batch.h"

struct run_counts {
	uint64_t items;
	uint64_t stored;
	uint64_t duplicates;
	uint64_t conflicts;
	uint64_t set_aside;
	uint64_t bad_records;
	uint64_t failure_reports;
	uint64_t not_reports;
	uint64_t problems; /* sources, files or items that are not done */
	/* RETRY or CONFIG: the worst of these problems, by who can fix it. */
	enum diag_code worst;
	int64_t messages;       /* in the stored reports */
	unsigned left_in_a_row; /* items that the database did not get done */
};

/* Count item i and its documents, and print a line where one is needed. */
void tell_item(struct run_counts *counts, const struct batch *b, size_t i);

/* Item i is left for the next run, and why. */
void tell_left(struct run_counts *counts, const struct batch *b, size_t i,
    const struct diag *why);

#endif
