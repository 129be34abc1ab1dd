#include "ingest/decode.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <libxml/parser.h>

#include "common/buf.h"
#include "common/mem.h"
#include "ingest/aggregate.h"
#include "ingest/domain.h"
#include "ingest/limits.h"
#include "ingest/mbox.h"
#include "ingest/sniff.h"
#include "ingest/unpack.h"

#define BLOCK 65536

struct decoder {
	const struct decode_sink *sink;
	size_t budget;     /* bytes that may still be unpacked */
	int archive_depth; /* archives around us */
	int mail_depth;    /* mails around us */
	const struct mail_info *mail;
	struct buf path;
	bool stopped;
	bool found;    /* a report, good or bad, was handed out */
	bool too_deep; /* that was said */
	size_t n_bad;  /* bad documents so far */
	int repeats;   /* documents that were read more than once */
	/* What is no report, in case that nothing else turns up. */
	char *other_part;
	struct diag other;
	bool other_is_body;
};

/*
 * One document to be read, maybe more than once: bytes in memory, or a member
 * of an archive that is opened anew and gone forward in.
 */
struct document {
	const char *bytes; /* in memory, or NULL */
	size_t len;
	size_t at;
	/* in an archive */
	const void *archive;
	size_t archive_len;
	enum kind kind;
	size_t member;
	struct unpack *unpack;
	size_t budget_before;
	char *block;
	size_t block_len; /* read, not yet handed on */
};

static void
decode_bytes(struct decoder *dec, const char *bytes, size_t len, bool body);

void
decode_init(void)
{
	xmlInitParser();
	mime_init();
	domain_init();
}

/* ---- what became of it ----------------------------------------------- */

/*
 * After some troubles there is no sense in looking further, or in saying the
 * same of every member: one line an item has to do.
 */
static bool
is_said(struct decoder *dec, const struct diag *d)
{
	if (strcmp(d->reason, "nested_too_deeply") != 0)
		return false;
	if (dec->too_deep)
		return true;
	dec->too_deep = true;
	return false;
}

static void
hand_out(struct decoder *dec, struct leaf *leaf)
{
	if (leaf->kind == LEAF_BAD && is_said(dec, &leaf->diag))
		return;
	if (leaf->kind == LEAF_BAD)
		dec->n_bad++;
	leaf->part = buf_str(&dec->path);
	leaf->mail = dec->mail;
	dec->found = true;
	if (!dec->stopped && !dec->sink->leaf(dec->sink->ctx, leaf))
		dec->stopped = true;
	if (leaf->kind == LEAF_BAD &&
	    strcmp(leaf->diag.reason, "unpacks_to_too_much") == 0)
		dec->stopped = true; /* nothing more may be unpacked */
}

static void
hand_out_bad(struct decoder *dec, const struct diag *d)
{
	struct leaf leaf = { .kind = LEAF_BAD, .diag = *d };

	hand_out(dec, &leaf);
}

/* Remember the first that is no report; an attachment tells more than the
 * text of the mail. */
static void
not_report(struct decoder *dec, bool body, const struct diag *d)
{
	if (dec->other.code != DIAG_OK && (body || !dec->other_is_body))
		return;
	free(dec->other_part);
	dec->other_part = mem_strdup(body ? "" : buf_str(&dec->path));
	dec->other = *d;
	dec->other_is_body = body;
}

static void
not_report_because(struct decoder *dec, bool body, const char *reason,
    const char *text)
{
	struct diag d;

	(void)diag_set(&d, DIAG_FORMAT, reason, "%s", text);
	not_report(dec, body, &d);
}

/* Go down into a named part; returns the length to go back to. */
static size_t
enter(struct decoder *dec, const char *name)
{
	const size_t mark = dec->path.len;
	char *valid = g_utf8_make_valid(name, (gssize)strnlen(name, 255));

	diag_printable(valid);
	if (valid[0] != '\0')
		(void)buf_printf(&dec->path, "%s%s", mark > 0 ? "/" : "",
		    valid);
	g_free(valid);
	return mark;
}

/* ---- documents -------------------------------------------------------- */

/* Stand before the member again, as at the first time. */
static enum diag_code
reopen(struct decoder *dec, struct document *doc, struct diag *d)
{
	const char *name;
	enum diag_code code;

	unpack_close(doc->unpack);
	doc->unpack = NULL;
	doc->block_len = 0;
	dec->budget = doc->budget_before;
	code = unpack_open(&doc->unpack, doc->archive, doc->archive_len,
	    doc->kind, &dec->budget, d);
	for (size_t i = 0; code == DIAG_OK && i <= doc->member; i++)
		code = unpack_next(doc->unpack, &name, d);
	return code;
}

static enum diag_code
rewind_document(struct decoder *dec, struct document *doc, struct diag *d)
{
	doc->at = 0;
	return doc->archive == NULL ? DIAG_OK : reopen(dec, doc, d);
}

/* The next piece; *n is 0 at the end. */
static enum diag_code
next_piece(struct document *doc, const char **piece, size_t *n, struct diag *d)
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

/* ---- XML --------------------------------------------------------------- */

struct pass {
	enum aggregate_end end;
	struct report_head head;
	struct report_totals totals;
	struct diag diag;
};

/* Feed the whole document; *read_failed: it could not be read to its end. */
static bool
feed_all(struct aggregate *a, struct document *doc, bool *read_failed,
    struct diag *d)
{
	const char *piece;
	bool first = true;
	size_t pad;
	size_t n;

	*read_failed = false;
	for (;;) {
		if (next_piece(doc, &piece, &n, d) != DIAG_OK) {
			*read_failed = true;
			return false;
		}
		if (n == 0)
			return true;
		/* The XML declaration must be the very first thing. */
		pad = first ? sniff_padding(piece, n) : 0;
		first = false;
		if (aggregate_feed(a, piece + pad, n - pad, d) != DIAG_OK)
			return false;
	}
}

static void
run_pass(struct decoder *dec, struct document *doc, struct report_head *known,
    bool recovering, struct pass *p)
{
	const struct report_sink sink = { dec->sink->ctx, dec->sink->chunk };
	struct aggregate *a = aggregate_open(&sink, known, recovering);
	struct diag why;
	bool read_failed;
	bool failed = !feed_all(a, doc, &read_failed, &p->diag);

	why = p->diag;
	p->end = aggregate_finish(a, failed, &p->head, &p->totals, &p->diag);
	if (read_failed) {
		p->end = AGGREGATE_BAD;
		p->diag = why;
	}
	aggregate_close(a);
}

/* Another pass over the same document, forgetting what came of the last. */
static void
run_again(struct decoder *dec, struct document *doc, bool with_head,
    bool recovering, struct pass *p)
{
	struct report_head head = p->head;

	p->head = (struct report_head){ .pct = -1 };
	if (!with_head)
		report_head_free(&head);
	dec->sink->forget(dec->sink->ctx);
	if (dec->repeats++ == LIMIT_REPEATS) {
		p->end = AGGREGATE_BAD;
		(void)diag_set(&p->diag, DIAG_LIMIT, "too_many_broken",
		    "over %d broken documents in one item", LIMIT_REPEATS);
	} else if (rewind_document(dec, doc, &p->diag) != DIAG_OK)
		p->end = AGGREGATE_BAD;
	else
		run_pass(dec, doc, with_head ? &head : NULL, recovering, p);
	report_head_free(&head);
}

/* Broken before any element: is it XML that broke, or some text with a '<'? */
static bool
was_meant_as_report(const char *start, size_t len)
{
	return len > 1 &&
	    (memmem(start, len, "<?xml", 5) != NULL ||
		memmem(start, len, "<feedback", 9) != NULL ||
		start[0] == '\0' || start[1] == '\0' ||
		(unsigned char)start[0] >= 0xfe);
}

static void
decode_xml(struct decoder *dec, struct document *doc, const char *start,
    size_t start_len, bool body)
{
	const bool meant = was_meant_as_report(start, start_len);
	struct pass p = { 0 };
	struct leaf leaf = { 0 };
	struct diag first;

	run_pass(dec, doc, NULL, false, &p);
	if (p.end == AGGREGATE_ONCE_MORE)
		run_again(dec, doc, true, false, &p);
	if (p.end == AGGREGATE_BAD && meant &&
	    strcmp(p.diag.reason, "broken_xml") == 0) {
		first = p.diag;
		run_again(dec, doc, false, true, &p);
		if (p.end == AGGREGATE_ONCE_MORE)
			run_again(dec, doc, true, true, &p);
		if (p.end != AGGREGATE_REPORT) {
			p.end = AGGREGATE_BAD;
			p.diag = first;
		}
	}
	if (p.end == AGGREGATE_OTHER ||
	    (p.end == AGGREGATE_BAD &&
		(!meant || strcmp(p.diag.reason, "html") == 0) &&
		p.diag.code == DIAG_FORMAT)) {
		if (p.end == AGGREGATE_BAD &&
		    strcmp(p.diag.reason, "html") != 0)
			(void)diag_set(&p.diag, DIAG_FORMAT, "other",
			    "no DMARC report in it");
		not_report(dec, body, &p.diag);
	} else {
		leaf.kind = p.end == AGGREGATE_REPORT ? LEAF_REPORT : LEAF_BAD;
		leaf.head = &p.head;
		leaf.totals = &p.totals;
		leaf.diag = p.diag;
		if (leaf.kind == LEAF_BAD)
			dec->sink->forget(dec->sink->ctx);
		hand_out(dec, &leaf);
	}
	report_head_free(&p.head);
}

/* ---- archives ---------------------------------------------------------- */

/* macOS puts a shadow beside each file, in __MACOSX/ and called ._name. */
static bool
is_junk(const char *name)
{
	const char *base = strrchr(name, '/');

	base = base == NULL ? name : base + 1;
	return strncmp(name, "__MACOSX/", 9) == 0 ||
	    strncmp(base, "._", 2) == 0;
}

/* Read the rest of the member behind the block into memory. */
static enum diag_code
slurp(struct document *doc, struct buf *all, struct diag *d)
{
	const char *piece;
	size_t n;
	enum diag_code code;

	while ((code = next_piece(doc, &piece, &n, d)) == DIAG_OK && n > 0)
		if (!buf_append(all, piece, n))
			return diag_set(d, DIAG_LIMIT, "nested_too_large",
			    "archive or mail inside an archive is over %lu "
			    "bytes",
			    LIMIT_NESTED);
	return code;
}

static void
decode_nested(struct decoder *dec, struct document *doc)
{
	struct buf all;
	struct diag d;

	buf_init(&all, LIMIT_NESTED);
	if (slurp(doc, &all, &d) != DIAG_OK)
		hand_out_bad(dec, &d);
	else
		decode_bytes(dec, all.data, all.len, false);
	buf_free(&all);
}

/* Fill the block, so that sniffing sees enough of it. */
static enum diag_code
fill_block(struct document *doc, struct diag *d)
{
	size_t n = 1;
	enum diag_code code = DIAG_OK;

	doc->block_len = 0;
	while (code == DIAG_OK && n > 0 && doc->block_len < SNIFF_BYTES) {
		code = unpack_read(doc->unpack, doc->block + doc->block_len,
		    BLOCK - doc->block_len, &n, d);
		if (code == DIAG_OK)
			doc->block_len += n;
	}
	return code;
}

static void
decode_member(struct decoder *dec, struct document *doc)
{
	struct diag d;
	enum kind kind;
	char start[SNIFF_BYTES];
	size_t start_len;

	if (fill_block(doc, &d) != DIAG_OK) {
		hand_out_bad(dec, &d);
		return;
	}
	start_len = doc->block_len < sizeof(start) ? doc->block_len :
						     sizeof(start);
	memcpy(start, doc->block, start_len);
	kind = sniff(start, start_len);
	if (kind == KIND_XML)
		decode_xml(dec, doc, start, start_len, false);
	else if (sniff_is_archive(kind) || kind == KIND_MAIL ||
	    kind == KIND_MBOX)
		decode_nested(dec, doc);
	else
		decode_bytes(dec, start, start_len, false);
}

/* All members of an opened archive. */
static void
decode_members(struct decoder *dec, struct document *doc)
{
	struct document member;
	const char *name;
	size_t bad_before = dec->n_bad;
	struct diag d;
	size_t mark;

	for (size_t i = 0; !dec->stopped; i++) {
		doc->budget_before = dec->budget;
		if (unpack_next(doc->unpack, &name, &d) != DIAG_OK) {
			/* What broke the last member breaks this, too. */
			if (dec->n_bad == bad_before)
				hand_out_bad(dec, &d);
			return;
		}
		if (name == NULL)
			return;
		if (is_junk(name))
			continue;
		mark = enter(dec, name);
		bad_before = dec->n_bad;
		member = *doc;
		member.member = i;
		decode_member(dec, &member);
		/* A second pass may have opened it anew. */
		doc->unpack = member.unpack;
		buf_truncate(&dec->path, mark);
		if (doc->unpack == NULL)
			return;
	}
}

static void
decode_archive(struct decoder *dec, const char *bytes, size_t len,
    enum kind kind)
{
	struct document doc = { .archive = bytes,
		.archive_len = len,
		.kind = kind };
	struct diag d;

	if (dec->archive_depth == LIMIT_ARCHIVE_DEPTH) {
		(void)diag_set(&d, DIAG_LIMIT, "nested_too_deeply",
		    "archive in an archive in an archive");
		hand_out_bad(dec, &d);
		return;
	}
	if (unpack_open(&doc.unpack, bytes, len, kind, &dec->budget, &d) !=
	    DIAG_OK) {
		hand_out_bad(dec, &d);
		return;
	}
	doc.block = mem_calloc(1, BLOCK);
	dec->archive_depth++;
	decode_members(dec, &doc);
	dec->archive_depth--;
	unpack_close(doc.unpack);
	free(doc.block);
	/* An archive of nothing is no report. */
	if (!dec->found && dec->other.code == DIAG_OK)
		not_report_because(dec, false, "empty", "empty archive");
}

/* ---- mails ------------------------------------------------------------- */

static enum diag_code
on_part(void *ctx, const char *name, bool body, const void *bytes, size_t len,
    struct diag *d)
{
	struct decoder *dec = ctx;
	const size_t mark = enter(dec, name);

	decode_bytes(dec, bytes == NULL ? "" : bytes, len, body);
	buf_truncate(&dec->path, mark);
	if (dec->stopped)
		return diag_set(d, DIAG_RETRY, "stopped", "stopped");
	return DIAG_OK;
}

static void
name_the_mail(struct decoder *dec, const struct mail_info *info)
{
	switch (info->kind) {
	case MAIL_BOUNCE:
		not_report_because(dec, false, "bounce", "a bounce, no report");
		break;
	case MAIL_FAILURE_REPORT:
		not_report_because(dec, false, "failure_report",
		    "a failure report (ruf), which is not counted");
		break;
	case MAIL_TLS_REPORT:
		not_report_because(dec, false, "tls_report",
		    "an SMTP TLS report (RFC 8460)");
		break;
	case MAIL_PLAIN:
		break;
	}
}

static void
decode_mail(struct decoder *dec, const char *bytes, size_t len)
{
	const struct mime_visitor visitor = { dec, on_part };
	const struct mail_info *outer = dec->mail;
	struct mail_info info;
	struct diag d;

	if (dec->mail_depth == LIMIT_MIME_DEPTH) {
		(void)diag_set(&d, DIAG_LIMIT, "mail_too_deep",
		    "mail is nested over %d levels", LIMIT_MIME_DEPTH);
		hand_out_bad(dec, &d);
		return;
	}
	/* The outermost mail is the one that carried it here. */
	if (outer == NULL)
		dec->mail = &info;
	dec->mail_depth++;
	if (mime_walk(bytes, len, &info, &visitor, &d) != DIAG_OK &&
	    !dec->stopped)
		hand_out_bad(dec, &d);
	dec->mail_depth--;
	if (outer == NULL && !dec->found) {
		if (info.kind != MAIL_PLAIN)
			dec->other.code = DIAG_OK; /* it knows better */
		name_the_mail(dec, &info);
		if (dec->other.code == DIAG_OK || dec->other_is_body) {
			dec->other.code = DIAG_OK;
			not_report_because(dec, false, "plain_mail",
			    "mail without a report");
		}
		if (!dec->stopped) {
			struct leaf leaf = { .kind = LEAF_NOT_REPORT,
				.part = dec->other_part,
				.mail = dec->mail,
				.diag = dec->other };

			dec->found = true;
			(void)dec->sink->leaf(dec->sink->ctx, &leaf);
		}
	}
	dec->mail = outer;
	mail_info_free(&info);
}

static void
decode_mbox(struct decoder *dec, const char *bytes, size_t len)
{
	size_t at = 0;
	size_t start;
	size_t n;

	while (!dec->stopped && mbox_next(bytes, len, &at, &start, &n))
		decode_mail(dec, bytes + start, n);
}

/*
 * Base64 whose Content-Transfer-Encoding was lost on the way: gzip, zip and
 * XML begin like this.
 */
static bool
decode_lost_base64(struct decoder *dec, const char *bytes, size_t len)
{
	static const char *const starts[] = { "H4sI", "UEsDB", "PD94bWwg",
		"PGZlZWRi" };
	const size_t pad = sniff_padding(bytes, len);
	char *text;
	guchar *plain;
	gsize n;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		if (len - pad < 64 ||
		    strncmp(bytes + pad, starts[i], strlen(starts[i])) != 0)
			continue;
		text = g_strndup(bytes + pad, len - pad);
		plain = g_base64_decode(text, &n);
		decode_bytes(dec, (const char *)plain, n, false);
		g_free(plain);
		g_free(text);
		return true;
	}
	return false;
}

/* ---- any bytes --------------------------------------------------------- */

static void
decode_bytes(struct decoder *dec, const char *bytes, size_t len, bool body)
{
	const enum kind kind = sniff(bytes, len);
	struct document doc = { .bytes = bytes, .len = len };

	switch (kind) {
	case KIND_XML:
		decode_xml(dec, &doc, bytes,
		    len < SNIFF_BYTES ? len : SNIFF_BYTES, body);
		break;
	case KIND_MAIL:
		/* A body may well begin with "Note:". */
		if (body)
			not_report_because(dec, true, "other", "text");
		else
			decode_mail(dec, bytes, len);
		break;
	case KIND_MBOX:
		decode_mbox(dec, bytes, len);
		break;
	case KIND_EMPTY:
		not_report_because(dec, body, "empty", "empty");
		break;
	case KIND_HTML:
		not_report_because(dec, body, "html", "HTML");
		break;
	case KIND_JSON:
		not_report_because(dec, body, "json", "JSON");
		break;
	case KIND_TLS_REPORT:
		not_report_because(dec, body, "tls_report",
		    "an SMTP TLS report (RFC 8460)");
		break;
	case KIND_OTHER:
		if (dec->mail == NULL || !decode_lost_base64(dec, bytes, len))
			not_report_because(dec, body, "other",
			    "no DMARC report in it");
		break;
	default:
		decode_archive(dec, bytes, len, kind);
		break;
	}
}

static size_t
budget_for(size_t len)
{
	if (len > LIMIT_UNPACKED / LIMIT_RATIO)
		return LIMIT_UNPACKED;
	if (len * LIMIT_RATIO < LIMIT_UNPACKED_LOW)
		return LIMIT_UNPACKED_LOW;
	return len * LIMIT_RATIO;
}

void
decode(const void *bytes, size_t len, const struct decode_sink *sink)
{
	struct decoder dec = { .sink = sink, .budget = budget_for(len) };
	struct leaf leaf = { .kind = LEAF_NOT_REPORT };

	buf_init(&dec.path, LIMIT_TEXT);
	decode_bytes(&dec, bytes, len, false);
	if (!dec.found && !dec.stopped) {
		leaf.part = dec.other_part == NULL ? "" : dec.other_part;
		leaf.diag = dec.other;
		(void)sink->leaf(sink->ctx, &leaf);
	}
	free(dec.other_part);
	buf_free(&dec.path);
}
