/* record_builder: one record in the making, from the elements below it. */
#include "ingest/decode/record_builder.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/decode/report.h"

struct record_builder {
	struct raw_record raw;
	struct raw_result *result;
	struct raw_reason *reason;
	char *text; /* all its texts, one after the other */
	size_t text_len;
	const char *spoilt; /* why it cannot be used */
};

/* The lists are long and mostly unused: one_more() clears in time. */
static void
forget(struct record_builder *b)
{
	struct raw_record *r = &b->raw;

	r->source_ip = r->count = r->disposition = NULL;
	r->eval_dkim = r->eval_spf = NULL;
	r->header_from = r->envelope_from = r->envelope_to = NULL;
	r->n_dkim = r->n_spf = r->n_reasons = 0;
	b->result = NULL;
	b->reason = NULL;
	b->text_len = 0;
	b->spoilt = NULL;
}

struct record_builder *
record_builder_new(void)
{
	struct record_builder *b = mem_realloc(NULL, 1, sizeof(*b));

	b->text = mem_realloc(NULL, LIMIT_RECORD_TEXT, 1);
	b->raw.number = 0;
	forget(b);
	return b;
}

void
record_builder_free(struct record_builder *b)
{
	if (b == NULL)
		return;
	free(b->text);
	free(b);
}

void
record_begin(struct record_builder *b)
{
	b->raw.number++;
	forget(b);
}

void
record_spoil(struct record_builder *b, const char *why)
{
	b->spoilt = why;
}

const char *
record_spoilt(const struct record_builder *b)
{
	return b->spoilt;
}

const struct raw_record *
record_raw(const struct record_builder *b)
{
	return &b->raw;
}

/* ---- lists -------------------------------------------------------------- */

/* Room for one more result; NULL: there are enough. */
static struct raw_result *
one_more(struct raw_result *list, size_t *n, uint64_t *quirks)
{
	if (*n == LIMIT_RESULTS) {
		*quirks |= QUIRK_BIT(QUIRK_TOO_MANY_RESULTS);
		return NULL;
	}
	list[*n] = (struct raw_result){ 0 };
	return &list[(*n)++];
}

static void
begin_reason(struct record_builder *b, uint64_t *quirks)
{
	b->reason = NULL;
	if (b->raw.n_reasons == LIMIT_RESULTS) {
		*quirks |= QUIRK_BIT(QUIRK_TOO_MANY_RESULTS);
		return;
	}
	b->reason = &b->raw.reasons[b->raw.n_reasons++];
	*b->reason = (struct raw_reason){ 0 };
}

void
record_enter(struct record_builder *b, enum node node, uint64_t *quirks)
{
	if (node == NODE_REASON)
		begin_reason(b, quirks);
	else if (node == NODE_DKIM)
		b->result = one_more(b->raw.dkim, &b->raw.n_dkim, quirks);
	else
		b->result = one_more(b->raw.spf, &b->raw.n_spf, quirks);
}

/* ---- texts -------------------------------------------------------------- */

/* The text, kept until the record ends; NULL: there is no room. */
static const char *
keep(struct record_builder *b, const char *text, size_t len)
{
	const size_t n = len + 1;
	char *to = b->text + b->text_len;

	if (n > LIMIT_RECORD_TEXT - b->text_len) {
		b->spoilt = "has too much text";
		return NULL;
	}
	memcpy(to, text, n);
	b->text_len += n;
	return to;
}

static void
keep_first(struct record_builder *b, const char **to, const char *text,
    size_t len)
{
	if (*to == NULL || (*to)[0] == '\0')
		*to = keep(b, text, len);
}

static void
take_result_text(struct record_builder *b, enum node node, const char *text,
    size_t len)
{
	struct raw_result *r = b->result;

	if (r == NULL)
		return;
	switch (node) {
	case NODE_RESULT_DOMAIN:
		keep_first(b, &r->domain, text, len);
		break;
	case NODE_QUALIFIER:
		keep_first(b, &r->qualifier, text, len);
		break;
	case NODE_RESULT:
		keep_first(b, &r->result, text, len);
		break;
	case NODE_HUMAN_RESULT:
		keep_first(b, &r->human_result, text, len);
		break;
	default:
		break;
	}
}

/* <reason>sampled_out</reason>: the text is the type. */
static void
end_reason(struct record_builder *b, const char *text, size_t len,
    uint64_t *quirks)
{
	if (b->reason == NULL || b->reason->type != NULL || text[0] == '\0')
		return;
	b->reason->type = keep(b, text, len);
	*quirks |= QUIRK_BIT(QUIRK_BARE_REASON);
}

void
record_take_text(struct record_builder *b, enum node node, const char *text,
    size_t len, uint64_t *quirks)
{
	struct raw_record *r = &b->raw;

	switch (node) {
	case NODE_SOURCE_IP:
		keep_first(b, &r->source_ip, text, len);
		break;
	case NODE_COUNT:
		if (r->count != NULL)
			b->spoilt = "has two counts";
		keep_first(b, &r->count, text, len);
		break;
	case NODE_DISPOSITION:
		keep_first(b, &r->disposition, text, len);
		break;
	case NODE_EVAL_DKIM:
		keep_first(b, &r->eval_dkim, text, len);
		break;
	case NODE_EVAL_SPF:
		keep_first(b, &r->eval_spf, text, len);
		break;
	case NODE_REASON:
		end_reason(b, text, len, quirks);
		break;
	case NODE_REASON_TYPE:
		if (b->reason != NULL)
			keep_first(b, &b->reason->type, text, len);
		break;
	case NODE_REASON_COMMENT:
		if (b->reason != NULL)
			keep_first(b, &b->reason->comment, text, len);
		break;
	case NODE_HEADER_FROM:
		keep_first(b, &r->header_from, text, len);
		break;
	case NODE_ENVELOPE_FROM:
		keep_first(b, &r->envelope_from, text, len);
		break;
	case NODE_ENVELOPE_TO:
		keep_first(b, &r->envelope_to, text, len);
		break;
	default:
		take_result_text(b, node, text, len);
		break;
	}
}
