/* host: names of hosts, as DNS gives them. */
#include "check/host.h"

#include <ctype.h>
#include <string.h>

#include <libpsl.h>

#define NAME_MAX_LEN  253
#define LABEL_MAX_LEN 63

void
host_clean(char *s)
{
	const size_t len = strlen(s);

	for (char *p = s; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	/* A dot that belongs to a label has a backslash before it. */
	if (len > 0 && s[len - 1] == '.' && (len < 2 || s[len - 2] != '\\'))
		s[len - 1] = '\0';
}

bool
host_is_plain(const char *s)
{
	size_t label = 0;

	if (strlen(s) > NAME_MAX_LEN)
		return false;
	for (; *s != '\0'; s++) {
		const unsigned char c = (unsigned char)*s;

		if (c == '.') {
			if (label == 0)
				return false;
			label = 0;
			continue;
		}
		if ((!isalnum(c) && c != '-' && c != '_') || c >= 0x80 ||
		    ++label > LABEL_MAX_LEN)
			return false;
	}
	return label > 0;
}

/* The newer of the system's list and the one built in; read once. */
static const psl_ctx_t *
suffixes(void)
{
	static const psl_ctx_t *list;

	if (list == NULL)
		list = psl_latest(NULL);
	if (list == NULL)
		list = psl_builtin();
	return list;
}

const char *
host_org(const char *s)
{
	/* The list would find a suffix for an address, too. */
	if (!host_is_plain(s) || strspn(s, "0123456789.") == strlen(s))
		return NULL;
	return psl_registrable_domain(suffixes(), s);
}
