/* diag: one printable line in the memory that the caller brings. */
#include <string.h>
#include <sysexits.h>

#include "common/diag.h"
#include "tests/unit/unit.h"

static void
is_filled_in(void)
{
	struct diag d = { 0 };

	CHECK_INT(diag_set(&d, DIAG_LIMIT, REASON_TOO_LARGE,
		      "%s: over %d bytes", "a.zip", 7),
	    DIAG_LIMIT, "set");
	CHECK_INT(d.code, DIAG_LIMIT, "set");
	CHECK_STR(reason_name(d.reason), "too_large", "set");
	CHECK_STR(d.text, "a.zip: over 7 bytes", "set");
	CHECK_INT(diag_prefix(&d, "INBOX 42"), DIAG_LIMIT, "prefix");
	CHECK_STR(d.text, "INBOX 42: a.zip: over 7 bytes", "prefix");
	CHECK_STR(reason_name(d.reason), "too_large", "prefix");
	CHECK_INT(diag_set(NULL, DIAG_RETRY, REASON_OTHER, "%s", "y"),
	    DIAG_RETRY, "nowhere to put it");
}

static void
control_characters_are_made_visible(void)
{
	static const struct {
		const char *in;
		const char *want;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "a\nb", "a?b" },
		{ "\r\n\t", "???" },
		{ "\x1b[31mred", "?[31mred" },
		{ "\x01\x1f\x7f", "???" },
		{ " ~", " ~" },
		{ "\xe3\x81\x82", "\xe3\x81\x82" },
	};
	struct diag d;

	for (size_t i = 0; i < ROWS(rows); i++) {
		(void)diag_set(&d, DIAG_FORMAT, REASON_OTHER, "%s", rows[i].in);
		CHECK_STR(d.text, rows[i].want, "set %zu", i);
		(void)diag_set(&d, DIAG_FORMAT, REASON_OTHER, "%s", "y");
		(void)diag_prefix(&d, rows[i].in);
		CHECK(strncmp(d.text, rows[i].want, strlen(rows[i].want)) == 0,
		    "prefix %zu", i);
	}
}

/*
 * The text has room for 479 bytes.  A character of n bytes after pad others
 * stays when it fits, and goes as a whole when it does not.
 */
static void
is_not_cut_in_the_middle_of_a_character(void)
{
	static const struct {
		const char *character;
		size_t pad;
		bool stays;
	} rows[] = {
		{ "a", 478, true },
		{ "a", 479, false },
		{ "\xc3\xa9", 477, true },
		{ "\xc3\xa9", 478, false },
		{ "\xc3\xa9", 479, false },
		{ "\xe3\x81\x82", 476, true },
		{ "\xe3\x81\x82", 477, false },
		{ "\xe3\x81\x82", 478, false },
		{ "\xf0\x9f\x98\x80", 475, true },
		{ "\xf0\x9f\x98\x80", 476, false },
		{ "\xf0\x9f\x98\x80", 477, false },
		{ "\xf0\x9f\x98\x80", 478, false },
	};
	char pad[480];
	struct diag d;

	for (size_t i = 0; i < ROWS(rows); i++) {
		const size_t want = rows[i].pad +
		    (rows[i].stays ? strlen(rows[i].character) : 0);

		memset(pad, 'x', rows[i].pad);
		pad[rows[i].pad] = '\0';
		(void)diag_set(&d, DIAG_FORMAT, REASON_OTHER, "%s%s%s", pad,
		    rows[i].character, "and more");
		CHECK(unit_is_text(d.text, ""), "set %zu", i);
		/* What follows a character that fits may be there, too. */
		CHECK(rows[i].stays ? strlen(d.text) >= want :
				      strlen(d.text) == want,
		    "set %zu", i);
		(void)diag_set(&d, DIAG_FORMAT, REASON_OTHER, "%s", "and more");
		pad[rows[i].pad] = '\0';
		/* the same through a subject */
		{
			char subject[600];

			(void)snprintf(subject, sizeof(subject), "%s%s", pad,
			    rows[i].character);
			(void)diag_prefix(&d, subject);
		}
		CHECK(unit_is_text(d.text, ""), "prefix %zu", i);
		CHECK(strlen(d.text) < sizeof(d.text), "prefix %zu", i);
	}
}

/* Each once, in the form that VIOLATIONS.md and the database have. */
static void
every_reason_has_a_name(void)
{
	CHECK_STR(reason_name(REASON_NONE), "", "none");
	for (int i = 1; i < REASON_COUNT; i++) {
		const char *name = reason_name((enum reason)i);

		CHECK(name != NULL && name[0] != '\0' &&
			strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") ==
			    strlen(name),
		    "reason %d", i);
		for (int k = 1; k < i && name != NULL; k++)
			CHECK(strcmp(name, reason_name((enum reason)k)) != 0,
			    "%s twice", name);
	}
}

static void
exit_status_says_who_can_mend_it(void)
{
	static const struct {
		enum diag_code code;
		int want;
	} rows[] = {
		{ DIAG_OK, 0 },
		{ DIAG_FORMAT, 65 },
		{ DIAG_LIMIT, 65 },
		{ DIAG_RETRY, 75 },
		{ DIAG_CONFIG, 78 },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		CHECK_INT(diag_exit(rows[i].code), rows[i].want, "code %d",
		    (int)rows[i].code);
}

static CU_TestInfo tests[] = {
	{ "is_filled_in", is_filled_in },
	{ "control_characters_are_made_visible",
	    control_characters_are_made_visible },
	{ "is_not_cut_in_the_middle_of_a_character",
	    is_not_cut_in_the_middle_of_a_character },
	{ "every_reason_has_a_name", every_reason_has_a_name },
	{ "exit_status_says_who_can_mend_it",
	    exit_status_says_who_can_mend_it },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_diag_suites[] = {
	{ "diag", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
