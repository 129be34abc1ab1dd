/*
 * charsets: the conversions that reports and mails may ask for, loaded before
 * no file can be opened any more.
 */
#ifndef INGEST_CHARSETS_H
#define INGEST_CHARSETS_H

/* Load them, for the rest of the program's life. */
void charsets_load(void);

#endif
