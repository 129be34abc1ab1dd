/* imap_refusal: what a server means when it refuses a command. */
#include "ingest/imap/imap_refusal.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LONGEST_WAIT 3600

#define N(list)      (sizeof(list) / sizeof((list)[0]))

static bool
is_one_of(const char *code, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(code, list[i]) == 0)
			return true;
	return false;
}

/*
 * Codes decide (RFC 5530; SYS/TEMP of POP3's RFC 3206 and THROTTLED are seen,
 * too).  Of those that have no code that says so, the words decide.
 */
bool
imap_refusal_is_temporary(const char *code, const char *text)
{
	static const char *const temporary[] = { "UNAVAILABLE", "INUSE",
		"LIMIT", "SERVERBUG", "THROTTLED", "SYS/TEMP" };
	static const char *const lasting[] = { "AUTHENTICATIONFAILED",
		"AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED",
		"CONTACTADMIN", "NOPERM", "CLIENTBUG", "CANNOT",
		"ALREADYEXISTS", "NONEXISTENT", "TRYCREATE", "SYS/PERM" };
	static const char *const wrong[] = { "password is incorrect",
		"incorrect password", "wrong password", "invalid password",
		"invalid credentials", "authentication failed" };
	static const char *const words[] = { "throttl", "too many connection",
		"too many simultaneous", "too many concurrent", "too many open",
		"too many login", "too many command", "too many request",
		"too many session", "number of connection",
		"maximum connection", "connection limit", "rate limit",
		"bandwidth limit", "not connected", "backoff", "not now",
		"later", "temporar", "unavailable", "overload", "too busy",
		"is busy", "server busy", "maintenance", "internal error",
		"internal server error", "server error", "system error",
		"backend error", "timed out", "out of memory", "i/o error",
		"is locked", "shutting down", "starting up", "not ready" };

	if (is_one_of(code, temporary, N(temporary)))
		return true;
	if (is_one_of(code, lasting, N(lasting)))
		return false;
	for (size_t i = 0; i < N(wrong); i++)
		if (strcasestr(text, wrong[i]) != NULL)
			return false;
	for (size_t i = 0; i < N(words); i++)
		if (strcasestr(text, words[i]) != NULL)
			return true;
	return false;
}

/* "Suggested Backoff Time: 92415 milliseconds" */
int
imap_refusal_wait(const char *text)
{
	const char *p = strcasestr(text, "backoff");
	char *end = NULL;
	unsigned long n;

	if (p == NULL)
		return 0;
	p += strcspn(p, "0123456789");
	if (*p == '\0')
		return 0;
	n = strtoul(p, &end, 10);
	end += strspn(end, " ");
	if (strncasecmp(end, "mi", 2) == 0 || strncasecmp(end, "ms", 2) == 0)
		n = n / 1000 + 1;
	return n > LONGEST_WAIT ? LONGEST_WAIT : (int)n;
}

/* The next character that is no digit. */
static const char *
past_digits(const char *p)
{
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

bool
imap_refusal_is_same(const char *a, const char *b)
{
	for (;;) {
		a = past_digits(a);
		b = past_digits(b);
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}
