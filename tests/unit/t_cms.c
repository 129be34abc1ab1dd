/* cms: what is in S/MIME, what is beside it, what is damaged. */
#include "ingest/decode/cms.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

extern CU_SuiteInfo t_cms_suites[];

/* signed-data, its version and no algorithm; the lengths are by hand. */
#define BYTES(s)   s, sizeof(s) - 1
#define OID_SIGNED "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
#define OID_DATA   "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
#define VERSION_1  "\x02\x01\x01\x31\x00"

static void
tells_what_is_there(void)
{
	static const struct {
		const char *what;
		const char *bytes;
		size_t len;
		enum cms_found found;
		const char *content;
	} rows[] = {
		{ "a content",
		    BYTES("\x30\x27" OID_SIGNED "\xa0\x1a\x30\x18" VERSION_1
			  "\x30\x11" OID_DATA "\xa0\x04\x04\x02hi"),
		    CMS_OPEN, "hi" },
		{ "none: it lies beside",
		    BYTES("\x30\x21" OID_SIGNED "\xa0\x14\x30\x12" VERSION_1
			  "\x30\x0b" OID_DATA),
		    CMS_ELSEWHERE, "" },
		{ "none, and no length is given",
		    BYTES("\x30\x80" OID_SIGNED "\xa0\x80\x30\x80" VERSION_1
			  "\x30\x80" OID_DATA "\0\0\0\0\0\0\0\0"),
		    CMS_ELSEWHERE, "" },
		{ "a number for a content",
		    BYTES("\x30\x26" OID_SIGNED "\xa0\x19\x30\x17" VERSION_1
			  "\x30\x10" OID_DATA "\xa0\x03\x02\x01\x05"),
		    CMS_DAMAGED, "" },
		{ "cut in its head",
		    BYTES("\x30\x27" OID_SIGNED "\xa0\x1a\x30\x18\x02\x01"),
		    CMS_DAMAGED, "" },
		{ "too large",
		    BYTES("\x30\x29" OID_SIGNED "\xa0\x1c\x30\x1a" VERSION_1
			  "\x30\x13" OID_DATA "\xa0\x06\x04\x04long"),
		    CMS_DAMAGED, "" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		unsigned char *s = unit_exact(rows[i].bytes, rows[i].len);
		struct buf out;

		buf_init(&out, 3);
		CHECK_INT(cms_content(s, rows[i].len, &out), rows[i].found,
		    "%s", rows[i].what);
		CHECK_STR(buf_str(&out), rows[i].content, "%s", rows[i].what);
		buf_free(&out);
		free(s);
	}
}

static CU_TestInfo tests[] = {
	{ "tells_what_is_there", tells_what_is_there },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_cms_suites[] = {
	{ "cms", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
