/* reply: answers of DNS, whole and broken. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "check/reply.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_reply_suites[];

#define NAMES 4

/* The parts of an answer; a question for "q", and records for it. */
#define HEAD(n)         "\0\1\x81\x80\0\1\0" n "\0\0\0\0"
#define QUESTION(type)  "\1q\0\0" type "\0\1"
#define OWNER           "\xc0\x0c" /* the question's name */
#define FIXED(type, n)  "\0" type "\0\1\0\0\0\x3c\0" n
#define RECORD(type, n) OWNER FIXED(type, n)

#define A               "\x01"
#define PTR             "\x0c"
#define AAAA            "\x1c"
#define CN              "\x05"

#define BYTES(s)        (s), sizeof(s) - 1

static void
finds_names(void)
{
	static const struct {
		const char *what;
		const char *reply;
		size_t len;
		bool whole;
		const char *names; /* with a space behind each */
	} cases[] = {
		{ "one",
		    BYTES(HEAD("\1") QUESTION(PTR) RECORD(PTR, "\3") "\1a\0"),
		    true, "a " },
		{ "two, capitals, one of them twice",
		    BYTES(HEAD("\3") QUESTION(PTR)
			    RECORD(PTR, "\3") "\1A\0" RECORD(PTR,
				"\5") "\1b\1c\0" RECORD(PTR, "\3") "\1a\0"),
		    true, "a b.c " },
		{ "more than there is room for",
		    BYTES(HEAD("\5") QUESTION(
			PTR) RECORD(PTR, "\3") "\1a\0" RECORD(PTR,
			"\3") "\1b\0" RECORD(PTR, "\3") "\1c\0" RECORD(PTR,
			"\3") "\1d\0" RECORD(PTR, "\3") "\1e\0"),
		    true, "a b c d " },
		{ "the root",
		    BYTES(HEAD("\1") QUESTION(PTR) RECORD(PTR, "\1") "\0"),
		    true, "" },
		{ "odd bytes",
		    BYTES(HEAD("\1") QUESTION(PTR)
			    RECORD(PTR, "\6") "\4\t\".\xff\0"),
		    true, "\\009\\\"\\.\\255 " },
		{ "an alias",
		    BYTES(HEAD("\2") QUESTION(PTR)
			    RECORD(CN, "\3") "\1x\0"
					     "\1X\0" FIXED(PTR, "\3") "\1a\0"),
		    true, "a " },
		{ "an alias that leads elsewhere",
		    BYTES(HEAD("\2") QUESTION(PTR)
			    RECORD(CN, "\3") "\1x\0" RECORD(PTR, "\3") "\1a\0"),
		    true, "" },
		{ "another's name",
		    BYTES(HEAD("\1")
			    QUESTION(PTR) "\1x\0" FIXED(PTR, "\3") "\1a\0"),
		    true, "" },
		{ "another type",
		    BYTES(HEAD("\1") QUESTION(PTR) RECORD(A, "\4") "\1a\0\0"),
		    true, "" },
		{ "another class",
		    BYTES(HEAD("\1") QUESTION(PTR) OWNER
			"\0" PTR "\0\3\0\0\0\x3c\0\3\1a\0"),
		    true, "" },
		{ "none", BYTES(HEAD("\0") QUESTION(PTR)), true, "" },
		{ "a name that leads to itself",
		    BYTES(
			HEAD("\1") QUESTION(PTR) RECORD(PTR, "\2") "\xc0\x1f"),
		    false, "" },
		{ "a name beyond the end",
		    BYTES(HEAD("\1") QUESTION(PTR) RECORD(PTR, "\3") "\3a\0"),
		    false, "" },
		{ "data beyond the end",
		    BYTES(HEAD("\1") QUESTION(PTR) RECORD(PTR, "\x9") "\1a\0"),
		    false, "" },
		{ "fewer records than it says",
		    BYTES(HEAD("\2") QUESTION(PTR) RECORD(PTR, "\3") "\1a\0"),
		    false, "a " },
		{ "no question",
		    BYTES("\0\1\x81\x80\0\0\0\1\0\0\0\0"
			  "\0"),
		    false, "" },
		{ "half a header", BYTES("\0\1\x81\x80\0\1"), false, "" },
		{ "nothing", "", 0, false, "" },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		unsigned char *reply = unit_exact(cases[i].reply, cases[i].len);
		char text[200] = "";
		char *names[NAMES];
		size_t n = 99;

		CHECK_INT(reply_names(reply, cases[i].len, names, NAMES, &n),
		    cases[i].whole, "%s", cases[i].what);
		for (size_t k = 0; k < n; k++) {
			(void)strcat(strcat(text, names[k]), " ");
			free(names[k]);
		}
		CHECK_STR(text, cases[i].names, "%s", cases[i].what);
		free(reply);
	}
}

static void
finds_addresses(void)
{
	static const struct {
		const char *what;
		const char *reply;
		size_t len;
		bool v4, v6; /* has 192.0.2.1, 2001:db8::1 */
		bool whole;
	} cases[] = {
		{ "it",
		    BYTES(HEAD("\1") QUESTION(A) RECORD(A, "\4") "\xc0\0\2\1"),
		    true, false, true },
		{ "the second",
		    BYTES(HEAD("\2") QUESTION(A) RECORD(A,
			"\4") "\xc0\0\2\2" RECORD(A, "\4") "\xc0\0\2\1"),
		    true, false, true },
		{ "another",
		    BYTES(HEAD("\1") QUESTION(A) RECORD(A, "\4") "\xc0\0\2\2"),
		    false, false, true },
		{ "by an alias",
		    BYTES(HEAD("\2") QUESTION(A) RECORD(CN,
			"\3") "\1x\0"
			      "\1x\0" FIXED(A, "\4") "\xc0\0\2\1"),
		    true, false, true },
		{ "another's",
		    BYTES(HEAD("\1")
			    QUESTION(A) "\1x\0" FIXED(A, "\4") "\xc0\0\2\1"),
		    false, false, true },
		{ "IPv6",
		    BYTES(HEAD("\1") QUESTION(AAAA) RECORD(AAAA,
			"\x10") "\x20\1\r\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
		    false, true, true },
		{ "too short",
		    BYTES(HEAD("\1") QUESTION(A) RECORD(A, "\3") "\xc0\0\2"),
		    false, false, true },
		{ "it, and then broken",
		    BYTES(HEAD("\2") QUESTION(A) RECORD(A, "\4") "\xc0\0\2\1"),
		    true, false, true },
		{ "broken before it",
		    BYTES(HEAD("\1") QUESTION(A) RECORD(A, "\4") "\xc0\0\2"),
		    false, false, false },
	};
	struct address v4, v6;

	CU_ASSERT_FATAL(address_parse("192.0.2.1", &v4));
	CU_ASSERT_FATAL(address_parse("2001:db8::1", &v6));
	for (size_t i = 0; i < ROWS(cases); i++) {
		unsigned char *reply = unit_exact(cases[i].reply, cases[i].len);
		bool found = !cases[i].v4;

		CHECK_INT(reply_has_address(reply, cases[i].len, &v4, &found),
		    cases[i].whole, "%s", cases[i].what);
		CHECK_INT(found, cases[i].v4, "%s", cases[i].what);
		(void)!reply_has_address(reply, cases[i].len, &v6, &found);
		CHECK_INT(found, cases[i].v6, "%s", cases[i].what);
		free(reply);
	}
}

static CU_TestInfo tests[] = {
	{ "finds_names", finds_names },
	{ "finds_addresses", finds_addresses },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_reply_suites[] = {
	{ "reply", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
