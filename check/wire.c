/* wire: what a nameserver sends, in a form that the library reads. */
#include "check/wire.h"

#include <string.h>

#define HEADER_LEN 12
#define LENGTH_LEN 2 /* in front of a message, with TCP */

static unsigned
number(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static unsigned char *
put(unsigned char *p, size_t number)
{
	*p++ = (unsigned char)(number >> 8);
	*p++ = (unsigned char)number;
	return p;
}

/* Where the only question ends; 0: there is none, or another.  The first name
 * of a message has nothing before it that it could point to. */
static size_t
question_end(const unsigned char *m, size_t n)
{
	size_t at = HEADER_LEN;

	if (n < HEADER_LEN || n > WIRE_MAX || number(m + 4) != 1)
		return 0;
	while (at < n && m[at] > 0 && m[at] < 64)
		at += 1U + m[at];
	return at < n && m[at] == 0 && n - at >= 5 ? at + 5 : 0;
}

size_t
wire_wrap(const unsigned char *m, size_t n, unsigned char *out)
{
	const size_t end = question_end(m, n);
	/* Its owner is the question's name. */
	static const unsigned char owner[] = { 0xc0, HEADER_LEN };
	static const unsigned char class_and_time[] = { 0, 1, 0, 0, 0, 0 };
	unsigned char *p = out + end;

	if (end == 0)
		return 0;
	memcpy(out, m, end);
	memset(out + 6, 0, 6);
	if (number(m + 6) == 0)
		return end;
	out[7] = 1;
	if (end + 12 > WIRE_MAX - n)
		n = WIRE_MAX - end - 12;
	memcpy(p, owner, sizeof(owner));
	p = put(p + sizeof(owner), WIRE_TYPE);
	memcpy(p, class_and_time, sizeof(class_and_time));
	p = put(p + sizeof(class_and_time), n);
	memcpy(p, m, n);
	return (size_t)(p - out) + n;
}

size_t
wire_message(const unsigned char *stream, size_t n)
{
	if (n < LENGTH_LEN || n - LENGTH_LEN < number(stream))
		return WIRE_MAX + 1;
	return number(stream);
}
