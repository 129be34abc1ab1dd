/*
 * packed: records that wait for the commit, in about ten bytes each.
 */
#include "ingest/store/packed.h"

#include <stdbool.h>
#include <string.h>

/* The first byte: the length of the address, and which fields follow at the
 * end. */
#define ADDRESS     0x1f
#define ENVELOPE_TO 0x20
#define REMARKS     0x40

/* Seven bits a byte, the lowest first; the last has no eighth bit. */
static void
put_number(struct buf *b, uint64_t n)
{
	char bytes[10];
	size_t len = 0;

	for (; n >= 0x80; n >>= 7)
		bytes[len++] = (char)(n | 0x80);
	bytes[len++] = (char)n;
	(void)buf_append(b, bytes, len);
}

static uint64_t
take_number(const char **at)
{
	uint64_t n = 0;
	unsigned char byte;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		byte = (unsigned char)*(*at)++;
		n |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			break;
	}
	return n;
}

static const char *
take_text(const char **at)
{
	const char *s = *at;

	*at += strlen(s) + 1;
	return s;
}

static size_t
address_size(unsigned char family)
{
	return family == 4 ? 4 : family == 6 ? 16 : 0;
}

void
packed_add(struct buf *b, const struct record *r, uint32_t profile)
{
	const size_t n = address_size(r->family);
	const size_t first = n | (r->envelope_to != NULL ? ENVELOPE_TO : 0) |
	    (r->remarks != NULL ? REMARKS : 0);

	(void)buf_putc(b, (char)first);
	(void)buf_append(b, r->ip, n);
	put_number(b, profile);
	put_number(b, (uint64_t)r->count);
	if (r->envelope_to != NULL)
		(void)buf_append(b, r->envelope_to, strlen(r->envelope_to) + 1);
	if (r->remarks != NULL)
		(void)buf_append(b, r->remarks, strlen(r->remarks) + 1);
}

size_t
packed_read(const struct buf *b, size_t at, struct record *r)
{
	const char *p = b->data + at;
	const unsigned char first = (unsigned char)*p++;
	const size_t n = first & ADDRESS;

	*r = (struct record){ .family = n == 4 ? 4 : n == 16 ? 6 : 0 };
	memcpy(r->ip, p, n);
	p += n;
	r->profile = (uint32_t)take_number(&p);
	r->count = (int64_t)take_number(&p);
	if (first & ENVELOPE_TO)
		r->envelope_to = take_text(&p);
	if (first & REMARKS)
		r->remarks = take_text(&p);
	return (size_t)(p - b->data);
}
