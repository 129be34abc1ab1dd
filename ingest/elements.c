#include "ingest/elements.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const struct element {
	enum node parent;
	const char *name;
	enum node node;
} elements[] = {
	{ NODE_FEEDBACK, "record", NODE_RECORD },
	{ NODE_FEEDBACK, "version", NODE_VERSION },
	{ NODE_FEEDBACK, "report_metadata", NODE_METADATA },
	{ NODE_FEEDBACK, "policy_published", NODE_POLICY },
	{ NODE_FEEDBACK, "extension", NODE_EXTENSION },
	{ NODE_METADATA, "org_name", NODE_ORG_NAME },
	{ NODE_METADATA, "email", NODE_EMAIL },
	{ NODE_METADATA, "extra_contact_info", NODE_CONTACT },
	{ NODE_METADATA, "report_id", NODE_REPORT_ID },
	{ NODE_METADATA, "date_range", NODE_DATE_RANGE },
	{ NODE_METADATA, "error", NODE_ERROR },
	{ NODE_METADATA, "generator", NODE_GENERATOR },
	{ NODE_DATE_RANGE, "begin", NODE_BEGIN },
	{ NODE_DATE_RANGE, "end", NODE_END },
	{ NODE_POLICY, "domain", NODE_POLICY_DOMAIN },
	{ NODE_POLICY, "adkim", NODE_ADKIM },
	{ NODE_POLICY, "aspf", NODE_ASPF },
	{ NODE_POLICY, "p", NODE_P },
	{ NODE_POLICY, "sp", NODE_SP },
	{ NODE_POLICY, "np", NODE_NP },
	{ NODE_POLICY, "pct", NODE_PCT },
	{ NODE_POLICY, "fo", NODE_FO },
	{ NODE_POLICY, "testing", NODE_TESTING },
	{ NODE_POLICY, "t", NODE_TESTING },
	{ NODE_POLICY, "discovery_method", NODE_DISCOVERY },
	{ NODE_POLICY, "rf", NODE_IGNORED },
	{ NODE_POLICY, "ri", NODE_IGNORED },
	{ NODE_POLICY, "psd", NODE_IGNORED },
	{ NODE_RECORD, "row", NODE_ROW },
	{ NODE_RECORD, "identifiers", NODE_IDENTIFIERS },
	{ NODE_RECORD, "identities", NODE_IDENTIFIERS },
	{ NODE_RECORD, "auth_results", NODE_AUTH_RESULTS },
	{ NODE_ROW, "source_ip", NODE_SOURCE_IP },
	{ NODE_ROW, "count", NODE_COUNT },
	{ NODE_ROW, "policy_evaluated", NODE_EVALUATED },
	{ NODE_EVALUATED, "disposition", NODE_DISPOSITION },
	{ NODE_EVALUATED, "dkim", NODE_EVAL_DKIM },
	{ NODE_EVALUATED, "spf", NODE_EVAL_SPF },
	{ NODE_EVALUATED, "reason", NODE_REASON },
	{ NODE_REASON, "type", NODE_REASON_TYPE },
	{ NODE_REASON, "comment", NODE_REASON_COMMENT },
	{ NODE_IDENTIFIERS, "header_from", NODE_HEADER_FROM },
	{ NODE_IDENTIFIERS, "envelope_from", NODE_ENVELOPE_FROM },
	{ NODE_IDENTIFIERS, "envelope_to", NODE_ENVELOPE_TO },
	{ NODE_AUTH_RESULTS, "dkim", NODE_DKIM },
	{ NODE_AUTH_RESULTS, "spf", NODE_SPF },
	{ NODE_DKIM, "domain", NODE_RESULT_DOMAIN },
	{ NODE_DKIM, "selector", NODE_QUALIFIER },
	{ NODE_DKIM, "result", NODE_RESULT },
	{ NODE_DKIM, "human_result", NODE_HUMAN_RESULT },
	{ NODE_SPF, "domain", NODE_RESULT_DOMAIN },
	{ NODE_SPF, "scope", NODE_QUALIFIER },
	{ NODE_SPF, "result", NODE_RESULT },
	{ NODE_SPF, "human_result", NODE_HUMAN_RESULT },
};

bool
element_is(const char *a, const char *b)
{
	return strcmp(a, b) == 0 || strcasecmp(a, b) == 0;
}

enum node
element_find(enum node parent, const char *name)
{
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (elements[i].parent == parent &&
		    element_is(elements[i].name, name))
			return elements[i].node;
	return NODE_UNKNOWN;
}

bool
element_is_leaf(enum node node)
{
	if (node == NODE_TOP || node == NODE_UNKNOWN || node == NODE_EXTENSION)
		return false;
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		if (elements[i].parent == node)
			return false;
	return true;
}

bool
element_is_free_text(enum node node)
{
	switch (node) {
	case NODE_UNKNOWN:
	case NODE_EXTENSION:
	case NODE_IGNORED:
	case NODE_ORG_NAME:
	case NODE_EMAIL:
	case NODE_CONTACT:
	case NODE_ERROR:
	case NODE_GENERATOR:
	case NODE_REASON_COMMENT:
	case NODE_HUMAN_RESULT:
		return true;
	default:
		return false;
	}
}
