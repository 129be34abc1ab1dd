/*
 * elements: the elements of an aggregate report in either dialect (RFC 7489
 * App. C, RFC 9990 App. A), known by name and parent.
 */
#include "ingest/decode/elements.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct element {
	const char *name;
	enum node node;
};

static const struct element feedback[] = {
	{ "record", NODE_RECORD },
	{ "version", NODE_VERSION },
	{ "report_metadata", NODE_METADATA },
	{ "policy_published", NODE_POLICY },
	{ "extension", NODE_EXTENSION },
	{ NULL, NODE_UNKNOWN },
};

static const struct element metadata[] = {
	{ "org_name", NODE_ORG_NAME },
	{ "email", NODE_EMAIL },
	{ "extra_contact_info", NODE_CONTACT },
	{ "report_id", NODE_REPORT_ID },
	{ "date_range", NODE_DATE_RANGE },
	{ "error", NODE_ERROR },
	{ "generator", NODE_GENERATOR },
	{ NULL, NODE_UNKNOWN },
};

static const struct element date_range[] = {
	{ "begin", NODE_BEGIN },
	{ "end", NODE_END },
	{ NULL, NODE_UNKNOWN },
};

static const struct element policy[] = {
	{ "domain", NODE_POLICY_DOMAIN },
	{ "adkim", NODE_ADKIM },
	{ "aspf", NODE_ASPF },
	{ "p", NODE_P },
	{ "sp", NODE_SP },
	{ "np", NODE_NP },
	{ "pct", NODE_PCT },
	{ "fo", NODE_FO },
	{ "testing", NODE_TESTING },
	{ "t", NODE_TESTING },
	{ "discovery_method", NODE_DISCOVERY },
	{ "rf", NODE_IGNORED },
	{ "ri", NODE_IGNORED },
	{ "psd", NODE_IGNORED },
	{ NULL, NODE_UNKNOWN },
};

static const struct element record[] = {
	{ "row", NODE_ROW },
	{ "identifiers", NODE_IDENTIFIERS },
	{ "identities", NODE_IDENTIFIERS },
	{ "auth_results", NODE_AUTH_RESULTS },
	{ NULL, NODE_UNKNOWN },
};

static const struct element row[] = {
	{ "source_ip", NODE_SOURCE_IP },
	{ "count", NODE_COUNT },
	{ "policy_evaluated", NODE_EVALUATED },
	{ NULL, NODE_UNKNOWN },
};

static const struct element evaluated[] = {
	{ "disposition", NODE_DISPOSITION },
	{ "dkim", NODE_EVAL_DKIM },
	{ "spf", NODE_EVAL_SPF },
	{ "reason", NODE_REASON },
	{ NULL, NODE_UNKNOWN },
};

static const struct element reason[] = {
	{ "type", NODE_REASON_TYPE },
	{ "comment", NODE_REASON_COMMENT },
	{ NULL, NODE_UNKNOWN },
};

static const struct element identifiers[] = {
	{ "header_from", NODE_HEADER_FROM },
	{ "envelope_from", NODE_ENVELOPE_FROM },
	{ "envelope_to", NODE_ENVELOPE_TO },
	{ NULL, NODE_UNKNOWN },
};

static const struct element auth_results[] = {
	{ "dkim", NODE_DKIM },
	{ "spf", NODE_SPF },
	{ NULL, NODE_UNKNOWN },
};

static const struct element dkim[] = {
	{ "domain", NODE_RESULT_DOMAIN },
	{ "selector", NODE_QUALIFIER },
	{ "result", NODE_RESULT },
	{ "human_result", NODE_HUMAN_RESULT },
	{ NULL, NODE_UNKNOWN },
};

static const struct element spf[] = {
	{ "domain", NODE_RESULT_DOMAIN },
	{ "scope", NODE_QUALIFIER },
	{ "result", NODE_RESULT },
	{ "human_result", NODE_HUMAN_RESULT },
	{ NULL, NODE_UNKNOWN },
};

static const struct element nothing[] = { { NULL, NODE_UNKNOWN } };

/* What may be in an element; where nothing is named, only text. */
static const struct element *const children[] = {
	[NODE_TOP] = nothing,
	[NODE_UNKNOWN] = nothing,
	[NODE_EXTENSION] = nothing,
	[NODE_FEEDBACK] = feedback,
	[NODE_METADATA] = metadata,
	[NODE_DATE_RANGE] = date_range,
	[NODE_POLICY] = policy,
	[NODE_RECORD] = record,
	[NODE_ROW] = row,
	[NODE_EVALUATED] = evaluated,
	[NODE_REASON] = reason,
	[NODE_IDENTIFIERS] = identifiers,
	[NODE_AUTH_RESULTS] = auth_results,
	[NODE_DKIM] = dkim,
	[NODE_SPF] = spf,
	[NODE_HUMAN_RESULT] = NULL,
};

bool
element_is(const char *a, const char *b)
{
	return strcmp(a, b) == 0 || strcasecmp(a, b) == 0;
}

enum node
element_find(enum node parent, const char *name)
{
	const struct element *e;

	if (children[parent] == NULL)
		return NODE_UNKNOWN;
	/* Nearly all write the names as they should. */
	for (e = children[parent]; e->name != NULL; e++)
		if (e->name[0] == name[0] && strcmp(e->name, name) == 0)
			return e->node;
	for (e = children[parent]; e->name != NULL; e++)
		if (strcasecmp(e->name, name) == 0)
			return e->node;
	return NODE_UNKNOWN;
}

enum node
element_recall(struct element_memo *memo, enum node parent, const char *name)
{
	const size_t place = ((uintptr_t)name + 37 * (size_t)parent) %
	    (sizeof(memo->last) / sizeof(memo->last[0]));

	if (memo->last[place].name != name ||
	    memo->last[place].parent != parent) {
		memo->last[place].name = name;
		memo->last[place].parent = parent;
		memo->last[place].node = element_find(parent, name);
	}
	return memo->last[place].node;
}

bool
element_is_leaf(enum node node)
{
	return children[node] == NULL;
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
