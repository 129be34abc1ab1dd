/* decode: bytes in, reports out. */
#include "ingest/decode/decode_state.h"

#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <libxml/parser.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/printable.h"
#include "ingest/decode/domain.h"
#include "ingest/limits.h"
#include "ingest/decode/fields.h"
#include "ingest/decode/mime.h"
#include "ingest/decode/padding.h"
#include "ingest/decode/sniff.h"
#include "ingest/decode/tls_json.h"
#include "ingest/decode/tls_leaf.h"

/* libxml2 also returns its messages with the error. */
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
	/* Otherwise glibc returns memory to the kernel after each report. */
	(void)mallopt(M_MMAP_THRESHOLD, 4 * LIMIT_MIB);
	(void)mallopt(M_TRIM_THRESHOLD, 8 * LIMIT_MIB);
	xmlInitParser();
	xmlSetGenericErrorFunc(NULL, say_nothing);
	mime_init();
	domain_init();
	tls_json_init();
}

/* ---- what became of it ----------------------------------------------- */

/*
 * Report this error once per item, not for every member.
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
	leaf->failure = NULL;
	(void)diag_set(&leaf->diag, DIAG_LIMIT, REASON_TOO_MANY_DOCUMENTS,
	    "over %d documents in one item", LIMIT_DOCUMENTS);
}

void
decode_hand_out(struct decoding *dec, struct leaf *leaf)
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

void
decode_bad(struct decoding *dec, const struct diag *d)
{
	struct leaf leaf = { .kind = LEAF_BAD, .diag = *d };

	decode_hand_out(dec, &leaf);
}

/* Remember the first part that is no report; an attachment says more than the
 * text of the mail. */
void
decode_other(struct decoding *dec, bool body, const struct diag *d)
{
	if (dec->other.code != DIAG_OK && (body || !dec->other_is_body))
		return;
	free(dec->other_part);
	dec->other_part = mem_strdup(body ? "" : buf_str(&dec->path));
	dec->other = *d;
	dec->other_is_body = body;
}

void
decode_other_because(struct decoding *dec, bool body, enum reason reason,
    const char *text)
{
	struct diag d;

	(void)diag_set(&d, DIAG_FORMAT, reason, "%s", text);
	decode_other(dec, body, &d);
}

/* Go down into a named part; returns the length to go back to. */
size_t
decode_enter(struct decoding *dec, const char *name)
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

/* In a mail it may be somebody's picture, which the whole of the mail tells; of
 * several the one counts that is most likely a report, wherever it stands. */
void
decode_unknown(struct decoding *dec, enum unknown what, enum reason reason,
    const char *text)
{
	struct diag d;

	(void)diag_set(&d, DIAG_FORMAT, reason, "%s", text);
	if (dec->named || dec->mail == NULL) {
		decode_bad(dec, &d);
	} else if (what > dec->unknown_is) {
		dec->unknown_is = what;
		dec->unknown = d;
	}
}

/* ---- any bytes --------------------------------------------------------- */

/* Yahoo sends this word instead of a report to those who have none. */
static bool
is_unused(const char *bytes, size_t len)
{
	return len >= 6 && len < 10 && memcmp(bytes, "unused", 6) == 0;
}

static void
decode_text_bytes(struct decoding *dec, const char *bytes, size_t len,
    bool body)
{
	if (is_unused(bytes, len))
		dec->is_unused = true;
	else if ((!body && decode_behind(dec, bytes, len)) ||
	    decode_text(dec, bytes, len))
		return;
	decode_other_because(dec, body, REASON_OTHER, "no DMARC report in it");
}

static void
decode_unknown_bytes(struct decoding *dec, const char *bytes, size_t len)
{
	if (!decode_behind(dec, bytes, len))
		decode_unknown(dec, UNKNOWN_BYTES, REASON_UNKNOWN_FORMAT,
		    "of a kind that is not known");
}

static void
decode_unsupported(struct decoding *dec, const char *bytes, size_t len)
{
	char text[128];

	(void)snprintf(text, sizeof(text), "%s, which is not read",
	    sniff_unsupported(bytes, len));
	decode_unknown(dec, UNKNOWN_UNSUPPORTED, REASON_UNKNOWN_FORMAT, text);
}

/* A body may begin with "Note:".  If more known header fields follow, it is a
 * mail whose header was cut by an empty line. */
static void
decode_mail_or_body(struct decoding *dec, const char *bytes, size_t len,
    bool body)
{
	const size_t pad = padding_length(bytes, len);

	if (!body || fields_known(bytes + pad, len - pad, false) > 2)
		decode_mail(dec, bytes + pad, len - pad);
	else
		decode_text_bytes(dec, bytes, len, true);
}

static void
decode_tls(struct decoding *dec, const char *bytes, size_t len, bool body)
{
	struct tls_leaf l;

	if (tls_leaf_read(&l, bytes, len))
		decode_hand_out(dec, &l.leaf);
	else
		decode_other(dec, body, &l.leaf.diag);
	tls_leaf_clear(&l);
}

/* What is no report, by what it is. */
static void
decode_no_report(struct decoding *dec, const char *bytes, size_t len, bool body,
    enum kind kind)
{
	switch (kind) {
	case KIND_EMPTY:
		dec->n_empty++;
		decode_other_because(dec, body, REASON_EMPTY, "empty");
		break;
	case KIND_HTML:
		decode_inside(dec, bytes, len);
		decode_other_because(dec, body, REASON_HTML, "HTML");
		break;
	case KIND_JSON:
		decode_other_because(dec, body, REASON_JSON, "JSON");
		break;
	default:
		decode_other_because(dec, body, REASON_OTHER,
		    "no DMARC report in it");
		break;
	}
}

void
decode_bytes(struct decoding *dec, const char *bytes, size_t len, bool body)
{
	const enum kind kind = sniff(bytes, len);

	dec->n_full += kind != KIND_EMPTY && !sniff_is_archive(kind);
	switch (kind) {
	case KIND_XML:
		if (!decode_xml_bytes(dec, bytes, len, body))
			decode_inside(dec, bytes, len);
		break;
	case KIND_MAIL:
		decode_mail_or_body(dec, bytes, len, body);
		break;
	case KIND_MBOX:
		decode_mbox(dec, bytes, len);
		break;
	case KIND_EMPTY:
	case KIND_HTML:
	case KIND_JSON:
	case KIND_HARMLESS:
		decode_no_report(dec, bytes, len, body, kind);
		break;
	case KIND_TLS_REPORT:
		decode_tls(dec, bytes, len, body);
		break;
	case KIND_TNEF:
		decode_tnef(dec, bytes, len);
		break;
	case KIND_CMS:
		decode_cms(dec, bytes, len);
		break;
	case KIND_PGP:
		decode_unknown(dec, UNKNOWN_SECRET, REASON_ENCRYPTED_MAIL,
		    "encrypted with OpenPGP: decrypt it with the key of its "
		    "recipient and read what comes out");
		break;
	case KIND_ENCRYPTED:
		decode_unknown(dec, UNKNOWN_SECRET, REASON_ENCRYPTED_MAIL,
		    "encrypted by Dovecot's mail_crypt: fetch it by IMAP or "
		    "with doveadm");
		break;
	case KIND_UNSUPPORTED:
		decode_unsupported(dec, bytes, len);
		break;
	case KIND_TEXT:
		decode_text_bytes(dec, bytes, len, body);
		break;
	case KIND_OTHER:
		decode_unknown_bytes(dec, bytes, len);
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
