/*
 * aggregate: XML events to an aggregate report, in either dialect (RFC 7489
 * App. C, RFC 9990 App. A) and every mix of them.
 */
#include "ingest/decode/aggregate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"
#include "common/num.h"
#include "ingest/decode/check.h"
#include "ingest/decode/chunk.h"
#include "ingest/decode/elements.h"
#include "ingest/decode/head.h"
#include "ingest/limits.h"
#include "ingest/decode/record_builder.h"

struct aggregate {
	struct report_sink sink;
	struct xml *xml;
	bool recovering;

	/* where we are: the path from the top; beyond its end: unknown */
	enum node path[LIMIT_XML_DEPTH + 2];
	size_t depth;
	bool found;    /* a feedback element was met */
	bool complete; /* and ended */
	bool after;    /* a second one was met */
	char root[64]; /* the root element, when it is another */

	/* the head */
	struct head head;
	bool has_hidden_record; /* in an element that is skipped */
	bool has_metadata;
	bool has_policy;
	bool head_is_good; /* the head is checked and good */
	bool head_only;    /* records came first: only the head is read */
	struct diag head_diag;

	/* the record at hand */
	struct record_builder *record;
	size_t errors_before;
	size_t errors_at_start; /* of the element at hand */
	bool damaged;           /* its XML, or that of one before it */

	struct chunker *chunker;
	struct report_totals totals;
};

/* ---- texts ------------------------------------------------------------ */

static bool
is_space(char c)
{
	const unsigned char byte = (unsigned char)c;

	/* One comparison for nearly all of them. */
	return !(byte > ' ' && byte < 0x7f) && byte < 0x80;
}

/* Trim, and one blank for any run of white space or control characters;
 * returns the length. */
static size_t
clean(char *s, size_t len)
{
	size_t k = 0;

	/* As a rule there is nothing to do. */
	while (k < len && !is_space(s[k]))
		k++;
	for (size_t i = k; i < len; i++) {
		if (!is_space(s[i]))
			s[k++] = s[i];
		else if (k > 0 && s[k - 1] != ' ')
			s[k++] = ' ';
	}
	if (k > 0 && s[k - 1] == ' ')
		k--;
	s[k] = '\0';
	return k;
}

/* ---- the head --------------------------------------------------------- */

/* The first record begins: from here on the head must be valid. */
static void
accept_head(struct aggregate *a)
{
	if (a->head_is_good || a->head_only)
		return;
	if (check_head(&a->head.report, a->head.begin, a->head.end,
		&a->head_diag) == DIAG_OK)
		a->head_is_good = true;
	else
		a->head_only = true;
}

/* ---- records ---------------------------------------------------------- */

static void
begin_record(struct aggregate *a)
{
	accept_head(a);
	record_begin(a->record);
	a->errors_before = xml_errors(a->xml);
}

static bool
hand_on(struct aggregate *a)
{
	struct diag d;
	bool ok = a->sink.chunk(a->sink.ctx, &a->head.report,
	    chunker_chunk(a->chunker));

	chunker_clear(a->chunker);
	if (ok)
		return true;
	(void)diag_set(&d, DIAG_RETRY, REASON_STOPPED, "stopped");
	xml_stop(a->xml, &d);
	return false;
}

static void
limit(struct aggregate *a, enum reason reason, const char *text)
{
	struct diag d;

	(void)diag_set(&d, DIAG_LIMIT, reason, "%s", text);
	xml_stop(a->xml, &d);
}

static void
end_record(struct aggregate *a)
{
	if (a->head_only)
		return;
	if (xml_errors(a->xml) != a->errors_before)
		a->damaged = true;
	if (record_spoilt(a->record) != NULL)
		chunker_add_bad(a->chunker, record_raw(a->record), &a->totals,
		    REASON_BROKEN_RECORD, record_spoilt(a->record));
	else
		chunker_add(a->chunker, record_raw(a->record), &a->head.report,
		    &a->totals);
	if (a->totals.records > LIMIT_RECORDS)
		limit(a, REASON_TOO_MANY_RECORDS,
		    "report has too many records");
	else if (a->totals.bad > LIMIT_BAD_RECORDS)
		limit(a, REASON_TOO_MANY_BAD_RECORDS,
		    "report has too many records that cannot be read");
	else if (chunker_text(a->chunker) > LIMIT_REPORT_TEXT)
		limit(a, REASON_TOO_MUCH_TEXT, "report has too much text");
	else if (chunker_is_full(a->chunker))
		(void)hand_on(a);
}

/* ---- events ----------------------------------------------------------- */

static void
begin_feedback(struct aggregate *a, const char *uri)
{
	a->found = true;
	if (uri != NULL && strcmp(uri, "urn:ietf:params:xml:ns:dmarc-2.0") == 0)
		a->head.report.rfc9990 = true;
}

/* Preparation for the element that begins. */
static void
enter(struct aggregate *a, enum node node, const char *name, const char *uri)
{
	struct report_head *h = &a->head.report;

	switch (node) {
	case NODE_FEEDBACK:
		begin_feedback(a, uri);
		break;
	case NODE_METADATA:
		if (a->has_metadata)
			h->quirks |= QUIRK_BIT(QUIRK_REPEATED_SECTION);
		a->has_metadata = true;
		break;
	case NODE_POLICY:
		if (a->has_policy)
			h->quirks |= QUIRK_BIT(QUIRK_REPEATED_SECTION);
		a->has_policy = true;
		break;
	case NODE_RECORD:
		begin_record(a);
		break;
	case NODE_IDENTIFIERS:
		if (element_is(name, "identities"))
			h->quirks |= QUIRK_BIT(QUIRK_IDENTITIES);
		break;
	case NODE_REASON:
	case NODE_DKIM:
	case NODE_SPF:
		record_enter(a->record, node, &h->quirks);
		break;
	case NODE_EXTENSION:
		h->rfc9990 = true;
		break;
	case NODE_RECORDS:
	case NODE_UNKNOWN:
		h->quirks |= QUIRK_BIT(QUIRK_UNKNOWN_ELEMENT);
		break;
	default:
		break;
	}
}

static void
on_start(void *ctx, const char *name, const char *uri)
{
	struct aggregate *a = ctx;
	const enum node parent = a->path[a->depth];
	enum node node;

	if (parent == NODE_TOP) {
		node = element_is(name, "feedback") ? NODE_FEEDBACK : NODE_TOP;
		if (a->root[0] == '\0')
			(void)snprintf(a->root, sizeof(a->root), "%s", name);
	} else if (parent == NODE_UNKNOWN || parent == NODE_EXTENSION) {
		/* inside an unknown element: skip it */
		if (parent == NODE_UNKNOWN && element_is(name, "record"))
			a->has_hidden_record = true;
		a->path[++a->depth] = parent;
		return;
	} else {
		node = element_find(parent, name);
	}
	/* After the records it is an extension. */
	if (node == NODE_RECORDS && a->totals.records > 0)
		node = NODE_UNKNOWN;
	if (a->depth + 1 >= sizeof(a->path) / sizeof(a->path[0]))
		return; /* xml.c ends it at this depth */
	a->path[++a->depth] = node;
	a->errors_at_start = xml_all_errors(a->xml);
	if (node == NODE_UNKNOWN && element_is(name, "record"))
		record_spoil(a->record, "has a record in it");
	if (node == NODE_UNKNOWN && element_is_leaf(parent))
		record_spoil(a->record, "has elements where text belongs");
	if (node != NODE_TOP && !(a->after || a->complete))
		enter(a, node, name, uri);
	else if (node == NODE_FEEDBACK)
		a->after = true;
}

static void
take_text(struct aggregate *a, enum node node, const char *text, size_t len)
{
	if (element_section(node) == SECTION_RECORD)
		record_take_text(a->record, node, text, len,
		    &a->head.report.quirks);
	/* The head is fixed when the first record has come. */
	else if (!a->head_is_good)
		head_take(&a->head, node, text);
}

static void
on_end(void *ctx, char *text, size_t len, bool cut)
{
	struct aggregate *a = ctx;
	enum node node;

	if (a->depth == 0)
		return;
	node = a->path[a->depth--];
	if (node == NODE_TOP || a->after || a->complete)
		return;
	if (cut)
		a->head.report.quirks |= QUIRK_BIT(QUIRK_VALUE_CUT);
	if (element_section(node) == SECTION_NONE) {
		if (node == NODE_RECORD)
			end_record(a);
		else if (node == NODE_FEEDBACK)
			a->complete = true;
		return;
	}
	if (xml_all_errors(a->xml) != a->errors_at_start &&
	    element_is_leaf(node) && !element_is_free_text(node))
		a->damaged = true;
	len = clean(text, len);
	take_text(a, node, text, len);
}

/* ---- the module ------------------------------------------------------- */

struct aggregate *
aggregate_open(struct profile_memo *memo, const struct report_sink *sink,
    struct report_head *known, bool recovering)
{
	const struct xml_handler handler = { NULL, on_start, on_end };
	struct aggregate *a = mem_calloc(1, sizeof(*a));
	struct xml_handler h = handler;

	a->sink = *sink;
	a->recovering = recovering;
	a->head.report.pct = -1;
	a->record = record_builder_new();
	a->chunker = chunker_new(memo);
	if (known != NULL) {
		a->head.report = *known;
		*known = (struct report_head){ .pct = -1 };
		a->head_is_good = true;
	}
	h.ctx = a;
	a->xml = xml_open(&h, recovering);
	return a;
}

void
aggregate_close(struct aggregate *a)
{
	if (a == NULL)
		return;
	xml_close(a->xml);
	chunker_free(a->chunker);
	head_free(&a->head);
	record_builder_free(a->record);
	free(a);
}

enum diag_code
aggregate_read(struct aggregate *a, const struct xml_source *source,
    struct diag *d)
{
	return xml_read(a->xml, source, d);
}

bool
aggregate_is_complete(const struct aggregate *a)
{
	return a->complete;
}

/* There was no feedback element: report what it is instead. */
static enum aggregate_end
other(struct aggregate *a, bool failed, struct diag *d)
{
	if (failed && d->code == DIAG_LIMIT)
		return AGGREGATE_BAD;
	if (failed && !xml_has_root(a->xml))
		return AGGREGATE_NOTHING;
	if (element_is(a->root, "html"))
		(void)diag_set(d, DIAG_FORMAT, REASON_HTML, "HTML");
	else
		(void)diag_set(d, DIAG_FORMAT, REASON_XML_OTHER,
		    "XML, but no DMARC report: its root is <%s>", a->root);
	return AGGREGATE_OTHER;
}

/*
 * A report from broken XML can be used only if it has records, all of them are
 * complete, and the damage lies outside of them.  The content of a damaged
 * record is unknown, and a report without some of its records has wrong sums.
 */
static bool
is_beyond_salvage(const struct aggregate *a)
{
	return a->recovering &&
	    (a->damaged ||
		record_raw(a->record)->number != (uint64_t)a->totals.records ||
		a->totals.records == a->totals.bad);
}

enum aggregate_end
aggregate_finish(struct aggregate *a, bool failed, struct report_head *head,
    struct report_totals *totals, struct diag *d)
{
	enum aggregate_end end = AGGREGATE_REPORT;

	if (!a->found)
		return other(a, failed, d);
	if (!failed && a->after)
		failed = diag_set(d, DIAG_FORMAT, REASON_SEVERAL_REPORTS,
			     "XML has more than one report in it") != DIAG_OK;
	if (!failed && a->head_only) {
		end = AGGREGATE_ONCE_MORE;
		a->head.report.quirks |= QUIRK_BIT(QUIRK_ODD_ORDER);
	}
	if (!failed && !a->head_is_good)
		failed = check_head(&a->head.report, a->head.begin, a->head.end,
			     d) != DIAG_OK;
	if (!failed && end == AGGREGATE_REPORT && is_beyond_salvage(a))
		failed = diag_set(d, DIAG_FORMAT, REASON_BROKEN_XML,
			     "XML is broken beyond salvage") != DIAG_OK;
	/* A skipped element with records: beside other records it is an
	 * extension; alone it holds the content of the report. */
	if (!failed && end == AGGREGATE_REPORT && a->totals.records == 0 &&
	    a->has_hidden_record)
		failed = diag_set(d, DIAG_FORMAT, REASON_BROKEN_XML,
			     "all its records are in an element that no "
			     "standard knows") != DIAG_OK;
	if (!failed && end == AGGREGATE_REPORT) {
		if (a->totals.records == 0)
			a->head.report.quirks |= QUIRK_BIT(QUIRK_NO_RECORDS);
		if (xml_replaced(a->xml))
			a->head.report.quirks |= QUIRK_BIT(
			    QUIRK_WRONG_ENCODING);
		a->totals.salvaged = a->recovering;
		chunker_hash(a->chunker, &a->head.report, &a->totals,
		    a->totals.content_hash);
		if (!hand_on(a))
			failed = diag_set(d, DIAG_RETRY, REASON_STOPPED,
				     "stopped") != DIAG_OK;
	}
	*totals = a->totals;
	*head = a->head.report;
	a->head.report = (struct report_head){ .pct = -1 };
	return failed ? AGGREGATE_BAD : end;
}
