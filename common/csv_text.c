/* csv_text: a CSV cell whose text came from outside. */
#include "common/csv_text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "common/mem.h"

#define N(list) (sizeof(list) / sizeof((list)[0]))

/* Spreadsheets and CSV importers may strip these from the front. */
static const char *const skipped[] = {
	" ", "\t", "\r", "\n", "\v", "\f", "\"", "\xc2\x85", /* next line */
	"\xc2\xa0",     /* no-break space */
	"\xe1\x9a\x80", /* Ogham space */
	"\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
	"\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87",
	"\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", /* U+2000 to 200A */
	"\xe2\x80\xaf", /* narrow no-break space */
	"\xe2\x81\x9f", /* mathematical space */
	"\xe3\x80\x80", /* ideographic space */
	"\xef\xbb\xbf", /* byte order mark */
};

/* These begin a formula: the ASCII characters, and look-alikes that a Japanese
 * input method or NFKC may convert to them. */
static const char *const begins[] = {
	"=", "+", "-", "@", "\xe2\x81\xba", "\xe2\x81\xbb",
	"\xe2\x81\xbc",                                 /* U+207A, B, C */
	"\xe2\x82\x8a", "\xe2\x82\x8b", "\xe2\x82\x8c", /* U+208A, B, C */
	"\xe2\x88\x92",                                 /* U+2212, minus */
	"\xef\xac\xa9",                                 /* U+FB29 */
	"\xef\xb9\xa2", "\xef\xb9\xa3", "\xef\xb9\xa6",
	"\xef\xb9\xab", /* small */
	"\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\x9d",
	"\xef\xbc\xa0", /* full */
};

/* The length of the entry of the list that s begins with; 0: none. */
static size_t
starts_with(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(s, list[i], strlen(list[i])) == 0)
			return strlen(list[i]);
	return 0;
}

static bool
may_be_formula(const char *s)
{
	size_t n;

	/* A text that begins with one of these is guarded, too. */
	if (*s != '\0' && strchr("\t\r\n", *s) != NULL)
		return true;
	while ((n = starts_with(s, skipped, N(skipped))) > 0)
		s += n;
	return starts_with(s, begins, N(begins)) > 0;
}

bool
csv_text(FILE *fp, const char *s)
{
	char *guarded;
	bool ok;

	if (!may_be_formula(s))
		return csv_fwrite(fp, s, strlen(s)) == 0;
	guarded = mem_printf("'%s", s);
	ok = csv_fwrite(fp, guarded, strlen(guarded)) == 0;
	free(guarded);
	return ok;
}
