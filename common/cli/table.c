/* table: rows with typed columns, between query and format. */
#include "common/cli/table.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/printable.h"

struct cell {
	bool set;
	int64_t n; /* a count, or the part of a percentage */
	int64_t whole;
	char *text;
};

struct row {
	size_t section;
	struct cell *cells;
};

struct table {
	const struct table_column *columns;
	const struct table_section *sections;
	size_t ncol;
	struct row *rows;
	size_t nrow;
	size_t size;
};

struct table *
table_new(const struct table_column *columns,
    const struct table_section *sections)
{
	struct table *t = mem_calloc(1, sizeof(*t));

	t->columns = columns;
	t->sections = sections;
	while (columns[t->ncol].name != NULL)
		t->ncol++;
	return t;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->nrow; i++) {
		for (size_t j = 0; j < t->ncol; j++)
			free(t->rows[i].cells[j].text);
		free(t->rows[i].cells);
	}
	free(t->rows);
	free(t);
}

size_t
table_add(struct table *t, size_t section)
{
	if (t->nrow == t->size) {
		t->size = t->size == 0 ? 64 : t->size * 2;
		t->rows = mem_realloc(t->rows, t->size, sizeof(*t->rows));
	}
	t->rows[t->nrow].section = section;
	t->rows[t->nrow].cells = mem_calloc(t->ncol, sizeof(struct cell));
	return t->nrow++;
}

size_t
table_column(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->ncol; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return i;
	(void)fprintf(stderr, "no column %s\n", name);
	abort();
}

static struct cell *
cell_at(const struct table *t, size_t row, size_t col)
{
	assert(row < t->nrow && col < t->ncol);
	return &t->rows[row].cells[col];
}

void
table_set_text(struct table *t, size_t row, size_t col, const char *s)
{
	struct cell *cell = cell_at(t, row, col);

	free(cell->text);
	cell->text = mem_strdup(s);
	cell->set = s != NULL;
	if (cell->set)
		printable(cell->text);
}

void
table_set_count(struct table *t, size_t row, size_t col, int64_t n)
{
	struct cell *cell = cell_at(t, row, col);

	cell->set = true;
	cell->n = n;
}

void
table_put(struct table *t, size_t row, const char *name, const char *s)
{
	table_set_text(t, row, table_column(t, name), s);
}

void
table_put_count(struct table *t, size_t row, const char *name, int64_t n)
{
	table_set_count(t, row, table_column(t, name), n);
}

void
table_set_percent(struct table *t, size_t row, size_t col, int64_t part,
    int64_t whole)
{
	struct cell *cell = cell_at(t, row, col);

	cell->set = true;
	cell->n = part;
	cell->whole = whole;
}

/* Whether the row is one of section, or stands for some that are. */
static bool
counts_in(const struct table *t, size_t row, size_t section)
{
	const size_t of = t->rows[row].section;

	return of == section || (of == section + 1 && t->sections[of].rest);
}

void
table_add_up(struct table *t, size_t row, size_t section, size_t from,
    size_t to)
{
	for (size_t col = 0; col < t->ncol; col++) {
		int64_t sum = 0;

		if ((t->columns[col].flags & TABLE_SUM) == 0)
			continue;
		for (size_t i = from; i < to; i++)
			if (counts_in(t, i, section) &&
			    __builtin_add_overflow(sum, table_count(t, i, col),
				&sum))
				sum = INT64_MAX;
		table_set_count(t, row, col, sum);
	}
}

void
table_set_percents(struct table *t, size_t row, size_t head)
{
	for (size_t col = 0; col < t->ncol; col++) {
		const struct table_column *c = &t->columns[col];
		size_t part, whole, of;

		if (c->type != TABLE_PERCENT)
			continue;
		part = table_column(t, c->part);
		whole = table_column(t, c->whole);
		of = c->of_head ? head : row;
		if (!table_is_null(t, row, part) &&
		    !table_is_null(t, of, whole))
			table_set_percent(t, row, col,
			    table_count(t, row, part),
			    table_count(t, of, whole));
	}
}

size_t
table_rows(const struct table *t)
{
	return t->nrow;
}

size_t
table_sections(const struct table *t)
{
	size_t n = 0;

	while (t->sections[n].name != NULL)
		n++;
	return n;
}

size_t
table_columns(const struct table *t)
{
	return t->ncol;
}

const struct table_column *
table_spec(const struct table *t, size_t col)
{
	return &t->columns[col];
}

const struct table_section *
table_section(const struct table *t, size_t row)
{
	return &t->sections[t->rows[row].section];
}

size_t
table_section_number(const struct table *t, size_t row)
{
	return t->rows[row].section;
}

bool
table_is_null(const struct table *t, size_t row, size_t col)
{
	const struct cell *cell = cell_at(t, row, col);

	if (t->columns[col].type == TABLE_ROW)
		return false;
	/* No percentage of nothing. */
	if (t->columns[col].type == TABLE_PERCENT && cell->whole <= 0)
		return true;
	return !cell->set;
}

int64_t
table_count(const struct table *t, size_t row, size_t col)
{
	return cell_at(t, row, col)->n;
}

/* n with a comma after each three digits; an int64 takes 26 bytes. */
static void
grouped(int64_t n, char buf[TABLE_CELL_LEN])
{
	char digits[TABLE_CELL_LEN];
	int len = snprintf(digits, sizeof(digits), "%" PRId64, n);
	size_t out = 0;

	for (int i = 0; i < len; i++) {
		buf[out++] = digits[i];
		if (digits[i] != '-' && i + 1 < len && (len - i - 1) % 3 == 0)
			buf[out++] = ',';
	}
	buf[out] = '\0';
}

/*
 * Tenths of a percent, rounded; but a part above 0 never shows as 0 % and one
 * below the whole never as 100 %.  *edge is '<' or '>' where that rule applies,
 * else '\0'.
 */
static int64_t
tenths(int64_t part, int64_t whole, char *edge)
{
	int64_t p = part;
	int64_t w = whole;

	while (p > INT64_MAX / 2000 || w > INT64_MAX / 2000) {
		p /= 2;
		w /= 2;
	}
	p = w == 0 ? 1000 : (p * 1000 + w / 2) / w;
	*edge = '\0';
	if (p == 0 && part > 0) {
		*edge = '<';
		return 1;
	}
	if (p >= 1000 && part < whole) {
		*edge = '>';
		return 999;
	}
	return p;
}

static void
percent(const struct cell *cell, bool pretty, char buf[TABLE_CELL_LEN])
{
	char edge;
	int64_t n = tenths(cell->n, cell->whole, &edge);

	(void)snprintf(buf, TABLE_CELL_LEN, "%.*s%" PRId64 ".%" PRId64 "%s",
	    pretty && edge != '\0' ? 1 : 0, &edge, n / 10, n % 10,
	    pretty ? " %" : "");
}

static const char *
format(const struct table *t, size_t row, size_t col, bool pretty,
    char buf[TABLE_CELL_LEN])
{
	const struct cell *cell = cell_at(t, row, col);

	if (table_is_null(t, row, col))
		return NULL;
	switch (t->columns[col].type) {
	case TABLE_ROW:
		return table_section(t, row)->name;
	case TABLE_TEXT:
	case TABLE_DECIMAL:
		return cell->text;
	case TABLE_PERCENT:
		percent(cell, pretty, buf);
		return buf;
	case TABLE_COUNT:
		break;
	}
	if (pretty)
		grouped(cell->n, buf);
	else
		(void)snprintf(buf, TABLE_CELL_LEN, "%" PRId64, cell->n);
	return buf;
}

const char *
table_pretty(const struct table *t, size_t row, size_t col,
    char buf[TABLE_CELL_LEN])
{
	return format(t, row, col, true, buf);
}

const char *
table_plain(const struct table *t, size_t row, size_t col,
    char buf[TABLE_CELL_LEN])
{
	return format(t, row, col, false, buf);
}

const char *
table_show(const struct table *t, size_t row, const char *name,
    char buf[TABLE_CELL_LEN])
{
	const char *s = table_pretty(t, row, table_column(t, name), buf);

	return s == NULL ? "" : s;
}
