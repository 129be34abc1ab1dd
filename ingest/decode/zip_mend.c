/* zip_mend: zip archives whose headers call a file a folder, and several zip
 * archives in one file. */
#include "ingest/decode/zip_mend.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/limits.h"

/* The end of the directory, and what may stand behind it. */
#define END_SIZE   22
#define COMMENT    65535

#define ENTRY_SIZE 46
#define LOCAL_SIZE 30

#define FOLDER_BIT 0x10

static uint32_t
two(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t
four(const unsigned char *p)
{
	return two(p) | two(p + 2) << 16;
}

/* Where the end of the directory is, len: nowhere. */
static size_t
find_end(const unsigned char *in, size_t len)
{
	const size_t last = len < END_SIZE + COMMENT ? 0 :
						       len - END_SIZE - COMMENT;

	for (size_t at = len < END_SIZE ? 0 : len - END_SIZE + 1; at-- > last;)
		if (memcmp(in + at, "PK\5\6", 4) == 0)
			return at;
	return len;
}

/* Where the directory begins, len: nowhere. */
static size_t
directory(const unsigned char *in, size_t len)
{
	const size_t end = find_end(in, len);

	return end == len ? len : four(in + end + 16);
}

size_t
zip_before(const void *bytes, size_t len)
{
	const unsigned char *in = bytes;
	const size_t end = find_end(in, len);
	size_t used;
	size_t before;

	if (end == len)
		return 0;
	used = (size_t)four(in + end + 12) + four(in + end + 16);
	before = used < end ? end - used : 0;
	return before > END_SIZE && memcmp(in, "PK", 2) == 0 &&
		find_end(in, before) != before ?
	    before :
	    0;
}

static bool
is_entry(const unsigned char *in, size_t len, size_t at)
{
	return at < len && len - at >= ENTRY_SIZE &&
	    memcmp(in + at, "PK\1\2", 4) == 0 &&
	    len - at - ENTRY_SIZE >= two(in + at + 28);
}

static size_t
entry_length(const unsigned char *e)
{
	return ENTRY_SIZE + two(e + 28) + two(e + 30) + two(e + 32);
}

/* A folder with bytes. */
static bool
is_odd(const unsigned char *e)
{
	const size_t name = two(e + 28);

	return four(e + 24) > 0 && name > 0 &&
	    (e[ENTRY_SIZE + name - 1] == '/' || (e[38] & FOLDER_BIT) != 0 ||
		(e[41] & 0xf0) == 0x40);
}

static void
mend_name(unsigned char *name, size_t n)
{
	if (n > 0 && name[n - 1] == '/')
		name[n - 1] = '_';
}

/* The entry and the header before its bytes. */
static void
mend(unsigned char *copy, size_t len, unsigned char *e)
{
	const size_t at = four(e + 42);
	unsigned char *local = copy + at;

	e[5] = 0;
	memset(e + 38, 0, 4);
	mend_name(e + ENTRY_SIZE, two(e + 28));
	if (at < len && len - at >= LOCAL_SIZE &&
	    memcmp(local, "PK\3\4", 4) == 0 &&
	    len - at - LOCAL_SIZE >= two(local + 26))
		mend_name(local + LOCAL_SIZE, two(local + 26));
}

unsigned char *
zip_mend(const unsigned char *in, size_t len)
{
	unsigned char *copy = NULL;

	if (len > LIMIT_NESTED)
		return NULL;
	for (size_t at = directory(in, len); is_entry(in, len, at);
	     at += entry_length(in + at)) {
		if (!is_odd(in + at))
			continue;
		if (copy == NULL) {
			copy = mem_realloc(NULL, len, 1);
			memcpy(copy, in, len);
		}
		mend(copy, len, copy + at);
	}
	return copy;
}
