/* raw_record: one record of a report as texts, as they came. */
#include "ingest/decode/raw_record.h"

/* A field of a bad record, for a person and for another try. */
static void
field(struct buf *b, const char *name, const char *value)
{
	if (value != NULL)
		(void)buf_printf(b, "%s\t%s\n", name, value);
}

static void
field_results(struct buf *b, const char *kind, const struct raw_result *r,
    size_t n, const char *qualifier)
{
	for (size_t i = 0; i < n; i++) {
		(void)buf_printf(b, "%s\n", kind);
		field(b, "domain", r[i].domain);
		field(b, qualifier, r[i].qualifier);
		field(b, "result", r[i].result);
		field(b, "human_result", r[i].human_result);
	}
}

void
raw_record_fields(struct buf *b, const struct raw_record *raw)
{
	buf_truncate(b, 0);
	field(b, "source_ip", raw->source_ip);
	field(b, "count", raw->count);
	field(b, "disposition", raw->disposition);
	field(b, "eval_dkim", raw->eval_dkim);
	field(b, "eval_spf", raw->eval_spf);
	for (size_t i = 0; i < raw->n_reasons; i++) {
		(void)buf_add(b, "reason\n");
		field(b, "type", raw->reasons[i].type);
		field(b, "comment", raw->reasons[i].comment);
	}
	field(b, "header_from", raw->header_from);
	field(b, "envelope_from", raw->envelope_from);
	field(b, "envelope_to", raw->envelope_to);
	field_results(b, "dkim", raw->dkim, raw->n_dkim, "selector");
	field_results(b, "spf", raw->spf, raw->n_spf, "scope");
}
