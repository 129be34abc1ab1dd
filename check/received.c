/* received: the way of a mail, from its Received fields. */
#include "check/received.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "common/mem.h"

bool
received_date(const char *s, int64_t *out)
{
	GDateTime *when = g_mime_utils_header_decode_date(s);

	if (when == NULL)
		return false;
	*out = g_date_time_to_unix(when);
	g_date_time_unref(when);
	return true;
}

/* The next word of *s: text without blanks, or a comment with its parentheses.
 * *len is 0 at the end. */
static const char *
next_word(const char **s, size_t *len)
{
	const char *start = *s + strspn(*s, " \t");
	const char *p = start;
	int depth = 0;

	if (*p == '(') {
		do {
			if (*p == '\\' && p[1] != '\0')
				p++;
			else if (*p == '(')
				depth++;
			else if (*p == ')')
				depth--;
			p++;
		} while (*p != '\0' && depth > 0);
	} else {
		p += strcspn(p, " \t(");
	}
	*len = (size_t)(p - start);
	*s = p;
	return start;
}

static bool
is_word(const char *word, size_t len, const char *name)
{
	return strlen(name) == len && strncasecmp(word, name, len) == 0;
}

static void
copy(char *out, size_t size, const char *s, size_t len)
{
	(void)snprintf(out, size, "%.*s", (int)(len < size ? len : size - 1),
	    s);
}

/* An address and nothing else, "IPv6:" before it or not. */
static bool
is_address(const char *s, size_t len, struct address *out)
{
	char word[ADDRESS_LEN];

	while (len > 0 && *s == ' ') {
		s++;
		len--;
	}
	while (len > 0 && s[len - 1] == ' ')
		len--;
	if (len > 5 && strncasecmp(s, "IPv6:", 5) == 0) {
		s += 5;
		len -= 5;
	}
	if (len == 0 || len >= sizeof(word))
		return false;
	copy(word, sizeof(word), s, len);
	return address_parse(word, out);
}

/* "[address]", but not that behind "helo=" or "ident=": a client chooses what
 * stands there. */
static bool
find_literal(const char *s, size_t len, struct address *out)
{
	const char *end = s + len;
	const char *open = s;

	while ((open = memchr(open, '[', (size_t)(end - open))) != NULL) {
		const char *close = memchr(open, ']', (size_t)(end - open));

		if (close == NULL)
			return false;
		if ((open == s || open[-1] != '=') &&
		    is_address(open + 1, (size_t)(close - open) - 1, out))
			return true;
		open++;
	}
	return false;
}

static bool
begins(const char *s, size_t len, const char *with)
{
	const size_t n = strlen(with);

	return len >= n && strncasecmp(s, with, n) == 0;
}

/* The server says so; a host's name may say anything. */
static bool
says_tls(const char *s, size_t len)
{
	return begins(s, len, "using TLS") || begins(s, len, "version=TLS") ||
	    begins(s, len, "TLSv") || begins(s, len, "TLS1") ||
	    begins(s, len, "cipher=");
}

/* The protocols of RFC 3848 and its like end with S, or SA, over TLS. */
static enum received_tls
tls_of(const char *with)
{
	const size_t n = strlen(with);

	if (n == 0)
		return RECEIVED_TLS_UNKNOWN;
	if (strcasecmp(with, "HTTPS") == 0 || strcasecmp(with, "MAPI") == 0)
		return RECEIVED_TLS_YES;
	if (strcasestr(with, "SMTP") == NULL &&
	    strcasestr(with, "LMTP") == NULL)
		return RECEIVED_TLS_UNKNOWN;
	return toupper((unsigned char)with[n - 1]) == 'S' ||
		(n > 1 && strcasecmp(with + n - 2, "SA") == 0) ?
	    RECEIVED_TLS_YES :
	    RECEIVED_TLS_NO;
}

/*
 * Behind "from" stands what the client calls itself, which may look like a
 * comment, and then what the server saw: the last comment with an address has
 * it.
 */
static void
take_comment(struct received *r, const char *s, size_t len, bool behind_from)
{
	const size_t inside = len > 2 ? len - 2 : 0;
	struct address ip;

	if (says_tls(s + 1, inside))
		r->tls = RECEIVED_TLS_YES;
	if (!behind_from ||
	    (!find_literal(s + 1, inside, &ip) &&
		!is_address(s + 1, inside, &ip)))
		return;
	r->ip = ip;
	r->has_ip = true;
}

void
received_parse(struct received *r, const char *value)
{
	const char *semicolon = strrchr(value, ';');
	char *text = mem_strdup(value);
	const char *s = text;
	const char *word;
	bool behind_from = false;
	size_t len;

	*r = (struct received){ .tls = RECEIVED_TLS_UNKNOWN };
	if (semicolon != NULL) {
		text[semicolon - value] = '\0';
		r->has_time = received_date(semicolon + 1, &r->time);
	}
	while ((word = next_word(&s, &len)), len > 0) {
		if (word[0] == '(') {
			take_comment(r, word, len, behind_from);
		} else if (is_word(word, len, "from") && r->from[0] == '\0') {
			word = next_word(&s, &len);
			copy(r->from, sizeof(r->from), word, len);
			behind_from = true;
		} else if (is_word(word, len, "by") && r->by[0] == '\0') {
			word = next_word(&s, &len);
			copy(r->by, sizeof(r->by), word, len);
			behind_from = false;
		} else if (is_word(word, len, "with") && r->with[0] == '\0') {
			word = next_word(&s, &len);
			copy(r->with, sizeof(r->with), word, len);
		}
	}
	if (r->tls != RECEIVED_TLS_YES)
		r->tls = tls_of(r->with);
	/* Exim has it so where the address has no name. */
	if (!r->has_ip)
		r->has_ip = find_literal(r->from, strlen(r->from), &r->ip);
	free(text);
}
