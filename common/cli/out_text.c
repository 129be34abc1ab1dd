/*
 * Text for people: headings, and tables that fit a terminal.  Into a file or
 * pipe nothing is broken and no column is left out; very long texts are cut.
 */
#include "common/cli/out.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <libsmartcols.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/cli/fit.h"

#define INDENT "  "
#define GAP    "  " /* between columns */

/* A cell is not wider than this: names have 40 characters, the longest of most
 * reports have 100, and what strangers write may have 4,000.  CSV has all. */
#define WIDEST 255

/* The longest text below a row, in characters. */
#define LONGEST ((size_t)6 * SENTENCE)

/* Broken columns are no narrower than this, or words fall apart. */
#define NARROWEST 12

/* The text below a line is a sentence; it is wrapped even in a file. */
#define SENTENCE 96
#define BELOW    "    "

/* A table: the rows [from, to), of which the first gives the section. */
struct block {
	const struct table *t;
	size_t from;
	size_t to;
	size_t ncol;  /* shown */
	size_t *cols; /* their numbers in t */
	char **cells; /* what they show, row by row */
	struct fit_column *fit;
};

static char **
cell(const struct block *b, size_t row, size_t i)
{
	return &b->cells[(row - b->from) * b->ncol + i];
}

/* A column that is empty in every line of the block is left out. */
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

	if (c->title == NULL || (c->flags & TABLE_BELOW) != 0 ||
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

/* s, or as much of it as has room and "..." behind it; the caller frees. */
static char *
cut(const char *s, size_t width)
{
	const size_t n = fit_bytes(s, width);

	if (s[n] == '\0')
		return mem_strdup(s);
	return mem_printf("%.*s...", (int)fit_bytes(s, width - 3), s);
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
	char *text, *said, *whole;

	if (s == NULL && table_section(t, row)->total)
		return mem_strdup("");
	if (s == NULL)
		return mem_strdup(c->absent == NULL ? "-" : c->absent);
	if ((c->flags & TABLE_DASH) != 0 && table_count(t, row, col) == 0)
		return mem_strdup("-");
	if (note != NULL && strcmp(note, "pass") == 0)
		note = NULL;
	text = cut(s, (c->flags & TABLE_WHOLE) != 0 ? SIZE_MAX : WIDEST);
	said = note == NULL ? NULL : cut(note, WIDEST);
	whole = mem_printf("%s%s%s%s%s%s", text, said == NULL ? "" : " (",
	    said == NULL ? "" : said, said == NULL ? "" : ")",
	    more == NULL ? "" : " +", more == NULL ? "" : more);
	free(text);
	free(said);
	return whole;
}

/* What a total calls itself; the caller frees. */
static char *
total_text(const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	if (!table_section(t, row)->rest)
		return mem_strdup(table_section(t, row)->label);
	return mem_printf("and %s more (--all)",
	    table_show(t, row, "more", buf));
}

/* Choose the columns, and make what they show. */
static void
block_fill(struct block *b)
{
	const size_t n = table_columns(b->t);

	b->cols = mem_calloc(n, sizeof(*b->cols));
	for (size_t col = 0; col < n; col++)
		if (is_shown(b, col))
			b->cols[b->ncol++] = col;
	b->cells = mem_calloc((b->to - b->from) * b->ncol, sizeof(*b->cells));
	for (size_t row = b->from; row < b->to; row++) {
		const struct table_section *s = table_section(b->t, row);

		for (size_t i = 0; i < b->ncol; i++)
			*cell(b, row, i) = i == 0 && s->total ?
			    total_text(b->t, row) :
			    cell_text(b->t, row, b->cols[i]);
	}
}

static void
block_free(struct block *b)
{
	for (size_t i = 0; i < (b->to - b->from) * b->ncol; i++)
		free(b->cells[i]);
	free(b->cells);
	free(b->cols);
	free(b->fit);
}

/* How wide each column would like to be, and has to be. */
static void
measure(const struct block *b, size_t i)
{
	const struct table_column *c = table_spec(b->t, b->cols[i]);
	const size_t title = strlen(c->title);
	struct fit_column *f = &b->fit[i];

	f->width = title;
	for (size_t row = b->from; row < b->to; row++) {
		const size_t w = fit_width(*cell(b, row, i));

		if (w > f->width)
			f->width = w;
	}
	f->least = f->width;
	if ((c->flags & TABLE_WRAP) != 0 && f->width > NARROWEST)
		f->least = title > NARROWEST ? title : NARROWEST;
	f->missable = (c->flags & TABLE_MISSABLE) != 0;
}

/* Break and leave out what makes the lines too long; width 0 is endless. */
static void
block_fit(struct block *b, size_t width)
{
	b->fit = mem_calloc(b->ncol, sizeof(*b->fit));
	for (size_t i = 0; i < b->ncol; i++)
		measure(b, i);
	if (width == 0)
		return;
	fit_columns(b->fit, b->ncol, strlen(GAP), width);
	for (size_t row = b->from; row < b->to; row++)
		for (size_t i = 0; i < b->ncol; i++) {
			char *whole = *cell(b, row, i);

			*cell(b, row, i) = fit_wrap(whole, b->fit[i].width);
			free(whole);
		}
}

/* A column whose cells break where they have a newline. */
static bool
add_column(struct libscols_table *out, const struct table_column *c)
{
	const bool number = c->type == TABLE_COUNT ||
	    c->type == TABLE_PERCENT || c->type == TABLE_DECIMAL;
	struct libscols_column *cl = scols_table_new_column(out, c->title, 0,
	    number ? SCOLS_FL_RIGHT : SCOLS_FL_WRAP);

	return cl != NULL &&
	    (number ||
		(scols_column_set_safechars(cl, "\n") == 0 &&
		    scols_column_set_wrapfunc(cl, scols_wrapnl_chunksize,
			scols_wrapnl_nextchunk, NULL) == 0));
}

static bool
add_line(struct libscols_table *out, const struct block *b, size_t row)
{
	struct libscols_line *line = scols_table_new_line(out, NULL);
	size_t n = 0;

	if (line == NULL)
		return false;
	for (size_t i = 0; i < b->ncol; i++)
		if (!b->fit[i].out &&
		    scols_line_set_data(line, n++, *cell(b, row, i)) != 0)
			return false;
	return true;
}

/* The block as a table to be printed; NULL: it could not be made. */
static struct libscols_table *
block_layout(const struct block *b)
{
	struct libscols_table *out = scols_new_table();
	/* fit.c has set the widths; libsmartcols must not cut anything. */
	bool ok = out != NULL &&
	    scols_table_set_column_separator(out, GAP) == 0 &&
	    scols_table_set_termforce(out, SCOLS_TERMFORCE_NEVER) == 0;

	for (size_t i = 0; ok && i < b->ncol; i++)
		ok = b->fit[i].out ||
		    add_column(out, table_spec(b->t, b->cols[i]));
	for (size_t row = b->from; ok && row < b->to; row++)
		ok = add_line(out, b, row);
	if (!ok) {
		scols_unref_table(out);
		out = NULL;
	}
	return out;
}

/* Print the lines of s, indented, without trailing blanks. */
static bool
print_lines(FILE *fp, const char *s)
{
	bool ok = true;

	while (ok && *s != '\0') {
		const size_t len = strcspn(s, "\n");
		size_t n = len;

		while (n > 0 && s[n - 1] == ' ')
			n--;
		ok = fprintf(fp, "%s%.*s\n", INDENT, (int)n, s) > 0;
		s += len + (s[len] == '\n' ? 1 : 0);
	}
	return ok;
}

/* first stands before the first of the lines, blanks before the others. */
static bool
print_sentence(FILE *fp, const char *first, const char *lines)
{
	const int indent = (int)fit_width(first);
	bool ok = true;

	for (bool begin = true; ok && *lines != '\0'; begin = false) {
		const size_t len = strcspn(lines, "\n");

		ok = fprintf(fp, INDENT BELOW "%*s%s%.*s\n", begin ? 0 : indent,
			 "", begin ? first : "", (int)len, lines) > 0;
		lines += len + (lines[len] == '\n' ? 1 : 0);
	}
	return ok;
}

/* The sentences below a line, each as wide as one is easily read. */
static bool
print_below(FILE *fp, const struct table *t, size_t row, size_t width)
{
	const size_t room = width == 0 || width > SENTENCE ? SENTENCE : width;
	bool ok = true;

	for (size_t col = 0; ok && col < table_columns(t); col++) {
		const struct table_column *c = table_spec(t, col);
		size_t indent;
		char buf[TABLE_CELL_LEN];
		char *text, *lines;

		if ((c->flags & TABLE_BELOW) == 0 || table_is_null(t, row, col))
			continue;
		indent = strlen(BELOW) + fit_width(c->title);
		text = cut(table_pretty(t, row, col, buf), LONGEST);
		lines = fit_wrap(text,
		    room > indent + NARROWEST ? room - indent : NARROWEST);
		ok = print_sentence(fp, c->title, lines);
		free(text);
		free(lines);
	}
	return ok;
}

/* How many lines the row takes: its cells were broken where they are. */
static size_t
height(const struct block *b, size_t row)
{
	size_t most = 1;

	for (size_t i = 0; i < b->ncol; i++) {
		size_t n = 1;

		for (const char *s = *cell(b, row, i);
		     !b->fit[i].out && (s = strchr(s, '\n')) != NULL; s++)
			n++;
		if (n > most)
			most = n;
	}
	return most;
}

/* Print the next n lines of *s, as print_lines() does; *s is behind them. */
static bool
print_next(FILE *fp, char **s, size_t n)
{
	char *end = *s;
	char *rest;
	bool ok;

	while (n > 0 && *end != '\0') {
		end += strcspn(end, "\n");
		if (*end == '\n')
			end++;
		n--;
	}
	rest = end;
	if (end > *s && end[-1] == '\n')
		end[-1] = '\0';
	ok = print_lines(fp, *s);
	*s = rest;
	return ok;
}

/*
 * All lines are laid out in one go: the library measures the whole table each
 * time that it is asked for a part of it.  What stands below a row goes between.
 */
static bool
print_layout(FILE *fp, const struct block *b, struct libscols_table *out,
    size_t width)
{
	char *all = NULL;
	char *next;
	bool ok = scols_print_table_to_string(out, &all) == 0;

	next = all;
	ok = ok && print_next(fp, &next, 1);
	for (size_t row = b->from; ok && row < b->to; row++)
		ok = print_next(fp, &next, height(b, row)) &&
		    print_below(fp, b->t, row, width);
	free(all);
	return ok;
}

/* Say which columns the terminal has no room for. */
static bool
print_left_out(FILE *fp, const struct block *b, size_t width)
{
	struct buf note;
	char *lines;
	bool ok = true;

	buf_init(&note, 1024);
	for (size_t i = 0; i < b->ncol; i++)
		if (b->fit[i].out)
			(void)buf_printf(&note, "%s%s",
			    note.len == 0 ? "no room for " : ", ",
			    table_spec(b->t, b->cols[i])->title);
	if (note.len > 0) {
		(void)buf_add(&note, "; try a wider terminal or | less -S");
		lines = fit_wrap(buf_str(&note), width);
		ok = print_lines(fp, lines);
		free(lines);
	}
	buf_free(&note);
	return ok;
}

/* The width of the terminal behind fp; 0 when it is not a terminal. */
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

static bool
print_block(FILE *fp, struct block *b, size_t width)
{
	const char *label = table_section(b->t, b->from)->label;
	struct libscols_table *out;
	bool ok;

	block_fill(b);
	block_fit(b, width);
	out = block_layout(b);
	ok = out != NULL && (label == NULL || fprintf(fp, "%s\n", label) > 0) &&
	    print_layout(fp, b, out, width) && print_left_out(fp, b, width);
	scols_unref_table(out);
	block_free(b);
	return ok;
}

bool
out_text(FILE *fp, const struct table *t)
{
	const size_t n = table_rows(t);
	const size_t terminal = width_of(fp);
	const size_t width = terminal > strlen(INDENT) ?
	    terminal - strlen(INDENT) :
	    0;
	size_t row = 0;
	bool ok = true;

	while (ok && row < n) {
		const size_t section = table_section_number(t, row);
		struct block b = { .t = t, .from = row };

		if (row > 0 && !table_section(t, row)->close)
			ok = fputc('\n', fp) != EOF;
		if (table_section(t, row)->heading != NULL) {
			table_section(t, row++)->heading(fp, t, b.from);
			continue;
		}
		do
			row++;
		while (row < n &&
		    (table_section(t, row)->total ||
			table_section_number(t, row) == section));
		b.to = row;
		ok = print_block(fp, &b, width) && ok;
	}
	return ok && ferror(fp) == 0;
}
