/*
 * csv_text: a CSV cell whose text came from outside.
 */
#ifndef COMMON_CSV_TEXT_H
#define COMMON_CSV_TEXT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Print s as a quoted cell (RFC 4180).  A spreadsheet runs a text that begins
 * with = + - or @ as a formula.  Some also do so after blanks or a quote, or
 * for full-width and other variants of these characters.  Such a text gets a '
 * in front, as does one that begins with TAB, CR or LF.  False: the write
 * failed.
 */
bool csv_text(FILE *fp, const char *s);

#endif
