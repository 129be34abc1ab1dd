/* mbox: where the messages of an mbox begin and end. */
#include "ingest/decode/mbox.h"

#include <ctype.h>
#include <string.h>

#include "ingest/decode/fields.h"
#include "ingest/decode/padding.h"

#define FROM   "From "
#define DIVIDE "\1\1\1\1"

/* ---- lines ---------------------------------------------------------------- */

/* The length of the line at s with its end. */
static size_t
line_length(const char *s, size_t size, bool cr)
{
	const char *end = memchr(s, cr ? '\r' : '\n', size);

	return end == NULL ? size : (size_t)(end - s) + 1;
}

/* The same without its end. */
static size_t
text_length(const char *s, size_t n)
{
	while (n > 0 && (s[n - 1] == '\n' || s[n - 1] == '\r'))
		n--;
	return n;
}

/* Lines of this file end in CR alone: the first one does. */
static bool
ends_in_cr(const char *s, size_t len)
{
	const char *cr = memchr(s, '\r', len);

	return cr != NULL && memchr(s, '\n', (size_t)(cr - s)) == NULL &&
	    cr + 1 < s + len && cr[1] != '\n';
}

/* "From" and nothing else: some programs take the blank off. */
static bool
is_bare(const char *line, size_t len)
{
	return len == 4 && memcmp(line, FROM, 4) == 0;
}

/*
 * A line that divides.  One without the blank does only where the first line of
 * the file has none, either: who writes the mailbox quotes "From " in the text
 * of a mail, not "From", and a stranger's text must not become a mail.
 */
static bool
is_from(const char *line, size_t len, bool bare)
{
	return (len >= 5 && memcmp(line, FROM, 5) == 0) ||
	    (bare && is_bare(line, len));
}

static bool
has_time(const char *line, size_t len)
{
	for (size_t i = 5; i + 4 < len; i++)
		if (isdigit((unsigned char)line[i]) &&
		    isdigit((unsigned char)line[i + 1]) && line[i + 2] == ':' &&
		    isdigit((unsigned char)line[i + 3]) &&
		    isdigit((unsigned char)line[i + 4]))
			return true;
	return false;
}

/*
 * The line at s, of n bytes with its end, begins a message.  With a time of day
 * in it any header field below will do; without one there must be a field of
 * those that each mail has.
 */
static bool
begins_mail(const char *s, size_t size, size_t n, bool cr, bool bare)
{
	const size_t len = text_length(s, n);

	if (size > MBOX_LOOK)
		size = MBOX_LOOK;
	if (!is_from(s, len, bare) || n >= size)
		return false;
	/* What uucp put there. */
	if (size - n > 6 && memcmp(s + n, ">From ", 6) == 0)
		n += line_length(s + n, size - n, cr);
	return fields_is_field(s + n, size - n) &&
	    (has_time(s, len) || fields_known(s + n, size - n, cr) > 0);
}

static bool
is_divide(const char *s, size_t len)
{
	return len == 4 && memcmp(s, DIVIDE, 4) == 0;
}

bool
mbox_begins(const char *bytes, size_t len)
{
	const size_t pad = padding_length(bytes, len);
	const bool cr = ends_in_cr(bytes + pad, len - pad);
	const size_t n = line_length(bytes + pad, len - pad, cr);
	const size_t text = text_length(bytes + pad, n);

	if (is_divide(bytes + pad, text))
		return true;
	return begins_mail(bytes + pad, len - pad, n, cr, true) ||
	    (is_from(bytes + pad, text, true) && has_time(bytes + pad, text));
}

/* ---- messages ------------------------------------------------------------- */

void
mbox_open(struct mbox *m, const struct mbox_bytes *bytes)
{
	const char *s;
	size_t n;

	*m = (struct mbox){ .bytes = *bytes };
	s = bytes->look(bytes->ctx, 0, &n);
	if (n == 0)
		return;
	/* The same, however much is shown at a time. */
	if (n > MBOX_LOOK)
		n = MBOX_LOOK;
	m->at = padding_length(s, n);
	s += m->at;
	n -= m->at;
	m->cr = ends_in_cr(s, n);
	n = text_length(s, line_length(s, n, m->cr));
	m->mmdf = is_divide(s, n);
	m->bare = is_bare(s, n);
}

/* What a look at a place shows there. */
struct place {
	const char *s;
	size_t size; /* to the end of what is seen */
	size_t n;    /* of the line, with its end */
	size_t len;  /* and without */
};

/* False: it is the end. */
static bool
look(struct mbox *m, uint64_t at, struct place *p)
{
	p->s = m->bytes.look(m->bytes.ctx, at, &p->size);
	if (p->size == 0)
		return false;
	p->n = line_length(p->s, p->size, m->cr);
	p->len = text_length(p->s, p->n);
	return true;
}

static bool
divides(const struct mbox *m, const struct place *p)
{
	return m->mmdf ? is_divide(p->s, p->len) :
			 begins_mail(p->s, p->size, p->n, m->cr, m->bare);
}

/* The header of a mail stands below a line that does not begin one: with lines
 * before it that do not belong there, or an empty one.  A part of a mail has two
 * such fields at most. */
static bool
is_followed(const char *s, size_t left, bool cr)
{
	if (left > MBOX_LOOK)
		left = MBOX_LOOK;
	while (left > 0 && (s[0] == '\n' || s[0] == '\r')) {
		s++;
		left--;
	}
	return fields_known(s, left, cr) > 2;
}

/* The line here begins a message; if it only looks so that is counted. */
static bool
is_next(struct mbox *m, const char *s, size_t left, size_t n)
{
	const struct place p = { s, left, n, text_length(s, n) };

	if (divides(m, &p))
		return true;
	if (!is_from(s, p.len, false))
		return false;
	m->begins++;
	m->doubtful += is_followed(s + n, left - n, m->cr);
	return false;
}

/* From at on to the next line that divides, or the end. */
static uint64_t
find_end(struct mbox *m, uint64_t at)
{
	struct place p;
	bool whole = true; /* the last line was seen to its end */

	while (look(m, at, &p)) {
		const char *s = p.s;
		size_t left = p.size;
		size_t n;

		/* Many lines of one look, as long as it shows enough. */
		do {
			n = line_length(s, left, m->cr);
			if (whole && (s[0] == 'F' || s[0] == '\1') &&
			    is_next(m, s, left, n))
				return at;
			whole = n < left || s[n - 1] == (m->cr ? '\r' : '\n');
			at += n;
			s += n;
			left -= n;
		} while (left >= MBOX_LOOK);
	}
	return at;
}

/* Behind the lines that divide, of which MMDF has two in a row. */
static uint64_t
skip_divide(struct mbox *m, uint64_t at)
{
	struct place p;

	if (!m->mmdf) {
		if (!look(m, at, &p) || !is_from(p.s, p.len, m->bare))
			return at;
		m->begins++;
		return at + p.n;
	}
	while (look(m, at, &p) && (is_divide(p.s, p.len) || p.len == 0))
		at += p.n;
	return at;
}

bool
mbox_next(struct mbox *m, struct mbox_mail *mail)
{
	struct place p;

	if (!look(m, m->at, &p))
		return false;
	mail->start = skip_divide(m, m->at);
	m->at = mail->start;
	if (m->mmdf && m->mails > 0 && !look(m, m->at, &p))
		return false;
	mail->end = find_end(m, mail->start);
	m->at = mail->end;
	m->mails++;
	return true;
}
