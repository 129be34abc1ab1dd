/* utf7: names of folders, in the two forms and in none else. */
#include "ingest/config/utf7.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static void
knows_both_forms(void)
{
	static const struct {
		const char *utf8;
		const char *utf7;
	} rows[] = {
		{ "", "" },
		{ "INBOX", "INBOX" },
		{ "INBOX/a b.c", "INBOX/a b.c" },
		{ " !\"#%'()*+,-./:;<=>?@[\\]^_`{|}~",
		    " !\"#%'()*+,-./:;<=>?@[\\]^_`{|}~" },
		{ "&", "&-" },
		{ "a&b&&", "a&-b&-&-" },
		{ "&-", "&--" },
		/* the example of RFC 3501 5.1.3 */
		{ "~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/"
		  "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
		    "~peter/mail/&U,BTFw-/&ZeVnLIqe-" },
		{ "Entw\xc3\xbcrfe", "Entw&APw-rfe" },
		/* a comma in place of the slash of base64 */
		{ "\xe2\x9f\xbf", "&J,8-" },
		/* two characters in one shift, and shifted beside "&" */
		{ "\xc3\xa9\xc3\xa8", "&AOkA6A-" },
		{ "\xc3\xa9&", "&AOk-&-" },
		/* U+1F4E7 is a surrogate pair in UTF-16 */
		{ "\xf0\x9f\x93\xa7", "&2D3c5w-" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char *utf7 = utf7_from_utf8(rows[i].utf8);
		char *utf8 = utf7_to_utf8(rows[i].utf7);

		CHECK_STR(utf7, rows[i].utf7, "%s", rows[i].utf7);
		CHECK_STR(utf8, rows[i].utf8, "%s", rows[i].utf7);
		free(utf7);
		free(utf8);
	}
}

static void
refuses_what_is_no_utf8(void)
{
	static const char *const rows[] = {
		"\xff", "a\x80", "\xc3", /* cut */
		"a\xe5\x8f",             /* cut */
		"\xc0\xaf",              /* overlong */
		"\xe0\x80\xaf",          /* overlong */
		"\xed\xa0\x80",          /* a surrogate */
		"\xf4\x90\x80\x80",      /* beyond U+10FFFF */
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		CHECK_STR(utf7_from_utf8(rows[i]), NULL, "row %zu", i);
}

static void
refuses_what_is_no_utf7(void)
{
	static const char *const rows[] = {
		"Entw\xc3\xbcrfe",     /* eight bits */
		"&",                   /* no end */
		"a&b", "&APw", "&AP-", /* half a character */
		"&A-", "&APw/-",       /* the base64 of others */
		"&AP!-", "&AGE-",      /* ASCII must stand for itself */
		"&AAA-",               /* NUL */
		"&APz-",               /* bits that are left over are zero */
		"&2D0-",               /* half of a pair */
		"&3OfYPQ-",            /* the halves turned round */
		"&APw-&APw-"           /* one shift is left, and begun again */
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		CHECK_STR(utf7_to_utf8(rows[i]), NULL, "%s", rows[i]);
}

/* s, n times; the caller frees. */
static char *
repeated(const char *s, size_t n)
{
	const size_t len = strlen(s);
	char *name = calloc(n + 1, len);

	for (size_t i = 0; name != NULL && i < n; i++)
		memcpy(name + i * len, s, len);
	return name;
}

static void
refuses_what_is_long(void)
{
	static const struct {
		const char *s;
		size_t n;
		bool ok;
	} rows[] = {
		{ "a", 1000, true },
		{ "a", 1001, false },
		{ "&", 500, true }, /* doubled */
		{ "&", 501, false },
		{ "\xc3\xbc", 374, true }, /* 8 bytes for 3 of them, 2 around */
		{ "\xc3\xbc", 375, false },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char *name = repeated(rows[i].s, rows[i].n);
		char *utf7 = utf7_from_utf8(name);

		CHECK_INT(utf7 != NULL, rows[i].ok, "row %zu", i);
		free(utf7);
		free(name);
	}
}

static CU_TestInfo tests[] = {
	{ "knows_both_forms", knows_both_forms },
	{ "refuses_what_is_no_utf8", refuses_what_is_no_utf8 },
	{ "refuses_what_is_no_utf7", refuses_what_is_no_utf7 },
	{ "refuses_what_is_long", refuses_what_is_long },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_utf7_suites[] = {
	{ "utf7", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
