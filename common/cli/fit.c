/* fit: the columns of a table into the width of a terminal. */
#include "common/cli/fit.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "common/mem.h"

/* The next character of s: its bytes, and its columns in *width. */
static size_t
next(const char *s, size_t *width)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t n = mbrtowc(&c, s, strnlen(s, MB_LEN_MAX), &state);
	int w;

	if (n == 0 || n == (size_t)-1 || n == (size_t)-2) {
		*width = 4; /* is shown as \xNN */
		return 1;
	}
	w = wcwidth(c);
	*width = w == -1 ? 4 * n : (size_t)w;
	return n;
}

size_t
fit_width(const char *s)
{
	size_t sum = 0;
	size_t width;

	while (*s != '\0') {
		s += next(s, &width);
		sum += width;
	}
	return sum;
}

size_t
fit_bytes(const char *s, size_t width)
{
	size_t n = 0;
	size_t sum = 0;

	while (s[n] != '\0') {
		size_t w;
		const size_t len = next(s + n, &w);

		if (sum + w > width)
			break;
		sum += w;
		n += len;
	}
	return n;
}

static size_t
total(const struct fit_column *c, size_t n, size_t gap, bool least)
{
	size_t sum = 0;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		if (c[i].out)
			continue;
		sum += least ? c[i].least : c[i].width;
		count++;
	}
	return sum + (count == 0 ? 0 : (count - 1) * gap);
}

/* The widest column that may become narrower; NULL: none. */
static struct fit_column *
widest(struct fit_column *c, size_t n)
{
	struct fit_column *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (!c[i].out && c[i].width > c[i].least &&
		    (found == NULL || c[i].width > found->width))
			found = &c[i];
	return found;
}

void
fit_columns(struct fit_column *c, size_t n, size_t gap, size_t width)
{
	struct fit_column *w;

	for (size_t i = n; i > 0 && total(c, n, gap, true) > width; i--)
		if (c[i - 1].missable)
			c[i - 1].out = true;
	while (total(c, n, gap, false) > width && (w = widest(c, n)) != NULL)
		w->width--;
}

/*
 * How many bytes of s make the first line.  A line ends before a blank, else
 * after punctuation of names and addresses, else anywhere.
 */
static size_t
line_length(const char *s, size_t width)
{
	size_t len = 0, blank = 0, mark = 0;
	size_t used = 0;

	while (s[len] != '\0') {
		size_t w;
		size_t n = next(s + len, &w);

		if (used + w > width && len > 0)
			break;
		if (s[len] == ' ' && len > 0 && s[len - 1] != ' ')
			blank = len;
		len += n;
		used += w;
		if (strchr(".-:@/_", s[len - 1]) != NULL)
			mark = len;
	}
	if (s[len] == '\0' || s[len] == ' ')
		return len;
	if (blank > 0)
		return blank;
	return mark > 0 ? mark : len;
}

char *
fit_wrap(const char *s, size_t width)
{
	/* In the worst case each byte becomes a line. */
	char *out = mem_calloc(strlen(s) + 1, 2);
	size_t n = 0;

	while (*s != '\0') {
		const size_t len = line_length(s, width);

		memcpy(out + n, s, len);
		n += len;
		s += len;
		while (*s == ' ')
			s++;
		if (*s != '\0')
			out[n++] = '\n';
	}
	return out;
}
