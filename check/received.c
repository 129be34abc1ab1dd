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

/* The first address in the text, in brackets or not, "IPv6:" before it or not. */
static bool
find_address(const char *s, size_t len, struct address *out)
{
	char word[ADDRESS_LEN + 8];

	for (size_t i = 0; i < len;) {
		size_t n = 0;

		while (i < len && !isxdigit((unsigned char)s[i]) && s[i] != ':')
			i++;
		if (len - i > 5 && strncasecmp(s + i, "IPv6:", 5) == 0)
			i += 5;
		while (i + n < len &&
		    (isxdigit((unsigned char)s[i + n]) || s[i + n] == ':' ||
			s[i + n] == '.'))
			n++;
		if (n > 0 && n < sizeof(word)) {
			copy(word, sizeof(word), s + i, n);
			if (address_parse(word, out))
				return true;
		}
		/* "mail1" is no address, and neither is what ends it. */
		while (i + n < len &&
		    (isalnum((unsigned char)s[i + n]) || s[i + n] == '-' ||
			s[i + n] == '_' || s[i + n] == '.' || s[i + n] == ':'))
			n++;
		i += n > 0 ? n : 1;
	}
	return false;
}

static bool
says_tls(const char *s, size_t len)
{
	char *text = mem_calloc(len + 1, 1);
	bool says;

	memcpy(text, s, len);
	says = strcasestr(text, "TLSv") != NULL ||
	    strcasestr(text, "TLS1") != NULL ||
	    strcasestr(text, "using TLS") != NULL ||
	    strcasestr(text, "cipher") != NULL;
	free(text);
	return says;
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

static void
take_comment(struct received *r, const char *s, size_t len, bool behind_from)
{
	if (behind_from && !r->has_ip)
		r->has_ip = find_address(s, len, &r->ip);
	if (says_tls(s, len))
		r->tls = RECEIVED_TLS_YES;
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
			if (word[0] == '[')
				r->has_ip = find_address(word, len, &r->ip);
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
	free(text);
}
