/* jsonb: rows on their way into a statement, as one JSON array of objects. */
#include "check/jsonb.h"

#include <stdio.h>
#include <string.h>

/* A batch has a few hundred kilobytes; what PostgreSQL takes is a gigabyte. */
#define JSONB_MAX ((size_t)64 << 20)
/* What a string of JSON may not hold as it is. */
#define SPECIAL                                            \
	"\001\002\003\004\005\006\007\010\011\012\013\014" \
	"\015\016\017\020\021\022\023\024\025\026\027\030" \
	"\031\032\033\034\035\036\037\177\"\\"

#define TAIL 2 /* what jsonb_finish() adds */

void
jsonb_init(struct jsonb *j)
{
	buf_init(&j->text, JSONB_MAX + TAIL);
	j->n = 0;
}

void
jsonb_free(struct jsonb *j)
{
	buf_free(&j->text);
}

static void
put(struct jsonb *j, const char *s)
{
	j->fits = buf_add(&j->text, s) && j->fits;
}

static void
put_string(struct jsonb *j, const char *s)
{
	char escape[8];

	put(j, "\"");
	while (*s != '\0') {
		const size_t n = strcspn(s, SPECIAL);

		j->fits = buf_append(&j->text, s, n) && j->fits;
		s += n;
		if (*s == '\0')
			break;
		(void)snprintf(escape, sizeof(escape), "\\u%04x",
		    (unsigned)(unsigned char)*s++);
		put(j, escape);
	}
	put(j, "\"");
}

static void
member(struct jsonb *j, const char *name)
{
	put(j, j->any ? ",\"" : "\"");
	put(j, name);
	put(j, "\":");
	j->any = true;
}

void
jsonb_begin(struct jsonb *j)
{
	j->begins = j->text.len;
	j->any = false;
	j->fits = true;
	put(j, j->n == 0 ? "[{" : ",{");
}

void
jsonb_text(struct jsonb *j, const char *name, const char *s)
{
	member(j, name);
	if (s == NULL)
		put(j, "null");
	else
		put_string(j, s);
}

void
jsonb_int(struct jsonb *j, const char *name, int64_t n)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%lld", (long long)n);
	member(j, name);
	put(j, text);
}

void
jsonb_list(struct jsonb *j, const char *name, const char *const *list, size_t n)
{
	member(j, name);
	put(j, "[");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			put(j, ",");
		put_string(j, list[i]);
	}
	put(j, "]");
}

bool
jsonb_end(struct jsonb *j)
{
	put(j, "}");
	j->fits = j->fits && j->text.len <= JSONB_MAX;
	if (j->fits)
		j->n++;
	else
		buf_truncate(&j->text, j->begins);
	return j->fits;
}

const char *
jsonb_finish(struct jsonb *j)
{
	(void)buf_add(&j->text, j->n == 0 ? "[]" : "]");
	return buf_str(&j->text);
}

void
jsonb_clear(struct jsonb *j)
{
	buf_truncate(&j->text, 0);
	j->n = 0;
}
