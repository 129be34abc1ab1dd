/* printable: nothing that a stranger wrote can move the cursor. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "common/marks.h"
#include "common/printable.h"
#include "tests/unit/unit.h"

static void
replaces_what_is_not_to_be_shown(void)
{
	static const struct {
		const char *what;
		const char *in;
		const char *want;
	} rows[] = {
		{ "nothing", "", "" },
		{ "ASCII", "a b~", "a b~" },
		{ "Japanese", "\xe6\x97\xa5\xe6\x9c\xac",
		    "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "emoji", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "C0", "\x01\t\n\r\x1b[m\x1f", "?????[m?" },
		{ "DEL", "a\x7f", "a?" },
		{ "C1, U+0080 and U+009B",
		    "\xc2\x80\xc2\x9b"
		    "m",
		    "??m" },
		{ "U+00A0", "a\xc2\xa0z", "a?z" },
		{ "U+1680", "\xe1\x9a\x80", "?" },
		{ "U+2000", "\xe2\x80\x80", "?" },
		{ "U+202F, U+205F", "\xe2\x80\xaf\xe2\x81\x9f", "??" },
		{ "U+061C", "\xd8\x9c", "?" },
		{ "U+200B to U+200F", "\xe2\x80\x8b\xe2\x80\x8f", "??" },
		{ "U+200A; U+2010 stays", "\xe2\x80\x8a\xe2\x80\x90",
		    "?\xe2\x80\x90" },
		{ "U+2028 to U+202E", "\xe2\x80\xa8\xe2\x80\xae", "??" },
		{ "U+2060 to U+206F", "\xe2\x81\xa0\xe2\x81\xaf", "??" },
		{ "U+FEFF", "\xef\xbb\xbf", "?" },
		{ "U+00AD",
		    "pay\xc2\xad"
		    "pal",
		    "pay?pal" },
		{ "U+00AC, U+00AE stay", "\xc2\xac\xc2\xae",
		    "\xc2\xac\xc2\xae" },
		{ "U+034F",
		    "a\xcd\x8f"
		    "b",
		    "a?b" },
		{ "U+115F, U+1160", "\xe1\x85\x9f\xe1\x85\xa0", "??" },
		{ "U+17B4", "\xe1\x9e\xb4", "?" },
		{ "U+180B to U+180F", "\xe1\xa0\x8b\xe1\xa0\x8e\xe1\xa0\x8f",
		    "???" },
		{ "U+2800", "\xe2\xa0\x80", "?" },
		{ "U+3164", "\xe3\x85\xa4", "?" },
		{ "U+FDD0", "\xef\xb7\x90", "?" },
		{ "U+FE00, U+FE0F", "\xef\xb8\x80\xef\xb8\x8f", "??" },
		{ "U+FE10 stays", "\xef\xb8\x90", "\xef\xb8\x90" },
		{ "U+FFA0", "\xef\xbe\xa0", "?" },
		{ "U+FFF9 to U+FFFB", "\xef\xbf\xb9\xef\xbf\xba\xef\xbf\xbb",
		    "???" },
		{ "U+FFFC, U+FFFD stay", "\xef\xbf\xbc\xef\xbf\xbd",
		    "\xef\xbf\xbc\xef\xbf\xbd" },
		{ "U+FFFE, U+FFFF", "\xef\xbf\xbe\xef\xbf\xbf", "??" },
		{ "U+1BCA0", "\xf0\x9b\xb2\xa0", "?" },
		{ "U+1D173, U+1D17A", "\xf0\x9d\x85\xb3\xf0\x9d\x85\xba",
		    "??" },
		{ "U+1D172, U+1D17B stay", "\xf0\x9d\x85\xb2\xf0\x9d\x85\xbb",
		    "\xf0\x9d\x85\xb2\xf0\x9d\x85\xbb" },
		{ "U+1FFFE", "\xf0\x9f\xbf\xbe", "?" },
		{ "U+E0000, U+E0041, U+E007F",
		    "\xf3\xa0\x80\x80\xf3\xa0\x81\x81\xf3\xa0\x81\xbf", "???" },
		{ "U+E0100, U+E01EF", "\xf3\xa0\x84\x80\xf3\xa0\x87\xaf",
		    "??" },
		{ "U+E000, U+F8FF", "\xee\x80\x80\xef\xa3\xbf", "??" },
		{ "U+F0000, U+10FFFD", "\xf3\xb0\x80\x80\xf4\x8f\xbf\xbd",
		    "??" },
		/* half width, full width, voiced by a mark of its own */
		{ "kana", "\xef\xbd\xb6\xef\xbe\x9e\xe3\x83\xbc",
		    "\xef\xbd\xb6\xef\xbe\x9e\xe3\x83\xbc" },
		{ "U+3000 between Japanese",
		    "\xe5\xb1\xb1\xe3\x80\x80\xe7\x94\xb0",
		    "\xe5\xb1\xb1\xe3\x80\x80\xe7\x94\xb0" },
		{ "U+3000 beside ASCII", "a\xe3\x80\x80\xe7\x94\xb0",
		    "a?\xe7\x94\xb0" },
		{ "U+3000 before ASCII", "\xe7\x94\xb0\xe3\x80\x80z",
		    "\xe7\x94\xb0?z" },
		{ "U+3000 first, last", "\xe3\x80\x80\xe7\x94\xb0\xe3\x80\x80",
		    "?\xe7\x94\xb0?" },
		{ "U+3000 twice",
		    "\xe5\xb1\xb1\xe3\x80\x80\xe3\x80\x80\xe7\x94\xb0",
		    "\xe5\xb1\xb1??\xe7\x94\xb0" },
		{ "three marks", "e\xcc\x81\xcc\x82\xcc\x83z",
		    "e\xcc\x81\xcc\x82\xcc\x83z" },
		{ "five marks, U+20DD among them",
		    "e\xcc\x81\xe2\x83\x9d\xcc\x83\xcc\x81\xf0\x9d\x85\xa7z",
		    "e\xcc\x81\xe2\x83\x9d\xcc\x83??z" },
		{ "three marks each",
		    "e\xcc\x81\xcc\x81\xcc\x81"
		    "e\xcc\x81\xcc\x81\xcc\x81",
		    "e\xcc\x81\xcc\x81\xcc\x81"
		    "e\xcc\x81\xcc\x81\xcc\x81" },
		{ "combining marks", "e\xcc\x81\xe3\x81\x8b\xe3\x82\x99",
		    "e\xcc\x81\xe3\x81\x8b\xe3\x82\x99" },
		{ "a label of Devanagari",
		    "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8",
		    "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8" },
		{ "Hebrew and Arabic", "\xd7\xa9\xd8\xb9", "\xd7\xa9\xd8\xb9" },
		{ "half a character", "a\xe3\x81", "a??" },
		{ "tail only", "\x81\x82z", "??z" },
		{ "overlong slash", "\xc0\xaf", "??" },
		{ "overlong of three", "\xe0\x80\xaf", "???" },
		{ "surrogate U+D800", "\xed\xa0\x80", "???" },
		{ "above U+10FFFF", "\xf4\x90\x80\x80", "????" },
		{ "0xff", "\xff\xfe", "??" },
	};
	char s[64];

	for (size_t i = 0; i < ROWS(rows); i++) {
		memset(s, 0, sizeof(s));
		memcpy(s, rows[i].in, strlen(rows[i].in));
		printable(s);
		CHECK_STR(s, rows[i].want, "%s", rows[i].what);
	}
}

static size_t
encode(char out[5], uint32_t c)
{
	if (c < 0x80)
		return (size_t)snprintf(out, 5, "%c", (int)c);
	if (c < 0x800)
		return (size_t)snprintf(out, 5, "%c%c", (int)(0xc0 | c >> 6),
		    (int)(0x80 | (c & 0x3f)));
	if (c < 0x10000)
		return (size_t)snprintf(out, 5, "%c%c%c", (int)(0xe0 | c >> 12),
		    (int)(0x80 | (c >> 6 & 0x3f)), (int)(0x80 | (c & 0x3f)));
	return (size_t)snprintf(out, 5, "%c%c%c%c", (int)(0xf0 | c >> 18),
	    (int)(0x80 | (c >> 12 & 0x3f)), (int)(0x80 | (c >> 6 & 0x3f)),
	    (int)(0x80 | (c & 0x3f)));
}

/* What GLib, which has Unicode's tables, takes for a control or a format
 * character, a separator of lines, or a mark without width that is none. */
static void
knows_all_of_unicode(void)
{
	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		char s[5];
		char was[5];
		const GUnicodeType type = g_unichar_type(c);
		const bool bad = type == G_UNICODE_CONTROL ||
		    type == G_UNICODE_FORMAT ||
		    type == G_UNICODE_LINE_SEPARATOR ||
		    type == G_UNICODE_PARAGRAPH_SEPARATOR ||
		    type == G_UNICODE_PRIVATE_USE ||
		    (type == G_UNICODE_SPACE_SEPARATOR && c != ' ');
		const bool good = type == G_UNICODE_LOWERCASE_LETTER ||
		    type == G_UNICODE_UPPERCASE_LETTER ||
		    type == G_UNICODE_DECIMAL_NUMBER;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		(void)encode(s, c);
		memcpy(was, s, sizeof(was));
		printable(s);
		if (bad)
			CHECK_STR(s, "?", "U+%04X", (unsigned)c);
		if (good)
			CHECK_STR(s, was, "U+%04X", (unsigned)c);
	}
}

/* GLib may not know the latest; U+1171E was a mark before Unicode 16. */
static void
knows_marks(void)
{
	for (uint32_t c = 0x80; c <= 0x10ffff; c++) {
		const GUnicodeType type = g_unichar_type(c);
		const bool is_mark = type == G_UNICODE_NON_SPACING_MARK ||
		    type == G_UNICODE_ENCLOSING_MARK;

		if (type != G_UNICODE_UNASSIGNED && c != 0x1171e)
			CHECK_INT(marks_has(c), is_mark, "U+%04X", (unsigned)c);
	}
}

static CU_TestInfo tests[] = {
	{ "replaces_what_is_not_to_be_shown",
	    replaces_what_is_not_to_be_shown },
	{ "knows_all_of_unicode", knows_all_of_unicode },
	{ "knows_marks", knows_marks },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_printable_suites[] = {
	{ "printable", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
