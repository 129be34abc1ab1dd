/* document: one document, which may be read more than once. */
#include "ingest/decode/document.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/limits.h"

#define BLOCK 65536

void
document_open_memory(struct document *doc, const char *bytes, size_t len)
{
	*doc = (struct document){ .bytes = bytes, .len = len };
}

enum diag_code
document_open_archive(struct document *doc, const void *archive, size_t len,
    enum kind kind, size_t *budget, struct diag *d)
{
	enum diag_code code;

	*doc = (struct document){ .archive = archive,
		.archive_len = len,
		.kind = kind,
		.budget = budget,
		.budget_open = *budget };
	code = unpack_open(&doc->unpack, archive, len, kind, budget, d);
	if (code == DIAG_OK)
		doc->block = mem_realloc(NULL, BLOCK, 1);
	return code;
}

void
document_close(struct document *doc)
{
	unpack_close(doc->unpack);
	free(doc->block);
}

enum diag_code
document_next_member(struct document *doc, const char **name, struct diag *d)
{
	/* The archive could not be opened again. */
	if (doc->unpack == NULL) {
		*name = NULL;
		return DIAG_OK;
	}
	doc->budget_before = *doc->budget;
	doc->members++;
	doc->block_len = 0;
	return unpack_next(doc->unpack, name, d);
}

enum diag_code
document_peek(struct document *doc, char *start, size_t size, size_t *len,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;
	size_t n = 1;

	while (code == DIAG_OK && n > 0 && doc->block_len < size) {
		code = unpack_read(doc->unpack, doc->block + doc->block_len,
		    BLOCK - doc->block_len, &n, d);
		if (code == DIAG_OK)
			doc->block_len += n;
	}
	*len = doc->block_len < size ? doc->block_len : size;
	memcpy(start, doc->block, *len);
	return code;
}

enum diag_code
document_next(struct document *doc, const char **piece, size_t *n,
    struct diag *d)
{
	if (doc->archive == NULL) {
		*n = doc->len - doc->at < BLOCK ? doc->len - doc->at : BLOCK;
		*piece = doc->bytes + doc->at;
		doc->at += *n;
		return DIAG_OK;
	}
	*piece = doc->block;
	*n = doc->block_len;
	doc->block_len = 0;
	if (*n > 0)
		return DIAG_OK;
	return unpack_read(doc->unpack, doc->block, BLOCK, n, d);
}

enum diag_code
document_slurp(struct document *doc, struct buf *all, struct diag *d)
{
	const char *piece;
	size_t n;
	enum diag_code code;

	while ((code = document_next(doc, &piece, &n, d)) == DIAG_OK && n > 0)
		if (!buf_append(all, piece, n))
			return diag_set(d, DIAG_LIMIT, REASON_NESTED_TOO_LARGE,
			    "archive or mail inside an archive is over %lu "
			    "bytes",
			    LIMIT_NESTED);
	return code;
}

enum diag_code
document_rewind(struct document *doc, struct diag *d)
{
	const char *name;
	enum diag_code code;

	doc->at = 0;
	if (doc->archive == NULL)
		return DIAG_OK;
	unpack_close(doc->unpack);
	doc->unpack = NULL;
	doc->block_len = 0;
	*doc->budget = doc->budget_open;
	code = unpack_open(&doc->unpack, doc->archive, doc->archive_len,
	    doc->kind, doc->budget, d);
	for (size_t i = 0; code == DIAG_OK && i < doc->members; i++)
		code = unpack_next(doc->unpack, &name, d);
	*doc->budget = doc->budget_before;
	return code;
}
