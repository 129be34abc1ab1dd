/* pgtext: values in the text form of COPY. */
#include "ingest/store/pgtext.h"

#include <string.h>

#include "common/num.h"

/* The letter after the backslash. */
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

static void
put_escaped(struct buf *b, char c)
{
	const char pair[2] = { '\\', escape_of(c) };

	(void)buf_append(b, pair, sizeof(pair));
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
		put_escaped(b, *s++);
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
	char text[64];
	size_t k = 0;

	(void)buf_append(b, "\\\\x", 3);
	for (size_t i = 0; i < n; i++) {
		text[k++] = hex[s[i] >> 4];
		text[k++] = hex[s[i] & 15];
		if (k < sizeof(text) && i + 1 < n)
			continue;
		(void)buf_append(b, text, k);
		k = 0;
	}
	(void)buf_putc(b, '\t');
}

void
pgtext_end(struct buf *b)
{
	b->data[b->len - 1] = '\n';
}

/* ---- lists --------------------------------------------------------------- */

/*
 * A quote or backslash of a list gets a backslash, a list around it doubles
 * that and adds its own, and COPY doubles all of them.  Written at once, as
 * nearly no text has any.
 */
static void
put_backslashes(struct buf *b, unsigned lists)
{
	(void)buf_append(b, "\\\\\\\\\\\\", ((size_t)2 << lists) - 2);
}

static void
begin(struct pgtext_list *l, struct buf *b, unsigned around)
{
	*l = (struct pgtext_list){ .row = b, .around = around };
	(void)buf_putc(b, around == 0 ? '{' : '(');
}

static void
put_quote(const struct pgtext_list *l)
{
	put_backslashes(l->row, l->around);
	(void)buf_putc(l->row, '"');
}

static void
put_comma(struct pgtext_list *l)
{
	if (l->any)
		(void)buf_putc(l->row, ',');
	l->any = true;
}

void
pgtext_array_begin(struct pgtext_list *array, struct buf *b)
{
	begin(array, b, 0);
}

void
pgtext_array_end(struct pgtext_list *array)
{
	(void)buf_append(array->row, "}\t", 2);
}

void
pgtext_composite_begin(struct pgtext_list *one, struct pgtext_list *array)
{
	put_comma(array);
	put_quote(array);
	begin(one, array->row, 1);
}

void
pgtext_composite_end(struct pgtext_list *one, struct pgtext_list *array)
{
	(void)buf_putc(one->row, ')');
	put_quote(array);
}

/* Every member is quoted, so that nothing in it means anything; a NULL is
 * nothing in a composite and the word in an array. */
void
pgtext_list_add(struct pgtext_list *l, const char *s)
{
	struct buf *b = l->row;
	size_t n;

	put_comma(l);
	if (s == NULL) {
		if (l->around == 0)
			(void)buf_append(b, "NULL", 4);
		return;
	}
	put_quote(l);
	while (*s != '\0') {
		n = strcspn(s, "\"\\\t\n\r");
		(void)buf_append(b, s, n);
		s += n;
		if (*s == '"' || *s == '\\')
			put_backslashes(b, l->around + 1);
		if (*s == '"')
			(void)buf_putc(b, '"');
		else if (*s != '\0')
			put_escaped(b, *s);
		s += *s == '\0' ? 0 : 1;
	}
	put_quote(l);
}
