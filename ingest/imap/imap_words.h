/*
 * imap_words: the words of a line that an IMAP server has sent (RFC 3501 9),
 * read so that an odd one does not spoil those behind it.
 */
#ifndef INGEST_IMAP_IMAP_WORDS_H
#define INGEST_IMAP_IMAP_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct imap_words {
	const char *at;
	const char *end;
};

enum imap_word_kind {
	WORD_END,
	WORD_OPEN,  /* ( */
	WORD_CLOSE, /* ) */
	WORD_ATOM,
	WORD_QUOTED /* text is what stands between the quotes, as it is */
};

struct imap_word {
	enum imap_word_kind kind;
	const char *text; /* in the line */
	size_t len;
};

struct imap_words imap_words_of(const char *text);

struct imap_word imap_words_next(struct imap_words *w);

/* It is an atom, and this one in any case. */
bool imap_word_is(const struct imap_word *word, const char *name);

/* It is an atom of digits, and at most 2^32 - 1. */
bool imap_word_number(const struct imap_word *word, uint32_t *out);

/* Its text without the escapes of a quoted string; the caller frees. */
char *imap_word_text(const struct imap_word *word);

#endif
