/* tls_leaf: what decode() hands out for an SMTP TLS report. */
#include "ingest/decode/tls_leaf.h"

#include "ingest/decode/tls_json.h"

bool
tls_leaf_read(struct tls_leaf *l, const char *bytes, size_t len)
{
	enum tls_json_end end;

	*l = (struct tls_leaf){ .leaf = { .kind = LEAF_BAD,
				    .head = &l->head } };
	end = tls_json_read(bytes, len, &l->head, &l->report, &l->leaf.diag);
	if (end == TLS_JSON_REPORT) {
		tls_report_hash(&l->report, l->totals.content_hash);
		l->leaf.kind = LEAF_REPORT;
		l->leaf.tls = &l->report;
		l->leaf.totals = &l->totals;
	}
	return end != TLS_JSON_OTHER;
}

void
tls_leaf_clear(struct tls_leaf *l)
{
	report_head_free(&l->head);
	tls_report_clear(&l->report);
}
