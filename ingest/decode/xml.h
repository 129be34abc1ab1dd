/*
 * xml: XML bytes in, elements with their text out.
 *
 * The parser asks for bytes as it needs them, so that memory does not grow with
 * the document; to push them takes libxml2 a quarter longer.  No DOCTYPE is
 * accepted and no entity is ever defined (RFC 9990 8.1 warns of XML bombs);
 * depth, text, and the bytes that pass without an event are bounded.  Names are
 * local names: namespaces and prefixes are ignored.
 */
#ifndef INGEST_XML_H
#define INGEST_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "common/diag.h"

struct xml_handler {
	void *ctx;
	/* An element begins; uri is its namespace or NULL. */
	void (*start)(void *ctx, const char *name, const char *uri);
	/*
	 * It ends.  text[0..len] is a string: the characters since the last
	 * start or end of any element, valid UTF-8; cut: there was more than
	 * LIMIT_TEXT of it.  It may be changed in place.
	 */
	void (*end)(void *ctx, char *text, size_t len, bool cut);
};

/* Where the bytes come from. */
struct xml_source {
	void *ctx;
	/* The next piece, valid until the next call; *n is 0 at the end.  False:
	 * it cannot be read, and why is known elsewhere. */
	bool (*next)(void *ctx, const char **piece, size_t *n);
};

struct xml;

/* recover: carry on after errors, as far as libxml2 can. */
struct xml *xml_open(const struct xml_handler *h, bool recover);
void xml_close(struct xml *x); /* NULL is fine */

/* Read the document, once.  What the source does not give is missing in it. */
enum diag_code xml_read(struct xml *x, const struct xml_source *source,
    struct diag *d) MUST_CHECK;

/* From within a handler: read no further; xml_read() fails with this. */
void xml_stop(struct xml *x, const struct diag *why);

/* Errors so far that may have hurt the structure (recovering only). */
size_t xml_errors(const struct xml *x);

/* All errors so far: something is not as it was sent. */
size_t xml_all_errors(const struct xml *x);

/* Bytes that were no UTF-8 had to be replaced by '?'. */
bool xml_replaced(const struct xml *x);

/* The handler saw an element. */
bool xml_has_root(const struct xml *x);

#endif
