/* mbox: where the messages of an mbox begin and end. */
#include "ingest/decode/mbox.h"

#include <ctype.h>
#include <string.h>

bool
mbox_is_from_line(const char *line, size_t len)
{
	if (len < 5 || memcmp(line, "From ", 5) != 0)
		return false;
	for (size_t i = 5; i + 4 < len; i++)
		if (isdigit((unsigned char)line[i]) &&
		    isdigit((unsigned char)line[i + 1]) && line[i + 2] == ':' &&
		    isdigit((unsigned char)line[i + 3]) &&
		    isdigit((unsigned char)line[i + 4]))
			return true;
	return false;
}

/* The length of the line at s, its end included. */
static size_t
line_length(const char *s, size_t size)
{
	const char *nl = memchr(s, '\n', size);

	return nl == NULL ? size : (size_t)(nl - s) + 1;
}

bool
mbox_next(const char *bytes, size_t size, size_t *at, size_t *start,
    size_t *len)
{
	bool blank = false;
	size_t i = *at;
	size_t n;

	if (i >= size)
		return false;
	if (size - i >= 5 && memcmp(bytes + i, "From ", 5) == 0)
		i += line_length(bytes + i, size - i);
	*start = i;
	for (; i < size; i += n) {
		n = line_length(bytes + i, size - i);
		if (blank && mbox_is_from_line(bytes + i, n))
			break;
		blank = n == 1 || (n == 2 && bytes[i] == '\r');
	}
	*len = i - *start;
	*at = i;
	return true;
}
