#include "ingest/pgtext.h"

#include <arpa/inet.h>
#include <string.h>

#include "common/num.h"
#include "ingest/limits.h"

/* What stands behind the backslash. */
static char
escape_of(char c)
{
	switch (c) {
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	default:
		return '\\';
	}
}

void
pgtext_str(struct buf *b, const char *s)
{
	size_t n;

	if (s == NULL) {
		(void)buf_append(b, "\\N\t", 3);
		return;
	}
	while (*s != '\0') {
		n = strcspn(s, "\\\t\n\r");
		(void)buf_append(b, s, n);
		s += n;
		if (*s == '\0')
			break;
		(void)buf_putc(b, '\\');
		(void)buf_putc(b, escape_of(*s));
		s++;
	}
	(void)buf_putc(b, '\t');
}

/* Write n in front of end, which stays where it is; returns its first digit. */
static char *
digits(char *end, uint64_t n)
{
	do {
		*--end = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	return end;
}

void
pgtext_int(struct buf *b, int64_t n)
{
	char text[24];
	char *const end = text + sizeof(text) - 1;
	char *s = digits(end, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);

	*end = '\t';
	if (n < 0)
		*--s = '-';
	(void)buf_append(b, s, (size_t)(end + 1 - s));
}

void
pgtext_bool(struct buf *b, bool v)
{
	(void)buf_append(b, v ? "t\t" : "f\t", 2);
}

void
pgtext_time(struct buf *b, int64_t epoch)
{
	char text[NUM_DATE_LEN];

	num_timestamp(epoch, text);
	pgtext_str(b, text);
}

void
pgtext_date(struct buf *b, int64_t epoch)
{
	char text[NUM_DATE_LEN];

	num_date(epoch, text);
	pgtext_str(b, text);
}

void
pgtext_bytea(struct buf *b, const void *p, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *s = p;
	char pair[2];

	(void)buf_append(b, "\\\\x", 3);
	for (size_t i = 0; i < n; i++) {
		pair[0] = hex[s[i] >> 4];
		pair[1] = hex[s[i] & 15];
		(void)buf_append(b, pair, 2);
	}
	(void)buf_putc(b, '\t');
}

/* Four numbers and three dots; inet_ntop() takes ten times as long. */
static void
put_ipv4(struct buf *b, const unsigned char *ip)
{
	char text[sizeof("255.255.255.255")];
	char *const end = text + sizeof(text) - 1;
	char *s = end;

	*end = '\t';
	for (int i = 3; i >= 0; i--) {
		s = digits(s, ip[i]);
		if (i > 0)
			*--s = '.';
	}
	(void)buf_append(b, s, (size_t)(end + 1 - s));
}

void
pgtext_inet(struct buf *b, int family, const unsigned char *ip)
{
	char text[INET6_ADDRSTRLEN];

	if (family == 4)
		put_ipv4(b, ip);
	else if (family == 6)
		pgtext_str(b, inet_ntop(AF_INET6, ip, text, sizeof(text)));
	else
		pgtext_str(b, NULL);
}

void
pgtext_end(struct buf *b)
{
	b->data[b->len - 1] = '\n';
}

void
pgtext_list_begin(struct pgtext_list *l, bool composite)
{
	buf_init(&l->text, 64 * LIMIT_MIB);
	l->composite = composite;
	l->any = false;
	(void)buf_putc(&l->text, composite ? '(' : '{');
}

/* Every member is quoted, so that nothing in it means anything; a NULL is
 * nothing in a composite and the word in an array. */
void
pgtext_list_add(struct pgtext_list *l, const char *s)
{
	size_t n;

	if (l->any)
		(void)buf_putc(&l->text, ',');
	l->any = true;
	if (s == NULL) {
		if (!l->composite)
			(void)buf_add(&l->text, "NULL");
		return;
	}
	(void)buf_putc(&l->text, '"');
	while (*s != '\0') {
		n = strcspn(s, "\"\\");
		(void)buf_append(&l->text, s, n);
		s += n;
		if (*s == '\0')
			break;
		(void)buf_putc(&l->text, '\\');
		(void)buf_putc(&l->text, *s++);
	}
	(void)buf_putc(&l->text, '"');
}

const char *
pgtext_list_end(struct pgtext_list *l)
{
	(void)buf_putc(&l->text, l->composite ? ')' : '}');
	return buf_str(&l->text);
}

void
pgtext_list_free(struct pgtext_list *l)
{
	buf_free(&l->text);
}
