/* check: is the head of a report usable, and what is odd about it? */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/decode/check.h"
#include "ingest/limits.h"
#include "tests/unit/unit.h"

#define Q(name) QUIRK_BIT(QUIRK_##name)

static struct report_head
head(const char *org_name, const char *email, const char *report_id,
    const char *domain)
{
	struct report_head h = { .pct = -1 };

	h.org_name = mem_strdup(org_name);
	h.email = mem_strdup(email);
	h.report_id = mem_strdup(report_id);
	h.policy_domain = mem_strdup(domain);
	return h;
}

static void
dates(void)
{
	static const struct {
		const char *begin;
		const char *end;
		const char *reason; /* NULL: good */
		int64_t want_begin;
		int64_t want_end;
		uint64_t quirks;
	} rows[] = {
		{ "1793491200", "1793577599", NULL, 1793491200, 1793577599, 0 },
		{ "1793491200", "1793577600", NULL, 1793491200, 1793577600, 0 },
		{ "0", "86399", NULL, 0, 86399, 0 },
		/* 26 hours, and a second more */
		{ "0", "93600", NULL, 0, 93600, 0 },
		{ "0", "93601", NULL, 0, 93601, Q(LONG_PERIOD) },
		{ "5", "5", NULL, 5, 5, Q(ZERO_PERIOD) },
		{ "6", "5", NULL, 6, 5, Q(REVERSED_DATES) },
		{ "1337270400.0", "1337356799.9", NULL, 1337270400, 1337356799,
		    Q(DECIMAL_DATE) },
		{ "2026-11-01T09:00:00+09:00", "2026-11-01 23:59:59Z", NULL,
		    1793491200, 1793577599, Q(ISO_DATE) },
		{ "1793491200", "2026-11-02", "no_date_range", 0, 0, 0 },
		{ "253402300799", "253402300799", NULL, 253402300799,
		    253402300799, Q(ZERO_PERIOD) },
		{ "253402300800", "5", "bad_date", 0, 0, 0 },
		{ "5", "253402300800", "bad_date", 0, 0, 0 },
		{ "1793491200000", "1793577599000", "bad_date", 0, 0, 0 },
		{ "-1", "5", "bad_date", 0, 0, 0 },
		{ "5", "-1", "bad_date", 0, 0, 0 },
		{ NULL, "5", "no_date_range", 0, 0, 0 },
		{ "5", NULL, "no_date_range", 0, 0, 0 },
		{ "", "5", "no_date_range", 0, 0, 0 },
		{ "5", "", "no_date_range", 0, 0, 0 },
		{ "2026-11-01", "5", "no_date_range", 0, 0, 0 },
		{ "9223372036854775808", "5", "no_date_range", 0, 0, 0 },
		{ "5x", "5", "no_date_range", 0, 0, 0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct report_head h = head("O", NULL, "I", "d.example");
		struct diag d = { 0 };
		const enum diag_code code = check_head(&h, rows[i].begin,
		    rows[i].end, &d);

		CHECK_INT(code, rows[i].reason == NULL ? DIAG_OK : DIAG_FORMAT,
		    "row %zu: %s", i, d.text);
		if (rows[i].reason != NULL) {
			CHECK_STR(reason_name(d.reason), rows[i].reason,
			    "row %zu", i);
		} else {
			CHECK_INT(h.begin, rows[i].want_begin, "row %zu", i);
			CHECK_INT(h.end, rows[i].want_end, "row %zu", i);
			CHECK_INT(h.quirks, rows[i].quirks, "row %zu", i);
		}
		report_head_free(&h);
	}
}

/* The text of a date may be anything, and in any script. */
static void
wrong_dates_can_be_shown(void)
{
	struct diag d = { 0 };

	for (size_t pad = 0; pad < 3; pad++) {
		struct report_head h = head("O", NULL, "I", "d.example");
		char text[200];

		memset(text, 'x', pad);
		for (size_t i = pad; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "\xe3\x81\x82", 4);
		CHECK_INT(check_head(&h, text, "5", &d), DIAG_FORMAT, "pad %zu",
		    pad);
		CHECK(unit_is_text(d.text, ""), "pad %zu", pad);
		report_head_free(&h);
	}
}

static void
identity(void)
{
	static const struct {
		const char *org_name;
		const char *email;
		const char *report_id;
		const char *domain;
		const char *reason; /* NULL: good */
		const char *reporter;
		const char *want_id;
		const char *want_domain;
		uint64_t quirks;
	} rows[] = {
		{ "Google.COM", "a@b", "1", "example.jp", NULL, "google.com",
		    "1", "example.jp", 0 },
		/* the name, not the address */
		{ "\xc3\x84rger", "a@b", "1", "example.jp", NULL,
		    "\xc3\xa4rger", "1", "example.jp", 0 },
		{ NULL, "Info@Receiver.Example", "1", "example.jp", NULL,
		    "receiver.example", "1", "example.jp", Q(NO_ORG_NAME) },
		{ NULL, NULL, "1", "example.jp", NULL, "", "1", "example.jp",
		    Q(NO_ORG_NAME) },
		{ "O", NULL, NULL, "example.jp", NULL, "o", NULL, "example.jp",
		    Q(NO_REPORT_ID) },
		{ NULL, "a@b", NULL, "example.jp", "no_identity", NULL, NULL,
		    NULL, 0 },
		{ "O", NULL, "<a@b>", "example.jp", NULL, "o", "a@b",
		    "example.jp", Q(ANGLE_REPORT_ID) },
		{ "O", NULL, "<a@b", "example.jp", NULL, "o", "<a@b",
		    "example.jp", 0 },
		{ "O", NULL, "<>", "example.jp", NULL, "o", "<>", "example.jp",
		    0 },
		/* never cut at the @, and its case stays */
		{ "O", NULL, "A.1@Google.com", "example.jp", NULL, "o",
		    "A.1@Google.com", "example.jp", 0 },
		{ "O", NULL, "1", "EXAMPLE.jp.", NULL, "o", "1", "example.jp",
		    Q(TRAILING_DOT) },
		{ "O", NULL, "1", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e.jp",
		    NULL, "o", "1", "xn--wgv71a119e.jp", Q(IDN_DOMAIN) },
		{ "O", NULL, "1", NULL, "no_policy_domain", NULL, NULL, NULL,
		    0 },
		{ "O", NULL, "1", "", "no_policy_domain", NULL, NULL, NULL, 0 },
		{ "O", NULL, "1", ".", "no_policy_domain", NULL, NULL, NULL,
		    0 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct report_head h = head(rows[i].org_name, rows[i].email,
		    rows[i].report_id, rows[i].domain);
		struct diag d = { 0 };
		const enum diag_code code = check_head(&h, "0", "86399", &d);

		CHECK_INT(code, rows[i].reason == NULL ? DIAG_OK : DIAG_FORMAT,
		    "row %zu: %s", i, d.text);
		if (rows[i].reason != NULL) {
			CHECK_STR(reason_name(d.reason), rows[i].reason,
			    "row %zu", i);
		} else {
			CHECK_STR(h.reporter, rows[i].reporter, "row %zu", i);
			CHECK_STR(h.report_id, rows[i].want_id, "row %zu", i);
			CHECK_STR(h.policy_domain, rows[i].want_domain,
			    "row %zu", i);
			CHECK_STR(h.org_name, rows[i].org_name, "row %zu", i);
			CHECK_INT(h.quirks, rows[i].quirks, "row %zu", i);
		}
		report_head_free(&h);
	}
}

static void
policy(void)
{
	static const struct {
		const char *p;
		const char *adkim;
		const char *testing;
		const char *method;
		const char *want_p;
		const char *want_adkim;
		uint64_t quirks;
	} rows[] = {
		{ "none", "r", "n", "psl", "none", "r", 0 },
		{ "quarantine", "s", "y", "treewalk", "quarantine", "s", 0 },
		{ "REJECT", "S", "Y", "PSL", "reject", "s", 0 },
		{ "", "", "", "", NULL, NULL, 0 },
		{ NULL, NULL, NULL, NULL, NULL, NULL, 0 },
		{ "monitor", "r", "n", "psl", "monitor", "r",
		    Q(UNKNOWN_POLICY) },
		{ "none", "relaxed", "n", "psl", "none", "relaxed",
		    Q(UNKNOWN_POLICY) },
		{ "none", "r", "maybe", "psl", "none", "r", Q(UNKNOWN_POLICY) },
		{ "none", "r", "n", "guess", "none", "r", Q(UNKNOWN_POLICY) },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct report_head h = head("O", NULL, "1", "example.jp");
		struct diag d;

		h.p = mem_strdup(rows[i].p);
		h.adkim = mem_strdup(rows[i].adkim);
		h.testing = mem_strdup(rows[i].testing);
		h.discovery_method = mem_strdup(rows[i].method);
		CHECK_INT(check_head(&h, "0", "86399", &d), DIAG_OK, "row %zu",
		    i);
		CHECK_STR(h.p, rows[i].want_p, "row %zu", i);
		CHECK_STR(h.adkim, rows[i].want_adkim, "row %zu", i);
		CHECK_INT(h.quirks, rows[i].quirks, "row %zu", i);
		report_head_free(&h);
	}
}

/* STANDARDS 4: a report belongs to the UTC date of its period's middle. */
static void
day(void)
{
	static const struct {
		int64_t begin;
		int64_t end;
		int64_t want;
	} rows[] = {
		{ 0, 86399, 0 },
		{ 86400, 172799, 86400 },
		{ 86400, 172800, 86400 },
		/* local midnight at UTC+9: 15:00 to 15:00 */
		{ 54000, 140400, 86400 },
		/* UTC-8: 08:00 to 08:00 */
		{ 28800, 115200, 0 },
		/* a second before noon to a second before noon */
		{ 43199, 129599, 0 },
		{ 43200, 129600, 86400 },
		{ 5, 5, 0 },
		/* reversed */
		{ 172800, 86400, 86400 },
		{ 0, 0, 0 },
		{ LIMIT_EPOCH, LIMIT_EPOCH, LIMIT_EPOCH - 86399 },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct report_head h = { .begin = rows[i].begin,
			.end = rows[i].end };

		CHECK_INT(report_day(&h), rows[i].want, "row %zu", i);
	}
}

static void
every_quirk_has_a_name(void)
{
	for (int q = 0; q < QUIRK_COUNT; q++) {
		const char *name = quirk_name((enum quirk)q);

		CHECK(name != NULL && name[0] != '\0', "quirk %d", q);
		/* They are sorted, so the names in the database are, too. */
		if (q > 0)
			CHECK(strcmp(quirk_name((enum quirk)(q - 1)), name) < 0,
			    "%s", name);
	}
	CHECK(QUIRK_COUNT <= 64, "a bit each");
}

static CU_TestInfo tests[] = {
	{ "dates", dates },
	{ "wrong_dates_can_be_shown", wrong_dates_can_be_shown },
	{ "identity", identity },
	{ "policy", policy },
	{ "day", day },
	{ "every_quirk_has_a_name", every_quirk_has_a_name },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_check_suites[] = {
	{ "check", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
