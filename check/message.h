/*
 * message: a mail as its lines lie: the fields of its header, and its body.
 *
 * Nothing is decoded and nothing repaired, so that signatures can be verified
 * over it and mistakes marked in it.  Lines may end with CRLF or with LF.
 */
#ifndef CHECK_MESSAGE_H
#define CHECK_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Fields that are looked at; a header with more is marked as such. */
#define MESSAGE_FIELDS_MAX 10000

/* A field with all its lines.  Offsets are into the bytes of the message. */
struct message_field {
	size_t at; /* of its name */
	size_t
	    len; /* to the end of its last line, whose line end is not in it */
	size_t name;  /* length of the name, without blanks before the colon */
	size_t value; /* offset of what stands behind the colon */
	size_t line;  /* number of its first line, from 1 */
};

/* A line of the header that is no field. */
struct message_stray {
	size_t at;
	size_t len;
	size_t line;
};

struct message {
	const char *bytes; /* the caller's */
	size_t len;
	struct message_field *fields;
	size_t n;
	bool too_many;
	struct message_stray stray; /* the first; line 0: there is none */
	size_t n_strays;
	bool has_envelope; /* it began with a "From " line of a mailbox file */
	size_t body;       /* offset of the body; len when there is none */
	size_t body_line;
	bool has_body;
};

/* Take it apart.  bytes must outlive m, which message_free() empties. */
void message_parse(struct message *m, const char *bytes, size_t len);
void message_free(struct message *m);

/* Whether the field has that name, in any case. */
bool message_is(const struct message *m, const struct message_field *f,
    const char *name);

/* The first field of that name, from number i on; NULL: there is none. */
const struct message_field *
message_find_from(const struct message *m, const char *name, size_t i);
const struct message_field *
message_find(const struct message *m, const char *name);
size_t message_count(const struct message *m, const char *name);
size_t message_number(const struct message *m, const struct message_field *f);

/*
 * The next line of bytes from *at up to end: its offset and length without the
 * line end.  *at is behind it then.  False: there is no more.
 */
bool message_line(const char *bytes, size_t end, size_t *at, size_t *line,
    size_t *len);

/*
 * The value in one line: line ends are left out, runs of blanks become one,
 * those around it go.  At most max bytes; the caller frees.
 */
char *message_value(const struct message *m, const struct message_field *f,
    size_t max);

#endif
