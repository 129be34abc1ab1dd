/*
 * decode: what decoding costs alone: mails or reports to finished rows of
 * COPY, which nobody takes.
 *
 * usage: decode PATH...    (a mail or report, or a folder of them)
 */
#include "ingest/decode/decode.h"

#include <err.h>
#include <stdint.h>
#include <stdio.h>

#include "common/buf.h"
#include "ingest/store/record_row.h"
#include "ingest/store/rows.h"
#include "tests/bench/files.h"

struct counts {
	struct profile_memo *memo;
	struct buf rows;
	const char *source;
	size_t reports;
	size_t records;
	size_t bytes;
};

/* The rows are as good as written. */
static void
write_out(struct counts *c)
{
	c->bytes += c->rows.len;
	buf_truncate(&c->rows, 0);
}

static bool
on_chunk(void *ctx, const struct report_head *head, const struct chunk *chunk)
{
	struct counts *c = ctx;
	/* The ids are the database's; what stands for them is as long. */
	const struct record_owner owner = { .report_id = 1234567,
		.policy_domain_id = 123,
		.day = report_day(head) };

	for (size_t i = 0; i < chunk->n_profiles; i++)
		rows_profile(&c->rows, &chunk->profiles[i]);
	for (size_t i = 0; i < chunk->n_records; i++)
		record_row(&c->rows, &owner, &chunk->records[i],
		    (int)chunk->records[i].profile + 1000);
	c->records += chunk->n_records;
	write_out(c);
	return true;
}

static void
on_forget(void *ctx)
{
	(void)ctx;
	errx(1, "a report of the bench had to be read once more");
}

static bool
on_leaf(void *ctx, const struct leaf *leaf)
{
	struct counts *c = ctx;
	struct rows_origin from = { .source = c->source, .part = leaf->part };

	if (leaf->kind != LEAF_REPORT)
		errx(1, "%s: %s", c->source, leaf->diag.text);
	if (leaf->mail != NULL) {
		from.message_id = leaf->mail->message_id;
		from.mail_from = leaf->mail->from;
		from.mail_date = leaf->mail->date;
	}
	rows_report(&c->rows, c->reports++, leaf->head, leaf->totals, &from);
	write_out(c);
	return true;
}

static void
decode_file(void *ctx, const char *path, const char *bytes, size_t len)
{
	struct counts *c = ctx;
	const struct decode_sink sink = { ctx, on_chunk, on_forget, on_leaf };

	c->source = path;
	decode(c->memo, bytes, len, &sink);
}

int
main(int argc, char **argv)
{
	struct counts c = { 0 };

	buf_init(&c.rows, SIZE_MAX / 2);
	decode_init();
	c.memo = profile_memo_new();
	for (int i = 1; i < argc; i++)
		(void)files_each(argv[i], decode_file, &c);
	(void)printf("%zu reports, %zu records, %zu bytes of rows\n", c.reports,
	    c.records, c.bytes);
	profile_memo_free(c.memo);
	buf_free(&c.rows);
	return 0;
}
