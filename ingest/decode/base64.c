/* base64: as nearly all software writes it, in the quick way. */
#include "ingest/decode/base64.h"

#include <string.h>

#define NONE 0x80 /* no character of the alphabet */

static void
fill(unsigned char values[256])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";

	memset(values, NONE, 256);
	for (unsigned char i = 0; alphabet[i] != '\0'; i++)
		values[(unsigned char)alphabet[i]] = i;
}

static size_t
skip_line_ends(const unsigned char *s, size_t len, size_t at)
{
	while (at < len && (s[at] == '\n' || s[at] == '\r'))
		at++;
	return at;
}

/* Four characters to three bytes; false: one of them is none of these. */
static inline bool
decode_group(const unsigned char *s, const unsigned char *values, char *out)
{
	const unsigned a = values[s[0]];
	const unsigned b = values[s[1]];
	const unsigned c = values[s[2]];
	const unsigned d = values[s[3]];

	out[0] = (char)(a << 2 | b >> 4);
	out[1] = (char)(b << 4 | c >> 2);
	out[2] = (char)(c << 6 | d);
	return ((a | b | c | d) & NONE) == 0;
}

/* Whole groups from s on; returns their number. */
static size_t
decode_groups(const unsigned char *s, size_t len, const unsigned char *values,
    char *out)
{
	size_t n = 0;

	while (len - 4 * n >= 4 && decode_group(s + 4 * n, values, out + 3 * n))
		n++;
	return n;
}

/* The last group, which ends in one or two '='; returns its bytes, 0: it is
 * none. */
static size_t
decode_padded(const unsigned char *s, const unsigned char *values, char *out)
{
	const size_t n = s[2] == '=' ? 1 : 2;
	const unsigned char full[4] = { s[0], s[1], n == 1 ? 'A' : s[2], 'A' };

	return s[3] == '=' && decode_group(full, values, out) ? n : 0;
}

bool
base64_decode(const char *text, size_t len, char *out, size_t *n)
{
	const unsigned char *s = (const unsigned char *)text;
	unsigned char values[256];
	size_t at = skip_line_ends(s, len, 0);
	size_t groups;
	size_t padded;

	fill(values);
	*n = 0;
	do {
		groups = decode_groups(s + at, len - at, values, out + *n);
		at = skip_line_ends(s, len, at + 4 * groups);
		*n += 3 * groups;
	} while (groups > 0);
	if (len - at < 4)
		return at == len;
	padded = decode_padded(s + at, values, out + *n);
	*n += padded;
	return padded > 0 && skip_line_ends(s, len, at + 4) == len;
}
