/*
 * head: the texts of report_metadata and policy_published, as they come.
 *
 * Of an element that is there more than once the first that is not empty
 * counts.  What the texts are worth is found out by check_head().
 */
#ifndef INGEST_HEAD_H
#define INGEST_HEAD_H

#include "ingest/decode/elements.h"
#include "ingest/decode/report.h"

struct head {
	struct report_head report;
	char *begin; /* date_range, not yet checked */
	char *end;
};

/* Take the text of an element of SECTION_HEAD. */
void head_take(struct head *head, enum node node, const char *text);

void head_free(struct head *head);

#endif
