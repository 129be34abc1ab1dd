/* head: the texts of report_metadata and policy_published, as they come. */
#include "ingest/decode/head.h"

#include <stdlib.h>

#include "common/mem.h"
#include "common/num.h"

/* The first one that is not empty wins. */
static void
take(char **to, const char *text)
{
	if (*to != NULL || text[0] == '\0')
		return;
	*to = mem_strdup(text);
}

static void
take_pct(struct report_head *h, const char *text)
{
	int64_t n;

	if (text[0] == '\0' || h->pct != -1)
		return;
	if (num_int64(text, 0, 100, &n))
		h->pct = (int)n;
	else
		h->quirks |= QUIRK_BIT(QUIRK_BAD_PCT);
}

void
head_take(struct head *head, enum node node, const char *text)
{
	struct report_head *h = &head->report;
	enum head_text which;

	if (element_head_text(node, &which)) {
		h->rfc9990 = h->rfc9990 || head_fields[which].rfc9990;
		take(head_text(h, which), text);
	} else if (node == NODE_BEGIN) {
		take(&head->begin, text);
	} else if (node == NODE_END) {
		take(&head->end, text);
	} else if (node == NODE_PCT) {
		take_pct(h, text);
	} else if (node == NODE_ERROR && text[0] != '\0' &&
	    h->n_errors < LIMIT_ERRORS) {
		h->errors[h->n_errors++] = mem_strdup(text);
	}
}

void
head_free(struct head *head)
{
	report_head_free(&head->report);
	free(head->begin);
	free(head->end);
}
