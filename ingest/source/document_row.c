/*
 * document_row: one document of an item, from decoding to its row in the log
 * table.
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
	case OUTCOME_FAILURE_REPORT:
		return "failure_report";
	case OUTCOME_NOT_REPORT:
		break;
	}
	return "not_report";
}

bool
document_row_is_aggregate(const struct document_row *doc)
{
	return doc->outcome == OUTCOME_STORED && doc->tls == NULL;
}

bool
document_row_is_tls(const struct document_row *doc)
{
	return doc->outcome == OUTCOME_STORED && doc->tls != NULL;
}

const char *
document_row_kind(const struct document_row *doc)
{
	if (doc->failure != NULL)
		return "failure";
	if (!doc->has_head)
		return NULL;
	return doc->head.kind == REPORT_TLS ? "tls" : "aggregate";
}

size_t
document_row_copy(struct document_row *doc, const struct tls_report *tls,
    const struct failure_report *failure)
{
	size_t of_tls = 0;
	size_t of_failure = 0;

	if (tls != NULL)
		doc->tls = tls_report_copy(tls, &of_tls);
	if (failure != NULL)
		doc->failure = failure_copy(failure, &of_failure);
	return of_tls + of_failure;
}

void
document_row_clear(struct document_row *doc)
{
	free(doc->part);
	free(doc->message_id);
	free(doc->mail_from);
	free(doc->mail_auth);
	report_head_free(&doc->head);
	tls_report_free(doc->tls);
	failure_free(doc->failure);
}
