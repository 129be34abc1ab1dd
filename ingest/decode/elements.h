/*
 * elements: the elements of an aggregate report in either dialect (RFC 7489
 * App. C, RFC 9990 App. A), known by name and parent.
 */
#ifndef INGEST_ELEMENTS_H
#define INGEST_ELEMENTS_H

#include <stdbool.h>

#include "ingest/decode/report.h"

/*
 * What an element is.  A text of the head is NODE_HEAD_TEXT plus its enum
 * head_text; all others have a row in elements.c.
 */
enum node {
	NODE_TOP, /* outside of any report */
	NODE_UNKNOWN,
	NODE_EXTENSION,
	NODE_IGNORED,
	NODE_FEEDBACK,
	NODE_METADATA,
	NODE_DATE_RANGE,
	NODE_BEGIN,
	NODE_END,
	NODE_ERROR,
	NODE_POLICY,
	NODE_PCT,
	NODE_RECORDS, /* around all of them; no standard knows it */
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
	NODE_HUMAN_RESULT,
	NODE_HEAD_TEXT
};

/* Who takes the text of an element. */
enum section {
	SECTION_FORGOTTEN, /* no row: t_elements.c fails */
	SECTION_NONE,      /* nobody */
	SECTION_HEAD,      /* head_take() */
	SECTION_RECORD     /* record_take_text() */
};

/* The child of that name, NODE_UNKNOWN when there is none. */
enum node element_find(enum node parent, const char *name);

enum section element_section(enum node node);

/* Whether it is a text of the head, and which. */
bool element_head_text(enum node node, enum head_text *which);

/* No element may be in it, only text. */
bool element_is_leaf(enum node node);

/* Its text is for people: a wrong character in it changes no value. */
bool element_is_free_text(enum node node);

/* The same name; some reporters write it in another case. */
bool element_is(const char *a, const char *b);

#endif
