/* report_uri: one URI of rua= or ruf=. */
#include "check/report_uri.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/host.h"
#include "common/mem.h"

#define URI_MAX 1000
#define MAILTO  "mailto:"

/* What a URI consists of (RFC 3986, section 2). */
static bool
has_only_uri_bytes(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '%' &&
		    (!isxdigit((unsigned char)s[1]) ||
			!isxdigit((unsigned char)s[2])))
			return false;
		if (*s <= ' ' || *s > '~' || strchr("\"<>\\^`{|}", *s) != NULL)
			return false;
	}
	return true;
}

/* The scheme in front, with its colon; 0: there is none. */
static size_t
scheme_length(const char *s)
{
	size_t n = 0;

	if (!isalpha((unsigned char)*s))
		return 0;
	while (isalnum((unsigned char)s[n]) ||
	    (s[n] != '\0' && strchr("+-.", s[n]) != NULL))
		n++;
	return s[n] == ':' ? n + 1 : 0;
}

/* Cut "!10m" off; a "!" without a number, too. */
static bool
cut_size(char *s)
{
	char *mark = strrchr(s, '!');
	const char *p;

	if (mark == NULL || strchr(mark, '@') != NULL)
		return false;
	p = mark + 1 + strspn(mark + 1, "0123456789");
	if (*p != '\0' && strchr("kmgtKMGT", *p) != NULL)
		p++;
	if (*p != '\0')
		return false;
	*mark = '\0';
	return true;
}

/* An address of mail, behind mailto:, in order; its host. */
static char *
mail_host(const char *s)
{
	const char *at = strrchr(s, '@');
	char *host;

	if (at == NULL || at == s || memchr(s, '@', (size_t)(at - s)) != NULL ||
	    strchr(s, '!') != NULL || s[0] == '/' || !has_only_uri_bytes(s))
		return NULL;
	host = strndup(at + 1, strcspn(at + 1, "?"));
	host_clean(host);
	if (!host_is_plain(host) || strchr(host, '.') == NULL ||
	    at[1 + strlen(host)] == '.') {
		free(host);
		return NULL;
	}
	return host;
}

/* s with every "!" as %21, as RFC 9989 wants it. */
static char *
escape_marks(const char *s)
{
	char *out = mem_calloc(3 * strlen(s) + 1, 1);
	char *p = out;

	for (; *s != '\0'; s++) {
		if (*s != '!') {
			*p++ = *s;
			continue;
		}
		*p++ = '%';
		*p++ = '2';
		*p++ = '1';
	}
	return out;
}

/* The address that s was meant to be, with or without a scheme. */
static char *
repair(const char *s)
{
	static const char *const wrong[] = { "mailto:", "mailto://", "mailto//",
		"mailto;", "mailto=", "mail:", "mail to:", "email:", "maito:",
		"malto:", "mailt:", "mailto.", "mailto" };
	char *plain = mem_calloc(strlen(s) + 1, 1);
	char *p = plain;
	char *escaped;
	char *host;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (strncasecmp(s, wrong[i], strlen(wrong[i])) == 0) {
			s += strlen(wrong[i]);
			break;
		}
	while (*s == '/' || *s == ':')
		s++;
	for (; *s != '\0'; s++)
		if (!isspace((unsigned char)*s) && strchr("<>\"'", *s) == NULL)
			*p++ = *s;
	while (p > plain && p[-1] == '.')
		*--p = '\0';
	escaped = escape_marks(plain);
	host = mail_host(escaped);
	free(plain);
	if (host == NULL) {
		free(escaped);
		return NULL;
	}
	free(host);
	plain = mem_printf(MAILTO "%s", escaped);
	free(escaped);
	return plain;
}

static const char *
reason(const char *s, size_t scheme)
{
	if (*s == '\0')
		return "nothing stands there";
	if (scheme == 0)
		return "it has no scheme, as mailto: is one";
	if (strchr(s, '!') != NULL)
		return "an exclamation mark is written as %21";
	if (strpbrk(s, " \t") != NULL)
		return "a space stands in it";
	return "it is no address of mail";
}

static void
take(struct report_uri *u, const char *s)
{
	const size_t scheme = scheme_length(s);

	if (scheme > 0)
		u->scheme = strndup(s, scheme - 1);
	if (strncasecmp(s, MAILTO, strlen(MAILTO)) == 0)
		u->host = mail_host(s + strlen(MAILTO));
	if (u->host != NULL) {
		u->state = URI_MAIL;
		return;
	}
	if (scheme > 0 && strncasecmp(s + scheme, "//", 2) == 0 &&
	    s[scheme + 2] != '\0' && has_only_uri_bytes(s) &&
	    strncasecmp(s, "mail", 4) != 0) {
		u->state = URI_OTHER;
		return;
	}
	u->why = reason(s, scheme);
	u->fixed = repair(s);
}

void
report_uri_parse(struct report_uri *u, const char *s, size_t len)
{
	char *copy;

	*u = (struct report_uri){ .state = URI_BROKEN };
	if (len > URI_MAX || memchr(s, '\0', len) != NULL) {
		u->why = "it is too long";
		return;
	}
	copy = strndup(s, len);
	u->has_size = cut_size(copy);
	take(u, copy);
	if (u->has_size && u->fixed == NULL && u->state != URI_BROKEN)
		u->fixed = mem_strdup(copy);
	free(copy);
}

void
report_uri_free(struct report_uri *u)
{
	free(u->host);
	free(u->scheme);
	free(u->fixed);
	*u = (struct report_uri){ .host = NULL };
}
