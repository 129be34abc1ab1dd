/* imap_guard: looks at what a server says before libetpan does. */
#include "ingest/imap/imap_guard.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "ingest/limits.h"

/*
 * Only data about mails and folders have literals.  Free text may end like one
 * ("* OK ... {5}"), and taking it for one would blind the guard.
 */
static bool
may_have_literal(const struct imap_guard *g)
{
	if (g->start_len < 3 || memcmp(g->start, "* ", 2) != 0)
		return false;
	return (g->start[2] >= '0' && g->start[2] <= '9') ||
	    (g->start_len >= 7 && strncasecmp(g->start, "* LIST ", 7) == 0);
}

static void
note_bye(struct imap_guard *g)
{
	static const char bye[] = "* BYE";
	const size_t n = sizeof(bye) - 1;

	if (g->start_len < n || strncasecmp(g->start, bye, n) != 0 ||
	    g->bye[0] != '\0')
		return;
	(void)snprintf(g->bye, sizeof(g->bye), "the server says goodbye:%.*s",
	    (int)(g->start_len - n), g->start + n);
	g->bye[strcspn(g->bye, "\r\n")] = '\0';
}

/* "TAG BAD ..." */
static void
note_bad(struct imap_guard *g)
{
	const char *blank = memchr(g->start, ' ', g->start_len);
	const size_t left = blank == NULL ?
	    0 :
	    g->start_len - (size_t)(blank - g->start);

	if (g->start[0] != '*' && g->start[0] != '+')
		g->was_bad = left >= 5 && strncasecmp(blank, " BAD ", 5) == 0;
}

/* "+ ..." */
static bool
asks_too_often(struct imap_guard *g)
{
	return g->start[0] == '+' && ++g->questions > LIMIT_IMAP_QUESTIONS;
}

static const char *
end_line(struct imap_guard *g)
{
	const bool too_often = asks_too_often(g);

	if (g->number == 2 && may_have_literal(g)) {
		g->number = 0;
		g->skip = g->literal;
		return NULL;
	}
	note_bye(g);
	note_bad(g);
	g->start_len = 0;
	g->depth = 0;
	g->in_quotes = false;
	g->escaped = false;
	g->number = 0;
	if (too_often)
		return "more questions than it may ask";
	return g->bye[0] == '\0' ? NULL : g->bye;
}

/* A byte of "{123}"; what stands between it and the end of the line is CR. */
static const char *
follow_number(struct imap_guard *g, char c)
{
	if (c == '{') {
		g->number = 1;
		g->literal = 0;
	} else if (g->number == 1 && c >= '0' && c <= '9') {
		g->literal = g->literal * 10 + (uint64_t)(c - '0');
		if (g->literal > UINT32_MAX)
			return "a literal of more than 4 GiB";
	} else if (g->number == 1 && c == '}') {
		g->number = 2;
	} else if (c != '\r') {
		g->number = 0;
	}
	return NULL;
}

static const char *
follow_byte(struct imap_guard *g, char c)
{
	if (g->start_len < sizeof(g->start))
		g->start[g->start_len++] = c;
	if (c == '\n')
		return end_line(g);
	if (g->in_quotes) {
		if (g->escaped)
			g->escaped = false;
		else if (c == '\\')
			g->escaped = true;
		else if (c == '"')
			g->in_quotes = false;
		/* A quote that is never closed must not hide anything. */
		if (c != '(')
			return NULL;
	}
	if (c == '"')
		g->in_quotes = true;
	else if (c == '(' && ++g->depth > LIMIT_IMAP_DEPTH)
		return "an answer that is nested too deep";
	else if (c == ')' && g->depth > 0)
		g->depth--;
	return follow_number(g, c);
}

const char *
imap_guard(struct imap_guard *g, const char *bytes, size_t n)
{
	const char *why = NULL;
	size_t part;

	while (n > 0 && why == NULL) {
		if (g->skip > 0) {
			part = g->skip < n ? (size_t)g->skip : n;
			g->skip -= part;
		} else {
			part = 1;
			why = follow_byte(g, *bytes);
		}
		bytes += part;
		n -= part;
	}
	return why;
}
