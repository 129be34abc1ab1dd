/* wire: answers that the library cannot read, wrapped for it. */
#include <stdlib.h>
#include <string.h>

#include "check/wire.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_wire_suites[];

/* A question for "q" and what is behind it. */
#define HEAD(flags, answers) "\0\1" flags "\0\1\0" answers "\0\2\0\3"
#define QUESTION             "\1q\0\0\x0c\0\1"
#define OK                   "\x81\x80"
#define SERVFAIL             "\x81\x82"
#define TOO_LONG             "\x83\x80"

#define BYTES(s)             (s), sizeof(s) - 1

/* The record around it; the last two bytes are the length of what it holds. */
#define AROUND(len) "\xc0\x0c\xff\x78\0\1\0\0\0\0" len

static void
wraps(void)
{
	static const struct {
		const char *what;
		const char *m;
		size_t len;
		const char *want;
		size_t want_len; /* without m itself */
		bool holds;
	} cases[] = {
		{ "noise behind the question",
		    BYTES(HEAD(OK, "\5") QUESTION "noise"),
		    BYTES(
			"\0\1" OK "\0\1\0\1\0\0\0\0" QUESTION AROUND("\0\x18")),
		    true },
		{ "nothing behind it", BYTES(HEAD(OK, "\1") QUESTION),
		    BYTES(
			"\0\1" OK "\0\1\0\1\0\0\0\0" QUESTION AROUND("\0\x13")),
		    true },
		{ "an error and noise: no answer, and the error",
		    BYTES(HEAD(SERVFAIL, "\0") QUESTION "noise"),
		    BYTES("\0\1" SERVFAIL "\0\1\0\0\0\0\0\0" QUESTION), false },
		{ "too long for a datagram: that is told",
		    BYTES(HEAD(TOO_LONG, "\0") QUESTION "x"),
		    BYTES("\0\1" TOO_LONG "\0\1\0\0\0\0\0\0" QUESTION), false },
		{ "half a header", BYTES("\0\1" OK "\0\1"), NULL, 0, false },
		{ "half a name", BYTES(HEAD(OK, "\1") "\5ab"), NULL, 0, false },
		{ "half a question", BYTES(HEAD(OK, "\1") "\1q\0\0\x0c\0"),
		    NULL, 0, false },
		{ "a name that points to itself",
		    BYTES(HEAD(OK, "\1") "\xc0\x0c\0\x0c\0\1"), NULL, 0,
		    false },
		{ "two questions",
		    BYTES("\0\1" OK "\0\2\0\1\0\0\0\0" QUESTION QUESTION), NULL,
		    0, false },
	};
	static unsigned char out[WIRE_MAX];

	for (size_t i = 0; i < ROWS(cases); i++) {
		unsigned char *m = unit_exact(cases[i].m, cases[i].len);
		const size_t want = cases[i].want_len +
		    (cases[i].holds ? cases[i].len : 0);

		CHECK_INT(wire_wrap(m, cases[i].len, out), want, "%s",
		    cases[i].what);
		CHECK(cases[i].want_len == 0 ||
			memcmp(out, cases[i].want, cases[i].want_len) == 0,
		    "%s", cases[i].what);
		CHECK(!cases[i].holds ||
			memcmp(out + cases[i].want_len, m, cases[i].len) == 0,
		    "%s", cases[i].what);
		free(m);
	}
}

/* The longest is cut, so that the length of the whole fits. */
static void
wraps_the_longest(void)
{
	static unsigned char m[WIRE_MAX];
	static unsigned char out[WIRE_MAX];
	const size_t around = 19 + 12;

	memcpy(m, HEAD(OK, "\1") QUESTION, 19);
	CU_ASSERT_EQUAL(wire_wrap(m, WIRE_MAX, out), WIRE_MAX);
	CU_ASSERT_EQUAL(out[29] << 8 | out[30], WIRE_MAX - around);
	CU_ASSERT_EQUAL(wire_wrap(m, WIRE_MAX - around, out), WIRE_MAX);
	CU_ASSERT_EQUAL(wire_wrap(m, WIRE_MAX - around - 1, out), WIRE_MAX - 1);
}

static void
finds_messages(void)
{
	static const struct {
		const char *what;
		const char *stream;
		size_t len;
		size_t want;
	} cases[] = {
		{ "nothing", BYTES(""), WIRE_MAX + 1 },
		{ "half a length", BYTES("\0"), WIRE_MAX + 1 },
		{ "half a message", BYTES("\0\3ab"), WIRE_MAX + 1 },
		{ "a message", BYTES("\0\3abc"), 3 },
		{ "and the start of another", BYTES("\0\3abc\0"), 3 },
		{ "an empty one", BYTES("\0\0\0\1"), 0 },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		unsigned char *s = unit_exact(cases[i].stream, cases[i].len);

		CHECK_INT(wire_message(s, cases[i].len), cases[i].want, "%s",
		    cases[i].what);
		free(s);
	}
}

static CU_TestInfo tests[] = {
	{ "wraps", wraps },
	{ "wraps_the_longest", wraps_the_longest },
	{ "finds_messages", finds_messages },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_wire_suites[] = {
	{ "wire", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
