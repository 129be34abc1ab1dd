/*
 * dmarc_words: a list of tags that is put together anew: the corrected record.
 */
#ifndef CHECK_DMARC_WORDS_H
#define CHECK_DMARC_WORDS_H

#include <stddef.h>

#include "check/tags.h"

struct dmarc_word {
	char *name;
	char *value;
};

struct dmarc_words {
	struct dmarc_word *all;
	size_t n;
};

/* Add a tag, at the end.  The copies are w's. */
void
dmarc_words_add(struct dmarc_words *w, const char *name, const char *value);

/* Add to the value of the last tag of that name, behind a comma; when there is
 * none, add the tag. */
void
dmarc_words_append(struct dmarc_words *w, const char *name, const char *value);

/* The record: first and second go to the front.  The caller frees; w is empty
 * afterwards. */
char *dmarc_words_record(struct dmarc_words *w, const char *first,
    const char *second);

#endif
