/*
 * elements: the elements of an aggregate report in either dialect (RFC 7489
 * App. C, RFC 9990 App. A), known by name and parent.
 */
#include "ingest/decode/elements.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

struct element {
	const char *name;
	enum node node;
};

static const struct element feedback[] = {
	{ "record", NODE_RECORD },
	{ "version", NODE_HEAD_TEXT + HEAD_VERSION },
	{ "report_metadata", NODE_METADATA },
	{ "policy_published", NODE_POLICY },
	{ "extension", NODE_EXTENSION },
	{ "records", NODE_RECORDS },
	{ NULL, NODE_UNKNOWN },
};

static const struct element records[] = {
	{ "record", NODE_RECORD },
	{ NULL, NODE_UNKNOWN },
};

static const struct element metadata[] = {
	{ "org_name", NODE_HEAD_TEXT + HEAD_ORG_NAME },
	{ "email", NODE_HEAD_TEXT + HEAD_EMAIL },
	{ "extra_contact_info", NODE_HEAD_TEXT + HEAD_CONTACT },
	{ "report_id", NODE_HEAD_TEXT + HEAD_REPORT_ID },
	{ "date_range", NODE_DATE_RANGE },
	{ "error", NODE_ERROR },
	{ "generator", NODE_HEAD_TEXT + HEAD_GENERATOR },
	{ NULL, NODE_UNKNOWN },
};

static const struct element date_range[] = {
	{ "begin", NODE_BEGIN },
	{ "end", NODE_END },
	{ NULL, NODE_UNKNOWN },
};

static const struct element policy[] = {
	{ "domain", NODE_HEAD_TEXT + HEAD_POLICY_DOMAIN },
	{ "adkim", NODE_HEAD_TEXT + HEAD_ADKIM },
	{ "aspf", NODE_HEAD_TEXT + HEAD_ASPF },
	{ "p", NODE_HEAD_TEXT + HEAD_P },
	{ "sp", NODE_HEAD_TEXT + HEAD_SP },
	{ "np", NODE_HEAD_TEXT + HEAD_NP },
	{ "pct", NODE_PCT },
	{ "fo", NODE_HEAD_TEXT + HEAD_FO },
	{ "testing", NODE_HEAD_TEXT + HEAD_TESTING },
	{ "t", NODE_HEAD_TEXT + HEAD_TESTING },
	{ "discovery_method", NODE_HEAD_TEXT + HEAD_DISCOVERY },
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

/* What is known of an element.  Where no children are named, only text may be
 * in it. */
static const struct kind_of_element {
	enum section section;
	const struct element *children;
	bool free_text;
} kinds[] = {
	[NODE_TOP] = { SECTION_NONE, nothing },
	[NODE_UNKNOWN] = { SECTION_NONE, nothing, .free_text = true },
	[NODE_EXTENSION] = { SECTION_NONE, nothing, .free_text = true },
	[NODE_IGNORED] = { SECTION_NONE, .free_text = true },
	[NODE_FEEDBACK] = { SECTION_NONE, feedback },
	[NODE_METADATA] = { SECTION_NONE, metadata },
	[NODE_DATE_RANGE] = { SECTION_NONE, date_range },
	[NODE_BEGIN] = { SECTION_HEAD },
	[NODE_END] = { SECTION_HEAD },
	[NODE_ERROR] = { SECTION_HEAD, .free_text = true },
	[NODE_POLICY] = { SECTION_NONE, policy },
	[NODE_PCT] = { SECTION_HEAD },
	[NODE_RECORDS] = { SECTION_NONE, records },
	[NODE_RECORD] = { SECTION_NONE, record },
	[NODE_ROW] = { SECTION_NONE, row },

	[NODE_SOURCE_IP] = { SECTION_RECORD },
	[NODE_COUNT] = { SECTION_RECORD },
	[NODE_EVALUATED] = { SECTION_NONE, evaluated },
	[NODE_DISPOSITION] = { SECTION_RECORD },
	[NODE_EVAL_DKIM] = { SECTION_RECORD },
	[NODE_EVAL_SPF] = { SECTION_RECORD },
	[NODE_REASON] = { SECTION_RECORD, reason }, /* some write text in it */
	[NODE_REASON_TYPE] = { SECTION_RECORD },
	[NODE_REASON_COMMENT] = { SECTION_RECORD, .free_text = true },
	[NODE_IDENTIFIERS] = { SECTION_NONE, identifiers },
	[NODE_HEADER_FROM] = { SECTION_RECORD },
	[NODE_ENVELOPE_FROM] = { SECTION_RECORD },
	[NODE_ENVELOPE_TO] = { SECTION_RECORD },
	[NODE_AUTH_RESULTS] = { SECTION_NONE, auth_results },
	[NODE_DKIM] = { SECTION_NONE, dkim },
	[NODE_SPF] = { SECTION_NONE, spf },
	[NODE_RESULT_DOMAIN] = { SECTION_RECORD },
	[NODE_QUALIFIER] = { SECTION_RECORD },
	[NODE_RESULT] = { SECTION_RECORD },
	[NODE_HUMAN_RESULT] = { SECTION_RECORD, .free_text = true },
};

_Static_assert(sizeof(kinds) == NODE_HEAD_TEXT * sizeof(kinds[0]),
    "the last element has no row");

bool
element_is(const char *a, const char *b)
{
	return strcmp(a, b) == 0 || strcasecmp(a, b) == 0;
}

bool
element_head_text(enum node node, enum head_text *which)
{
	if (node < NODE_HEAD_TEXT)
		return false;
	*which = (enum head_text)(node - NODE_HEAD_TEXT);
	return true;
}

enum section
element_section(enum node node)
{
	return node < NODE_HEAD_TEXT ? kinds[node].section : SECTION_HEAD;
}

static const struct element *
children_of(enum node node)
{
	return node < NODE_HEAD_TEXT ? kinds[node].children : NULL;
}

bool
element_is_leaf(enum node node)
{
	return children_of(node) == NULL;
}

enum node
element_find(enum node parent, const char *name)
{
	const struct element *children = children_of(parent);
	const struct element *e;

	if (children == NULL)
		return NODE_UNKNOWN;
	/* Nearly all write the names as they should. */
	for (e = children; e->name != NULL; e++)
		if (e->name[0] == name[0] && strcmp(e->name, name) == 0)
			return e->node;
	for (e = children; e->name != NULL; e++)
		if (strcasecmp(e->name, name) == 0)
			return e->node;
	return NODE_UNKNOWN;
}

bool
element_is_free_text(enum node node)
{
	enum head_text which;

	if (element_head_text(node, &which))
		return head_fields[which].free_text;
	return kinds[node].free_text;
}
