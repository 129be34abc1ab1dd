/*
 * document_row: what is known of one document, from its decoding to its row in
 * the ledger.
 */
#include "ingest/source/document_row.h"

#include <stdlib.h>

static const char *const outcomes[] = {
	[OUTCOME_STORED] = "stored",
	[OUTCOME_DUPLICATE] = "duplicate",
	[OUTCOME_CONFLICT] = "conflict",
	[OUTCOME_SET_ASIDE] = "set_aside",
	[OUTCOME_NOT_REPORT] = "not_report",
};

const char *
outcome_name(enum outcome outcome)
{
	return outcomes[outcome];
}

void
document_row_clear(struct document_row *doc)
{
	free(doc->part);
	free(doc->message_id);
	free(doc->mail_from);
	free(doc->mail_auth);
	report_head_free(&doc->head);
}
