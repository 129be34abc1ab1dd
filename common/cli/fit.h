/*
 * fit: the columns of a table into the width of a terminal.
 *
 * Numbers stay whole.  Long texts are broken over lines, at a blank or after
 * a dot where there is one, and columns that can be missed are left out from
 * the right; what still does not fit is too wide, but never cut.
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

/* Narrow and leave out columns until they and gaps between fit into width. */
void fit_columns(struct fit_column *c, size_t n, size_t gap, size_t width);

/* The columns that s takes on a terminal. */
size_t fit_width(const char *s);

/* How many bytes of s, whole characters, fit into width columns. */
size_t fit_bytes(const char *s, size_t width);

/* A copy of s with newlines, no line wider than width; the caller frees. */
char *fit_wrap(const char *s, size_t width);

#endif
