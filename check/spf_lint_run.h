/*
 * spf_lint_run: what the parts of one check of an SPF record share.
 */
#ifndef CHECK_SPF_LINT_RUN_H
#define CHECK_SPF_LINT_RUN_H

#include "check/finding.h"
#include "check/spf_record.h"
#include "common/buf.h"

struct spf_lint_run {
	struct findings *f;
	const char *domain;
	struct spf_record r;
	struct buf words; /* the repaired record, before it is put in order */
};

/* A part of the record as a mark. */
static inline struct tag_part
spf_lint_mark(struct spf_part p)
{
	return (struct tag_part){ p.at, p.len };
}

/* Each term by itself; fills words. */
void spf_lint_terms(struct spf_lint_run *l);

/* What the order and the size of the terms say. */
void spf_lint_order(struct spf_lint_run *l);

#endif
