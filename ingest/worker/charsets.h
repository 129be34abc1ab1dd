/*
 * charsets: character set conversions that reports and mails may need, loaded
 * before the sandbox forbids to open files.
 */
#ifndef INGEST_CHARSETS_H
#define INGEST_CHARSETS_H

/* Load them, for the rest of the program's life. */
void charsets_load(void);

#endif
