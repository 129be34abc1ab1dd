/*
 * printable: text from strangers, made safe to show.
 */
#ifndef COMMON_PRINTABLE_H
#define COMMON_PRINTABLE_H

/*
 * Replace in the UTF-8 string s, in place, by '?': control characters (C0, DEL,
 * C1), characters that turn the direction or cannot be seen (soft hyphen,
 * variation selectors, tags, fillers and so on; the table is in printable.c),
 * noncharacters, and bytes that are no UTF-8.  Letters of every script,
 * combining marks and spaces stay.
 */
void printable(char *s);

#endif
