/*
 * table: rows with typed columns, between query and format.
 *
 * A command fills one table and every format prints it, so that text and CSV
 * cannot differ in a figure.  The columns hold the CSV name, the heading in
 * text, and which two counts make a percentage.  The sections say which rows
 * are headings, lines or totals.
 *
 * Text comes from outside. table_set_text() makes it printable, so that no
 * format has to: control characters (C0, C1), invisible characters and those
 * that change the writing direction become '?'.
 */
#ifndef COMMON_CLI_TABLE_H
#define COMMON_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum table_type {
	TABLE_TEXT,
	TABLE_COUNT,
	TABLE_PERCENT, /* two counts, part and whole */
	TABLE_DECIMAL, /* a number as the database writes it */
	TABLE_ROW      /* the name of the row's section */
};

/* Flags of a column. */
#define TABLE_SUM      1u   /* a count that totals add up */
#define TABLE_OPTIONAL 2u   /* text leaves it out where it is empty or 0 */
#define TABLE_DASH     4u   /* text shows a 0 as "-" */
#define TABLE_WRAP     8u   /* text may break it where the line is short */
#define TABLE_MISSABLE 16u  /* text leaves it out where the line is short */
#define TABLE_HEAD     32u  /* what all lines of a heading have in common */
#define TABLE_BELOW    64u  /* text has it on lines of its own, below */
#define TABLE_WHOLE    128u /* text does not cut it, however long: it is ours */

struct table_column {
	const char *name;  /* in CSV, and of the query's column */
	const char *title; /* heading in text; NULL: text has no such column.
	                    * TABLE_BELOW: what stands before the text */
	enum table_type type;
	unsigned flags;
	unsigned sections; /* bit n: text shows it in tables of section n */
	/* TABLE_PERCENT: the columns with the counts; the whole may be that of
	 * another row, see table_set_percents(). */
	const char *part;
	const char *whole;
	bool of_head;
	/* Text shows these columns behind this one: the note as "(note)" unless
	 * it is "pass", a count of more as "+n" unless it is 0. */
	const char *note;
	const char *more;
	const char *absent; /* text for NULL; NULL: "-" */
};

struct table;

struct table_section {
	const char *name;  /* in CSV: the value of a TABLE_ROW column */
	const char *label; /* text: a line before the table, or in a total's
	                    * first column; NULL: none */
	bool total;        /* text: a line of the table before it */
	/* Such a total of rows that are not here, of the section before it: the
	 * column "more" says how many, and text says so in place of the label. */
	bool rest;
	/* Text: how such a row is printed, when it is no line of a table. */
	void (*heading)(FILE *fp, const struct table *t, size_t row);
	bool close; /* text: no empty line before it */
};

/* Both lists end with a member whose name is NULL and outlive the table. */
struct table *table_new(const struct table_column *columns,
    const struct table_section *sections);
void table_free(struct table *t); /* NULL is fine */

/* Append a row of NULLs; its number. */
size_t table_add(struct table *t, size_t section);

/* The number of the column; one that does not exist is a bug and aborts. */
size_t table_column(const struct table *t, const char *name);

void table_set_text(struct table *t, size_t row, size_t col, const char *s);
void table_set_count(struct table *t, size_t row, size_t col, int64_t n);
void table_set_percent(struct table *t, size_t row, size_t col, int64_t part,
    int64_t whole);

/* The same by the column's name. */
void table_put(struct table *t, size_t row, const char *name, const char *s);
void table_put_count(struct table *t, size_t row, const char *name, int64_t n);

/*
 * Set the counts of row that are TABLE_SUM to the sums over the rows
 * [from, to) of section and of the rest of it; a sum too large stays at the
 * largest number.
 */
void table_add_up(struct table *t, size_t row, size_t section, size_t from,
    size_t to);

/* Set every percentage of row; head has the whole of those that are of_head. */
void table_set_percents(struct table *t, size_t row, size_t head);

size_t table_rows(const struct table *t);
size_t table_columns(const struct table *t);
size_t table_sections(const struct table *t);
const struct table_column *table_spec(const struct table *t, size_t col);
const struct table_section *table_section(const struct table *t, size_t row);
size_t table_section_number(const struct table *t, size_t row);

bool table_is_null(const struct table *t, size_t row, size_t col);
int64_t table_count(const struct table *t, size_t row, size_t col);

/*
 * The cell as people read it ("1,204,332", "97.6 %") or as programs do
 * ("1204332", "97.6"); NULL for NULL.  The result is the table's own, or buf.
 */
#define TABLE_CELL_LEN 32
const char *table_pretty(const struct table *t, size_t row, size_t col,
    char buf[TABLE_CELL_LEN]);
const char *table_plain(const struct table *t, size_t row, size_t col,
    char buf[TABLE_CELL_LEN]);

/* The same by the column's name, "" for NULL; for headings. */
const char *table_show(const struct table *t, size_t row, const char *name,
    char buf[TABLE_CELL_LEN]);

#endif
