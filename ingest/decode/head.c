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
head_take_text(struct head *head, enum node node, const char *text)
{
	struct report_head *h = &head->report;

	switch (node) {
	case NODE_VERSION:
		take(&h->version, text);
		break;
	case NODE_ORG_NAME:
		take(&h->org_name, text);
		break;
	case NODE_EMAIL:
		take(&h->email, text);
		break;
	case NODE_CONTACT:
		take(&h->extra_contact_info, text);
		break;
	case NODE_REPORT_ID:
		take(&h->report_id, text);
		break;
	case NODE_BEGIN:
		take(&head->begin, text);
		break;
	case NODE_END:
		take(&head->end, text);
		break;
	case NODE_ERROR:
		if (text[0] != '\0' && h->n_errors < LIMIT_ERRORS)
			h->errors[h->n_errors++] = mem_strdup(text);
		break;
	case NODE_GENERATOR:
		h->rfc9990 = true;
		take(&h->generator, text);
		break;
	default:
		break;
	}
}

void
head_take_policy(struct report_head *h, enum node node, const char *text)
{
	switch (node) {
	case NODE_POLICY_DOMAIN:
		take(&h->policy_domain, text);
		break;
	case NODE_ADKIM:
		take(&h->adkim, text);
		break;
	case NODE_ASPF:
		take(&h->aspf, text);
		break;
	case NODE_P:
		take(&h->p, text);
		break;
	case NODE_SP:
		take(&h->sp, text);
		break;
	case NODE_NP:
		/* Google sends it in RFC 7489 reports, too. */
		take(&h->np, text);
		break;
	case NODE_PCT:
		take_pct(h, text);
		break;
	case NODE_FO:
		take(&h->fo, text);
		break;
	case NODE_TESTING:
		h->rfc9990 = true;
		take(&h->testing, text);
		break;
	case NODE_DISCOVERY:
		h->rfc9990 = true;
		take(&h->discovery_method, text);
		break;
	default:
		break;
	}
}

void
head_free(struct head *head)
{
	report_head_free(&head->report);
	free(head->begin);
	free(head->end);
}
