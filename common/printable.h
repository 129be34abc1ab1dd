/*
 * printable: text from strangers, made safe to show.
 */
#ifndef COMMON_PRINTABLE_H
#define COMMON_PRINTABLE_H

/*
 * Replace in the UTF-8 string s, in place, by '?': control characters (C0, DEL,
 * C1), invisible and direction-turning characters (U+061C, U+200B-200F,
 * U+2028-202E, U+2060-206F, U+FEFF), and bytes that are no UTF-8.
 */
void printable(char *s);

#endif
