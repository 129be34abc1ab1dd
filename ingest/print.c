/* print: shows reports without a database. */
#include "ingest/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/printable.h"
#include "ingest/decode/decode.h"
#include "ingest/print_form.h"
#include "ingest/print_failure.h"
#include "ingest/print_tls.h"
#include "ingest/source/source.h"

/* Text that comes together in memory. */
struct page {
	FILE *fp;
	char *text;
	size_t len;
};

/* A message for standard error. */
struct complaint {
	enum log_level level;
	char *part;
	char *text;
};

struct printer {
	bool csv;
	struct decoders *decoders;
	struct run_counts *counts;
	const char *name; /* of the item at hand, when it is known */
	/* The rows of the document at hand: shown when it has ended, for it
	 * may be read again. */
	struct page rows;
	uint64_t bad;
	char *first_bad;
	/* The item at hand: shown when it has ended, for the same reason. */
	struct page page;
	GArray *complaints;
	size_t complaint_bytes;
	struct run_counts of_item;
};

/* ---- decode's sink ------------------------------------------------------------ */

static void
page_open(struct page *page)
{
	page->fp = open_memstream(&page->text, &page->len);
	if (page->fp == NULL)
		abort(); /* out of memory */
}

static void
page_close(struct page *page)
{
	if (page->fp != NULL)
		(void)fclose(page->fp);
	free(page->text);
	*page = (struct page){ 0 };
}

static void
end_document(struct printer *pr)
{
	page_close(&pr->rows);
	free(pr->first_bad);
	pr->first_bad = NULL;
	pr->bad = 0;
}

static size_t
page_size(const struct page *page)
{
	const off_t n = page->fp == NULL ? 0 : ftello(page->fp);

	return n > 0 ? (size_t)n : 0;
}

static bool
may_hold_more(const struct printer *pr)
{
	return page_size(&pr->rows) + page_size(&pr->page) +
	    pr->complaint_bytes <=
	    LIMIT_PRINTED;
}

static bool
on_chunk(void *ctx, const struct report_head *head, const struct chunk *chunk)
{
	struct printer *pr = ctx;
	struct buf b;

	if (pr->rows.fp == NULL)
		page_open(&pr->rows);
	buf_init(&b, 4 * LIMIT_RECORD_TEXT);
	for (size_t i = 0; i < chunk->n_records && may_hold_more(pr); i++) {
		const struct record *r = &chunk->records[i];
		const struct auth_profile *p = &chunk->profiles[r->profile];

		if (pr->csv)
			print_csv_record(pr->rows.fp, pr->name, head, p, r, &b);
		else
			print_text_record(pr->rows.fp, p, r, &b);
	}
	if (chunk->n_bad > 0 && pr->bad == 0)
		pr->first_bad = mem_printf("record %llu %s",
		    (unsigned long long)chunk->bad[0].number,
		    chunk->bad[0].detail);
	pr->bad += chunk->n_bad;
	buf_free(&b);
	return may_hold_more(pr);
}

static void
on_forget(void *ctx)
{
	end_document(ctx);
}

static void
complain(struct printer *pr, const struct leaf *leaf, enum log_level level,
    const char *text)
{
	const struct complaint c = { level, mem_strdup(leaf->part),
		mem_strdup(text) };

	g_array_append_val(pr->complaints, c);
	pr->complaint_bytes += sizeof(c) + strlen(c.part) + strlen(c.text) +
	    64; /* of the allocator's */
}

static void
print_tls(struct printer *pr, const struct leaf *leaf)
{
	if (pr->csv)
		complain(pr, leaf, LOG_NOTICE,
		    "a TLS report, which --format csv does not show");
	else
		print_tls_report(pr->page.fp, pr->name, leaf);
}

static void
print_report(struct printer *pr, const struct leaf *leaf)
{
	pr->of_item.stored++;
	pr->of_item.messages += leaf->totals->messages;
	pr->of_item.bad_records += pr->bad;
	if (leaf->tls != NULL) {
		print_tls(pr, leaf);
		return;
	}
	if (pr->rows.fp != NULL)
		(void)fflush(pr->rows.fp);
	if (!pr->csv)
		print_text_report(pr->page.fp, pr->name, leaf, pr->rows.text,
		    pr->rows.len);
	else if (pr->rows.len > 0)
		(void)fwrite(pr->rows.text, 1, pr->rows.len, pr->page.fp);
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
	case LEAF_MISSING:
		pr->of_item.set_aside++;
		complain(pr, leaf, LOG_WARN, leaf->diag.text);
		break;
	case LEAF_FAILURE:
		pr->of_item.failure_reports++;
		if (pr->csv)
			complain(pr, leaf, LOG_NOTICE,
			    "a failure report, which --format csv does not "
			    "show");
		else
			print_failure(pr->page.fp, pr->name, leaf);
		break;
	case LEAF_NOT_REPORT:
		pr->of_item.not_reports++;
		complain(pr, leaf, LOG_NOTICE, leaf->diag.text);
		break;
	case LEAF_KINDS:
		break;
	}
	end_document(pr);
	return may_hold_more(pr);
}

/* ---- items ---------------------------------------------------------------------- */

static void
clear_complaints(struct printer *pr)
{
	for (guint i = 0; i < pr->complaints->len; i++) {
		struct complaint *c = &g_array_index(pr->complaints,
		    struct complaint, i);

		free(c->part);
		free(c->text);
	}
	g_array_set_size(pr->complaints, 0);
	pr->complaint_bytes = 0;
}

static void
begin_item(void *ctx, const struct item *item)
{
	struct printer *pr = ctx;

	end_document(pr);
	page_close(&pr->page);
	page_open(&pr->page);
	clear_complaints(pr);
	pr->of_item = (struct run_counts){ 0 };
	pr->name = item->name;
}

static void
say_complaints(const struct printer *pr)
{
	char *name = mem_strdup(pr->name);

	printable(name);
	for (guint i = 0; i < pr->complaints->len; i++) {
		const struct complaint *c = &g_array_index(pr->complaints,
		    struct complaint, i);

		log_line(c->level, "%s%s%s: %s", name,
		    c->part[0] == '\0' ? "" : ": ", c->part, c->text);
	}
	free(name);
}

/* Nothing could be read of an item; why, unless it is too large. */
static void
fail_item(struct printer *pr, const struct item *item, const struct diag *why)
{
	struct leaf leaf = { .kind = LEAF_BAD, .part = "", .diag = *why };

	if (item->bytes == NULL)
		(void)diag_set(&leaf.diag, DIAG_LIMIT, REASON_TOO_LARGE,
		    "%llu bytes are more than %lu",
		    (unsigned long long)item->size, LIMIT_ITEM);
	(void)on_leaf(pr, &leaf);
}

static void
end_item(struct printer *pr, struct item *item, const struct diag *why)
{
	struct run_counts *c = pr->counts;

	if (item->bytes == NULL || why->code != DIAG_OK)
		fail_item(pr, item, why);
	pr->name = item->name;
	c->items++;
	c->stored += pr->of_item.stored;
	c->messages += pr->of_item.messages;
	c->bad_records += pr->of_item.bad_records;
	c->set_aside += pr->of_item.set_aside;
	c->failure_reports += pr->of_item.failure_reports;
	c->not_reports += pr->of_item.not_reports;
	(void)fflush(pr->page.fp);
	(void)fwrite(pr->page.text, 1, pr->page.len, stdout);
	say_complaints(pr);
	item_free(item);
}

/* Print the next item that was decoded.  *taken: there was one. */
static enum diag_code
print_one(struct printer *pr, bool wait, bool *taken, struct diag *d)
{
	const struct decode_sink sink = { pr, on_chunk, on_forget, on_leaf };
	const struct decoders_taker taker = { begin_item, &sink };
	struct errand errand;
	enum decoders_next next = DECODERS_PART;

	while (next == DECODERS_PART)
		next = decoders_take(pr->decoders, wait, &taker, &errand, d);
	*taken = next == DECODERS_ITEM;
	if (next == DECODERS_FAILED)
		return d->code;
	if (*taken)
		end_item(pr, &errand.item, d);
	if (ferror(stdout))
		return diag_set(d, DIAG_RETRY, REASON_OUTPUT,
		    "cannot write the output");
	return DIAG_OK;
}

/* Print what is there; all: wait for the rest, too. */
static enum diag_code
print_those(struct printer *pr, bool all, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	bool taken = true;

	while (code == DIAG_OK && taken)
		code = print_one(pr, all || decoders_are_busy(pr->decoders),
		    &taken, d);
	return code;
}

/* ---- the sources ---------------------------------------------------------------- */

static enum diag_code
print_source(struct printer *pr, struct source *source, struct diag *d)
{
	struct errand errand = { 0 };
	enum diag_code code = DIAG_OK;
	enum source_next r = SOURCE_ITEM;

	while (code == DIAG_OK && r != SOURCE_END && r != SOURCE_FAILED) {
		r = source->ops->next(source->impl, &errand.item, d);
		if (r == SOURCE_ITEM) {
			decoders_give(pr->decoders, &errand);
			code = print_those(pr, false, d);
		} else if (r == SOURCE_NOTICE) {
			log_line(LOG_NOTICE, "%s", d->text);
		} else if (r != SOURCE_END) {
			pr->counts->problems++;
			log_line(LOG_WARN, "%s", d->text);
		}
	}
	source->ops->close(source->impl);
	return code;
}

static enum diag_code
print_all(struct printer *pr, char *const *paths, int n, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	struct source source;

	for (int i = 0; i < n && code == DIAG_OK; i++) {
		if (source_open(&source, paths[i], d) == DIAG_OK) {
			code = print_source(pr, &source, d);
			continue;
		}
		pr->counts->problems++;
		log_line(LOG_WARN, "%s", d->text);
	}
	return code == DIAG_OK ? print_those(pr, true, d) : code;
}

enum diag_code
print_sources(char *const *paths, int n, bool csv, struct decoders *decoders,
    struct run_counts *counts, struct diag *d)
{
	struct printer pr = { .csv = csv,
		.decoders = decoders,
		.counts = counts };
	enum diag_code code;

	pr.complaints = g_array_new(FALSE, FALSE, sizeof(struct complaint));
	if (csv)
		print_csv_names(stdout);
	code = print_all(&pr, paths, n, d);
	end_document(&pr);
	page_close(&pr.page);
	clear_complaints(&pr);
	g_array_free(pr.complaints, TRUE);
	if (code == DIAG_OK && (fflush(stdout) != 0 || ferror(stdout)))
		return diag_set(d, DIAG_RETRY, REASON_OUTPUT,
		    "cannot write the output");
	return code;
}
