/*
 * imap_refusal: what a server means when it refuses a command: that it will
 * always do so, or that it cannot now.
 */
#ifndef INGEST_IMAP_IMAP_REFUSAL_H
#define INGEST_IMAP_IMAP_REFUSAL_H

#include <stdbool.h>

/* Code is that of RFC 5530 or "", in capitals.  True: later may do. */
bool imap_refusal_is_temporary(const char *code, const char *text);

/* The seconds that a server asks to wait, an hour at most; 0: it does not. */
int imap_refusal_wait(const char *text);

/* Both texts say the same, but for numbers. */
bool imap_refusal_is_same(const char *a, const char *b);

#endif
