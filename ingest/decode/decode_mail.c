/* decode_mail: a mail and its parts, and the mails of an mbox. */
#include "ingest/decode/decode_state.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/decode/failure_mail.h"
#include "ingest/decode/mbox.h"
#include "ingest/decode/mime.h"
#include "ingest/decode/names.h"
#include "ingest/limits.h"

/* A part in which nothing was found, though it has the name of a report or an
 * archive: it is neither, or has nothing in it, or something else than XML. */
static void
look_at_name(struct decoding *dec, const char *name, bool is_empty,
    const char *bytes, size_t len)
{
	const enum kind kind = sniff(bytes, len);

	if (!names_report(name) && !names_archive(name))
		return;
	if (is_empty)
		dec->is_empty = true;
	else if ((!sniff_is_archive(kind) && kind != KIND_XML) ||
	    names_packed_xml(name))
		dec->is_misnamed = true;
}

static enum diag_code
on_part(void *ctx, const char *name, bool body, const void *bytes, size_t len,
    struct diag *d)
{
	struct decoding *dec = ctx;
	const bool named = dec->named;
	const size_t mark = decode_enter(dec, name);
	const size_t before = dec->n;
	const size_t empty = dec->n_empty;
	const size_t full = dec->n_full;

	if (bytes == NULL)
		bytes = "";
	dec->named = names_report(name);
	decode_bytes(dec, bytes, len, body);
	if (dec->n == before)
		look_at_name(dec, name,
		    dec->n_empty > empty && dec->n_full == full, bytes, len);
	dec->named = named;
	buf_truncate(&dec->path, mark);
	if (dec->stopped)
		return diag_set(d, DIAG_RETRY, REASON_STOPPED, "stopped");
	return DIAG_OK;
}

/* ---- a mail in which nothing was found ------------------------------------ */

/* It names a report: what may have become of it. */
static void
say_missing(struct decoding *dec, const struct mail_info *info)
{
	struct leaf leaf = { .kind = LEAF_MISSING };

	if (info->is_partial) {
		leaf.kind = LEAF_BAD;
		(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_PARTIAL_MAIL,
		    "the report is not in this mail but in another file or "
		    "mail");
	} else if (info->lacks_parts) {
		leaf.kind = LEAF_BAD;
		(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_NO_PARTS,
		    "no part is found: the boundary in the header is not that "
		    "in the text");
	} else if (dec->is_empty) {
		(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_EMPTY_ATTACHMENT,
		    "the mail names a report, but its attachment is empty");
	} else {
		(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_REPORT_MISSING,
		    "the mail names a report, but there is none in it");
	}
	decode_hand_out(dec, &leaf);
}

/* Nothing was found in the mail that carries it all: is it surely none? */
static void
conclude_mail(struct decoding *dec, const struct mail_info *info,
    const char *bytes, size_t len, size_t opened)
{
	const bool names = info->names_report || dec->is_empty ||
	    dec->is_misnamed || dec->named || info->kind == MAIL_TLS_REPORT;
	struct diag d;

	if (info->kind == MAIL_BOUNCE || info->kind == MAIL_FAILURE_REPORT ||
	    info->has_bounce || dec->has_bounce)
		return;
	if (dec->unknown_is == UNKNOWN_SECRET ||
	    (dec->unknown_is != UNKNOWN_NOTHING && names)) {
		decode_bad(dec, &dec->unknown);
	} else if (dec->n_opened == opened &&
	    decode_has_lost_part(bytes, len)) {
		(void)diag_set(&d, DIAG_FORMAT, REASON_LOST_PART,
		    "holds what looks like a report, but not as a part of the "
		    "mail");
		decode_bad(dec, &d);
	} else if (names && !dec->is_unused) {
		say_missing(dec, info);
	}
}

/* Nothing was found in the mail that carries it all: a failure report? */
static void
try_failure(struct decoding *dec, const char *bytes, size_t len)
{
	struct failure_report *f = NULL;
	struct leaf leaf = { .kind = LEAF_FAILURE };

	if (!failure_mail_maybe(bytes, len))
		return;
	switch (failure_mail_read(bytes, len, &f)) {
	case FAILURE_MAIL_REPORT:
		leaf.failure = f;
		decode_hand_out(dec, &leaf);
		break;
	case FAILURE_MAIL_COMPLAINT:
		dec->is_complaint = true;
		break;
	case FAILURE_MAIL_NONE:
		break;
	}
	failure_free(f);
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
		    "a mail about a failure without a failure report" },
		[MAIL_TLS_REPORT] = { REASON_TLS_REPORT,
		    "mail about TLS (RFC 8460) without a report" },
	};

	if (info->kind == MAIL_PLAIN &&
	    (info->has_bounce || dec->has_bounce || info->by_nobody))
		info->kind = MAIL_BOUNCE;
	if (info->kind != MAIL_PLAIN || dec->is_complaint || dec->other_is_body)
		dec->other.code = DIAG_OK;
	if (dec->is_complaint)
		decode_other_because(dec, false, REASON_COMPLAINT,
		    "a complaint about a mail, no DMARC report");
	else
		decode_other_because(dec, false, kinds[info->kind].reason,
		    kinds[info->kind].text);
	/* The last leaf will need it. */
	mail_info_free(&dec->other_mail);
	dec->other_mail = *info;
	dec->other_has_mail = true;
	*info = (struct mail_info){ 0 };
}

/* Old Macs end lines in CR alone, which nobody else reads. */
static char *
mend_line_ends(const char *bytes, size_t len)
{
	const size_t look = len < SNIFF_BYTES ? len : SNIFF_BYTES;
	char *out;

	if (memchr(bytes, '\n', look) != NULL ||
	    memchr(bytes, '\r', look) == NULL)
		return NULL;
	out = mem_realloc(NULL, len, 1);
	memcpy(out, bytes, len);
	for (char *cr = out;
	     (cr = memchr(cr, '\r', len - (size_t)(cr - out))) != NULL;)
		*cr = '\n';
	return out;
}

/* Too deep, or too large: that is said. */
static bool
is_refused(struct decoding *dec, size_t len)
{
	struct diag d = { 0 };

	/* A mail in a mail costs as much as what is unpacked. */
	if (dec->mail_depth == LIMIT_MIME_DEPTH)
		(void)diag_set(&d, DIAG_LIMIT, REASON_MAIL_TOO_DEEP,
		    "mail is nested over %d levels", LIMIT_MIME_DEPTH);
	else if (dec->mail_depth > 0 && len > LIMIT_NESTED)
		(void)diag_set(&d, DIAG_LIMIT, REASON_NESTED_TOO_LARGE,
		    "mail inside a mail is over %lu bytes", LIMIT_NESTED);
	else
		return false;
	decode_bad(dec, &d);
	return true;
}

/* The outermost mail is the one that carried it here. */
static void
walk_outermost(struct decoding *dec, const char *bytes, size_t len)
{
	const struct mime_visitor visitor = { dec, on_part };
	const size_t before = dec->n;
	const size_t opened = dec->n_opened;
	struct mail_info info;
	struct diag d;

	dec->mail = &info;
	dec->unknown_is = UNKNOWN_NOTHING;
	dec->is_empty = dec->is_misnamed = dec->is_unused = false;
	dec->has_bounce = dec->is_complaint = false;
	if (mime_walk(bytes, len, &info, &visitor, &d) != DIAG_OK &&
	    !dec->stopped)
		decode_bad(dec, &d);
	if (dec->n == before && !dec->stopped)
		try_failure(dec, bytes, len);
	if (dec->n == before && !dec->stopped)
		conclude_mail(dec, &info, bytes, len, opened);
	else if (dec->unknown_is >= UNKNOWN_UNSUPPORTED && !dec->stopped)
		decode_bad(dec, &dec->unknown);
	if (!dec->found && !dec->stopped)
		name_the_mail(dec, &info);
	dec->mail = NULL;
	mail_info_free(&info);
}

static void
walk_inner(struct decoding *dec, const char *bytes, size_t len)
{
	const struct mime_visitor visitor = { dec, on_part };
	struct mail_info info;
	struct diag d;

	if (mime_walk(bytes, len, &info, &visitor, &d) != DIAG_OK &&
	    !dec->stopped)
		decode_bad(dec, &d);
	dec->has_bounce = dec->has_bounce || info.kind == MAIL_BOUNCE ||
	    info.has_bounce;
	mail_info_free(&info);
}

void
decode_mail(struct decoding *dec, const char *bytes, size_t len)
{
	char *mended;

	if (is_refused(dec, len))
		return;
	mended = mend_line_ends(bytes, len);
	if (mended != NULL)
		bytes = mended;
	dec->mail_depth++;
	if (dec->mail == NULL)
		walk_outermost(dec, bytes, len);
	else
		walk_inner(dec, bytes, len);
	dec->mail_depth--;
	free(mended);
}

/* ---- an mbox ---------------------------------------------------------------- */

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

/* A message that is lost inside another one would be lost for good. */
static void
say_doubtful(struct decoding *dec, const struct mbox *m)
{
	struct leaf leaf = { .kind = LEAF_MISSING };

	(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_MBOX_LINES,
	    "%llu mails were found, and %llu more lines that begin with "
	    "\"From \" and may begin a mail",
	    (unsigned long long)m->mails, (unsigned long long)m->doubtful);
	decode_hand_out(dec, &leaf);
}

void
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
	if (m.doubtful > 0 && !dec->stopped)
		say_doubtful(dec, &m);
}
