/*
 * xml: elements nest, texts are valid, and it makes no difference in which
 * pieces the bytes come.
 */
#include "tests/fuzz/fuzz.h"

#include <libxml/parser.h>

#include "ingest/limits.h"
#include "ingest/decode/xml.h"

struct seen {
	struct xml *xml;
	int depth;
	size_t events;
	uint64_t sum; /* of all events, for comparing */
	enum diag_code code;
	enum reason reason;
};

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	xmlInitParser();
	return 0;
}

static void
add(struct seen *seen, const char *s)
{
	for (; *s != '\0'; s++)
		seen->sum = (seen->sum ^ (unsigned char)*s) * 1099511628211u;
	seen->sum = (seen->sum ^ 0xff) * 1099511628211u;
}

static void
on_start(void *ctx, const char *name, const char *uri)
{
	struct seen *seen = ctx;

	PROMISE(name != NULL);
	PROMISE(xml_has_root(seen->xml));
	PROMISE(++seen->depth <= LIMIT_XML_DEPTH);
	add(seen, name);
	add(seen, uri == NULL ? "" : uri);
}

static void
on_end(void *ctx, char *text, size_t len, bool cut)
{
	struct seen *seen = ctx;

	PROMISE(seen->depth-- > 0);
	PROMISE(len <= LIMIT_TEXT && strlen(text) == len);
	PROMISE(!cut || len == LIMIT_TEXT);
	PROMISE(g_utf8_validate(text, -1, NULL));
	add(seen, text);
	memset(text, 'x', len); /* it may be changed in place */
}

/* Bytes that come piece by piece. */
struct pieces {
	const uint8_t *at;
	size_t left;
	size_t piece;
};

static bool
next(void *ctx, const char **piece, size_t *n)
{
	struct pieces *p = ctx;

	*piece = (const char *)p->at;
	*n = p->left < p->piece ? p->left : p->piece;
	p->at += *n;
	p->left -= *n;
	return true;
}

static void
read_all(const uint8_t *data, size_t size, size_t piece, bool recover,
    struct seen *seen)
{
	const struct xml_handler handler = { seen, on_start, on_end };
	struct pieces pieces = { data, size, piece };
	const struct xml_source source = { &pieces, next };
	struct diag d = { 0 };

	*seen = (struct seen){ .sum = 14695981039346656037u };
	seen->xml = xml_open(&handler, recover);
	seen->code = xml_read(seen->xml, &source, &d);
	PROMISE(seen->code == DIAG_OK ||
	    (seen->code == d.code && d.reason != REASON_NONE &&
		d.text[0] != '\0'));
	PROMISE(is_text(d.text, ""));
	PROMISE(seen->code != DIAG_OK || recover || seen->depth == 0);
	seen->reason = d.reason;
	xml_close(seen->xml);
}

/* It names an encoding or may be UTF-16. */
static bool
is_converted(const uint8_t *data, size_t size)
{
	return memmem(data, size, "encoding", 8) != NULL ||
	    memchr(data, '\0', size) != NULL || (size > 0 && data[0] >= 0xfe);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole;
	struct seen bytes;
	struct seen recovered;

	read_all(data, size, SIZE_MAX, false, &whole);
	read_all(data, size, 1, false, &bytes);
	/*
	 * libxml2 sees bytes that its converter cannot read in one way or
	 * another, depending on where a piece ends; outside of the root it may
	 * overlook them.
	 */
	PROMISE(is_converted(data, size) ||
	    (whole.code == DIAG_OK) == (bytes.code == DIAG_OK));
	PROMISE(whole.code != DIAG_OK || bytes.code != DIAG_OK ||
	    whole.sum == bytes.sum);
	read_all(data, size, 65536, true, &recovered);
	/* What is sound is read alike. */
	PROMISE(whole.code != DIAG_OK ||
	    (recovered.code == DIAG_OK && whole.sum == recovered.sum));
	return 0;
}
