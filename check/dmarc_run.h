/*
 * dmarc_run: what the parts of one check of a DMARC record share.
 */
#ifndef CHECK_DMARC_RUN_H
#define CHECK_DMARC_RUN_H

#include "check/dmarc_record.h"
#include "check/dmarc_words.h"
#include "check/tags.h"

struct dmarc_run {
	struct findings *f;
	struct tags tags;
	struct dmarc_record *out;
	struct dmarc_words words; /* the repaired record */
	bool seen[16];            /* by the number of the name */
};

/* One tag with a value: its finding, what it says, its repaired form. */
void dmarc_run_tag(struct dmarc_run *r, struct tag_part name,
    struct tag_part value, struct tag_part all);

/* What tags say together. */
void dmarc_run_together(struct dmarc_run *r);

/* The name of a tag of DMARC that the part is, in any case, or NULL. */
const char *dmarc_tag_name(const struct tags *t, struct tag_part p);

#endif
