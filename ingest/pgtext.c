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

void
pgtext_int(struct buf *b, int64_t n)
{
	(void)buf_printf(b, "%lld\t", (long long)n);
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

	(void)buf_append(b, "\\\\x", 3);
	for (size_t i = 0; i < n; i++) {
		(void)buf_putc(b, hex[s[i] >> 4]);
		(void)buf_putc(b, hex[s[i] & 15]);
	}
	(void)buf_putc(b, '\t');
}

void
pgtext_inet(struct buf *b, int family, const unsigned char *ip)
{
	char text[INET6_ADDRSTRLEN];
	const char *s = NULL;

	if (family == 4)
		s = inet_ntop(AF_INET, ip, text, sizeof(text));
	else if (family == 6)
		s = inet_ntop(AF_INET6, ip, text, sizeof(text));
	pgtext_str(b, s);
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
	if (l->any)
		(void)buf_putc(&l->text, ',');
	l->any = true;
	if (s == NULL) {
		if (!l->composite)
			(void)buf_add(&l->text, "NULL");
		return;
	}
	(void)buf_putc(&l->text, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			(void)buf_putc(&l->text, '\\');
		(void)buf_putc(&l->text, *s);
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
