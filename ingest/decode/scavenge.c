/*
 * scavenge: what a text holds that should have been an attachment: uuencoded
 * files, base64 whose header was lost, XML.
 */
#include "ingest/decode/scavenge.h"

#include <ctype.h>
#include <string.h>

#include "ingest/decode/base64.h"

/* What gzip, zip and XML begin with, in base64: enough that no word does. */
static const char *const starts[] = { "H4sI", "UEsDB", "PD94bWwg", "PGZlZWRi",
	"77u/PD94", NULL };
static const char *const xml[] = { "<?xml", "<feedback", NULL };

#define BASE64_LEAST 40

static size_t
line_length(const char *s, size_t len)
{
	const char *nl = memchr(s, '\n', len);

	return nl == NULL ? len : (size_t)(nl - s) + 1;
}

static bool
begins(const char *s, size_t len, const char *const *with)
{
	for (; *with != NULL; with++)
		if (len >= strlen(*with) &&
		    memcmp(s, *with, strlen(*with)) == 0)
			return true;
	return false;
}

/* All lines of base64 from here on; 0: too few. */
static size_t
base64_length(const char *s, size_t len)
{
	size_t n = 0;
	size_t line;

	do {
		line = base64_line(s + n, len - n);
		if (line > 0 && s[n] != '\r')
			n += line_length(s + n, len - n);
		else
			line = 0;
	} while (line > 0 && n < len);
	return n < BASE64_LEAST ? 0 : n;
}

/* "begin 644 name": the length of the line, 0: it is something else. */
static size_t
begin_length(const char *s, size_t len)
{
	const size_t n = line_length(s, len);

	return n > 11 && memcmp(s, "begin ", 6) == 0 &&
		isdigit((unsigned char)s[6]) && isdigit((unsigned char)s[7]) &&
		isdigit((unsigned char)s[8]) &&
		(s[9] == ' ' || (n > 12 && s[10] == ' ')) ?
	    n :
	    0;
}

/* To the line "end", or to the end of the text. */
static size_t
uu_length(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len &&
	    !(len - n >= 3 && memcmp(s + n, "end", 3) == 0 &&
		(len - n == 3 || s[n + 3] == '\r' || s[n + 3] == '\n')))
		n += line_length(s + n, len - n);
	return n;
}

/* To the end of the report, or of the text. */
static size_t
xml_length(const char *s, size_t len)
{
	static const char end[] = "</feedback>";
	const char *at = memmem(s, len, end, sizeof(end) - 1);

	return at == NULL ? len : (size_t)(at - s) + sizeof(end) - 1;
}

static bool
found(struct scavenge *s, enum scavenged what, const char *from, size_t n)
{
	s->what = what;
	s->found = from;
	s->n = n;
	s->at = (size_t)(from - s->s) + n;
	return true;
}

/* Does the line here begin one of these? */
static bool
look(struct scavenge *s, const char *line, size_t len)
{
	static const char *const pgp[] = { "-----BEGIN PGP MESSAGE-----",
		NULL };
	size_t n;

	if (begins(line, len, pgp))
		return found(s, SCAVENGED_PGP, line, line_length(line, len));
	if (begins(line, len, xml))
		return found(s, SCAVENGED_XML, line, xml_length(line, len));
	if (begins(line, len, starts) && (n = base64_length(line, len)) > 0)
		return found(s, SCAVENGED_BASE64, line, n);
	n = begin_length(line, len);
	return n > 0 &&
	    found(s, SCAVENGED_UU, line + n, uu_length(line + n, len - n));
}

void
scavenge_open(struct scavenge *s, const char *text, size_t len)
{
	*s = (struct scavenge){ .s = text, .len = len };
}

bool
scavenge_next(struct scavenge *s)
{
	while (s->at < s->len) {
		const char *line = s->s + s->at;
		size_t len = s->len - s->at;
		size_t blanks = 0;

		while (blanks < len &&
		    (line[blanks] == ' ' || line[blanks] == '\t'))
			blanks++;
		if (look(s, line + blanks, len - blanks))
			return true;
		s->at += line_length(line, len);
	}
	return false;
}

size_t
uudecode(const char *s, size_t len, char *out)
{
	size_t k = 0;

	for (size_t at = 0; at < len; at += line_length(s + at, len - at)) {
		const char *line = s + at;
		const size_t n = line_length(line, len - at);
		size_t left = ((unsigned char)line[0] - 32U) & 0x3f;

		/* Blanks at the end of a line may have been cut off. */
		for (size_t i = 1; left > 0; i += 4) {
			unsigned v[4];

			if (i >= n)
				break;
			for (size_t j = 0; j < 4; j++)
				v[j] = i + j < n && line[i + j] >= ' ' ?
				    ((unsigned char)line[i + j] - 32U) & 0x3f :
				    0;
			for (size_t j = 0; j < 3 && left > 0; j++, left--)
				out[k++] = (char)(v[j] << (2 + 2 * j) |
				    v[j + 1] >> (4 - 2 * j));
		}
	}
	return k;
}
