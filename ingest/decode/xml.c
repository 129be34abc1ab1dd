/* xml: XML bytes in, elements with their text out. */
#include "ingest/decode/xml.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>

#include "common/mem.h"
#include "ingest/limits.h"

struct xml {
	xmlParserCtxtPtr parser;
	struct xml_handler h;
	struct xml_source source;
	const char *piece; /* of the source, and how much of it is left */
	size_t left;
	bool at_end; /* of the source */
	bool cannot_read;
	bool recover;
	bool replaced;
	bool root;
	int depth;
	size_t fed;        /* bytes given to the parser */
	size_t last_event; /* bytes given when it last called back */
	size_t errors;     /* that may have hurt the structure */
	size_t all_errors;
	struct diag first_error;
	struct diag stop; /* set: we ended it */
	char *text;       /* of LIMIT_TEXT and a NUL */
	size_t text_len;
	bool text_cut;
};

void
xml_stop(struct xml *x, const struct diag *why)
{
	if (x->stop.code == DIAG_OK)
		x->stop = *why;
	xmlStopParser(x->parser);
}

static void
stop(struct xml *x, enum diag_code code, enum reason reason, const char *text)
{
	struct diag d;

	(void)diag_set(&d, code, reason, "%s", text);
	xml_stop(x, &d);
}

/* At the end of the input libxml2 2.9 asks for more bytes at each token, which
 * doubles the time for the last 250.  Without a callback it does not ask.  If
 * it converts the encoding it still needs one, for bytes that it has not
 * converted yet. */
static void
spare_asking(const struct xml *x)
{
	const xmlParserInput *in = x->parser->input;

	if (x->at_end && in != NULL && in->buf != NULL &&
	    in->buf->encoder == NULL)
		in->buf->readcallback = NULL;
}

static void
on_start(void *arg, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int n_namespaces, const xmlChar **namespaces,
    int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	struct xml *x = arg;

	(void)prefix;
	(void)n_namespaces;
	(void)namespaces;
	(void)n_attributes;
	(void)n_defaulted;
	(void)attributes;
	x->last_event = x->fed;
	if (x->stop.code != DIAG_OK)
		return;
	x->root = true;
	x->text_len = 0;
	x->text_cut = false;
	if (++x->depth > LIMIT_XML_DEPTH) {
		stop(x, DIAG_LIMIT, REASON_XML_TOO_DEEP,
		    "XML is nested too deeply");
		return;
	}
	x->h.start(x->h.ctx, (const char *)name, (const char *)uri);
}

/* After an error in the encoding libxml2 hands out raw bytes; and a cut may
 * have halved the last character. */
static void
make_valid(struct xml *x)
{
	const char *end = x->text;

	while (!g_utf8_validate(end, x->text + x->text_len - end, &end)) {
		x->text[end - x->text] = '?';
		x->replaced = x->replaced || x->recover;
	}
}

static void
on_end(void *arg, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri)
{
	struct xml *x = arg;

	(void)name;
	(void)prefix;
	(void)uri;
	x->last_event = x->fed;
	x->depth--;
	spare_asking(x);
	if (x->stop.code != DIAG_OK)
		return;
	x->text[x->text_len] = '\0';
	if (x->recover || x->text_cut)
		make_valid(x);
	x->h.end(x->h.ctx, x->text, x->text_len, x->text_cut);
	x->text_len = 0;
	x->text_cut = false;
}

static void
on_text(void *arg, const xmlChar *s, int n)
{
	struct xml *x = arg;
	size_t room = LIMIT_TEXT - x->text_len;
	size_t len = n < 0 ? 0 : (size_t)n;

	x->last_event = x->fed;
	if (len > room) {
		len = room;
		x->text_cut = true;
	}
	memcpy(x->text + x->text_len, s, len);
	x->text_len += len;
}

static void
on_doctype(void *arg, const xmlChar *name, const xmlChar *external,
    const xmlChar *system)
{
	(void)external;
	(void)system;
	if (name != NULL && xmlStrcasecmp(name, (const xmlChar *)"html") == 0)
		stop(arg, DIAG_FORMAT, REASON_HTML, "HTML");
	else
		stop(arg, DIAG_FORMAT, REASON_DOCTYPE,
		    "XML has a DOCTYPE, which no report needs");
}

/*
 * Errors that leave the structure intact: a wrong character or entity in a
 * text.
 */
static bool
is_harmless(int code)
{
	switch (code) {
	case XML_ERR_INVALID_CHAR:
	case XML_ERR_INVALID_CHARREF:
	case XML_ERR_INVALID_HEX_CHARREF:
	case XML_ERR_INVALID_DEC_CHARREF:
	case XML_ERR_INVALID_ENCODING:
	case XML_ERR_UNDECLARED_ENTITY:
	case XML_WAR_UNDECLARED_ENTITY:
	case XML_ERR_ENTITYREF_SEMICOL_MISSING:
	case XML_ERR_NAME_REQUIRED:
	case XML_ERR_CHARREF_IN_PROLOG:
		return true;
	default:
		return false;
	}
}

static void
on_error(void *arg, xmlErrorPtr e)
{
	struct xml *x = arg;
	char text[200];
	size_t n;

	if (e->level < XML_ERR_ERROR)
		return;
	x->all_errors++;
	if (!is_harmless(e->code))
		x->errors++;
	if (x->first_error.code != DIAG_OK)
		return;
	n = e->message == NULL ? 0 : strcspn(e->message, "\n");
	if (n >= sizeof(text))
		n = sizeof(text) - 1;
	memcpy(text, e->message == NULL ? "" : e->message, n);
	text[n] = '\0';
	(void)diag_set(&x->first_error, DIAG_FORMAT, REASON_BROKEN_XML,
	    "XML is broken in line %d, column %d: %s", e->line, e->int2, text);
}

/* Stop reading: we ended it, or the XML is broken. */
static bool
is_over(const struct xml *x)
{
	return x->stop.code != DIAG_OK || x->cannot_read ||
	    (!x->recover && x->first_error.code != DIAG_OK);
}

/* The next piece of the source, if there is one. */
static void
next_piece(struct xml *x)
{
	x->left = 0;
	/* The parser must not be stopped while it reads; so remember the error
	 * and end the input. */
	if (x->fed - x->last_event > LIMIT_XML_SILENCE)
		(void)diag_set(&x->stop, DIAG_LIMIT, REASON_XML_TOKEN_TOO_LONG,
		    "XML has a tag or comment of over %lu bytes",
		    LIMIT_XML_SILENCE);
	else if (!x->source.next(x->source.ctx, &x->piece, &x->left))
		x->cannot_read = true;
	else
		x->at_end = x->left == 0;
}

/* libxml2 looks ahead in what it gets, so fill its buffer completely, whatever
 * the size of our pieces.  0 is the end. */
static int
give(void *arg, char *to, int size)
{
	struct xml *x = arg;
	size_t room = (size_t)size;
	size_t n;

	while (room > 0 && !x->at_end && !is_over(x)) {
		if (x->left == 0) {
			next_piece(x);
			continue;
		}
		n = x->left < room ? x->left : room;
		memcpy(to, x->piece, n);
		to += n;
		room -= n;
		x->piece += n;
		x->left -= n;
		x->fed += n;
	}
	return size - (int)room;
}

struct xml *
xml_open(const struct xml_handler *h, bool recover)
{
	struct xml *x = mem_calloc(1, sizeof(*x));
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.internalSubset = on_doctype,
		.serror = (xmlStructuredErrorFunc)on_error,
	};

	x->h = *h;
	x->text = mem_realloc(NULL, LIMIT_TEXT + 1, 1);
	x->recover = recover;
	x->parser = xmlCreateIOParserCtxt(&sax, x, give, NULL, x,
	    XML_CHAR_ENCODING_NONE);
	if (x->parser == NULL)
		abort(); /* out of memory, and nothing else */
	(void)xmlCtxtUseOptions(x->parser,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
		(recover ? XML_PARSE_RECOVER : 0));
	/* Errors of the I/O layer, which does not use our handler. */
	xmlSetStructuredErrorFunc(x, (xmlStructuredErrorFunc)on_error);
	return x;
}

void
xml_close(struct xml *x)
{
	if (x == NULL)
		return;
	xmlSetStructuredErrorFunc(NULL, NULL);
	/* From a DOCTYPE after an error, for which no callback came. */
	xmlFreeDoc(x->parser->myDoc);
	x->parser->myDoc = NULL;
	xmlFreeParserCtxt(x->parser);
	free(x->text);
	free(x);
}

/* libxml2 stopped before the end, after an error or at a NUL; the rest is
 * unread. */
static bool
has_given_up(const struct xml *x)
{
	const xmlParserInput *in = x->parser->input;

	return !x->at_end || in == NULL || in->cur < in->end;
}

static enum diag_code
result(struct xml *x, int r, struct diag *d)
{
	if (x->stop.code != DIAG_OK) {
		*d = x->stop;
		return d->code;
	}
	if (!has_given_up(x) && (x->recover || r == 0))
		return DIAG_OK;
	if (x->first_error.code == DIAG_OK && r == 0)
		return diag_set(d, DIAG_FORMAT, REASON_BROKEN_XML,
		    "XML has a NUL behind its end");
	if (x->first_error.code == DIAG_OK)
		return diag_set(d, DIAG_FORMAT, REASON_BROKEN_XML,
		    "XML is broken (libxml2 error %d)", r);
	*d = x->first_error;
	return d->code;
}

enum diag_code
xml_read(struct xml *x, const struct xml_source *source, struct diag *d)
{
	x->source = *source;
	(void)xmlParseDocument(x->parser);
	return result(x, x->parser->errNo, d);
}

size_t
xml_errors(const struct xml *x)
{
	return x->errors;
}

size_t
xml_all_errors(const struct xml *x)
{
	return x->all_errors;
}

bool
xml_replaced(const struct xml *x)
{
	return x->replaced;
}

bool
xml_has_root(const struct xml *x)
{
	return x->root;
}
