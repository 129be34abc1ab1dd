/* record_text: what editors and forms do to the text of a record. */
#include "check/record_text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define WORD_MAX 24

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct tag_part
record_odd_bytes(const char *text, size_t len, bool tab_is_fine)
{
	struct tag_part p = { 0, 0 };

	for (size_t i = 0; i < len; i++) {
		if ((text[i] >= ' ' && text[i] <= '~') ||
		    (tab_is_fine && text[i] == '\t')) {
			if (p.len > 0)
				break;
			continue;
		}
		if (p.len == 0)
			p.at = i;
		p.len++;
	}
	return p;
}

size_t
record_blanks(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && is_blank(text[n]))
		n++;
	return n;
}

/* One character of UTF-8; its length, 0: it is none. */
static size_t
character(const unsigned char *s, size_t len, uint32_t *c)
{
	const size_t n = s[0] >= 0xf0 ? 4 :
	    s[0] >= 0xe0              ? 3 :
	    s[0] >= 0xc2              ? 2 :
	    s[0] < 0x80               ? 1 :
					0;

	if (n == 0 || n > len || s[0] > 0xf4)
		return 0;
	*c = n == 1 ? s[0] : s[0] & (0xffU >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	return n;
}

/* What a character stands for: ASCII, 0 for nothing at all, -1: not known. */
static int
stands_for(uint32_t c)
{
	if (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
	    c == 0x3000)
		return ' ';
	if (c == 0xad || (c >= 0x200b && c <= 0x200f) || c == 0x2060 ||
	    c == 0xfeff)
		return 0;
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe63)
		return '-';
	if ((c >= 0x2018 && c <= 0x201f) || c == 0xab || c == 0xbb)
		return 0;
	if (c >= 0xff01 && c <= 0xff5e)
		return (int)(c - 0xff01 + '!');
	return -1;
}

static bool
take(struct buf *out, const char *text, size_t len, size_t *i)
{
	uint32_t c = 0;
	const size_t n = character((const unsigned char *)text + *i, len - *i,
	    &c);
	int as;

	if (n == 0)
		return false;
	if (n == 1) {
		const char plain = text[(*i)++];

		if (is_blank(plain))
			return buf_putc(out, ' ');
		if (plain < ' ' || plain > '~')
			return false;
		/* Both are the zone file's, not the record's. */
		if (plain == '"' || (plain == '\\' && *i < len))
			return true;
		return buf_putc(out, plain);
	}
	as = stands_for(c);
	*i += n;
	if (as > 0)
		return buf_putc(out, (char)as);
	return as == 0;
}

bool
record_clean(const char *text, size_t len, struct buf *out)
{
	size_t i = 0;
	size_t blanks;

	while (i < len)
		if (!take(out, text, len, &i))
			return false;
	if (out->data == NULL)
		return true;
	blanks = record_blanks(out->data, out->len);
	memmove(out->data, out->data + blanks, out->len - blanks);
	buf_truncate(out, out->len - blanks);
	while (out->len > 0 && is_blank(out->data[out->len - 1]))
		buf_truncate(out, out->len - 1);
	return true;
}

/* How many letters have to be added, left out, changed or swapped. */
static size_t
distance(const char *a, size_t n, const char *b, size_t m)
{
	size_t d[WORD_MAX + 1][WORD_MAX + 1];

	for (size_t i = 0; i <= n; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++) {
			const int x = tolower((unsigned char)a[i - 1]);
			const int y = tolower((unsigned char)b[j - 1]);
			size_t least = d[i - 1][j - 1] + (x == y ? 0 : 1);

			if (d[i - 1][j] + 1 < least)
				least = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < least)
				least = d[i][j - 1] + 1;
			if (i > 1 && j > 1 &&
			    x == tolower((unsigned char)b[j - 2]) &&
			    y == tolower((unsigned char)a[i - 2]) &&
			    d[i - 2][j - 2] + 1 < least)
				least = d[i - 2][j - 2] + 1;
			d[i][j] = least;
		}
	return d[n][m];
}

const char *
record_nearest(const char *s, size_t len, const char *const *words, size_t n,
    size_t differ)
{
	const char *best = NULL;
	size_t best_distance = differ + 1;
	bool one = true;

	if (len == 0 || len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const size_t far = distance(s, len, words[i], strlen(words[i]));

		/* A short word is nothing but its letters. */
		if (far >= strlen(words[i]) || far > best_distance)
			continue;
		one = far < best_distance;
		best_distance = far;
		best = words[i];
	}
	return one && best_distance <= differ ? best : NULL;
}
