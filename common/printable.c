/* printable: text from strangers, made safe to show. */
#include "common/printable.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Decode one character at s; its length in bytes, 0 when it is none.  Longer
 * forms than needed and surrogates are none: a terminal may read them
 * otherwise than we do.
 */
static size_t
decode(const unsigned char *s, uint32_t *out)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len;
	uint32_t c;

	if (s[0] < 0x80) {
		*out = s[0];
		return 1;
	}
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		len = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		len = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		len = 4;
	else
		return 0;
	c = s[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = (c << 6) | (s[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*out = c;
	return len;
}

static bool
harmless(uint32_t c)
{
	static const uint32_t bad[][2] = {
		{ 0, 0x1f },
		{ 0x7f, 0x9f },
		{ 0x61c, 0x61c },
		{ 0x200b, 0x200f },
		{ 0x2028, 0x202e },
		{ 0x2060, 0x206f },
		{ 0xfeff, 0xfeff },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (c >= bad[i][0] && c <= bad[i][1])
			return false;
	return true;
}

void
printable(char *s)
{
	char *out = s;

	while (*s != '\0') {
		uint32_t c;
		size_t len;

		/* Nearly all of it. */
		if (*s >= ' ' && *s <= '~') {
			*out++ = *s++;
			continue;
		}
		len = decode((const unsigned char *)s, &c);
		if (len > 0 && harmless(c)) {
			memmove(out, s, len);
			out += len;
		} else {
			*out++ = '?';
		}
		s += len > 0 ? len : 1;
	}
	*out = '\0';
}
