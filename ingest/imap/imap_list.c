/* imap_list: what folders there are, and how the server calls them. */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/config/utf7.h"
#include "ingest/imap/imap_session.h"
#include "ingest/imap/imap_words.h"

char *
imap_quoted(const char *wire)
{
	GString *s = g_string_new("\"");

	for (const char *p = wire; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(s, '\\');
		g_string_append_c(s, *p);
	}
	return g_string_free(g_string_append_c(s, '"'), FALSE);
}

/* ---- LIST ------------------------------------------------------------------ */

static void
listed_free(void *p)
{
	struct imap_listed *f = p;

	free(f->wire);
	free(f);
}

static void
take_attribute(struct imap_listed *f, const struct imap_word *word)
{
	static const char *const special[] = { "\\All", "\\Flagged", "\\Trash",
		"\\Drafts", "\\Sent" };

	if (imap_word_is(word, "\\Noselect") ||
	    imap_word_is(word, "\\NonExistent"))
		f->can_hold = false;
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (imap_word_is(word, special[i]))
			f->is_special = true;
}

static bool
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	return false;
}

/* "(\HasNoChildren) "/" name"; NULL: it is none. */
static struct imap_listed *
read_listed(const char *text)
{
	struct imap_words w = imap_words_of(text);
	struct imap_word word = imap_words_next(&w);
	struct imap_listed *f;

	if (word.kind != WORD_OPEN)
		return NULL;
	f = mem_calloc(1, sizeof(*f));
	f->can_hold = true;
	while ((word = imap_words_next(&w)).kind == WORD_ATOM)
		take_attribute(f, &word);
	if (word.kind == WORD_CLOSE)
		word = imap_words_next(&w);
	if (word.kind == WORD_QUOTED && word.len > 0)
		f->separator = word.text[word.len - 1];
	word = imap_words_next(&w);
	if (word.kind == WORD_ATOM || word.kind == WORD_QUOTED)
		f->wire = imap_word_text(&word);
	/* A name goes into commands; what has the end of a line in it would be
	 * two of them. */
	if (f->wire != NULL && !has_control(f->wire))
		return f;
	listed_free(f);
	return NULL;
}

enum diag_code
imap_list_folders(struct imap *im, const char *pattern, GPtrArray **out,
    struct diag *d)
{
	char *name = imap_quoted(pattern);
	char *command = mem_printf("LIST \"\" %s", name);
	const int r = imap_ask_for(im, "LIST", command);
	const enum diag_code code = imap_whole_result(im, r, DIAG_CONFIG,
	    "list of folders", d);

	*out = g_ptr_array_new_with_free_func(listed_free);
	for (guint i = 0; code == DIAG_OK && i < im->lines.kept->len; i++) {
		struct imap_listed *f = read_listed(
		    g_ptr_array_index(im->lines.kept, i));

		if (f != NULL)
			g_ptr_array_add(*out, f);
		else
			im->lines.left_out++;
	}
	free(command);
	g_free(name);
	return code;
}

/* ---- names ----------------------------------------------------------------- */

char *
imap_name(const char *wire)
{
	char *name = utf7_to_utf8(wire);
	char *valid;

	if (name != NULL)
		return name;
	valid = g_utf8_make_valid(wire, -1);
	name = mem_strdup(valid);
	g_free(valid);
	return name;
}

bool
imap_is_alike(const char *wire, const char *other)
{
	char *a = imap_name(wire);
	char *b = imap_name(other);
	char *x = g_utf8_casefold(a, -1);
	char *y = g_utf8_casefold(b, -1);
	const bool same = strcmp(x, y) == 0;

	g_free(x);
	g_free(y);
	free(a);
	free(b);
	return same;
}

/* "(("INBOX." "."))": the prefix of the first of the user's own, and its
 * separator. */
static void
read_namespace(struct imap *im, const char *text)
{
	struct imap_words w = imap_words_of(text);
	struct imap_word word = imap_words_next(&w);

	if (word.kind != WORD_OPEN || imap_words_next(&w).kind != WORD_OPEN)
		return;
	word = imap_words_next(&w);
	if (word.kind != WORD_QUOTED)
		return;
	free(im->prefix);
	im->prefix = imap_word_text(&word);
	word = imap_words_next(&w);
	if (word.kind == WORD_QUOTED && word.len > 0)
		im->separator = word.text[word.len - 1];
}

/* Where there is no NAMESPACE, the separator says what may be. */
static enum diag_code
guess_prefix(struct imap *im, struct diag *d)
{
	GPtrArray *found = NULL;
	enum diag_code code = imap_list_folders(im, "INBOX", &found, d);
	const struct imap_listed *f;

	if (code == DIAG_OK && found->len > 0) {
		f = g_ptr_array_index(found, 0);
		im->separator = f->separator;
		if (f->separator != '\0') {
			free(im->prefix);
			im->prefix = mem_printf("INBOX%c", f->separator);
			im->is_guess = true;
		}
	}
	g_ptr_array_free(found, TRUE);
	return imap_is_alive(im) ? DIAG_OK : code;
}

enum diag_code
imap_learn_prefix(struct imap *im, struct diag *d)
{
	enum diag_code code;
	int r;

	if (im->prefix != NULL)
		return DIAG_OK;
	im->prefix = mem_strdup("");
	if (!imap_has(im, "NAMESPACE"))
		return guess_prefix(im, d);
	r = imap_ask_for(im, "NAMESPACE", "NAMESPACE");
	code = imap_whole_result(im, r, DIAG_RETRY, "NAMESPACE", d);
	if (code == DIAG_OK && im->lines.kept->len > 0)
		read_namespace(im, g_ptr_array_index(im->lines.kept, 0));
	return imap_is_alive(im) ? DIAG_OK : code;
}

char *
imap_other_name(const struct imap *im, const char *wire)
{
	const char *prefix = im->prefix == NULL ? "" : im->prefix;
	const bool is_below = strncasecmp(wire, prefix, strlen(prefix)) == 0;
	char *name = mem_printf("%s%s", is_below ? "" : prefix, wire);

	/* In base64 a slash is a comma. */
	if (im->separator != '\0' && im->separator != '/')
		for (char *p = name; *p != '\0'; p++)
			if (*p == '/')
				*p = im->separator;
	if (strcmp(name, wire) != 0)
		return name;
	free(name);
	return NULL;
}
