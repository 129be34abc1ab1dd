/* tags: a list of tags, "name=value; name=value". */
#include "check/tags.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct tag_part
trim(const char *text, size_t at, size_t end)
{
	while (at < end && is_blank(text[at]))
		at++;
	while (end > at && is_blank(text[end - 1]))
		end--;
	return (struct tag_part){ at, end - at };
}

static struct tag
take(const char *text, size_t at, size_t end)
{
	struct tag t = { .all = trim(text, at, end) };
	const size_t to = t.all.at + t.all.len;
	const char *equals = t.all.len == 0 ?
	    NULL :
	    memchr(text + t.all.at, '=', t.all.len);

	t.has_equals = equals != NULL;
	t.name = t.all;
	t.value = (struct tag_part){ to, 0 };
	if (equals != NULL) {
		t.name = trim(text, t.all.at, (size_t)(equals - text));
		t.value = trim(text, (size_t)(equals - text) + 1, to);
	}
	return t;
}

void
tags_parse(struct tags *t, const char *text, size_t len)
{
	size_t at = 0;

	*t = (struct tags){ .text = text, .len = len };
	while (at < len) {
		const char *semicolon = memchr(text + at, ';', len - at);
		const size_t end = semicolon == NULL ?
		    len :
		    (size_t)(semicolon - text);
		const struct tag tag = take(text, at, end);

		/* What stands behind the last semicolon may be nothing. */
		if (semicolon == NULL && tag.all.len == 0)
			break;
		if (t->n == TAGS_MAX) {
			t->too_many = true;
			break;
		}
		t->all = mem_realloc(t->all, t->n + 1, sizeof(t->all[0]));
		t->all[t->n++] = tag;
		at = end + 1;
	}
}

void
tags_free(struct tags *t)
{
	free(t->all);
	*t = (struct tags){ .text = NULL };
}

bool
tags_is(const struct tags *t, struct tag_part p, const char *s)
{
	return strlen(s) == p.len && memcmp(t->text + p.at, s, p.len) == 0;
}

bool
tags_is_any_case(const struct tags *t, struct tag_part p, const char *s)
{
	return strlen(s) == p.len && strncasecmp(t->text + p.at, s, p.len) == 0;
}

const struct tag *
tags_find_from(const struct tags *t, const char *name, size_t i)
{
	for (; i < t->n; i++)
		if (t->all[i].has_equals && tags_is(t, t->all[i].name, name))
			return &t->all[i];
	return NULL;
}

const struct tag *
tags_find(const struct tags *t, const char *name)
{
	return tags_find_from(t, name, 0);
}

size_t
tags_number(const struct tags *t, const struct tag *tag)
{
	return (size_t)(tag - t->all);
}

bool
tags_is_name(const struct tags *t, struct tag_part p)
{
	for (size_t i = 0; i < p.len; i++) {
		const unsigned char c = (unsigned char)t->text[p.at + i];

		if (c >= 0x80 ||
		    !(isalpha(c) || (i > 0 && (isdigit(c) || c == '_'))))
			return false;
	}
	return p.len > 0;
}

bool
tags_next_item(const struct tags *t, struct tag_part *rest, char separator,
    struct tag_part *item)
{
	const char *s = t->text + rest->at;
	const char *end;

	if (rest->len == 0)
		return false;
	end = memchr(s, separator, rest->len);
	if (end == NULL) {
		*item = trim(t->text, rest->at, rest->at + rest->len);
		rest->at += rest->len;
		rest->len = 0;
		return true;
	}
	*item = trim(t->text, rest->at, rest->at + (size_t)(end - s));
	rest->len -= (size_t)(end - s) + 1;
	rest->at += (size_t)(end - s) + 1;
	return true;
}
