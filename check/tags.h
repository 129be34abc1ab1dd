/*
 * tags: a list of tags, "name=value; name=value" (RFC 6376, section 3.2).
 *
 * Keys and signatures of DKIM, DMARC, TLS-RPT, MTA-STS and BIMI have this
 * form.  Every piece is kept, the broken ones too, with its place in the text:
 * a check wants to mark it.
 */
#ifndef CHECK_TAGS_H
#define CHECK_TAGS_H

#include <stdbool.h>
#include <stddef.h>

/* Pieces that are looked at; a text with more is marked as such. */
#define TAGS_MAX 200

struct tag_part {
	size_t at;
	size_t len;
};

/* What lies between two semicolons; blanks around each part are cut off. */
struct tag {
	struct tag_part all;
	struct tag_part name;
	struct tag_part value; /* where there is no "=", empty, at the end */
	bool has_equals;
};

struct tags {
	const char *text;
	size_t len;
	struct tag *all; /* empty pieces, too, but not one at the end */
	size_t n;
	bool too_many;
};

/* text stays the caller's and must outlive t, which tags_free() empties. */
void tags_parse(struct tags *t, const char *text, size_t len);
void tags_free(struct tags *t);

/* The first tag of that name (case counts), from number i on; NULL: none. */
const struct tag *
tags_find_from(const struct tags *t, const char *name, size_t i);
const struct tag *tags_find(const struct tags *t, const char *name);

/* The number of the tag in the list. */
size_t tags_number(const struct tags *t, const struct tag *tag);

/* Whether a part of the text is s: to the letter, or in any case. */
bool tags_is(const struct tags *t, struct tag_part p, const char *s);
bool tags_is_any_case(const struct tags *t, struct tag_part p, const char *s);

/* Whether the name is one: a letter, then letters, digits and "_". */
bool tags_is_name(const struct tags *t, struct tag_part p);

/* The next item of a list with separators, blanks cut off.  *rest begins as
 * the whole list; false: there are no more. */
bool tags_next_item(const struct tags *t, struct tag_part *rest, char separator,
    struct tag_part *item);

#endif
