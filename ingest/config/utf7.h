/*
 * utf7: names of folders between UTF-8 and the modified UTF-7 of IMAP
 * (RFC 3501 5.1.3).
 */
#ifndef INGEST_UTF7_H
#define INGEST_UTF7_H

/* The name in the other form, or NULL when it is not valid or longer than
 * 1000 bytes.  The caller frees. */
char *utf7_from_utf8(const char *name);
char *utf7_to_utf8(const char *name);

#endif
