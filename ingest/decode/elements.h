/*
 * elements: the elements of an aggregate report in either dialect (RFC 7489
 * App. C, RFC 9990 App. A), known by name and parent.
 */
#ifndef INGEST_ELEMENTS_H
#define INGEST_ELEMENTS_H

#include <stdbool.h>

enum node {
	NODE_TOP, /* outside of any report */
	NODE_UNKNOWN,
	NODE_FEEDBACK,
	NODE_VERSION,
	NODE_METADATA,
	NODE_ORG_NAME,
	NODE_EMAIL,
	NODE_CONTACT,
	NODE_REPORT_ID,
	NODE_DATE_RANGE,
	NODE_BEGIN,
	NODE_END,
	NODE_ERROR,
	NODE_GENERATOR,
	NODE_POLICY,
	NODE_POLICY_DOMAIN,
	NODE_ADKIM,
	NODE_ASPF,
	NODE_P,
	NODE_SP,
	NODE_NP,
	NODE_PCT,
	NODE_FO,
	NODE_TESTING,
	NODE_DISCOVERY,
	NODE_IGNORED,
	NODE_EXTENSION,
	NODE_RECORD,
	NODE_ROW,
	NODE_SOURCE_IP,
	NODE_COUNT,
	NODE_EVALUATED,
	NODE_DISPOSITION,
	NODE_EVAL_DKIM,
	NODE_EVAL_SPF,
	NODE_REASON,
	NODE_REASON_TYPE,
	NODE_REASON_COMMENT,
	NODE_IDENTIFIERS,
	NODE_HEADER_FROM,
	NODE_ENVELOPE_FROM,
	NODE_ENVELOPE_TO,
	NODE_AUTH_RESULTS,
	NODE_DKIM,
	NODE_SPF,
	NODE_RESULT_DOMAIN,
	NODE_QUALIFIER,
	NODE_RESULT,
	NODE_HUMAN_RESULT
};

/* The child of that name, NODE_UNKNOWN when there is none. */
enum node element_find(enum node parent, const char *name);

/* The same where a name at the same address is always the same name. */
struct element_memo {
	struct {
		const char *name;
		enum node parent;
		enum node node;
	} last[64]; /* of those that share a place, the last one asked for */
};

enum node
element_recall(struct element_memo *memo, enum node parent, const char *name);

/* No element may be in it, only text. */
bool element_is_leaf(enum node node);

/* Its text is for people: a wrong character in it changes no value. */
bool element_is_free_text(enum node node);

/* The same name; some reporters write it in another case. */
bool element_is(const char *a, const char *b);

#endif
