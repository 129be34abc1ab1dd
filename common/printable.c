/* printable: text from outside, made safe to show. */
#include "common/printable.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/marks.h"

/*
 * Decode one character at s; returns its length in bytes, 0 when it is not
 * valid.  Overlong forms and surrogates are not valid: a terminal may read them
 * differently.
 */
static size_t
next_character(const unsigned char *s, uint32_t *out)
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

/*
 * What moves the cursor, turns the direction or cannot be seen, so that two
 * texts that look alike are not: Cc, Cf, Zl, Zp and Default_Ignorable_Code_Point
 * of Unicode 15, noncharacters, what is blank without being a space, spaces that
 * look like the one of ASCII, and private use, which each font draws as it
 * likes.  Blocks that are kept for more of the kind are among them.
 */
static const uint32_t bad[][2] = {
	{ 0, 0x1f }, { 0x7f, 0xa0 }, /* no-break space */
	{ 0xad, 0xad },              /* soft hyphen */
	{ 0x34f, 0x34f },            /* combining grapheme joiner */
	{ 0x600, 0x605 },   /* Arabic signs that stand before numbers */
	{ 0x61c, 0x61c },   /* Arabic letter mark */
	{ 0x6dd, 0x6dd },   /* Arabic end of ayah */
	{ 0x70f, 0x70f },   /* Syriac abbreviation mark */
	{ 0x890, 0x891 },   /* Arabic signs */
	{ 0x8e2, 0x8e2 },   /* the same */
	{ 0x115f, 0x1160 }, /* Hangul fillers */
	{ 0x1680, 0x1680 }, /* Ogham space */
	{ 0x17b4, 0x17b5 }, /* Khmer inherent vowels */
	{ 0x180b, 0x180f }, /* Mongolian variation selectors, vowel separator */
	{ 0x2000, 0x200f }, /* spaces; of no width; direction */
	{ 0x2028, 0x202f }, /* separators; direction; a space */
	{ 0x205f,
	    0x206f }, /* a space; word joiner; invisible operators; direction */
	{ 0x2800, 0x2800 },   /* Braille without a dot */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xe000, 0xf8ff },   /* private use */
	{ 0xfdd0, 0xfdef },   /* noncharacters */
	{ 0xfe00, 0xfe0f },   /* variation selectors */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xffa0, 0xffa0 },   /* Hangul filler of half width */
	{ 0xfff0, 0xfffb },   /* kept for specials; interlinear annotation */
	{ 0x110bd, 0x110bd }, /* Kaithi number signs */
	{ 0x110cd, 0x110cd },
	{ 0x13430, 0x1343f },  /* how hieroglyphs are put together */
	{ 0x16fe4, 0x16fe4 },  /* Khitan filler */
	{ 0x1bca0, 0x1bca3 },  /* shorthand format controls */
	{ 0x1d159, 0x1d159 },  /* a note without a head */
	{ 0x1d173, 0x1d17a },  /* musical format controls */
	{ 0xe0000, 0xe0fff },  /* tags, variation selectors */
	{ 0xf0000, 0x10ffff }, /* private use */
};

static bool
harmless(uint32_t c)
{
	size_t from = 0;
	size_t to = sizeof(bad) / sizeof(bad[0]);

	/* The last two of each plane are noncharacters. */
	if ((c & 0xfffe) == 0xfffe)
		return false;
	while (from < to) {
		const size_t mid = from + (to - from) / 2;

		if (c < bad[mid][0])
			to = mid;
		else if (c > bad[mid][1])
			from = mid + 1;
		else
			return false;
	}
	return true;
}

/* Japanese names are written with it, between their letters. */
#define IDEOGRAPHIC_SPACE 0x3000

/* No script needs more of them on one letter; a hundred cover the lines above
 * and below. */
#define MARKS_MAX 3

/* The state after the last character. */
struct before {
	uint32_t c;
	int marks; /* that many in a row */
};

/* A letter of a script other than Latin may come before or after it. */
static bool
is_beside_space(uint32_t c)
{
	return c >= 0x80 && c != IDEOGRAPHIC_SPACE && harmless(c);
}

static bool
may_be_shown(struct before *before, uint32_t c, const unsigned char *rest)
{
	uint32_t next;

	before->marks = marks_has(c) ? before->marks + 1 : 0;
	if (!harmless(c) || before->marks > MARKS_MAX)
		return false;
	if (c != IDEOGRAPHIC_SPACE)
		return true;
	return is_beside_space(before->c) && next_character(rest, &next) > 0 &&
	    is_beside_space(next);
}

void
printable(char *s)
{
	struct before before = { 0 };
	char *out = s;

	while (*s != '\0') {
		uint32_t c;
		size_t len;

		/* The usual case: ASCII. */
		if (*s >= ' ' && *s <= '~') {
			before = (struct before){ 0 };
			*out++ = *s++;
			continue;
		}
		len = next_character((const unsigned char *)s, &c);
		if (len > 0 &&
		    may_be_shown(&before, c, (const unsigned char *)s + len)) {
			memmove(out, s, len);
			out += len;
			before.c = c;
		} else {
			*out++ = '?';
			before.c = '?';
		}
		s += len > 0 ? len : 1;
	}
	*out = '\0';
}
