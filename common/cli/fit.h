/*
 * fit: the columns of a table into the width of a terminal.
 *
 * Numbers stay whole.  Long texts are broken over several lines, at a blank or
 * after a dot if possible.  Optional columns are left out, from the right.  If
 * that is not enough the table is too wide, but nothing is cut.
 */
#ifndef COMMON_CLI_FIT_H
#define COMMON_CLI_FIT_H

#include <stdbool.h>
#include <stddef.h>

struct fit_column {
	size_t width; /* of its widest cell; after fit_columns() what it gets */
	size_t least; /* it may be narrowed down to this */
	bool missable; /* it may be left out */
	bool out;      /* set by fit_columns(): it is */
};

/* Narrow and leave out columns until the table fits into width. */
void fit_columns(struct fit_column *c, size_t n, size_t gap, size_t width);

/* The columns that s takes on a terminal. */
size_t fit_width(const char *s);

/* How many bytes of s, whole characters, fit into width columns. */
size_t fit_bytes(const char *s, size_t width);

/* A copy of s with newlines, no line wider than width; the caller frees. */
char *fit_wrap(const char *s, size_t width);

#endif
