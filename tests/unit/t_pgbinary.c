/*
 * pgbinary: the bytes are those of PostgreSQL's manual (sql-copy, Binary
 * Format) and of what its own COPY ... TO writes for the same values.
 */
#include <string.h>

#include "ingest/store/pgbinary.h"
#include "tests/unit/unit.h"

/* What was put is exactly these bytes. */
#define CHECK_BYTES(b, want, what)                                  \
	do {                                                        \
		CHECK_INT((b).len, sizeof(want) - 1, what);         \
		CU_ASSERT_TRUE((b).len == sizeof(want) - 1 &&       \
		    memcmp((b).data, want, sizeof(want) - 1) == 0); \
		buf_truncate(&(b), 0);                              \
	} while (0)

static void
test_frame(void)
{
	struct buf b;

	buf_init(&b, 1000);
	pgbinary_begin(&b);
	CHECK_BYTES(b, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", "the beginning");
	pgbinary_row(&b, 8);
	CHECK_BYTES(b, "\0\10", "a row of eight");
	pgbinary_end(&b);
	CHECK_BYTES(b, "\377\377", "the end");
	buf_free(&b);
}

static void
test_numbers(void)
{
	struct buf b;

	buf_init(&b, 1000);
	pgbinary_int8(&b, 1000000000000);
	CHECK_BYTES(b, "\0\0\0\10\0\0\0\xe8\xd4\xa5\x10\0", "1e12");
	pgbinary_int8(&b, -1);
	CHECK_BYTES(b, "\0\0\0\10\377\377\377\377\377\377\377\377", "-1");
	pgbinary_int4(&b, 305419896);
	CHECK_BYTES(b, "\0\0\0\4\x12\x34\x56\x78", "0x12345678");
	pgbinary_date(&b, 0);
	CHECK_BYTES(b, "\0\0\0\4\xff\xff\xd5\x33", "1970-01-01");
	pgbinary_date(&b, 946684800);
	CHECK_BYTES(b, "\0\0\0\4\0\0\0\0", "2000-01-01");
	pgbinary_date(&b, 1785628799);
	CHECK_BYTES(b, "\0\0\0\4\0\0\x25\xed", "the end of 2026-08-01");
	buf_free(&b);
}

static void
test_addresses(void)
{
	static const unsigned char v4[16] = { 192, 0, 2, 1 };
	static const unsigned char v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
	struct buf b;

	buf_init(&b, 1000);
	pgbinary_inet(&b, 4, v4);
	CHECK_BYTES(b, "\0\0\0\10\2\40\0\4\xc0\0\2\1", "192.0.2.1");
	pgbinary_inet(&b, 6, v6);
	CHECK_BYTES(b,
	    "\0\0\0\x14\3\x80\0\x10\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1",
	    "2001:db8::1");
	pgbinary_inet(&b, 0, v4);
	CHECK_BYTES(b, "\377\377\377\377", "none");
	buf_free(&b);
}

static void
test_texts(void)
{
	struct buf b;

	buf_init(&b, 1000);
	pgbinary_text(&b, NULL);
	CHECK_BYTES(b, "\377\377\377\377", "NULL");
	pgbinary_text(&b, "");
	CHECK_BYTES(b, "\0\0\0\0", "nothing");
	pgbinary_text(&b, "a\tb\\N");
	CHECK_BYTES(b, "\0\0\0\5a\tb\\N", "what COPY's text escapes");
	pgbinary_lines(&b, NULL);
	CHECK_BYTES(b, "\377\377\377\377", "no lines");
	pgbinary_lines(&b, "one");
	CHECK_BYTES(b,
	    "\0\0\0\x1b\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\1\0\0\0\1"
	    "\0\0\0\3one",
	    "{one}");
	pgbinary_lines(&b, "a\n\nb");
	CHECK_BYTES(b,
	    "\0\0\0\x22\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\3\0\0\0\1"
	    "\0\0\0\1a\0\0\0\0\0\0\0\1b",
	    "{a,\"\",b}");
	buf_free(&b);
}

static CU_TestInfo tests[] = {
	{ "around the rows", test_frame },
	{ "numbers and dates", test_numbers },
	{ "addresses", test_addresses },
	{ "texts", test_texts },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_pgbinary_suites[] = {
	{ "pgbinary", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
