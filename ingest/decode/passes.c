/* passes: one XML document, read as often as it takes. */
#include "ingest/decode/passes.h"

#include <string.h>

#include "ingest/limits.h"
#include "ingest/decode/padding.h"
#include "ingest/decode/sniff.h"

struct state {
	struct passes *p;
	struct document *doc;
	struct profile_memo *memo;
	const struct report_sink *sink;
	int *repeats;
};

/* A document that is being read. */
struct reading {
	struct document *doc;
	bool begun;
	struct diag why; /* set: it could not be read to its end */
};

static bool
next_piece(void *ctx, const char **piece, size_t *n)
{
	struct reading *r = ctx;
	size_t pad = 0;

	if (document_next(r->doc, piece, n, &r->why) != DIAG_OK)
		return false;
	/* The XML declaration must be the very first thing. */
	if (!r->begun)
		pad = padding_length(*piece, *n);
	r->begun = true;
	*piece += pad;
	*n -= pad;
	return true;
}

static void
run_pass(struct state *s, struct report_head *known, bool recovering)
{
	struct passes *p = s->p;
	struct aggregate *a = aggregate_open(s->memo, s->sink, known,
	    recovering);
	struct reading reading = { .doc = s->doc };
	const struct xml_source source = { &reading, next_piece };
	const bool failed = aggregate_read(a, &source, &p->diag) != DIAG_OK;

	p->end = aggregate_finish(a, failed, &p->head, &p->totals, &p->diag);
	if (reading.why.code != DIAG_OK) {
		p->end = AGGREGATE_BAD;
		p->diag = reading.why;
	}
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
	if ((*s->repeats)++ == LIMIT_REPEATS)
		(void)diag_set(&p->diag, DIAG_LIMIT, REASON_TOO_MANY_BROKEN,
		    "over %d broken documents in one item", LIMIT_REPEATS);
	else if (document_rewind(s->doc, &p->diag) == DIAG_OK)
		run_pass(s, with_head ? &head : NULL, recovering);
	report_head_free(&head);
}

/* Broken before any element: is it XML that broke, or some text with a '<'? */
static bool
was_meant_as_report(const char *start, size_t len)
{
	return len > 1 &&
	    (memmem(start, len, "<?xml", 5) != NULL ||
		memmem(start, len, "<feedback", 9) != NULL ||
		start[0] == '\0' || start[1] == '\0' ||
		(unsigned char)start[0] >= 0xfe);
}

/* The recovering pass; when it does not help the first error stands. */
static void
salvage(struct state *s)
{
	const struct diag first = s->p->diag;

	run_again(s, false, true);
	if (s->p->end == AGGREGATE_ONCE_MORE)
		run_again(s, true, true);
	if (s->p->end != AGGREGATE_REPORT) {
		s->p->end = AGGREGATE_BAD;
		s->p->diag = first;
	}
}

/* It broke before any element. */
static void
settle_nothing(struct passes *p, bool meant)
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
	struct state s = { p, doc, memo, sink, repeats };

	*p = (struct passes){ .head = { .pct = -1 } };
	run_pass(&s, NULL, false);
	if (p->end == AGGREGATE_ONCE_MORE)
		run_again(&s, true, false);
	if (p->end == AGGREGATE_NOTHING)
		settle_nothing(p, was_meant_as_report(start, start_len));
	if (p->end == AGGREGATE_BAD && p->diag.reason == REASON_BROKEN_XML)
		salvage(&s);
	/* A sink that said stop is not spoken to again. */
	if (p->end == AGGREGATE_BAD && p->diag.reason != REASON_STOPPED)
		sink->forget(sink->ctx);
}
