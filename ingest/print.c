#include "ingest/print.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/csv_text.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/num.h"
#include "common/printable.h"
#include "ingest/decode.h"
#include "ingest/source.h"

struct printer {
	bool csv;
	struct run_counts *counts;
	const char *name; /* of the item at hand */
	/* The rows of the document at hand: shown when it has ended, for it
	 * may be read again. */
	char *rows;
	size_t rows_len;
	FILE *out;
	uint64_t bad;
	char *first_bad;
};

/* ---- a row a record --------------------------------------------------------- */

static const char *const csv_names[] = { "source", "org_name", "report_id",
	"policy_domain", "begin_at", "end_at", "p", "sp", "np", "adkim", "aspf",
	"pct", "source_ip", "message_count", "disposition", "eval_dkim",
	"eval_spf", "header_from", "envelope_from", "envelope_to", "dkim",
	"spf", "reasons", "remarks" };

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

static void
csv_record(struct printer *pr, const struct report_head *h,
    const struct auth_profile *p, const struct record *r, struct buf *b)
{
	char ip[INET6_ADDRSTRLEN];

	csv_head(pr->out, pr->name, h);
	csv_cell(pr->out, address(r, ip), false);
	(void)fprintf(pr->out, "%lld,", (long long)r->count);
	csv_cell(pr->out, p->disposition, false);
	csv_cell(pr->out, p->eval_dkim, false);
	csv_cell(pr->out, p->eval_spf, false);
	csv_cell(pr->out, p->header_from, false);
	csv_cell(pr->out, p->envelope_from, false);
	csv_cell(pr->out, r->envelope_to, false);
	put_results(b, p->dkim, p->n_dkim);
	csv_cell(pr->out, buf_str(b), false);
	put_results(b, p->spf, p->n_spf);
	csv_cell(pr->out, buf_str(b), false);
	put_reasons(b, p);
	csv_cell(pr->out, buf_str(b), false);
	csv_cell(pr->out, r->remarks, true);
}

/* Text for people: control characters are not for their terminal. */
static void
say(FILE *fp, const char *format, const char *s)
{
	char *clean = mem_strdup(s == NULL ? "-" : s);

	printable(clean);
	if (strcmp(format, "") == 0)
		(void)fputs(clean, fp);
	else
		(void)fprintf(fp, "%s%s", format, clean);
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

static void
text_record(struct printer *pr, const struct auth_profile *p,
    const struct record *r, struct buf *b)
{
	char ip[INET6_ADDRSTRLEN];

	(void)fprintf(pr->out, "%10lld  ", (long long)r->count);
	pad(pr->out, address(r, ip), 15);
	pad(pr->out, p->disposition, 11);
	pad(pr->out, p->eval_dkim, 4);
	pad(pr->out, p->eval_spf, 4);
	pad(pr->out, p->header_from, 20);
	put_results(b, p->dkim, p->n_dkim);
	say(pr->out, "dkim ", b->len > 0 ? buf_str(b) : NULL);
	put_results(b, p->spf, p->n_spf);
	say(pr->out, "  spf ", b->len > 0 ? buf_str(b) : NULL);
	if (p->n_reasons > 0) {
		put_reasons(b, p);
		say(pr->out, "  reason ", buf_str(b));
	}
	(void)fputc('\n', pr->out);
}

/* ---- decode's sink ------------------------------------------------------------ */

static void
begin_document(struct printer *pr)
{
	pr->out = open_memstream(&pr->rows, &pr->rows_len);
	if (pr->out == NULL)
		abort(); /* out of memory */
	pr->bad = 0;
}

static void
end_document(struct printer *pr)
{
	(void)fclose(pr->out);
	free(pr->rows);
	free(pr->first_bad);
	pr->rows = NULL;
	pr->first_bad = NULL;
}

static bool
on_chunk(void *ctx, const struct report_head *head, const struct chunk *chunk)
{
	struct printer *pr = ctx;
	struct buf b;

	buf_init(&b, 4 * LIMIT_RECORD_TEXT);
	for (size_t i = 0; i < chunk->n_records; i++) {
		const struct record *r = &chunk->records[i];
		const struct auth_profile *p = &chunk->profiles[r->profile];

		if (pr->csv)
			csv_record(pr, head, p, r, &b);
		else
			text_record(pr, p, r, &b);
	}
	if (chunk->n_bad > 0 && pr->bad == 0)
		pr->first_bad = mem_printf("record %llu %s",
		    (unsigned long long)chunk->bad[0].number,
		    chunk->bad[0].detail);
	pr->bad += chunk->n_bad;
	buf_free(&b);
	return true;
}

static void
on_forget(void *ctx)
{
	struct printer *pr = ctx;

	end_document(pr);
	begin_document(pr);
}

static void
print_policy(const struct report_head *h)
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
		(void)printf("  %s=", tags[i].tag);
		say(stdout, "", tags[i].value);
	}
	if (h->pct != -1)
		(void)printf("  pct=%d", h->pct);
}

/* The heading of a report in text, and its records. */
static void
print_text(struct printer *pr, const struct leaf *leaf)
{
	const struct report_head *h = leaf->head;
	const struct report_totals *t = leaf->totals;
	char begin[NUM_DATE_LEN];
	char end[NUM_DATE_LEN];

	num_timestamp(h->begin, begin);
	num_timestamp(h->end, end);
	say(stdout, "", pr->name);
	if (leaf->part[0] != '\0')
		say(stdout, ": ", leaf->part);
	say(stdout, "\n  report   ", h->report_id);
	say(stdout, "  from ", h->org_name);
	say(stdout, "  ", h->email);
	(void)printf("\n  period   %s .. %s", begin, end);
	say(stdout, "\n  policy   ", h->policy_domain);
	print_policy(h);
	(void)printf("\n  records  %lld, messages %lld, DMARC pass %lld%s\n",
	    (long long)t->records, (long long)t->messages, (long long)t->passes,
	    t->salvaged ? ", salvaged" : "");
	for (size_t i = 0; i < h->n_errors; i++) {
		say(stdout, "  error    ", h->errors[i]);
		(void)putchar('\n');
	}
	if (pr->rows_len > 0)
		(void)printf("\n%10s  %-15s  %-11s  %-4s  %-4s  %-20s  %s\n",
		    "MESSAGES", "SOURCE", "DISPOSITION", "DKIM", "SPF",
		    "HEADER FROM", "RAW RESULTS");
	(void)fwrite(pr->rows, 1, pr->rows_len, stdout);
	(void)putchar('\n');
}

static void
complain(const struct printer *pr, const struct leaf *leaf,
    enum log_level level, const char *text)
{
	char *name = mem_strdup(pr->name);

	printable(name);
	log_line(level, "%s%s%s: %s", name, leaf->part[0] == '\0' ? "" : ": ",
	    leaf->part, text);
	free(name);
}

static void
print_report(struct printer *pr, const struct leaf *leaf)
{
	pr->counts->stored++;
	pr->counts->messages += leaf->totals->messages;
	pr->counts->bad_records += pr->bad;
	(void)fflush(pr->out);
	if (pr->csv)
		(void)fwrite(pr->rows, 1, pr->rows_len, stdout);
	else
		print_text(pr, leaf);
	if (pr->first_bad != NULL)
		complain(pr, leaf, LOG_WARN, pr->first_bad);
}

static bool
on_leaf(void *ctx, const struct leaf *leaf)
{
	struct printer *pr = ctx;

	switch (leaf->kind) {
	case LEAF_REPORT:
		print_report(pr, leaf);
		break;
	case LEAF_BAD:
		pr->counts->set_aside++;
		complain(pr, leaf, LOG_WARN, leaf->diag.text);
		break;
	case LEAF_NOT_REPORT:
		pr->counts->not_reports++;
		complain(pr, leaf, LOG_NOTICE, leaf->diag.text);
		break;
	}
	on_forget(pr);
	return ferror(stdout) == 0;
}

/* ---- the sources ---------------------------------------------------------------- */

static void
print_item(struct printer *pr, const struct item *item)
{
	const struct decode_sink sink = { pr, on_chunk, on_forget, on_leaf };
	struct leaf too_large = { .kind = LEAF_BAD, .part = "" };

	pr->counts->items++;
	pr->name = item->name;
	begin_document(pr);
	if (item->bytes != NULL) {
		decode(item->bytes, item->len, &sink);
	} else {
		(void)diag_set(&too_large.diag, DIAG_LIMIT, "too_large",
		    "%llu bytes are more than %lu",
		    (unsigned long long)item->size, LIMIT_ITEM);
		(void)on_leaf(pr, &too_large);
	}
	end_document(pr);
}

static void
print_source(struct printer *pr, struct source *source)
{
	struct item item = { 0 };
	enum source_next r;
	struct diag d;

	while ((r = source->ops->next(source->impl, &item, &d)) != SOURCE_END) {
		if (r == SOURCE_ITEM) {
			print_item(pr, &item);
			item_free(&item);
			continue;
		}
		pr->counts->problems++;
		log_line(LOG_WARN, "%s", d.text);
		if (r == SOURCE_FAILED)
			break;
	}
	source->ops->close(source->impl);
}

enum diag_code
print_sources(char *const *paths, int n, bool csv, struct run_counts *counts,
    struct diag *d)
{
	struct printer pr = { .csv = csv, .counts = counts };
	struct source source;

	for (size_t i = 0; csv && i < sizeof(csv_names) / sizeof(csv_names[0]);
	     i++)
		(void)printf("%s%s", i > 0 ? "," : "", csv_names[i]);
	if (csv)
		(void)putchar('\n');
	for (int i = 0; i < n; i++) {
		if (source_open(&source, paths[i], d) != DIAG_OK) {
			counts->problems++;
			log_line(LOG_WARN, "%s", d->text);
			continue;
		}
		print_source(&pr, &source);
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return diag_set(d, DIAG_RETRY, "output",
		    "cannot write the output");
	return DIAG_OK;
}
