/*
 * JSON: an array of objects, one for each row, with every column of the table
 * that is not empty in it.  Counts are numbers; all else is text.
 */
#include "common/cli/out.h"

static bool
print_string(FILE *fp, const char *s)
{
	bool ok = fputc('"', fp) != EOF;

	for (; *s != '\0' && ok; s++) {
		const unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			ok = fprintf(fp, "\\%c", c) > 0;
		else if (c < ' ')
			ok = fprintf(fp, "\\u%04x", c) > 0;
		else
			ok = fputc(c, fp) != EOF;
	}
	return ok && fputc('"', fp) != EOF;
}

static bool
print_value(FILE *fp, const struct table_column *column, const char *s)
{
	if (column->type == TABLE_TEXT || column->type == TABLE_ROW)
		return print_string(fp, s);
	return fputs(s, fp) != EOF;
}

static bool
print_row(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];
	bool ok = fputs("  {", fp) != EOF;
	bool first = true;

	for (size_t col = 0; col < table_columns(t) && ok; col++) {
		const struct table_column *column = table_spec(t, col);
		const char *s = table_plain(t, row, col, buf);

		if (s == NULL)
			continue;
		ok = fputs(first ? "" : ", ", fp) != EOF &&
		    print_string(fp, column->name) && fputs(": ", fp) != EOF &&
		    print_value(fp, column, s);
		first = false;
	}
	return ok && fputc('}', fp) != EOF;
}

bool
out_json(FILE *fp, const struct table *t)
{
	bool ok = fputs("[\n", fp) != EOF;

	for (size_t row = 0; row < table_rows(t) && ok; row++)
		ok = print_row(fp, t, row) &&
		    fputs(row + 1 < table_rows(t) ? ",\n" : "\n", fp) != EOF;
	return fputs("]\n", fp) != EOF && ok;
}
