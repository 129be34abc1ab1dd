/* padding: meaningless bytes before a document. */
#include "ingest/decode/padding.h"

#include <string.h>

#define MARK(s) s, sizeof(s) - 1

static const struct {
	const char *s;
	size_t len;
} marks[] = {
	{ MARK("\xef\xbb\xbf") },             /* U+FEFF, byte order mark */
	{ MARK("\xc3\xaf\xc2\xbb\xc2\xbf") }, /* the same as if in Latin-1 */
	{ MARK("\xe2\x80\x8b") },             /* U+200B, zero width space */
	{ MARK("\xe2\x80\x8c") },             /* U+200C, non-joiner */
	{ MARK("\xe2\x80\x8d") },             /* U+200D, joiner */
	{ MARK("\xe2\x80\x8e") },             /* U+200E, left to right */
	{ MARK("\xe2\x81\xa0") },             /* U+2060, word joiner */
	{ MARK("\xc2\xa0") },                 /* U+00A0, no-break space */
};

static size_t
mark_length(const char *s, size_t len)
{
	static const char firsts[] = { '\xef', '\xc3', '\xe2', '\xc2' };

	/* Nearly everything begins with another byte. */
	if (len == 0 || memchr(firsts, s[0], sizeof(firsts)) == NULL)
		return 0;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (len >= marks[i].len &&
		    memcmp(s, marks[i].s, marks[i].len) == 0)
			return marks[i].len;
	return 0;
}

size_t
padding_length(const void *bytes, size_t len)
{
	const char *s = bytes;
	size_t i = 0;
	size_t n;

	/* Nearly all of it is blank, and there may be a gigabyte. */
	for (;;) {
		while (i < len &&
		    (s[i] == ' ' || s[i] == '\n' || s[i] == '\r' ||
			s[i] == '\t'))
			i++;
		n = mark_length(s + i, len - i);
		if (n == 0)
			return i;
		i += n;
	}
}
