/* lz4_mend: mails that Dovecot has compressed with lz4. */
#include "ingest/decode/lz4_mend.h"

#include <string.h>

#include "common/mem.h"

#define MARK       (sizeof(DOVECOT_LZ4) - 1)
#define HEAD       (MARK + 4)
#define FRAME      "\x02\x21\x4c\x18"
#define FRAME_HEAD (sizeof(FRAME) - 1)

/* A length whose bytes stand the other way round; behind it its block. */
static size_t
take_block(unsigned char *to, const unsigned char *in, size_t left)
{
	const size_t n = (size_t)in[0] << 24 | (size_t)in[1] << 16 |
	    (size_t)in[2] << 8 | (size_t)in[3];
	const size_t there = n < left - 4 ? n : left - 4;

	for (size_t i = 0; i < 4; i++)
		to[i] = in[3 - i];
	memcpy(to + 4, in + 4, there);
	return there + 4;
}

unsigned char *
lz4_mend(const unsigned char *in, size_t len, size_t *out_len)
{
	unsigned char *out;
	size_t at = HEAD;
	size_t n = FRAME_HEAD;

	if (len < HEAD || memcmp(in, DOVECOT_LZ4, MARK) != 0)
		return NULL;
	out = mem_realloc(NULL, len, 1);
	memcpy(out, FRAME, FRAME_HEAD);
	while (len - at >= 4) {
		const size_t used = take_block(out + n, in + at, len - at);

		at += used;
		n += used;
	}
	/* A length that was cut: the end is missing, and must not be overseen. */
	memcpy(out + n, in + at, len - at);
	*out_len = n + len - at;
	return out;
}
