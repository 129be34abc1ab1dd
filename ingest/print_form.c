/* print_form: how the quick look shows records and reports, as text or CSV. */
#include "ingest/print_form.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "common/csv_text.h"
#include "common/mem.h"
#include "common/num.h"
#include "common/printable.h"

/* ---- a row a record --------------------------------------------------------- */

static const char *const csv_names[] = { "source", "org_name", "report_id",
	"policy_domain", "begin_at", "end_at", "p", "sp", "np", "adkim", "aspf",
	"pct", "source_ip", "message_count", "disposition", "eval_dkim",
	"eval_spf", "header_from", "envelope_from", "envelope_to", "dkim",
	"spf", "reasons", "remarks" };

void
print_csv_names(FILE *fp)
{
	for (size_t i = 0; i < sizeof(csv_names) / sizeof(csv_names[0]); i++)
		(void)fprintf(fp, "%s%s", i > 0 ? "," : "", csv_names[i]);
	(void)fputc('\n', fp);
}

static void
put_results(struct buf *b, const struct auth_result *r, size_t n)
{
	buf_truncate(b, 0);
	for (size_t i = 0; i < n; i++)
		(void)buf_printf(b, "%s%s%s%s=%s", i > 0 ? "; " : "",
		    r[i].domain == NULL ? "-" : r[i].domain,
		    r[i].qualifier == NULL ? "" : "/",
		    r[i].qualifier == NULL ? "" : r[i].qualifier,
		    r[i].result == NULL ? "-" : r[i].result);
}

static void
put_reasons(struct buf *b, const struct auth_profile *p)
{
	buf_truncate(b, 0);
	for (size_t i = 0; i < p->n_reasons; i++)
		(void)buf_printf(b, "%s%s", i > 0 ? " " : "", p->reasons[i]);
}

static const char *
address(const struct record *r, char out[INET6_ADDRSTRLEN])
{
	if (r->family == 0 ||
	    inet_ntop(r->family == 4 ? AF_INET : AF_INET6, r->ip, out,
		INET6_ADDRSTRLEN) == NULL)
		return NULL;
	return out;
}

static void
csv_cell(FILE *fp, const char *s, bool last)
{
	char *clean;

	if (s != NULL) {
		clean = mem_strdup(s);
		printable(clean);
		(void)csv_text(fp, clean);
		free(clean);
	}
	(void)fputc(last ? '\n' : ',', fp);
}

static void
csv_head(FILE *fp, const char *name, const struct report_head *h)
{
	char begin[NUM_DATE_LEN];
	char end[NUM_DATE_LEN];
	char pct[16];
	const char *const cells[] = { name, h->org_name, h->report_id,
		h->policy_domain, begin, end, h->p, h->sp, h->np, h->adkim,
		h->aspf, h->pct == -1 ? NULL : pct };

	num_timestamp(h->begin, begin);
	num_timestamp(h->end, end);
	(void)snprintf(pct, sizeof(pct), "%d", h->pct);
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		csv_cell(fp, cells[i], false);
}

void
print_csv_record(FILE *fp, const char *name, const struct report_head *h,
    const struct auth_profile *p, const struct record *r, struct buf *b)
{
	char ip[INET6_ADDRSTRLEN];

	csv_head(fp, name, h);
	csv_cell(fp, address(r, ip), false);
	(void)fprintf(fp, "%lld,", (long long)r->count);
	csv_cell(fp, p->disposition, false);
	csv_cell(fp, p->eval_dkim, false);
	csv_cell(fp, p->eval_spf, false);
	csv_cell(fp, p->header_from, false);
	csv_cell(fp, p->envelope_from, false);
	csv_cell(fp, r->envelope_to, false);
	put_results(b, p->dkim, p->n_dkim);
	csv_cell(fp, buf_str(b), false);
	put_results(b, p->spf, p->n_spf);
	csv_cell(fp, buf_str(b), false);
	put_reasons(b, p);
	csv_cell(fp, buf_str(b), false);
	csv_cell(fp, r->remarks, true);
}

void
print_say(FILE *fp, const char *before, const char *s)
{
	char *clean = mem_strdup(s == NULL ? "-" : s);

	printable(clean);
	(void)fprintf(fp, "%s%s", before, clean);
	free(clean);
}

static void
pad(FILE *fp, const char *s, int width)
{
	char *clean = mem_strdup(s == NULL ? "-" : s);

	printable(clean);
	(void)fprintf(fp, "%-*s  ", width, clean);
	free(clean);
}

void
print_text_record(FILE *fp, const struct auth_profile *p,
    const struct record *r, struct buf *b)
{
	char ip[INET6_ADDRSTRLEN];

	(void)fprintf(fp, "%10lld  ", (long long)r->count);
	pad(fp, address(r, ip), 15);
	pad(fp, p->disposition, 11);
	pad(fp, p->eval_dkim, 4);
	pad(fp, p->eval_spf, 4);
	pad(fp, p->header_from, 20);
	put_results(b, p->dkim, p->n_dkim);
	print_say(fp, "dkim ", b->len > 0 ? buf_str(b) : NULL);
	put_results(b, p->spf, p->n_spf);
	print_say(fp, "  spf ", b->len > 0 ? buf_str(b) : NULL);
	if (p->n_reasons > 0) {
		put_reasons(b, p);
		print_say(fp, "  reason ", buf_str(b));
	}
	(void)fputc('\n', fp);
}

/* ---- a report --------------------------------------------------------------- */

static void
print_policy(FILE *fp, const struct report_head *h)
{
	const struct {
		const char *tag;
		const char *value;
	} tags[] = { { "p", h->p }, { "sp", h->sp }, { "np", h->np },
		{ "adkim", h->adkim }, { "aspf", h->aspf }, { "fo", h->fo },
		{ "t", h->testing } };

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		if (tags[i].value == NULL)
			continue;
		(void)fprintf(fp, "  %s=", tags[i].tag);
		print_say(fp, "", tags[i].value);
	}
	if (h->pct != -1)
		(void)fprintf(fp, "  pct=%d", h->pct);
}

void
print_head(FILE *fp, const char *name, const struct leaf *leaf,
    const char *what, const char *period)
{
	const struct report_head *h = leaf->head;
	char begin[NUM_DATE_LEN];
	char end[NUM_DATE_LEN];

	num_timestamp(h->begin, begin);
	num_timestamp(h->end, end);
	print_say(fp, "", name);
	if (leaf->part[0] != '\0')
		print_say(fp, ": ", leaf->part);
	(void)fprintf(fp, "\n  %s", what);
	print_say(fp, "", h->report_id);
	print_say(fp, "  from ", h->org_name);
	print_say(fp, "  ", h->email);
	(void)fprintf(fp, "\n  %s%s .. %s", period, begin, end);
}

void
print_text_report(FILE *fp, const char *name, const struct leaf *leaf,
    const char *rows, size_t len)
{
	const struct report_head *h = leaf->head;
	const struct report_totals *t = leaf->totals;

	print_head(fp, name, leaf, "report   ", "period   ");
	print_say(fp, "\n  policy   ", h->policy_domain);
	print_policy(fp, h);
	(void)fprintf(fp,
	    "\n  records  %lld, messages %lld, DMARC pass %lld%s\n",
	    (long long)t->records, (long long)t->messages, (long long)t->passes,
	    t->salvaged ? ", salvaged" : "");
	for (size_t i = 0; i < h->n_errors; i++) {
		print_say(fp, "  error    ", h->errors[i]);
		(void)fputc('\n', fp);
	}
	if (len > 0) {
		(void)fprintf(fp,
		    "\n%10s  %-15s  %-11s  %-4s  %-4s  %-20s  %s\n", "MESSAGES",
		    "SOURCE", "DISPOSITION", "DKIM", "SPF", "HEADER FROM",
		    "RAW RESULTS");
		(void)fwrite(rows, 1, len, fp);
	}
	(void)fputc('\n', fp);
}
