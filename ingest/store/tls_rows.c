/* tls_rows: SMTP TLS reports as rows for COPY. */
#include "ingest/store/tls_rows.h"

#include <glib.h>

#include "ingest/store/pgtext.h"
#include "ingest/store/rows.h"

const char tls_rows_copy_reports[] =
    "COPY pg_temp.incoming_tls (n, domain, reporter, org_name, contact_info,"
    " report_id, begin_at, end_at, day, quirks, content_hash, source, part,"
    " message_id, mail_from, mail_auth, received_at) FROM STDIN";

const char tls_rows_copy_policies[] =
    "COPY pg_temp.incoming_tls_policy (report, n, policy_type, policy_domain,"
    " policy_string, mx_host, success_count, failure_count) FROM STDIN";

const char tls_rows_copy_failures[] =
    "COPY pg_temp.incoming_tls_failure (report, policy_n, result_type,"
    " failure_count, sending_ip, receiving_ip, receiving_mx, receiving_helo,"
    " additional_information, failure_reason_code) FROM STDIN";

void
tls_rows_report(struct buf *b, size_t n, const struct document_row *doc,
    const char *source)
{
	const struct report_head *h = &doc->head;

	pgtext_int(b, (int64_t)n);
	pgtext_str(b, h->policy_domain);
	pgtext_str(b, h->reporter);
	pgtext_str(b, h->org_name);
	pgtext_str(b, h->email);
	pgtext_str(b, h->report_id);
	pgtext_time(b, h->begin);
	pgtext_time(b, h->end);
	pgtext_date(b, report_day(h));
	rows_quirks(b, h->quirks);
	pgtext_bytea(b, doc->totals.content_hash,
	    sizeof(doc->totals.content_hash));
	pgtext_str(b, source);
	pgtext_str(b, doc->part[0] == '\0' ? NULL : doc->part);
	pgtext_str(b, doc->message_id);
	pgtext_str(b, doc->mail_from);
	pgtext_str(b, doc->mail_auth);
	if (doc->mail_date == 0)
		pgtext_str(b, NULL);
	else
		pgtext_time(b, doc->mail_date);
	pgtext_end(b);
}

/* The lines of a text as an array. */
static void
put_lines(struct buf *b, const char *lines)
{
	struct pgtext_list list;
	char **each;

	if (lines == NULL) {
		pgtext_str(b, NULL);
		return;
	}
	each = g_strsplit(lines, "\n", -1);
	pgtext_array_begin(&list, b);
	for (size_t i = 0; each[i] != NULL; i++)
		pgtext_list_add(&list, each[i]);
	pgtext_array_end(&list);
	g_strfreev(each);
}

void
tls_rows_policies(struct buf *b, size_t n, const struct tls_report *t)
{
	for (size_t i = 0; i < t->policies->len; i++) {
		const struct tls_policy *p = tls_report_policy(t, i);

		pgtext_int(b, (int64_t)n);
		pgtext_int(b, (int64_t)i);
		pgtext_str(b, p->type);
		pgtext_str(b, p->domain);
		put_lines(b, p->text);
		put_lines(b, p->mx);
		pgtext_int(b, p->successes);
		pgtext_int(b, p->failures);
		pgtext_end(b);
	}
}

void
tls_rows_failures(struct buf *b, size_t n, const struct tls_report *t)
{
	for (size_t i = 0; i < t->failures->len; i++) {
		const struct tls_failure *f = tls_report_failure(t, i);

		pgtext_int(b, (int64_t)n);
		pgtext_int(b, f->policy);
		pgtext_str(b, f->type);
		if (f->sessions == -1)
			pgtext_str(b, NULL);
		else
			pgtext_int(b, f->sessions);
		pgtext_str(b, f->sending_ip);
		pgtext_str(b, f->receiving_ip);
		pgtext_str(b, f->mx);
		pgtext_str(b, f->helo);
		pgtext_str(b, f->info);
		pgtext_str(b, f->reason);
		pgtext_end(b);
	}
}
