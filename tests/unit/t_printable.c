/* printable: nothing that a stranger wrote can move the cursor. */
#include <string.h>

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
		{ "U+00A0 stays", "\xc2\xa0", "\xc2\xa0" },
		{ "U+061C", "\xd8\x9c", "?" },
		{ "U+200B to U+200F", "\xe2\x80\x8b\xe2\x80\x8f", "??" },
		{ "U+200A, U+2010 stay", "\xe2\x80\x8a\xe2\x80\x90",
		    "\xe2\x80\x8a\xe2\x80\x90" },
		{ "U+2028 to U+202E", "\xe2\x80\xa8\xe2\x80\xae", "??" },
		{ "U+2060 to U+206F", "\xe2\x81\xa0\xe2\x81\xaf", "??" },
		{ "U+FEFF", "\xef\xbb\xbf", "?" },
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

static CU_TestInfo tests[] = {
	{ "replaces_what_is_not_to_be_shown",
	    replaces_what_is_not_to_be_shown },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_printable_suites[] = {
	{ "printable", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
