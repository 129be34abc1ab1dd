/* decode: bytes in, reports out. */
#include "ingest/decode/decode.h"

#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <libxml/parser.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/printable.h"
#include "ingest/decode/aggregate.h"
#include "ingest/decode/document.h"
#include "ingest/decode/domain.h"
#include "ingest/limits.h"
#include "ingest/decode/mbox.h"
#include "ingest/decode/padding.h"
#include "ingest/decode/passes.h"
#include "ingest/decode/sniff.h"
#include "ingest/decode/unpack.h"

struct decoding {
	struct profile_memo *memo;
	const struct decode_sink *sink;
	size_t budget;     /* bytes that may still be unpacked */
	int archive_depth; /* archives around us */
	int mail_depth;    /* mails around us */
	const struct mail_info *mail;
	struct buf path;
	bool stopped;
	bool found;      /* a report, good or bad, was handed out */
	bool too_deep;   /* that was said */
	size_t n_bad;    /* bad documents so far */
	size_t n;        /* documents so far */
	int64_t records; /* of all reports so far */
	int repeats;     /* documents that were read more than once */
	/* What is no report, in case that nothing else turns up. */
	char *other_part;
	struct diag other;
	bool other_is_body;
	struct mail_info other_mail;
	bool other_has_mail;
};

static void
decode_bytes(struct decoding *dec, const char *bytes, size_t len, bool body);

/* What libxml2 has to say comes with the error's value, too. */
static void
say_nothing(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

void
decode_init(void)
{
	/* Names in archives are UTF-8; libarchive asks the locale. */
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	/* Else glibc gives what a report took back to the kernel each time. */
	(void)mallopt(M_MMAP_THRESHOLD, 4 * LIMIT_MIB);
	(void)mallopt(M_TRIM_THRESHOLD, 8 * LIMIT_MIB);
	xmlInitParser();
	xmlSetGenericErrorFunc(NULL, say_nothing);
	mime_init();
	domain_init();
}

/* ---- what became of it ----------------------------------------------- */

/*
 * After some troubles there is no sense in looking further, or in saying the
 * same of every member: one line an item has to do.
 */
static bool
is_said(struct decoding *dec, const struct diag *d)
{
	if (d->reason != REASON_NESTED_TOO_DEEPLY)
		return false;
	if (dec->too_deep)
		return true;
	dec->too_deep = true;
	return false;
}

/* One document too many, whatever it is. */
static void
refuse_more(struct decoding *dec, struct leaf *leaf)
{
	if (leaf->kind == LEAF_REPORT)
		dec->sink->forget(dec->sink->ctx);
	leaf->kind = LEAF_BAD;
	(void)diag_set(&leaf->diag, DIAG_LIMIT, REASON_TOO_MANY_DOCUMENTS,
	    "over %d documents in one item", LIMIT_DOCUMENTS);
}

static void
hand_out(struct decoding *dec, struct leaf *leaf)
{
	if (leaf->kind == LEAF_BAD && is_said(dec, &leaf->diag))
		return;
	if (dec->n++ == LIMIT_DOCUMENTS)
		refuse_more(dec, leaf);
	if (leaf->kind == LEAF_BAD)
		dec->n_bad++;
	leaf->part = buf_str(&dec->path);
	leaf->mail = dec->mail;
	dec->found = true;
	if (!dec->stopped && !dec->sink->leaf(dec->sink->ctx, leaf))
		dec->stopped = true;
	if (leaf->kind == LEAF_BAD &&
	    (leaf->diag.reason == REASON_UNPACKS_TO_TOO_MUCH ||
		leaf->diag.reason == REASON_TOO_MANY_RECORDS ||
		leaf->diag.reason == REASON_TOO_MANY_DOCUMENTS))
		dec->stopped = true; /* nothing more may be held */
}

static void
hand_out_bad(struct decoding *dec, const struct diag *d)
{
	struct leaf leaf = { .kind = LEAF_BAD, .diag = *d };

	hand_out(dec, &leaf);
}

/* Remember the first that is no report; an attachment tells more than the
 * text of the mail. */
static void
not_report(struct decoding *dec, bool body, const struct diag *d)
{
	if (dec->other.code != DIAG_OK && (body || !dec->other_is_body))
		return;
	free(dec->other_part);
	dec->other_part = mem_strdup(body ? "" : buf_str(&dec->path));
	dec->other = *d;
	dec->other_is_body = body;
}

static void
not_report_because(struct decoding *dec, bool body, enum reason reason,
    const char *text)
{
	struct diag d;

	(void)diag_set(&d, DIAG_FORMAT, reason, "%s", text);
	not_report(dec, body, &d);
}

/* Go down into a named part; returns the length to go back to. */
static size_t
enter(struct decoding *dec, const char *name)
{
	const size_t mark = dec->path.len;
	char *valid = g_utf8_make_valid(name, (gssize)strnlen(name, 255));

	printable(valid);
	if (valid[0] != '\0' && (mark == 0 || buf_putc(&dec->path, '/')) &&
	    !buf_add(&dec->path, valid))
		buf_truncate(&dec->path, mark);
	g_free(valid);
	return mark;
}

/* ---- XML --------------------------------------------------------------- */

static void
decode_xml(struct decoding *dec, struct document *doc, const char *start,
    size_t start_len, bool body)
{
	const struct report_sink sink = { dec->sink->ctx, dec->sink->chunk,
		dec->sink->forget };
	struct passes p;
	struct leaf leaf = { 0 };
	struct diag d;

	/* All of an item is held until it is stored. */
	if (dec->records >= LIMIT_RECORDS) {
		(void)diag_set(&d, DIAG_LIMIT, REASON_TOO_MANY_RECORDS,
		    "over %d records in one item", LIMIT_RECORDS);
		hand_out_bad(dec, &d);
		return;
	}

	passes_run(&p, doc, dec->memo, &sink, start, start_len, &dec->repeats);
	if (p.end == AGGREGATE_OTHER) {
		not_report(dec, body, &p.diag);
	} else if (p.diag.reason == REASON_STOPPED) {
		dec->stopped = true;
	} else {
		leaf.kind = p.end == AGGREGATE_REPORT ? LEAF_REPORT : LEAF_BAD;
		leaf.head = &p.head;
		leaf.totals = &p.totals;
		dec->records += p.totals.records;
		leaf.diag = p.diag;
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

static void
decode_nested(struct decoding *dec, struct document *doc)
{
	struct buf all;
	struct diag d;

	buf_init(&all, LIMIT_NESTED);
	if (document_slurp(doc, &all, &d) != DIAG_OK)
		hand_out_bad(dec, &d);
	else
		decode_bytes(dec, all.data, all.len, false);
	buf_free(&all);
}

static void
decode_member(struct decoding *dec, struct document *doc)
{
	char start[SNIFF_BYTES];
	size_t len;
	struct diag d;
	enum kind kind;

	if (document_peek(doc, start, sizeof(start), &len, &d) != DIAG_OK) {
		hand_out_bad(dec, &d);
		return;
	}
	kind = sniff(start, len);
	if (kind == KIND_XML)
		decode_xml(dec, doc, start, len, false);
	else if (sniff_is_archive(kind) || kind == KIND_MAIL ||
	    kind == KIND_MBOX)
		decode_nested(dec, doc);
	else
		decode_bytes(dec, start, len, false);
}

/* All members of an opened archive. */
static void
decode_members(struct decoding *dec, struct document *doc)
{
	const char *name;
	size_t bad_before = dec->n_bad;
	struct diag d;
	size_t mark;

	while (!dec->stopped) {
		if (document_next_member(doc, &name, &d) != DIAG_OK) {
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
		decode_member(dec, doc);
		buf_truncate(&dec->path, mark);
	}
}

static void
decode_archive(struct decoding *dec, const char *bytes, size_t len,
    enum kind kind)
{
	struct document doc;
	struct diag d;

	if (dec->archive_depth == LIMIT_ARCHIVE_DEPTH) {
		(void)diag_set(&d, DIAG_LIMIT, REASON_NESTED_TOO_DEEPLY,
		    "archive in an archive in an archive");
		hand_out_bad(dec, &d);
		return;
	}
	if (document_open_archive(&doc, bytes, len, kind, &dec->budget, &d) !=
	    DIAG_OK) {
		hand_out_bad(dec, &d);
		return;
	}
	dec->archive_depth++;
	decode_members(dec, &doc);
	dec->archive_depth--;
	document_close(&doc);
	/* An archive of nothing is no report. */
	if (!dec->found && dec->other.code == DIAG_OK)
		not_report_because(dec, false, REASON_EMPTY, "empty archive");
}

/* ---- mails ------------------------------------------------------------- */

static enum diag_code
on_part(void *ctx, const char *name, bool body, const void *bytes, size_t len,
    struct diag *d)
{
	struct decoding *dec = ctx;
	const size_t mark = enter(dec, name);

	decode_bytes(dec, bytes == NULL ? "" : bytes, len, body);
	buf_truncate(&dec->path, mark);
	if (dec->stopped)
		return diag_set(d, DIAG_RETRY, REASON_STOPPED, "stopped");
	return DIAG_OK;
}

/* Nothing was found in a mail: what it is tells more than what is in it. */
static void
name_the_mail(struct decoding *dec, struct mail_info *info)
{
	static const struct {
		enum reason reason;
		const char *text;
	} kinds[] = {
		[MAIL_PLAIN] = { REASON_PLAIN_MAIL, "mail without a report" },
		[MAIL_BOUNCE] = { REASON_BOUNCE, "a bounce, no report" },
		[MAIL_FAILURE_REPORT] = { REASON_FAILURE_REPORT,
		    "a failure report (ruf), which is not counted" },
		[MAIL_TLS_REPORT] = { REASON_TLS_REPORT,
		    "an SMTP TLS report (RFC 8460)" },
	};

	if (info->kind != MAIL_PLAIN || dec->other_is_body)
		dec->other.code = DIAG_OK;
	not_report_because(dec, false, kinds[info->kind].reason,
	    kinds[info->kind].text);
	/* The last leaf will need it. */
	mail_info_free(&dec->other_mail);
	dec->other_mail = *info;
	dec->other_has_mail = true;
	*info = (struct mail_info){ 0 };
}

static void
decode_mail(struct decoding *dec, const char *bytes, size_t len)
{
	const struct mime_visitor visitor = { dec, on_part };
	const struct mail_info *outer = dec->mail;
	struct mail_info info;
	struct diag d;

	if (dec->mail_depth == LIMIT_MIME_DEPTH) {
		(void)diag_set(&d, DIAG_LIMIT, REASON_MAIL_TOO_DEEP,
		    "mail is nested over %d levels", LIMIT_MIME_DEPTH);
		hand_out_bad(dec, &d);
		return;
	}
	/* A mail in a mail costs as much as what is unpacked. */
	if (dec->mail_depth > 0 && len > LIMIT_NESTED) {
		(void)diag_set(&d, DIAG_LIMIT, REASON_NESTED_TOO_LARGE,
		    "mail inside a mail is over %lu bytes", LIMIT_NESTED);
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
	if (outer == NULL && !dec->found && !dec->stopped)
		name_the_mail(dec, &info);
	dec->mail = outer;
	mail_info_free(&info);
}

/* An mbox in memory, for the one who looks at it. */
struct piece {
	const char *s;
	size_t len;
};

static const char *
look(void *ctx, uint64_t at, size_t *n)
{
	const struct piece *p = ctx;

	*n = p->len - (size_t)at;
	return p->s + at;
}

static void
decode_mbox(struct decoding *dec, const char *bytes, size_t len)
{
	struct piece p = { bytes, len };
	const struct mbox_bytes all = { &p, look };
	struct mbox_mail mail;
	struct mbox m;

	mbox_open(&m, &all);
	while (!dec->stopped && mbox_next(&m, &mail))
		decode_mail(dec, bytes + mail.start,
		    (size_t)(mail.end - mail.start));
}

/*
 * Base64 whose Content-Transfer-Encoding was lost on the way: gzip, zip and
 * XML begin like this.
 */
static bool
decode_lost_base64(struct decoding *dec, const char *bytes, size_t len)
{
	static const char *const starts[] = { "H4sI", "UEsDB", "PD94bWwg",
		"PGZlZWRi" };
	const size_t pad = padding_length(bytes, len);
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
decode_bytes(struct decoding *dec, const char *bytes, size_t len, bool body)
{
	const enum kind kind = sniff(bytes, len);
	struct document doc;

	switch (kind) {
	case KIND_XML:
		document_open_memory(&doc, bytes, len);
		decode_xml(dec, &doc, bytes,
		    len < SNIFF_BYTES ? len : SNIFF_BYTES, body);
		break;
	case KIND_MAIL:
		/* A body may well begin with "Note:". */
		if (body)
			not_report_because(dec, true, REASON_OTHER, "text");
		else
			decode_mail(dec, bytes, len);
		break;
	case KIND_MBOX:
		decode_mbox(dec, bytes, len);
		break;
	case KIND_EMPTY:
		not_report_because(dec, body, REASON_EMPTY, "empty");
		break;
	case KIND_HTML:
		not_report_because(dec, body, REASON_HTML, "HTML");
		break;
	case KIND_JSON:
		not_report_because(dec, body, REASON_JSON, "JSON");
		break;
	case KIND_TLS_REPORT:
		not_report_because(dec, body, REASON_TLS_REPORT,
		    "an SMTP TLS report (RFC 8460)");
		break;
	case KIND_OTHER:
		if (dec->mail == NULL || !decode_lost_base64(dec, bytes, len))
			not_report_because(dec, body, REASON_OTHER,
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
decode(struct profile_memo *memo, const void *bytes, size_t len,
    const struct decode_sink *sink)
{
	struct decoding dec = { .memo = memo, .sink = sink };
	struct leaf leaf = { .kind = LEAF_NOT_REPORT };

	dec.budget = budget_for(len);
	buf_init(&dec.path, LIMIT_TEXT);
	decode_bytes(&dec, bytes, len, false);
	if (!dec.found && !dec.stopped) {
		leaf.part = dec.other_part == NULL ? "" : dec.other_part;
		leaf.mail = dec.other_has_mail ? &dec.other_mail : NULL;
		leaf.diag = dec.other;
		(void)sink->leaf(sink->ctx, &leaf);
	}
	free(dec.other_part);
	mail_info_free(&dec.other_mail);
	buf_free(&dec.path);
}
