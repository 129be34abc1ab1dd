/*
 * mail_words: encoded words in the fields of a mail (RFC 2047).
 */
#ifndef CHECK_MAIL_WORDS_H
#define CHECK_MAIL_WORDS_H

#include "check/mail_tell.h"

/* Load the charsets, for the rest of the program's life. */
void mail_words_init(void);

/* Tell of each encoded word of the field that is broken. */
void mail_words_check(struct mail_lint *l, const struct message_field *f);

/* The field as it should be, encoded; the caller frees.  NULL: what is in it is
 * not known. */
char *
mail_words_encoded(const struct message *m, const struct message_field *f);

/* A value as people read it, printable; the caller frees. */
char *mail_words_shown(const char *value);

/* Whether the bytes are text in the charset; true, too, when the charset is not
 * known here. */
bool mail_words_is_text(const char *charset, const char *s, size_t len);

#endif
