/*
 * decode_wrapped: what is wrapped in something that is neither a mail nor an
 * archive: winmail.dat, S/MIME, uuencode, base64 in a text, something behind a
 * line that does not belong to it.
 */
#include "ingest/decode/decode_state.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/num.h"
#include "ingest/decode/base64.h"
#include "ingest/decode/cms.h"
#include "ingest/decode/fields.h"
#include "ingest/decode/names.h"
#include "ingest/decode/scavenge.h"
#include "ingest/decode/tnef.h"
#include "ingest/limits.h"

/* How far ahead of the thing itself something else may stand. */
#define LEADING 1024

/* One more of these around us; false: there are too many, which is said. */
static bool
go_in(struct decoding *dec)
{
	struct diag d;

	if (dec->wrap_depth < LIMIT_WRAP_DEPTH) {
		dec->wrap_depth++;
		return true;
	}
	(void)diag_set(&d, DIAG_LIMIT, REASON_NESTED_TOO_DEEPLY,
	    "encoded over %d times", LIMIT_WRAP_DEPTH);
	decode_bad(dec, &d);
	return false;
}

/* ---- winmail.dat and S/MIME ------------------------------------------------ */

void
decode_tnef(struct decoding *dec, const char *bytes, size_t len)
{
	const bool named = dec->named;
	struct tnef t;
	const void *data;
	size_t n;
	size_t parts = 0;
	const size_t before = dec->n;
	struct diag d;

	if (!go_in(dec))
		return;
	tnef_open(&t, bytes, len);
	while (!dec->stopped && tnef_next(&t, &data, &n)) {
		const size_t mark = decode_enter(dec, t.title);

		if (parts++ == LIMIT_MIME_PARTS) {
			(void)diag_set(&d, DIAG_LIMIT, REASON_TOO_MANY_PARTS,
			    "over %d attachments", LIMIT_MIME_PARTS);
			decode_bad(dec, &d);
			buf_truncate(&dec->path, mark);
			break;
		}
		dec->named = names_report(t.title);
		decode_bytes(dec, data, n, false);
		dec->named = named;
		buf_truncate(&dec->path, mark);
	}
	dec->wrap_depth--;
	if (t.is_damaged && dec->n == before)
		decode_unknown(dec, UNKNOWN_UNSUPPORTED, REASON_BROKEN_MAIL,
		    "winmail.dat: damaged");
	decode_other_because(dec, false, REASON_OTHER, "no DMARC report in it");
}

/* What is signed is a part of a mail, with its header fields. */
static void
decode_signed(struct decoding *dec, const char *bytes, size_t len)
{
	struct buf content;
	struct diag d;

	if (!go_in(dec))
		return;
	buf_init(&content, LIMIT_NESTED);
	switch (cms_content(bytes, len, &content)) {
	case CMS_OPEN:
		decode_bytes(dec, content.data, content.len, false);
		break;
	case CMS_ELSEWHERE:
		decode_other_because(dec, false, REASON_OTHER,
		    "no DMARC report in it");
		break;
	case CMS_DAMAGED:
		if (len > LIMIT_NESTED)
			(void)diag_set(&d, DIAG_LIMIT, REASON_NESTED_TOO_LARGE,
			    "S/MIME: over %zu bytes", (size_t)LIMIT_NESTED);
		else
			(void)diag_set(&d, DIAG_FORMAT, REASON_BROKEN_MAIL,
			    "S/MIME: damaged");
		decode_bad(dec, &d);
		break;
	}
	buf_free(&content);
	dec->wrap_depth--;
}

void
decode_cms(struct decoding *dec, const char *bytes, size_t len)
{
	if (cms_look(bytes, len) == CMS_ENCRYPTED)
		decode_unknown(dec, UNKNOWN_SECRET, REASON_ENCRYPTED_MAIL,
		    "encrypted with S/MIME: decrypt it with the key of its "
		    "recipient and read what comes out");
	else
		decode_signed(dec, bytes, len);
}

/* ---- text ------------------------------------------------------------------- */

static void
decode_encoded(struct decoding *dec, const struct scavenge *s)
{
	char *out;
	size_t n;

	if (!go_in(dec))
		return;
	out = mem_realloc(NULL, 2 * s->n + 4, 1);
	n = s->what == SCAVENGED_UU ? uudecode(s->found, s->n, out) :
				      base64_decode(s->found, s->n, out);
	decode_bytes(dec, out, n, false);
	free(out);
	dec->wrap_depth--;
}

bool
decode_text(struct decoding *dec, const char *bytes, size_t len)
{
	struct scavenge s;
	bool found = false;

	scavenge_open(&s, bytes, len);
	while (!dec->stopped && scavenge_next(&s)) {
		found = true;
		if (s.what == SCAVENGED_PGP)
			decode_unknown(dec, UNKNOWN_SECRET,
			    REASON_ENCRYPTED_MAIL,
			    "encrypted with OpenPGP: decrypt it with the key "
			    "of its recipient and read what comes out");
		else if (s.what == SCAVENGED_XML)
			(void)decode_xml_bytes(dec, s.found, s.n, false);
		else
			decode_encoded(dec, &s);
	}
	return found;
}

/*
 * Where the report does not begin near the start: below the warnings of a
 * program, or in an envelope.  What only names the element is text.
 */
void
decode_inside(struct decoding *dec, const char *bytes, size_t len)
{
	static const char begin[] = "<feedback";
	static const char head[] = "<report_metadata";
	static const char end[] = "</feedback>";
	size_t at = 1;

	while (!dec->stopped && at < len) {
		const char *from = memmem(bytes + at, len - at, begin,
		    sizeof(begin) - 1);
		const char *to;
		size_t n;

		if (from == NULL)
			return;
		n = len - (size_t)(from - bytes);
		to = memmem(from, n, end, sizeof(end) - 1);
		n = to == NULL ? n : (size_t)(to - from) + sizeof(end) - 1;
		if (memmem(from, n, head, sizeof(head) - 1) != NULL)
			(void)decode_xml_bytes(dec, from, n, false);
		at = (size_t)(from - bytes) + n;
	}
}

bool
decode_has_lost_part(const char *bytes, size_t len)
{
	struct scavenge s;

	scavenge_open(&s, bytes, len);
	while (scavenge_next(&s))
		if (s.what == SCAVENGED_BASE64 || s.what == SCAVENGED_UU ||
		    (s.what == SCAVENGED_XML &&
			memmem(s.found, s.n, "<feedback", 9) != NULL))
			return true;
	return false;
}

/* ---- something ahead ---------------------------------------------------------- */

/* Header fields of a mail begin here. */
static bool
is_mail(const char *s, size_t len)
{
	return fields_is_field(s, len) &&
	    (fields_known(s, len, false) > 1 || fields_known(s, len, true) > 1);
}

/* Where a mail begins: at a line, or, behind bytes that are no text, anywhere.
 * 0: nowhere. */
static size_t
find_mail(const char *s, size_t len)
{
	const size_t last = len < LEADING ? len : LEADING;
	bool binary = false;

	for (size_t i = 1; i < last; i++) {
		const unsigned char c = (unsigned char)s[i - 1];

		binary = binary ||
		    (c < ' ' && c != '\n' && c != '\r' && c != '\t');
		if ((c == '\n' || c == '\r' || binary) && s[i] > ' ' &&
		    s[i] < 0x7f && is_mail(s + i, len - i))
			return i;
	}
	return 0;
}

/*
 * A mail of Apple Mail (.emlx) begins with its length, and a property list
 * follows; where none is, a number in the first line means nothing.
 */
static size_t
emlx_length(const char *s, size_t start, size_t len)
{
	char digits[20];
	size_t n = 0;
	int64_t said;
	const char *rest;

	while (
	    n < start && n + 1 < sizeof(digits) && s[n] >= '0' && s[n] <= '9') {
		digits[n] = s[n];
		n++;
	}
	digits[n] = '\0';
	if (!num_int64(digits, 1, INT64_MAX, &said))
		return len - start;
	if ((uint64_t)said > len - start)
		said = (int64_t)(len - start);
	rest = s + start + said;
	if (memmem(rest, len - start - (size_t)said, "<plist", 6) != NULL)
		return (size_t)said;
	/* Of a mail without its attachments the number is too large. */
	rest = memmem(s + start, len - start, "<?xml", 5);
	return rest != NULL &&
		memmem(rest, len - (size_t)(rest - s), "<plist", 6) != NULL ?
	    (size_t)(rest - s) - start :
	    len - start;
}

/* Where an archive begins that is not damaged by what is ahead; 0: nowhere. */
static size_t
find_archive(const char *s, size_t len)
{
	static const char *const begin[] = { "PK\3\4", "\x1f\x8b\x08" };
	const size_t last = len < LEADING ? len : LEADING;

	for (size_t i = 0; i < 2; i++) {
		const char *at = memmem(s, last, begin[i], strlen(begin[i]));

		if (at != NULL && at > s)
			return (size_t)(at - s);
	}
	/* A program that unpacks itself: zip is found by its end. */
	return len > 2 && memcmp(s, "MZ", 2) == 0 &&
		memmem(s, len, "PK\5\6", 4) != NULL ?
	    SIZE_MAX :
	    0;
}

bool
decode_behind(struct decoding *dec, const char *bytes, size_t len)
{
	size_t at = find_mail(bytes, len);

	if (at > 0) {
		decode_mail(dec, bytes + at, emlx_length(bytes, at, len));
		return true;
	}
	at = find_archive(bytes, len);
	if (at == 0)
		return false;
	if (at == SIZE_MAX)
		decode_archive(dec, bytes, len, KIND_ZIP);
	else
		decode_archive(dec, bytes + at, len - at,
		    bytes[at] == 'P' ? KIND_ZIP : KIND_GZIP);
	return true;
}
