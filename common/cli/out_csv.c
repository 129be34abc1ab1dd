/*
 * CSV (RFC 4180, lines end with a bare newline): one header line, then every
 * row and every column of the table.  Text is quoted and guarded against being
 * taken for a formula; numbers are ours and stay numbers.
 */
#include "common/cli/out.h"

#include "common/csv_text.h"

/* NULL is an empty cell. */
static bool
print_cell(FILE *fp, const struct table *t, size_t row, size_t col)
{
	char buf[TABLE_CELL_LEN];
	const char *s = table_plain(t, row, col, buf);

	if (s == NULL)
		return true;
	if (table_spec(t, col)->type == TABLE_TEXT)
		return csv_text(fp, s);
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
