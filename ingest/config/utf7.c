/*
 * utf7: names of folders between UTF-8 and the modified UTF-7 of IMAP (RFC 3501
 * 5.1.3).
 */
#include "ingest/config/utf7.h"

#include <stddef.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"

#define UTF7_MAX 1000

/* As the C library calls them; it knows the modified UTF-7, too. */
#define MAIL "UTF-7-IMAP"
#define TEXT "UTF-8"

/* The C string in another encoding, or NULL; the caller frees with g_free(). */
static char *
convert(const char *name, const char *to, const char *from)
{
	gsize len = 0;
	char *out = g_convert(name, (gssize)strlen(name), to, from, NULL, &len,
	    NULL);

	if (out != NULL && len > UTF7_MAX) {
		g_free(out);
		return NULL;
	}
	return out;
}

/*
 * Each name has one form in the other encoding.  The C library also accepts
 * others, such as ASCII or a NUL in base64.  So a name that does not convert
 * back to itself is not valid.
 */
static char *
there_and_back(const char *name, const char *to, const char *from)
{
	char *there = NULL;
	char *back = NULL;
	char *out = NULL;

	if (strlen(name) > UTF7_MAX)
		return NULL;
	there = convert(name, to, from);
	if (there != NULL)
		back = convert(there, from, to);
	if (back != NULL && strcmp(back, name) == 0)
		out = mem_strdup(there);
	g_free(there);
	g_free(back);
	return out;
}

char *
utf7_from_utf8(const char *name)
{
	return there_and_back(name, MAIL, TEXT);
}

char *
utf7_to_utf8(const char *name)
{
	return there_and_back(name, TEXT, MAIL);
}
