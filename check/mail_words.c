/* mail_words: encoded words in the fields of a mail. */
#include "check/mail_words.h"

#include <ctype.h>
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "common/mem.h"
#include "common/printable.h"

#define WORD_MAX  75
#define VALUE_MAX 4096
#define WORD_LOOK 4096

/* What Japanese mail has, and what comes from the rest of the world. */
static const char *const charsets[] = { "utf-8", "us-ascii", "iso-2022-jp",
	"shift_jis", "cp932", "euc-jp", "iso-8859-1", "iso-8859-15",
	"windows-1252", "gb2312", "gb18030", "big5", "euc-kr", "koi8-r" };

#define N_CHARSETS (sizeof(charsets) / sizeof(charsets[0]))

/* Opened before the sandbox is entered, in which nothing can be. */
static iconv_t opened[N_CHARSETS];

void
mail_words_init(void)
{
	for (size_t i = 0; i < N_CHARSETS; i++)
		opened[i] = iconv_open("UTF-8", charsets[i]);
}

/* NULL: the charset is not known here. */
static iconv_t
find(const char *charset)
{
	for (size_t i = 0; i < N_CHARSETS; i++)
		if (strcasecmp(charsets[i], charset) == 0)
			return (intptr_t)opened[i] == -1 ? NULL : opened[i];
	return NULL;
}

/* Convert into a string of its own; NULL: the bytes are no such text. */
static char *
convert(iconv_t cd, const char *s, size_t len)
{
	char *in = mem_calloc(len + 1, 1);
	char *out = mem_calloc(4 * len + 16, 1);
	char *from = in;
	char *to = out;
	size_t room = 4 * len + 15;
	size_t n = len;

	memcpy(in, s, len);
	(void)iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &from, &n, &to, &room) == (size_t)-1 || n > 0) {
		free(out);
		out = NULL;
	}
	free(in);
	return out;
}

bool
mail_words_is_text(const char *charset, const char *s, size_t len)
{
	const iconv_t cd = find(charset);
	char *text;

	if (cd == NULL)
		return true;
	text = convert(cd, s, len);
	free(text);
	return text != NULL;
}

/* ---- one word --------------------------------------------------------------- */

/* "=?charset?B?text?=": the parts. */
struct word {
	char charset[64];
	char encoding;
	const char *text;
	size_t len;
	size_t whole;
};

/* Read the word at s; false: it is broken, why says how. */
static bool
read_word(const char *s, size_t len, struct word *w, const char **why)
{
	const char *end = s + len;
	const char *mark = memchr(s + 2, '?', len - 2);
	const char *close = NULL;
	size_t n;

	/* No word is that long; the rest belongs to others. */
	if (len > WORD_LOOK) {
		len = WORD_LOOK;
		end = s + len;
		mark = memchr(s + 2, '?', len - 2);
	}
	w->whole = 2;
	*why = "it has no charset and encoding (=?charset?B?...?=)";
	if (mark == NULL || mark == s + 2 ||
	    (size_t)(mark - s) - 2 >= sizeof(w->charset) || end - mark < 3 ||
	    mark[2] != '?')
		return false;
	n = (size_t)(mark - s) - 2;
	memcpy(w->charset, s + 2, n);
	w->charset[n] = '\0';
	w->charset[strcspn(w->charset, "*")] = '\0'; /* a language, RFC 2231 */
	w->encoding = (char)toupper((unsigned char)mark[1]);
	w->text = mark + 3;
	for (const char *p = w->text; p + 1 < end; p++)
		if (p[0] == '?' && p[1] == '=') {
			close = p;
			break;
		}
	*why = "it does not end with ?=";
	if (close == NULL)
		return false;
	w->len = (size_t)(close - w->text);
	w->whole = (size_t)(close - s) + 2;
	*why = "its encoding is neither B nor Q";
	if (w->encoding != 'B' && w->encoding != 'Q')
		return false;
	*why = "there is a blank or a line end in it";
	return memchr(w->text, ' ', w->len) == NULL &&
	    memchr(w->text, '\t', w->len) == NULL &&
	    memchr(w->text, '\n', w->len) == NULL;
}

/* The bytes of base64, which is strict here; NULL: it is broken. */
static unsigned char *
decode_b(const char *s, size_t len, size_t *n)
{
	size_t padding = 0;

	while (padding < len && padding < 3 && s[len - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < len - padding; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '+' && s[i] != '/')
			return NULL;
	if (len % 4 != 0 || padding > 2)
		return NULL;
	if (len == 0) {
		*n = 0;
		return mem_calloc(1, 1);
	}
	{
		char *copy = mem_calloc(len + 1, 1);
		gsize size = 0;
		guchar *bytes;
		unsigned char *out;

		memcpy(copy, s, len);
		bytes = g_base64_decode(copy, &size);
		out = mem_calloc(size + 1, 1);
		memcpy(out, bytes, size);
		*n = size;
		g_free(bytes);
		free(copy);
		return out;
	}
}

static unsigned char *
decode_q(const char *s, size_t len, size_t *n)
{
	unsigned char *out = mem_calloc(len + 1, 1);

	*n = 0;
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '_') {
			out[(*n)++] = ' ';
		} else if (s[i] != '=') {
			out[(*n)++] = (unsigned char)s[i];
		} else if (i + 2 < len && isxdigit((unsigned char)s[i + 1]) &&
		    isxdigit((unsigned char)s[i + 2])) {
			const char hex[] = { s[i + 1], s[i + 2], '\0' };

			out[(*n)++] = (unsigned char)strtoul(hex, NULL, 16);
			i += 2;
		} else {
			free(out);
			return NULL;
		}
	}
	return out;
}

/* Go on to a place in the value; whether it stands between quotation marks. */
static bool
is_quoted(const char **from, const char *at, bool quoted)
{
	const char *p = *from;

	for (; p < at; p++) {
		if (*p == '\\' && p + 1 < at)
			p++;
		else if (*p == '"')
			quoted = !quoted;
	}
	*from = at;
	return quoted;
}

static void
check_content(struct mail_lint *l, const struct word *w, size_t at)
{
	size_t n = 0;
	unsigned char *bytes = w->encoding == 'B' ?
	    decode_b(w->text, w->len, &n) :
	    decode_q(w->text, w->len, &n);
	char detail[32];

	if (bytes == NULL)
		mail_lint_say(l, M_ENCODED_WORD, at, w->whole,
		    w->encoding == 'B' ? "its base64 is broken" :
					 "'=' is followed by no two hex digits",
		    NULL);
	else if (!mail_words_is_text(w->charset, (const char *)bytes, n))
		mail_lint_say(l, M_ENCODED_CHARSET, at, w->whole, w->charset,
		    NULL);
	if (w->whole > WORD_MAX) {
		(void)snprintf(detail, sizeof(detail), "%zu", w->whole);
		mail_lint_say(l, M_ENCODED_LONG, at, w->whole, detail, NULL);
	}
	free(bytes);
}

static bool
has_addresses(const struct message *m, const struct message_field *f)
{
	static const char *const names[] = { "From", "Sender", "Reply-To", "To",
		"Cc", "Bcc" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (message_is(m, f, names[i]))
			return true;
	return false;
}

static bool
may_have_words(const struct message *m, const struct message_field *f)
{
	return has_addresses(m, f) || message_is(m, f, "Subject") ||
	    message_is(m, f, "Comments") || message_is(m, f, "Organization");
}

void
mail_words_check(struct mail_lint *l, const struct message_field *f)
{
	const char *value = l->m->bytes + f->value;
	const char *end = l->m->bytes + f->at + f->len;
	const char *p = value;
	const char *seen = value;
	bool quoted = false;
	size_t words = 0;

	if (!may_have_words(l->m, f))
		return;
	while (words++ < 1000 && p + 2 < end &&
	    (p = memmem(p, (size_t)(end - p), "=?", 2)) != NULL) {
		const size_t at = (size_t)(p - l->m->bytes);
		struct word w;
		const char *why;

		if (!read_word(p, (size_t)(end - p), &w, &why))
			mail_lint_say(l, M_ENCODED_WORD, at, w.whole, why,
			    NULL);
		else
			check_content(l, &w, at);
		quoted = is_quoted(&seen, p, quoted);
		if (has_addresses(l->m, f) && quoted)
			mail_lint_say(l, M_ENCODED_QUOTED, at, w.whole, NULL,
			    NULL);
		p += w.whole;
	}
}

/* ---- a field, encoded ------------------------------------------------------- */

char *
mail_words_encoded(const struct message *m, const struct message_field *f)
{
	char *value = message_value(m, f, VALUE_MAX);
	const char *charset = strchr(value, '\033') != NULL ? "iso-2022-jp" :
							      "utf-8";
	const iconv_t cd = find(charset);
	char *text = cd == NULL ? NULL : convert(cd, value, strlen(value));
	char *encoded = NULL;
	char *fix = NULL;

	if (text != NULL && has_addresses(m, f)) {
		InternetAddressList *list = internet_address_list_parse(NULL,
		    text);

		if (list != NULL) {
			encoded = internet_address_list_to_string(list, NULL,
			    TRUE);
			g_object_unref(list);
		}
	} else if (text != NULL) {
		encoded = g_mime_utils_header_encode_text(NULL, text, "utf-8");
	}
	if (encoded != NULL)
		fix = mem_printf("%.*s: %s", (int)f->name, m->bytes + f->at,
		    encoded);
	g_free(encoded);
	free(text);
	free(value);
	return fix;
}

char *
mail_words_shown(const char *value)
{
	char *text = g_mime_utils_header_decode_text(NULL, value);
	char *copy = mem_strdup(text == NULL ? value : text);

	g_free(text);
	printable(copy);
	return copy;
}
