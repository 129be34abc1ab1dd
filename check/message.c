/* message: a mail as its lines lie: the fields of its header, and its body. */
#include "check/message.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"

bool
message_line(const char *bytes, size_t end, size_t *at, size_t *line,
    size_t *len)
{
	const char *newline;

	if (*at >= end)
		return false;
	newline = memchr(bytes + *at, '\n', end - *at);
	*line = *at;
	*len = newline == NULL ? end - *at : (size_t)(newline - bytes) - *at;
	*at += *len + (newline == NULL ? 0 : 1);
	if (newline != NULL && *len > 0 && bytes[*line + *len - 1] == '\r')
		--*len;
	return true;
}

/* How long the name of a field is that begins here; 0: none does. */
static size_t
name_length(const char *s, size_t len, size_t *colon)
{
	size_t n = 0;
	size_t i;

	while (n < len && s[n] > ' ' && s[n] < 0x7f && s[n] != ':')
		n++;
	for (i = n; i < len && (s[i] == ' ' || s[i] == '\t'); i++)
		;
	if (n == 0 || i == len || s[i] != ':')
		return 0;
	*colon = i;
	return n;
}

static void
add_field(struct message *m, size_t at, size_t len, size_t line)
{
	size_t colon = 0;
	const size_t name = name_length(m->bytes + at, len, &colon);

	if (name == 0) {
		if (m->n_strays++ == 0)
			m->stray = (struct message_stray){ at, len, line };
		return;
	}
	if (m->n == MESSAGE_FIELDS_MAX) {
		m->too_many = true;
		return;
	}
	if ((m->n & (m->n - 1)) == 0)
		m->fields = mem_realloc(m->fields, m->n == 0 ? 1 : 2 * m->n,
		    sizeof(m->fields[0]));
	m->fields[m->n++] = (struct message_field){ .at = at,
		.len = len,
		.name = name,
		.value = at + colon + 1,
		.line = line };
}

/* A line that goes on with the field before it. */
static void
add_to_last(struct message *m, size_t end)
{
	struct message_field *last = m->n == 0 ? NULL : &m->fields[m->n - 1];

	if (last != NULL && !m->too_many)
		last->len = end - last->at;
}

void
message_parse(struct message *m, const char *bytes, size_t len)
{
	size_t at = 0;
	size_t line, n;
	size_t number = 0;
	bool stray = false; /* the line before was one */

	*m = (struct message){ .bytes = bytes, .len = len, .body = len };
	while (message_line(bytes, len, &at, &line, &n)) {
		const size_t strays = m->n_strays;

		number++;
		if (n == 0) {
			m->body = at;
			m->body_line = number + 1;
			m->has_body = true;
			return;
		}
		if (number == 1 && n >= 5 && memcmp(bytes, "From ", 5) == 0) {
			m->has_envelope = true;
			continue;
		}
		if (bytes[line] == ' ' || bytes[line] == '\t') {
			if (!stray)
				add_to_last(m, line + n);
			continue;
		}
		add_field(m, line, n, number);
		stray = m->n_strays > strays;
	}
}

void
message_free(struct message *m)
{
	free(m->fields);
	m->fields = NULL;
	m->n = 0;
}

bool
message_is(const struct message *m, const struct message_field *f,
    const char *name)
{
	return strlen(name) == f->name &&
	    strncasecmp(m->bytes + f->at, name, f->name) == 0;
}

const struct message_field *
message_find_from(const struct message *m, const char *name, size_t i)
{
	for (; i < m->n; i++)
		if (message_is(m, &m->fields[i], name))
			return &m->fields[i];
	return NULL;
}

const struct message_field *
message_find(const struct message *m, const char *name)
{
	return message_find_from(m, name, 0);
}

size_t
message_count(const struct message *m, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += message_is(m, &m->fields[i], name) ? 1 : 0;
	return n;
}

size_t
message_number(const struct message *m, const struct message_field *f)
{
	return (size_t)(f - m->fields);
}

char *
message_value(const struct message *m, const struct message_field *f,
    size_t max)
{
	const char *s = m->bytes + f->value;
	const size_t len = f->at + f->len - f->value;
	char *out = mem_calloc((len < max ? len : max) + 1, 1);
	size_t n = 0;
	bool blank = false;

	for (size_t i = 0; i < len && n < max; i++) {
		if (s[i] == ' ' || s[i] == '\t' || s[i] == '\r' ||
		    s[i] == '\n' || s[i] == '\0') {
			blank = n > 0;
			continue;
		}
		if (blank && n + 1 < max)
			out[n++] = ' ';
		blank = false;
		out[n++] = s[i];
	}
	return out;
}
