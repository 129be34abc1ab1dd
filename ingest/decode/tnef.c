/* tnef: the attachments in a winmail.dat, as Outlook and Exchange write it. */
#include "ingest/decode/tnef.h"

#include <stdint.h>
#include <string.h>

#define HEAD         6               /* magic number and key */
#define FRAME        (1 + 4 + 4 + 2) /* level, attribute, length and check sum */

#define ATTACH_TITLE 0x8010
#define ATTACH_DATA  0x800f

static uint32_t
number(const unsigned char *s)
{
	return (uint32_t)s[0] | (uint32_t)s[1] << 8 | (uint32_t)s[2] << 16 |
	    (uint32_t)s[3] << 24;
}

bool
tnef_begins(const void *bytes, size_t len)
{
	return len >= HEAD && memcmp(bytes, "\x78\x9f\x3e\x22", 4) == 0;
}

void
tnef_open(struct tnef *t, const void *bytes, size_t len)
{
	*t = (struct tnef){ .s = bytes };
	if (!tnef_begins(bytes, len))
		return;
	t->s += HEAD;
	t->len = len - HEAD;
}

static void
take_title(struct tnef *t, const unsigned char *s, size_t n)
{
	if (n >= sizeof(t->title))
		n = sizeof(t->title) - 1;
	memcpy(t->title, s, n);
	t->title[n] = '\0';
}

bool
tnef_next(struct tnef *t, const void **data, size_t *len)
{
	while (t->len >= FRAME) {
		const unsigned char *s = t->s + 9;
		const unsigned id = number(t->s + 1) & 0xffff;
		size_t n = number(t->s + 5);

		/* One that was cut off is handed out as far as it goes. */
		if (n > t->len - FRAME) {
			n = t->len - FRAME;
			t->is_damaged = true;
		}
		t->s += FRAME + n;
		t->len -= FRAME + n;
		if (id == ATTACH_TITLE)
			take_title(t, s, n);
		if (id != ATTACH_DATA)
			continue;
		*data = s;
		*len = n;
		return true;
	}
	t->is_damaged = t->is_damaged || t->len > 0;
	return false;
}
