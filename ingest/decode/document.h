/*
 * document: one document, which may be read more than once.
 *
 * It lies in memory or is a member of an archive.  To read such a member again,
 * the archive is opened again and the members before it are skipped.
 */
#ifndef INGEST_DOCUMENT_H
#define INGEST_DOCUMENT_H

#include <stddef.h>

#include "common/buf.h"
#include "common/diag.h"
#include "ingest/decode/unpack.h"

struct document {
	const char *bytes; /* in memory, or NULL */
	size_t len;
	size_t at;
	/* in an archive */
	const void *archive;
	size_t archive_len;
	enum kind kind;
	size_t members; /* gone through, the one at hand included */
	struct unpack *unpack;
	size_t *budget;
	size_t budget_open;   /* what there was before the archive */
	size_t budget_before; /* and before this member */
	char *block;
	size_t block_len; /* read, not yet handed on */
};

/* bytes[0..len) is the document; nothing is to be closed. */
void document_open_memory(struct document *doc, const char *bytes, size_t len);

/*
 * Stand before the first member of an archive, which must stay until
 * document_close().  *budget is what may still be unpacked.
 */
enum diag_code document_open_archive(struct document *doc, const void *archive,
    size_t len, enum kind kind, size_t *budget, struct diag *d) MUST_CHECK;
void document_close(struct document *doc);

/* Go to the next member: its name, NULL when there is none. */
enum diag_code document_next_member(struct document *doc, const char **name,
    struct diag *d) MUST_CHECK;

/* The first bytes, without going forward: *len of them. */
enum diag_code document_peek(struct document *doc, char *start, size_t size,
    size_t *len, struct diag *d) MUST_CHECK;

/* The next piece, valid until the next call; *n is 0 at the end. */
enum diag_code document_next(struct document *doc, const char **piece,
    size_t *n, struct diag *d) MUST_CHECK;

/* All that is left, into a buffer with a maximum. */
enum diag_code document_slurp(struct document *doc, struct buf *all,
    struct diag *d) MUST_CHECK;

/* Back to the first byte. */
enum diag_code document_rewind(struct document *doc, struct diag *d) MUST_CHECK;

#endif
