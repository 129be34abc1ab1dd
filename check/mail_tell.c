/* mail_tell: tells of a mistake in a mail. */
#include "check/mail_tell.h"

#include <stdlib.h>
#include <string.h>

#include "common/cli/fit.h"
#include "common/mem.h"
#include "common/printable.h"

/* So much of a line is shown, around what is marked. */
#define SHOWN_BEFORE 30
#define SHOWN        72

static char *
piece(const char *bytes, size_t from, size_t to)
{
	char *s = mem_calloc(to - from + 1, 1);

	memcpy(s, bytes + from, to - from);
	for (size_t i = 0; i < to - from; i++)
		if (s[i] == '\0')
			s[i] = '?';
	printable(s);
	return s;
}

/* Not in the middle of a character. */
static size_t
back_to_start(const char *bytes, size_t at, size_t least)
{
	const size_t from = at;

	while (at > least && from - at < 3 &&
	    ((unsigned char)bytes[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static size_t
line_of(const char *bytes, size_t at)
{
	size_t n = 1;
	const char *p = bytes;

	while ((p = memchr(p, '\n', at - (size_t)(p - bytes))) != NULL) {
		n++;
		p++;
	}
	return n;
}

/* The line around what is marked, and the marks below it. */
static void
show(const char *bytes, size_t len, size_t at, size_t n, char **text,
    char **marks)
{
	size_t from = at;
	size_t to = at;
	char *before, *marked, *after;
	size_t indent, width;

	while (from > 0 && at - from < SHOWN_BEFORE && bytes[from - 1] != '\n')
		from--;
	from = back_to_start(bytes, from, 0);
	while (to < len && to - from < SHOWN && bytes[to] != '\n' &&
	    bytes[to] != '\r')
		to++;
	if (to < len)
		to = back_to_start(bytes, to, at);
	if (at + n > to)
		n = to - at;
	before = piece(bytes, from, at);
	marked = piece(bytes, at, at + n);
	after = piece(bytes, at + n, to);
	indent = fit_width(before);
	width = fit_width(marked);
	*text = mem_printf("%s%s%s", before, marked, after);
	*marks = mem_calloc(indent + width + 2, 1);
	memset(*marks, ' ', indent);
	memset(*marks + indent, '^', width == 0 ? 1 : width);
	free(before);
	free(marked);
	free(after);
}

void
mail_lint_say(struct mail_lint *l, enum mail_finding_id id, size_t at,
    size_t len, const char *detail, const char *fix)
{
	struct mail_mistake mistake = { .id = id,
		.text = "",
		.marks = "",
		.detail = detail,
		.fix = fix };
	char *text = NULL;
	char *marks = NULL;

	if (l->told[id]++ >= MAIL_MISTAKES_SAME || l->n >= MAIL_MISTAKES_MAX)
		return;
	l->n++;
	if (at != MAIL_LINT_NOWHERE) {
		show(l->m->bytes, l->m->len, at, len, &text, &marks);
		mistake.line = line_of(l->m->bytes, at);
		mistake.text = text;
		mistake.marks = marks;
	}
	l->seen(l->arg, &mistake);
	free(text);
	free(marks);
}
