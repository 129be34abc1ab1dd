/*
 * auth_results: the Authentication-Results fields of a mail (RFC 8601), in a
 * form that SQL can read.
 */
#include "ingest/decode/auth_results.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "ingest/limits.h"

#define WORD_SIZE   (LIMIT_AUTH_WORD + 1)
#define RESULT_SIZE 17 /* "bestguesspass" is the longest */
#define NAME_SIZE   40

#define MOST_DKIM   3
#define PROPERTIES  2

/* What is kept: results, and of their properties the first that is there. */
static const struct method {
	const char *name;
	size_t most;
	const char *properties[PROPERTIES];
} methods[] = {
	{ "dmarc", 1, { "header.from", NULL } },
	{ "dkim", MOST_DKIM, { "header.d", "header.i" } },
	{ "spf", 1, { "smtp.mailfrom", "smtp.helo" } },
	{ "arc", 1, { NULL, NULL } },
};

enum {
	METHOD_DMARC = 0,
	METHODS = sizeof(methods) / sizeof(methods[0])
};

struct result {
	char result[RESULT_SIZE];
	char values[PROPERTIES][WORD_SIZE];
};

struct field {
	char id[WORD_SIZE];
	struct result results[METHODS][MOST_DKIM];
	size_t n[METHODS];
};

struct scanner {
	const char *at;
	const char *end;
};

static void
set_char(char *word, char c)
{
	word[0] = c;
	word[1] = '\0';
}

static void
lower(char *s)
{
	for (; *s != '\0'; s++)
		*s = g_ascii_tolower(*s);
}

/* ---- words ------------------------------------------------------------- */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_name(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_';
}

/* Comments nest, and end with the field at the latest. */
static void
skip_comment(struct scanner *c)
{
	size_t depth = 0;

	do {
		if (*c->at == '(')
			depth++;
		else if (*c->at == ')')
			depth--;
		else if (*c->at == '\\' && c->at + 1 < c->end)
			c->at++;
		c->at++;
	} while (depth > 0 && c->at < c->end);
}

static void
skip(struct scanner *c)
{
	while (c->at < c->end && (is_blank(*c->at) || *c->at == '('))
		if (*c->at == '(')
			skip_comment(c);
		else
			c->at++;
}

static bool
take(struct scanner *c, char wanted)
{
	skip(c);
	if (c->at == c->end || *c->at != wanted)
		return false;
	c->at++;
	return true;
}

/* A name in lower case, "?" when it is too long.  False: there is none. */
static bool
take_name(struct scanner *c, char *out, size_t size)
{
	const char *start;
	size_t n;

	skip(c);
	start = c->at;
	while (c->at < c->end && is_name(*c->at))
		c->at++;
	n = (size_t)(c->at - start);
	if (n >= size) {
		set_char(out, '?');
		return true;
	}
	memcpy(out, start, n);
	out[n] = '\0';
	lower(out);
	return n > 0;
}

/* A word, which may have quoted parts.  It is empty only at the end of a
 * statement or of the field. */
static void
take_word(struct scanner *c, char *out, size_t size)
{
	bool quoted = false;
	size_t n = 0;

	skip(c);
	for (; c->at < c->end; c->at++) {
		char byte = *c->at;

		if (!quoted && (is_blank(byte) || byte == ';' || byte == '('))
			break;
		if (byte == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && byte == '\\' && c->at + 1 < c->end)
			byte = *++c->at;
		if (n + 1 < size)
			out[n] = g_ascii_isgraph(byte) ? byte : '?';
		n++;
	}
	/* A word that does not fit is not cut: it would be another word. */
	if (n < size)
		out[n] = '\0';
	else
		set_char(out, '?');
}

static void
skip_word(struct scanner *c)
{
	char word[2];

	take_word(c, word, sizeof(word));
}

/* ---- values ------------------------------------------------------------ */

/*
 * The domain of an address in lower case, without a trailing dot.  Of an
 * envelope address the local part is kept as it is.
 */
static void
tidy(char *value, bool whole)
{
	char *start = value[0] == '<' ? value + 1 : value;
	char *at = strrchr(start, '@');
	char *domain = at == NULL ? start : at + 1;
	size_t len = strlen(domain);

	if (len > 0 && domain[len - 1] == '>')
		domain[--len] = '\0';
	if (len > 0 && domain[len - 1] == '.')
		domain[--len] = '\0';
	lower(domain);
	if (!whole)
		start = domain;
	memmove(value, start, strlen(start) + 1);
}

static void
keep_property(struct scanner *c, const char *name, const struct method *m,
    struct result *r)
{
	char value[WORD_SIZE];

	take_word(c, value, sizeof(value));
	for (size_t i = 0; i < PROPERTIES; i++) {
		if (m->properties[i] == NULL ||
		    strcmp(name, m->properties[i]) != 0 ||
		    r->values[i][0] != '\0')
			continue;
		tidy(value, strcmp(name, "smtp.mailfrom") == 0);
		memcpy(r->values[i], value, sizeof(value));
	}
}

/* ---- statements -------------------------------------------------------- */

/* ptype.property=value, or anything else, one word of it. */
static void
parse_property(struct scanner *c, const struct method *m, struct result *r)
{
	char name[2 * NAME_SIZE];
	char *property;

	if (!take_name(c, name, NAME_SIZE)) {
		skip_word(c);
		return;
	}
	/* reason= has no dot; here it has one, and nothing behind it. */
	property = name + strlen(name) + 1;
	property[-1] = '.';
	property[0] = '\0';
	if (take(c, '.'))
		(void)take_name(c, property, NAME_SIZE);
	if (!take(c, '='))
		return;
	keep_property(c, name, m, r);
}

/* The method's index in methods[]; METHODS: not one that we keep. */
static size_t
take_method(struct scanner *c)
{
	char name[NAME_SIZE];
	char version[NAME_SIZE];
	size_t m = 0;

	if (!take_name(c, name, sizeof(name)))
		return METHODS;
	/* Another version may give its results another meaning. */
	if (take(c, '/') &&
	    (!take_name(c, version, sizeof(version)) ||
		strcmp(version, "1") != 0))
		return METHODS;
	if (!take(c, '='))
		return METHODS;
	while (m < METHODS && strcmp(name, methods[m].name) != 0)
		m++;
	return m;
}

static void
take_result(struct scanner *c, char *out)
{
	take_word(c, out, RESULT_SIZE);
	for (char *s = out; *s != '\0'; s++)
		if (!is_name(*s))
			*s = '?';
	lower(out);
	if (out[0] == '\0')
		set_char(out, '?');
}

/*
 * Several results of DMARC in one field: one may be what a server copied out of
 * an address without care.  A result that is no pass goes before a pass, and of
 * two passes for different domains neither counts.
 */
static void
keep_dmarc(struct result *kept, const struct result *r)
{
	if (strcmp(kept->result, "pass") != 0)
		return;
	if (strcmp(r->result, "pass") != 0)
		*kept = *r;
	else if (strcmp(kept->values[0], r->values[0]) != 0)
		(void)snprintf(kept->result, sizeof(kept->result), "several");
}

static void
keep_result(struct field *f, size_t m, const struct result *r)
{
	if (f->n[m] < methods[m].most)
		f->results[m][f->n[m]++] = *r;
	else if (m == METHOD_DMARC)
		keep_dmarc(f->results[m], r);
}

static void
parse_statement(struct scanner *c, struct field *f)
{
	const size_t m = take_method(c);
	struct result r = { 0 };

	if (m == METHODS)
		return;
	take_result(c, r.result);
	for (skip(c); c->at < c->end && *c->at != ';'; skip(c))
		parse_property(c, &methods[m], &r);
	keep_result(f, m, &r);
}

/* Skip to after the next semicolon. */
static bool
next_statement(struct scanner *c)
{
	while (!take(c, ';')) {
		if (c->at == c->end)
			return false;
		skip_word(c);
	}
	return true;
}

/* ---- fields ------------------------------------------------------------ */

/* The field begins with a statement at once. */
static bool
has_no_id(struct scanner c)
{
	char name[NAME_SIZE];

	return take_name(&c, name, sizeof(name)) && take(&c, '=');
}

static void
take_id(struct scanner *c, char *id)
{
	take_word(c, id, WORD_SIZE);
	/* "-" is ours. */
	if (id[0] == '\0' || strcmp(id, "-") == 0)
		set_char(id, '?');
	lower(id);
}

/* What follows another version than 1 may mean anything. */
static bool
is_other_version(struct scanner *c)
{
	char version[NAME_SIZE];

	return take_name(c, version, sizeof(version)) &&
	    g_ascii_isdigit(version[0]) && strcmp(version, "1") != 0;
}

static void
parse_field(struct scanner *c, struct field *f)
{
	if (has_no_id(*c)) {
		set_char(f->id, '-');
		parse_statement(c, f);
	} else {
		take_id(c, f->id);
		if (is_other_version(c))
			return;
	}
	while (next_statement(c))
		parse_statement(c, f);
}

/* False, also of its callers: it does not fit, and a part may have been
 * written. */
static bool
put_value(struct buf *b, const char *name, const char *value)
{
	return buf_putc(b, ' ') && buf_add(b, name) && buf_putc(b, '=') &&
	    buf_add(b, value);
}

static bool
put_result(struct buf *b, const struct method *m, const struct result *r)
{
	if (!put_value(b, m->name, r->result))
		return false;
	for (size_t i = 0; i < PROPERTIES; i++)
		if (r->values[i][0] != '\0')
			return put_value(b, m->properties[i], r->values[i]);
	return true;
}

static bool
put_field(struct buf *b, const struct field *f)
{
	size_t results = 0;

	if ((b->len > 0 && !buf_putc(b, '\n')) || !buf_add(b, f->id))
		return false;
	for (size_t m = 0; m < METHODS; m++)
		for (size_t i = 0; i < f->n[m]; i++, results++)
			if (!put_result(b, &methods[m], &f->results[m][i]))
				return false;
	return results > 0 || buf_add(b, " none");
}

void
auth_results_init(struct auth_results *r)
{
	buf_init(&r->text, LIMIT_AUTH_TEXT);
	r->fields = 0;
}

void
auth_results_free(struct auth_results *r)
{
	buf_free(&r->text);
}

bool
auth_results_add(struct auth_results *r, const char *field, size_t len)
{
	struct scanner c = { field, field + len };
	struct field f = { 0 };
	const size_t mark = r->text.len;

	if (r->fields == LIMIT_AUTH_FIELDS)
		return false;
	r->fields++;
	parse_field(&c, &f);
	if (put_field(&r->text, &f))
		return true;
	buf_truncate(&r->text, mark);
	r->fields = LIMIT_AUTH_FIELDS;
	return false;
}
