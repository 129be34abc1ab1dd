/*
 * base64: what is plain, and that everything else is left to others.
 */
#include <stdlib.h>
#include <string.h>

#include "ingest/decode/base64.h"
#include "tests/unit/unit.h"

static void
texts(void)
{
	static const struct {
		const char *in;
		const char *want; /* NULL: not plain */
	} rows[] = {
		/* RFC 4648 10. */
		{ "", "" },
		{ "Zg==", "f" },
		{ "Zm8=", "fo" },
		{ "Zm9v", "foo" },
		{ "Zm9vYg==", "foob" },
		{ "Zm9vYmE=", "fooba" },
		{ "Zm9vYmFy", "foobar" },
		{ "+/8B", "\xfb\xff\x01" },
		{ "Zm9v\nYmFy\n", "foobar" },
		{ "Zm9v\r\nYmFy\r\n\r\n", "foobar" },
		{ "\r\nZm9vYg==\r\n", "foob" },
		{ "\n", "" },
		/* Decoders differ, or it is cut. */
		{ "Z", NULL },
		{ "Zm9", NULL },
		{ "Zm9vYm", NULL },
		{ "Zg=", NULL },
		{ "====", NULL },
		{ "Z===", NULL },
		{ "Zg=A", NULL },
		{ "=m9v", NULL },
		{ "Zg==Zm9v", NULL },
		{ "Zg==\n=", NULL },
		{ "Zm\n9v", NULL },
		{ "Zm9v Ymfy", NULL },
		{ "Zm9v-mFy", NULL },
		{ "Zm9v\xc3\xa9xx", NULL },
		{ "Zm9vYmFy--", NULL },
	};
	char out[40];
	size_t n;

	for (size_t i = 0; i < ROWS(rows); i++) {
		const size_t len = strlen(rows[i].in);
		char *exact = unit_exact(rows[i].in, len);
		bool plain = base64_decode(exact, len, out, &n);

		CHECK_INT(plain, rows[i].want != NULL, "row %zu", i);
		if (plain && rows[i].want != NULL) {
			CHECK_INT(n, strlen(rows[i].want), "row %zu", i);
			CHECK(memcmp(out, rows[i].want, n) == 0, "row %zu", i);
		}
		free(exact);
	}
}

static CU_TestInfo tests[] = {
	{ "texts", texts },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_base64_suites[] = {
	{ "base64", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
