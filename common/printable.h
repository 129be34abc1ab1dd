/*
 * printable: text from outside, made safe to show.
 */
#ifndef COMMON_PRINTABLE_H
#define COMMON_PRINTABLE_H

/*
 * Replace in the UTF-8 string s, in place, by '?': control characters (C0, DEL,
 * C1), characters that turn the direction or cannot be seen (soft hyphen,
 * variation selectors, tags, fillers and so on; the table is in printable.c),
 * spaces other than ASCII's, private use, noncharacters, and bytes that are no
 * UTF-8; and of combining marks in a row all but three.  Letters of every
 * script stay, and the ideographic space between two that are not ASCII.
 */
void printable(char *s);

#endif
