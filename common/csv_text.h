/*
 * csv_text: one cell of CSV that came from a stranger.
 */
#ifndef COMMON_CSV_TEXT_H
#define COMMON_CSV_TEXT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Print s as a quoted cell (RFC 4180).  Spreadsheets take what begins with
 * = + - or @ for a formula, and some do so when blanks or a quote come first,
 * or when it is a full-width or other variant of these: such a text gets a '
 * before it, and so does one that begins with TAB, CR or LF.  False: the write
 * failed.
 */
bool csv_text(FILE *fp, const char *s);

#endif
