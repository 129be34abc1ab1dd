/* record_row: a record as a row for COPY. */
#include "ingest/store/record_row.h"

#include "ingest/store/pgbinary.h"

#define FIELDS 8

/* Binary, because there are so many: parsing numbers, dates and addresses is a
 * quarter of the server's work on a text row. */
const char record_row_copy[] =
    "COPY dmarc.record (report_id, message_count, policy_domain_id, profile_id,"
    " day, source_ip, envelope_to, remarks) FROM STDIN (FORMAT binary)";

void
record_row(struct buf *rows, const struct record_owner *owner,
    const struct record *r, int profile_id)
{
	pgbinary_row(rows, FIELDS);
	pgbinary_int8(rows, owner->report_id);
	pgbinary_int8(rows, r->count);
	pgbinary_int4(rows, (int32_t)owner->policy_domain_id);
	pgbinary_int4(rows, profile_id);
	pgbinary_date(rows, owner->day);
	pgbinary_inet(rows, r->family, r->ip);
	pgbinary_text(rows, r->envelope_to);
	pgbinary_lines(rows, r->remarks);
}
