/* passes: one XML document, read as often as it takes. */
#include "ingest/decode/passes.h"

#include <string.h>

#include "ingest/limits.h"
#include "ingest/decode/padding.h"
#include "ingest/decode/sniff.h"
#include "ingest/decode/tail.h"

struct state {
	struct passes *p;
	struct document *doc;
	struct profile_memo *memo;
	const struct report_sink *sink;
	int *repeats;
	size_t skip;   /* bytes ahead of the document */
	bool cut;      /* it is read to the end of the report and no further */
	bool complete; /* the last pass came to that end */
};

/* A document that is being read. */
struct reading {
	struct document *doc;
	size_t skip;
	bool begun;
	bool cut;
	struct tail tail;
	struct diag why; /* set: it could not be read to its end */
};

/* The XML declaration must be the very first thing. */
static void
skip_ahead(struct reading *r, const char **piece, size_t *n)
{
	size_t pad = r->skip < *n ? r->skip : *n;

	r->skip -= pad;
	pad += padding_length(*piece + pad, *n - pad);
	r->begun = pad < *n;
	*piece += pad;
	*n -= pad;
}

static bool
next_piece(void *ctx, const char **piece, size_t *n)
{
	struct reading *r = ctx;
	bool ended;

	/* A piece of nothing would be the end. */
	do {
		if (document_next(r->doc, piece, n, &r->why) != DIAG_OK)
			return false;
		ended = *n == 0;
		if (!r->begun)
			skip_ahead(r, piece, n);
	} while (*n == 0 && !ended);
	if (r->cut && *n > 0)
		*n = tail_feed(&r->tail, *piece, *n);
	return true;
}

/* What stands behind the report: true when that is no other report. */
static bool
is_alone(struct reading *r)
{
	const char *piece;
	size_t n = 1;

	while (n > 0) {
		if (document_next(r->doc, &piece, &n, &r->why) != DIAG_OK)
			return false;
		(void)tail_feed(&r->tail, piece, n);
	}
	return r->tail.ended && !r->tail.is_followed;
}

static void
run_pass(struct state *s, struct report_head *known, bool recovering)
{
	struct passes *p = s->p;
	struct aggregate *a = aggregate_open(s->memo, s->sink, known,
	    recovering);
	struct reading reading = { .doc = s->doc,
		.skip = s->skip,
		.cut = s->cut };
	const struct xml_source source = { &reading, next_piece };
	const bool failed = aggregate_read(a, &source, &p->diag) != DIAG_OK;

	p->end = aggregate_finish(a, failed, &p->head, &p->totals, &p->diag);
	if (s->cut && p->end == AGGREGATE_REPORT && !is_alone(&reading)) {
		p->end = AGGREGATE_BAD;
		(void)diag_set(&p->diag, DIAG_FORMAT, REASON_SEVERAL_REPORTS,
		    "XML has more than one report in it");
	}
	if (reading.why.code != DIAG_OK) {
		p->end = AGGREGATE_BAD;
		p->diag = reading.why;
	}
	s->complete = aggregate_is_complete(a);
	aggregate_close(a);
}

/* Another pass over the same document, forgetting what came of the last. */
static void
run_again(struct state *s, bool with_head, bool recovering)
{
	struct passes *p = s->p;
	struct report_head head = p->head;

	p->head = (struct report_head){ .pct = -1 };
	if (!with_head)
		report_head_free(&head);
	s->sink->forget(s->sink->ctx);
	p->end = AGGREGATE_BAD;
	if (*s->repeats >= LIMIT_REPEATS)
		(void)diag_set(&p->diag, DIAG_LIMIT, REASON_TOO_MANY_BROKEN,
		    "over %d broken documents in one item", LIMIT_REPEATS);
	else if (document_rewind(s->doc, &p->diag) == DIAG_OK)
		run_pass(s, with_head ? &head : NULL, recovering);
	++*s->repeats;
	report_head_free(&head);
}

/* Broken before any element: is it XML that broke, or some text with a '<'?
 * Where it begins beyond what was looked at nobody knows. */
static bool
was_meant_as_report(const char *start, size_t len)
{
	return len > 1 &&
	    (padding_length(start, len) == len ||
		memmem(start, len, "<?xml", 5) != NULL ||
		memmem(start, len, "<feedback", 9) != NULL ||
		start[0] == '\0' || start[1] == '\0' ||
		(unsigned char)start[0] >= 0xfe);
}

static void
run_both(struct state *s, bool recovering)
{
	run_again(s, false, recovering);
	if (s->p->end == AGGREGATE_ONCE_MORE)
		run_again(s, true, recovering);
}

/*
 * Where it broke behind the end of the report, that is left out; otherwise the
 * recovering pass is tried, and when that breaks there, too, both.  When nothing
 * helps the first error stands.
 */
static void
salvage(struct state *s)
{
	const struct diag first = s->p->diag;

	s->cut = s->complete;
	if (s->cut)
		run_both(s, false);
	if (s->p->end != AGGREGATE_REPORT && s->p->diag.code != DIAG_RETRY)
		run_both(s, true);
	if (s->p->end != AGGREGATE_REPORT && s->p->diag.code != DIAG_RETRY &&
	    s->complete && !s->cut) {
		s->cut = true;
		run_both(s, true);
	}
	s->p->totals.salvaged = true;
	if (s->p->end != AGGREGATE_REPORT && s->p->diag.code != DIAG_RETRY) {
		s->p->end = AGGREGATE_BAD;
		s->p->diag = first;
	}
}

/*
 * Something else stands first, such as a sentence or the warning of a program:
 * begin where the report does, if that is near.
 */
static size_t
find_start(const char *start, size_t len)
{
	static const char *const starts[] = { "<?xml", "<feedback" };

	for (size_t i = 0; i < 2 && len > 1; i++) {
		const char *at = memmem(start + 1, len - 1, starts[i],
		    strlen(starts[i]));

		if (at != NULL)
			return (size_t)(at - start);
	}
	return 0;
}

/* No report so far: from a later start on, if there is one. */
static void
start_later(struct state *s, const char *start, size_t len)
{
	const enum aggregate_end end = s->p->end;
	const struct diag first = s->p->diag;

	s->skip = find_start(start, len);
	if (s->skip == 0)
		return;
	run_both(s, false);
	if (s->p->end == AGGREGATE_BAD &&
	    s->p->diag.reason == REASON_BROKEN_XML)
		salvage(s);
	s->p->totals.salvaged = true;
	if (s->p->end != AGGREGATE_OTHER && s->p->end != AGGREGATE_NOTHING)
		return;
	s->p->end = end;
	s->p->diag = first;
}

/* It broke before any element. */
static void
conclude_nothing(struct passes *p, bool meant)
{
	p->end = AGGREGATE_BAD;
	if (p->diag.reason == REASON_HTML) {
		p->end = AGGREGATE_OTHER;
	} else if (p->diag.reason == REASON_BROKEN_XML && !meant) {
		p->end = AGGREGATE_OTHER;
		(void)diag_set(&p->diag, DIAG_FORMAT, REASON_OTHER,
		    "no DMARC report in it");
	}
}

void
passes_run(struct passes *p, struct document *doc, struct profile_memo *memo,
    const struct report_sink *sink, const char *start, size_t start_len,
    int *repeats)
{
	struct state s = { .p = p,
		.doc = doc,
		.memo = memo,
		.sink = sink,
		.repeats = repeats };

	*p = (struct passes){ .head = { .pct = -1 } };
	run_pass(&s, NULL, false);
	if (p->end == AGGREGATE_ONCE_MORE)
		run_again(&s, true, false);
	if ((p->end == AGGREGATE_OTHER || p->end == AGGREGATE_NOTHING) &&
	    (p->diag.reason == REASON_BROKEN_XML ||
		p->diag.reason == REASON_XML_OTHER))
		start_later(&s, start, start_len);
	if (p->end == AGGREGATE_NOTHING)
		conclude_nothing(p, was_meant_as_report(start, start_len));
	if (p->end == AGGREGATE_BAD && p->diag.reason == REASON_BROKEN_XML &&
	    s.skip == 0)
		salvage(&s);
	/* A sink that said stop is not spoken to again. */
	if (p->end == AGGREGATE_BAD && p->diag.reason != REASON_STOPPED)
		sink->forget(sink->ctx);
}
