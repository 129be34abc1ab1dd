/*
 * CSV (RFC 4180, lines end with a bare newline): one header line, then every
 * row and every column of the table.
 */
#include "report/out.h"

#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "common/mem.h"

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
print_text(FILE *fp, const char *s)
{
	char *guarded;
	bool ok;

	if (!is_formula(s))
		return csv_fwrite(fp, s, strlen(s)) == 0;
	guarded = mem_printf("'%s", s);
	ok = csv_fwrite(fp, guarded, strlen(guarded)) == 0;
	free(guarded);
	return ok;
}

/* NULL is an empty cell. */
static bool
print_cell(FILE *fp, const struct table *t, size_t row, size_t col)
{
	char buf[TABLE_CELL_LEN];
	const char *s = table_plain(t, row, col, buf);

	if (s == NULL)
		return true;
	if (table_spec(t, col)->type == TABLE_TEXT)
		return print_text(fp, s);
	return fputs(s, fp) != EOF;
}

bool
out_csv(FILE *fp, const struct table *t)
{
	const size_t n = table_columns(t);
	bool ok = true;

	for (size_t col = 0; col < n; col++)
		ok = fprintf(fp, "%s%s", col == 0 ? "" : ",",
			 table_spec(t, col)->name) > 0 &&
		    ok;
	for (size_t row = 0; row < table_rows(t) && ok; row++)
		for (size_t col = 0; col < n; col++)
			ok = fputc(col == 0 ? '\n' : ',', fp) != EOF &&
			    print_cell(fp, t, row, col) && ok;
	return fputc('\n', fp) != EOF && ok;
}
