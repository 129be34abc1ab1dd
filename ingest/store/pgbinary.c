/* pgbinary: values in the binary form of COPY. */
#include "ingest/store/pgbinary.h"

#include <endian.h>
#include <string.h>

/* From 1970-01-01 to 2000-01-01, where PostgreSQL counts from. */
#define DAYS_BEFORE 10957

/* pg_type.oid of text. */
#define TEXT_OID 25

/* What inet begins with (network_send() in PostgreSQL's network.c). */
#define INET_V4 2
#define INET_V6 3

static void
put_16(struct buf *b, int16_t n)
{
	const uint16_t bytes = htobe16((uint16_t)n);

	(void)buf_append(b, &bytes, sizeof(bytes));
}

static void
put_32(struct buf *b, int32_t n)
{
	const uint32_t bytes = htobe32((uint32_t)n);

	(void)buf_append(b, &bytes, sizeof(bytes));
}

static void
put_null(struct buf *b)
{
	put_32(b, -1);
}

static void
put_bytes(struct buf *b, const char *s, size_t n)
{
	put_32(b, (int32_t)n);
	(void)buf_append(b, s, n);
}

void
pgbinary_begin(struct buf *b)
{
	static const char signature[] = "PGCOPY\n\377\r\n"; /* and its NUL */

	(void)buf_append(b, signature, sizeof(signature));
	put_32(b, 0); /* no flags */
	put_32(b, 0); /* no extension */
}

void
pgbinary_end(struct buf *b)
{
	put_16(b, -1);
}

void
pgbinary_row(struct buf *b, int fields)
{
	put_16(b, (int16_t)fields);
}

void
pgbinary_int8(struct buf *b, int64_t n)
{
	const struct {
		uint32_t len;
		uint32_t high;
		uint32_t low;
	} field = { htobe32(8), htobe32((uint32_t)((uint64_t)n >> 32)),
		htobe32((uint32_t)n) };

	(void)buf_append(b, &field, sizeof(field));
}

void
pgbinary_int4(struct buf *b, int32_t n)
{
	const uint32_t field[2] = { htobe32(4), htobe32((uint32_t)n) };

	(void)buf_append(b, field, sizeof(field));
}

void
pgbinary_date(struct buf *b, int64_t epoch)
{
	pgbinary_int4(b, (int32_t)(epoch / 86400 - DAYS_BEFORE));
}

void
pgbinary_inet(struct buf *b, int family, const unsigned char *ip)
{
	const unsigned char size = family == 4 ? 4 : 16;
	/* family, bits of the network, not a cidr, bytes of the address */
	const unsigned char head[4] = { family == 4 ? INET_V4 : INET_V6,
		(unsigned char)(size * 8), 0, size };

	if (family != 4 && family != 6) {
		put_null(b);
		return;
	}
	put_32(b, (int32_t)sizeof(head) + size);
	(void)buf_append(b, head, sizeof(head));
	(void)buf_append(b, ip, size);
}

void
pgbinary_text(struct buf *b, const char *s)
{
	if (s == NULL)
		put_null(b);
	else
		put_bytes(b, s, strlen(s));
}

static int32_t
count_lines(const char *s)
{
	int32_t n = 1;

	for (; *s != '\0'; s++)
		n += *s == '\n';
	return n;
}

/* Fill in the length of a field that is complete. */
static void
set_length(struct buf *b, size_t at)
{
	const uint32_t n = htobe32((uint32_t)(b->len - at - sizeof(n)));

	memcpy(b->data + at, &n, sizeof(n));
}

void
pgbinary_lines(struct buf *b, const char *lines)
{
	const size_t at = b->len;
	size_t n;

	put_null(b);
	if (lines == NULL)
		return;
	put_32(b, 1); /* dimension, without NULLs, of */
	put_32(b, 0);
	put_32(b, TEXT_OID);
	put_32(b, count_lines(lines)); /* members from number */
	put_32(b, 1);
	do {
		n = strcspn(lines, "\n");
		put_bytes(b, lines, n);
		lines += n;
	} while (*lines++ == '\n');
	set_length(b, at);
}
