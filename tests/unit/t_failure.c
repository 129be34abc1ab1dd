/* failure: what is left of a failure report when it is redacted. */
#include "ingest/store/store_failures.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static void
loses_what_is_personal(void)
{
	static const struct {
		enum failure_text which;
		const char *s;
		const char *left;
	} rows[] = {
		{ FAILURE_MAIL_FROM, "<bounce+ann=b.example@c.example>",
		    "@c.example" },
		{ FAILURE_MAIL_FROM, "<>", NULL },
		{ FAILURE_RCPT_TO, "rfc822; ann@b.example", "@b.example" },
		{ FAILURE_FROM, "Ann Person <ann@b.example>", "@b.example" },
		{ FAILURE_FROM, "Ann Person", NULL },
		{ FAILURE_FROM, "\"a@b\" <ann@c.example>", "@c.example" },
		{ FAILURE_DKIM_IDENTITY, "@b.example", "@b.example" },
		{ FAILURE_SUBJECT, "secret", NULL },
		{ FAILURE_MESSAGE_ID, "<1@b.example>", NULL },
		{ FAILURE_AUTH_RESULTS,
		    "mx; spf=fail smtp.mailfrom=ann@b.example; dkim=fail "
		    "header.i=ann@c.example (of ann+x=y@d.example)",
		    "mx; spf=fail smtp.mailfrom=@b.example; dkim=fail "
		    "header.i=@c.example (of @d.example)" },
		{ FAILURE_AUTH_RESULTS,
		    "mx; spf=fail smtp.mailfrom=bounce+ann=b.example@c.example",
		    "mx; spf=fail smtp.mailfrom=@c.example" },
		{ FAILURE_AUTH_RESULTS,
		    "mx; spf=fail smtp.mailfrom=\"ann person\"@c.example",
		    "mx; spf=fail smtp.mailfrom=@c.example" },
		{ FAILURE_AUTH_RESULTS, "mx; dmarc=fail header.from=b.example",
		    "mx; dmarc=fail header.from=b.example" },
		{ FAILURE_AUTH_RESULTS, "@", "@" },
		{ FAILURE_AUTH_RESULTS, "\"@", "\"@" },
		{ FAILURE_ALIGNMENT, NULL, NULL },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char *left = failure_redacted(rows[i].which, rows[i].s);

		CHECK_STR(left, rows[i].left, "row %zu", i);
		free(left);
	}
}

/* The same whatever carries it; where nothing tells mails apart, what does. */
static void
knows_itself(void)
{
	struct failure_report f = { .incidents = 1, .arrival = 1 };
	unsigned char a[32];
	unsigned char b[32];

	failure_digest(&f, "1", a);
	failure_digest(&f, "2", b);
	CHECK(memcmp(a, b, 32) == 0, "it has a date");
	f.arrival = 0;
	failure_digest(&f, "1", a);
	failure_digest(&f, "2", b);
	CHECK(memcmp(a, b, 32) != 0, "it has none");
	failure_digest(&f, "1", b);
	CHECK(memcmp(a, b, 32) == 0, "the same mail");
}

static CU_TestInfo tests[] = {
	{ "loses_what_is_personal", loses_what_is_personal },
	{ "knows_itself", knows_itself },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_failure_suites[] = {
	{ "failure", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
