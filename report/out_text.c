/*
 * Text for people: headings, and tables that fit a terminal by breaking long
 * cells.  Into a file or pipe nothing is broken and nothing is cut.
 */
#include "report/out.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <libsmartcols.h>

#include "common/mem.h"

/* A table: the rows [from, to), of which the first gives the section. */
struct block {
	const struct table *t;
	size_t from;
	size_t to;
};

/* A column that is empty in every line of the block has nothing to say. */
static bool
is_empty(const struct block *b, size_t col)
{
	for (size_t row = b->from; row < b->to; row++)
		if (!table_is_null(b->t, row, col) &&
		    (table_spec(b->t, col)->type != TABLE_COUNT ||
			table_count(b->t, row, col) != 0))
			return false;
	return true;
}

static bool
is_shown(const struct block *b, size_t col)
{
	const struct table_column *c = table_spec(b->t, col);

	if (c->title == NULL ||
	    (c->sections & (1u << table_section_number(b->t, b->from))) == 0)
		return false;
	return (c->flags & TABLE_OPTIONAL) == 0 || !is_empty(b, col);
}

/* The text of another column, for a note; NULL: it says nothing. */
static const char *
other(const struct table *t, size_t row, const char *name,
    char buf[TABLE_CELL_LEN])
{
	size_t col;

	if (name == NULL)
		return NULL;
	col = table_column(t, name);
	if (table_is_null(t, row, col) ||
	    (table_spec(t, col)->type == TABLE_COUNT &&
		table_count(t, row, col) == 0))
		return NULL;
	return table_pretty(t, row, col, buf);
}

/* What text shows in the cell; the caller frees. */
static char *
cell_text(const struct table *t, size_t row, size_t col)
{
	const struct table_column *c = table_spec(t, col);
	char buf[TABLE_CELL_LEN];
	char more_buf[TABLE_CELL_LEN];
	char note_buf[TABLE_CELL_LEN];
	const char *s = table_pretty(t, row, col, buf);
	const char *more = other(t, row, c->more, more_buf);
	const char *note = other(t, row, c->note, note_buf);

	if (s == NULL && table_section(t, row)->total)
		return mem_strdup("");
	if (s == NULL)
		return mem_strdup(c->absent == NULL ? "-" : c->absent);
	if ((c->flags & TABLE_DASH) != 0 && table_count(t, row, col) == 0)
		return mem_strdup("-");
	if (note != NULL && strcmp(note, "pass") == 0)
		note = NULL;
	return mem_printf("%s%s%s%s%s%s", s, note == NULL ? "" : " (",
	    note == NULL ? "" : note, note == NULL ? "" : ")",
	    more == NULL ? "" : " +", more == NULL ? "" : more);
}

static bool
add_columns(struct libscols_table *out, const struct block *b)
{
	for (size_t col = 0; col < table_columns(b->t); col++) {
		const struct table_column *c = table_spec(b->t, col);
		int flags = 0;

		if (!is_shown(b, col))
			continue;
		if (c->type == TABLE_COUNT || c->type == TABLE_PERCENT)
			flags |= SCOLS_FL_RIGHT;
		if ((c->flags & TABLE_WRAP) != 0)
			flags |= SCOLS_FL_WRAP;
		if (scols_table_new_column(out, c->title, 0, flags) == NULL)
			return false;
	}
	return true;
}

static bool
add_line(struct libscols_table *out, const struct block *b, size_t row)
{
	const struct table_section *section = table_section(b->t, row);
	struct libscols_line *line = scols_table_new_line(out, NULL);
	size_t n = 0;

	if (line == NULL)
		return false;
	for (size_t col = 0; col < table_columns(b->t); col++) {
		char *s;

		if (!is_shown(b, col))
			continue;
		if (n == 0 && section->total)
			s = mem_strdup(section->label);
		else
			s = cell_text(b->t, row, col);
		/* The table frees s, and does not where this fails. */
		if (scols_line_refer_data(line, n++, s) != 0) {
			free(s);
			return false;
		}
	}
	return true;
}

/* The width of the terminal that fp is; 0 when it is none. */
static size_t
width_of(FILE *fp)
{
	struct winsize ws = { 0 };

	if (isatty(fileno(fp)) == 0)
		return 0;
	if (ioctl(fileno(fp), TIOCGWINSZ, &ws) == -1 || ws.ws_col == 0)
		return 80;
	return ws.ws_col;
}

/* Print the lines of s below each other, indented, without trailing blanks. */
static bool
print_lines(FILE *fp, const char *s)
{
	bool ok = true;

	while (ok && *s != '\0') {
		const size_t len = strcspn(s, "\n");
		size_t n = len;

		while (n > 0 && s[n - 1] == ' ')
			n--;
		ok = fprintf(fp, "  %.*s\n", (int)n, s) > 0;
		s += len + (s[len] == '\n' ? 1 : 0);
	}
	return ok;
}

/*
 * The block as a string, to be freed; NULL: it could not be made.  On a
 * terminal what may break breaks, so that a line is no wider than width.
 */
static char *
layout(const struct block *b, size_t width)
{
	struct libscols_table *out = scols_new_table();
	char *s = NULL;
	bool ok = out != NULL &&
	    scols_table_set_column_separator(out, "  ") == 0 &&
	    scols_table_set_termforce(out,
		width == 0 ? SCOLS_TERMFORCE_NEVER : SCOLS_TERMFORCE_ALWAYS) ==
		0 &&
	    scols_table_set_termwidth(out, width > 20 ? width : 20) == 0 &&
	    add_columns(out, b);

	for (size_t row = b->from; ok && row < b->to; row++)
		ok = add_line(out, b, row);
	if (ok && scols_print_table_to_string(out, &s) != 0)
		s = NULL;
	scols_unref_table(out);
	return s;
}

static bool
print_block(FILE *fp, const struct block *b)
{
	const char *label = table_section(b->t, b->from)->label;
	const size_t width = width_of(fp);
	char *s = layout(b, width > 2 ? width - 2 : width);
	bool ok = s != NULL;

	if (ok && label != NULL)
		ok = fprintf(fp, "%s\n", label) > 0;
	ok = ok && print_lines(fp, s);
	free(s);
	return ok;
}

bool
out_text(FILE *fp, const struct table *t)
{
	const size_t n = table_rows(t);
	struct block b = { t, 0, 0 };
	bool ok = true;

	while (ok && b.from < n) {
		if (b.from > 0)
			ok = fputc('\n', fp) != EOF;
		if (table_section(t, b.from)->heading != NULL) {
			table_section(t, b.from)->heading(fp, t, b.from);
			b.from++;
			continue;
		}
		b.to = b.from + 1;
		while (b.to < n &&
		    (table_section(t, b.to)->total ||
			table_section_number(t, b.to) ==
			    table_section_number(t, b.from)))
			b.to++;
		ok = ok && print_block(fp, &b);
		b.from = b.to;
	}
	return ok && ferror(fp) == 0;
}
