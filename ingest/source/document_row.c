/*
 * document_row: what is known of one document, from its decoding to its row in
 * the ledger.
 */
#include "ingest/source/document_row.h"

#include <stdlib.h>

const char *
outcome_name(enum outcome outcome)
{
	switch (outcome) {
	case OUTCOME_STORED:
		return "stored";
	case OUTCOME_DUPLICATE:
		return "duplicate";
	case OUTCOME_CONFLICT:
		return "conflict";
	case OUTCOME_SET_ASIDE:
		return "set_aside";
	case OUTCOME_NOT_REPORT:
		break;
	}
	return "not_report";
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
