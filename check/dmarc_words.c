/* dmarc_words: a list of tags that is put together anew. */
#include "check/dmarc_words.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"

#define RECORD_MAX 65536

void
dmarc_words_add(struct dmarc_words *w, const char *name, const char *value)
{
	w->all = mem_realloc(w->all, w->n + 1, sizeof(w->all[0]));
	w->all[w->n++] = (struct dmarc_word){ mem_strdup(name),
		mem_strdup(value) };
}

void
dmarc_words_append(struct dmarc_words *w, const char *name, const char *value)
{
	for (size_t i = w->n; i > 0; i--) {
		struct dmarc_word *word = &w->all[i - 1];
		char *longer;

		if (strcmp(word->name, name) != 0)
			continue;
		longer = mem_printf("%s,%s", word->value, value);
		free(word->value);
		word->value = longer;
		return;
	}
	dmarc_words_add(w, name, value);
}

static void
write_word(struct buf *b, struct dmarc_word *word)
{
	(void)buf_printf(b, "%s%s=%s", b->len == 0 ? "" : "; ", word->name,
	    word->value);
	free(word->name);
	free(word->value);
	word->name = NULL;
}

static void
write_named(struct buf *b, struct dmarc_words *w, const char *name)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->all[i].name != NULL &&
		    strcmp(w->all[i].name, name) == 0) {
			write_word(b, &w->all[i]);
			return;
		}
}

char *
dmarc_words_record(struct dmarc_words *w, const char *first, const char *second)
{
	struct buf b;
	char *out;

	buf_init(&b, RECORD_MAX);
	write_named(&b, w, first);
	write_named(&b, w, second);
	for (size_t i = 0; i < w->n; i++)
		if (w->all[i].name != NULL)
			write_word(&b, &w->all[i]);
	out = mem_strdup(buf_str(&b));
	buf_free(&b);
	free(w->all);
	*w = (struct dmarc_words){ NULL, 0 };
	return out;
}
