/* recognise: finds messages and files that were stored before, by their bytes.
 */
#include "ingest/store/recognise.h"

#include <stdlib.h>
#include <string.h>

#include <nettle/base16.h>
#include <nettle/sha2.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"

/* Of decoding.  To be raised when more, or something else, may come of the same
 * bytes than before: then they are read once more. */
#define GENERATION "3"

/* Half of a SHA-256 is enough: it still takes 2^128 attempts to find other
 * bytes with the digest of a stored report. */
static void
make_digest(struct errand *errand)
{
	const struct item *item = &errand->item;
	struct sha256_ctx sum;
	uint8_t half[SHA256_DIGEST_SIZE / 2];

	if (item->bytes == NULL)
		return;
	sha256_init(&sum);
	sha256_update(&sum, strlen(GENERATION), (const uint8_t *)GENERATION);
	sha256_update(&sum, item->len, (const uint8_t *)item->bytes);
	sha256_digest(&sum, sizeof(half), half);
	base16_encode_update(errand->digest, sizeof(half), half);
	errand->digest[BASE16_ENCODE_LENGTH(sizeof(half))] = '\0';
}

/* All digests as an array of uuid, NULL for none. */
static void
put_digests(struct buf *b, const struct errand *errands, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		(void)buf_putc(b, i == 0 ? '{' : ',');
		(void)buf_add(b,
		    errands[i].digest[0] == '\0' ? "NULL" : errands[i].digest);
	}
	(void)buf_putc(b, '}');
}

static char *
text(const PGresult *res, int row, int column)
{
	if (PQgetisnull(res, row, column))
		return NULL;
	return mem_strdup(PQgetvalue(res, row, column));
}

static void
number(const PGresult *res, int row, int column, int64_t *n)
{
	(void)num_int64(PQgetvalue(res, row, column), INT64_MIN, INT64_MAX, n);
}

/* A row of store-seen as a document. */
static struct document_row *
read_seen(const PGresult *res, int row)
{
	struct document_row *doc = mem_calloc(1, sizeof(*doc));
	struct report_head *h = &doc->head;

	doc->outcome = OUTCOME_DUPLICATE;
	doc->recognised = true;
	doc->has_head = true;
	doc->part = PQgetisnull(res, row, 1) ? mem_strdup("") :
					       text(res, row, 1);
	doc->message_id = text(res, row, 2);
	doc->mail_from = text(res, row, 3);
	h->policy_domain = text(res, row, 4);
	h->org_name = text(res, row, 5);
	h->report_id = text(res, row, 6);
	number(res, row, 7, &h->begin);
	number(res, row, 8, &h->end);
	number(res, row, 9, &doc->totals.records);
	number(res, row, 10, &doc->totals.messages);
	number(res, row, 11, &doc->totals.passes);
	return doc;
}

/* The bytes are not needed any more, and many items may wait. */
static void
set_seen(struct errand *errand, struct document_row *known)
{
	errand->seen = known;
	free(errand->item.bytes);
	errand->item.bytes = NULL;
	errand->item.len = 0;
}

enum diag_code
recognise(struct db *db, struct errand *errands, size_t n, struct diag *d)
{
	struct buf digests;
	const char *params[1];
	PGresult *res = NULL;
	enum diag_code code;
	int64_t i;

	buf_init(&digests, SIZE_MAX / 2);
	for (size_t k = 0; k < n; k++)
		make_digest(&errands[k]);
	put_digests(&digests, errands, n);
	params[0] = buf_str(&digests);
	code = db_query(db, &res, sql_store_seen, 1, params, d);
	buf_free(&digests);
	if (code != DIAG_OK)
		return code;
	for (int row = 0; row < PQntuples(res); row++)
		if (num_int64(PQgetvalue(res, row, 0), 0, (int64_t)n - 1, &i))
			set_seen(&errands[i], read_seen(res, row));
	PQclear(res);
	return DIAG_OK;
}
