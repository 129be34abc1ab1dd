/*
 * csv_text: one cell of CSV that came from a stranger.
 */
#ifndef COMMON_CSV_TEXT_H
#define COMMON_CSV_TEXT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Print s as a quoted cell (RFC 4180).  Spreadsheets take what begins with
 * = + - @ TAB or CR for a formula: such a text gets a ' before it.  False: the
 * write failed.
 */
bool csv_text(FILE *fp, const char *s);

#endif
