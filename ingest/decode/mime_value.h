/*
 * mime_value: values of header fields, as far as they are plain.
 *
 * Plain is what all software reads in the same way: one word, an address, a
 * date, parameters without tricks; printable ASCII, and neither comments nor
 * quoted characters, encoded words or continued parameters in it.
 */
#ifndef INGEST_MIME_VALUE_H
#define INGEST_MIME_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of the mail, not a string. */
struct text {
	const char *s; /* NULL: there is none */
	size_t len;
};

/* Values as strings; more than fits is not plain. */
struct values {
	char text[4096];
	size_t used;
};

/* A value in one line, without the blanks around it; NULL: not plain. */
char *value_unfold(struct values *values, const struct text *field);

/* A word and its parameters, like "multipart/mixed; boundary=x". */
struct value {
	const char *word; /* NULL: there is no such field */
	const char *boundary;
	const char *name;
	const char *filename;
};

/* False from any of these: not plain.  No field at all is fine. */
bool value_take(struct values *values, const struct text *field,
    struct value *value);
/* As mail_info has it; the caller frees it. */
bool value_from(struct values *values, const struct text *field, char **from);
bool
value_message_id(struct values *values, const struct text *field, char **id);
bool value_date(struct values *values, const struct text *field, int64_t *date);

#endif
