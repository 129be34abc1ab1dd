/* imap_lines: what a server says, line by line, before libetpan reads it. */
#include "ingest/imap/imap_lines.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"
#include "ingest/limits.h"

/* Words of a CAPABILITY line; libetpan's work for it is quadratic. */
#define CAPABILITIES 300

/* Of a CAPABILITY. */
#define CAPABILITY_CHARS             \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz" \
	"0123456789+-=._/"

void
imap_lines_init(struct imap_lines *l, const int *tag)
{
	*l = (struct imap_lines){ .tag = tag };
	l->kept = g_ptr_array_new_with_free_func(free);
	buf_init(&l->line, LIMIT_IMAP_LINE);
	buf_init(&l->out, SIZE_MAX / 2);
}

void
imap_lines_free(struct imap_lines *l)
{
	g_ptr_array_free(l->kept, TRUE);
	free(l->permanent);
	buf_free(&l->line);
	buf_free(&l->out);
}

void
imap_lines_begin(struct imap_lines *l, bool is_ours, const char *wanted)
{
	l->is_ours = is_ours;
	l->wanted = wanted;
	g_ptr_array_set_size(l->kept, 0);
	l->reply = (struct imap_reply){ 0 };
	l->is_odd = false;
	l->left_out = 0;
	l->is_cut = false;
	l->guard.was_bad = false;
	l->guard.questions = 0;
}

/* ---- for libetpan ---------------------------------------------------------- */

static void
pass(struct imap_lines *l, const char *text)
{
	if (l->is_ours)
		return;
	(void)buf_add(&l->out, text);
	(void)buf_add(&l->out, "\r\n");
}

size_t
imap_lines_get(void *lines, char *out, size_t size)
{
	struct imap_lines *l = lines;
	const size_t left = l->out.len - l->out_at;
	const size_t n = left < size ? left : size;

	if (n > 0)
		memcpy(out, l->out.data + l->out_at, n);
	l->out_at += n;
	if (l->out_at == l->out.len) {
		buf_truncate(&l->out, 0);
		l->out_at = 0;
	}
	return n;
}

/* ---- the state of things --------------------------------------------------- */

/* "[CODE ARGUMENTS] text", which p moves behind; NULL: there is no code. */
static char *
take_code(const char **p)
{
	const char *close = **p == '[' ? strchr(*p, ']') : NULL;
	char *code;

	if (close == NULL)
		return NULL;
	code = g_strndup(*p + 1, (gsize)(close - *p - 1));
	*p = close + 1 + strspn(close + 1, " ");
	return code;
}

static bool
begins(const char *text, const char *word)
{
	return strncasecmp(text, word, strlen(word)) == 0;
}

/* Codes that change what libetpan knows of a folder. */
static bool
is_for_libetpan(const char *code)
{
	static const char *const words[] = { "UIDVALIDITY ", "UIDNEXT " };

	if (strcasecmp(code, "READ-ONLY") == 0 ||
	    strcasecmp(code, "READ-WRITE") == 0)
		return true;
	for (int i = 0; i < 2; i++)
		if (begins(code, words[i])) {
			const char *n = code + strlen(words[i]);

			return *n != '\0' && strlen(n) <= 10 &&
			    strspn(n, "0123456789") == strlen(n);
		}
	return false;
}

static void
note_code(struct imap_lines *l, const char *code)
{
	static const char permanent[] = "PERMANENTFLAGS";

	if (!begins(code, permanent))
		return;
	free(l->permanent);
	l->permanent = mem_strdup(code + strlen(permanent));
}

/* "* OK text", and so on. */
static void
take_condition(struct imap_lines *l, const char *status, const char *text)
{
	char *code = take_code(&text);
	char *line = NULL;

	if (code != NULL)
		note_code(l, code);
	if (code != NULL && is_for_libetpan(code))
		line = mem_printf("* %s [%s] -", status, code);
	else if (!l->has_greeted)
		line = mem_printf("* %s -", status);
	if (line != NULL)
		pass(l, line);
	free(line);
	/* What is wrong is often told in the line before the last. */
	if (strcmp(status, "OK") != 0 && text[0] != '\0' &&
	    l->reply.status == STATUS_NONE)
		(void)snprintf(l->reply.text, sizeof(l->reply.text), "%s",
		    text);
	g_free(code);
}

static enum imap_status
status_of(const char *text, size_t n)
{
	static const char *const names[] = { "", "OK", "NO", "BAD" };

	for (int i = 1; i < 4; i++)
		if (strlen(names[i]) == n &&
		    strncasecmp(text, names[i], n) == 0)
			return (enum imap_status)i;
	return STATUS_NONE;
}

static void
note_reply(struct imap_lines *l, enum imap_status status, const char *code,
    const char *text)
{
	struct imap_reply *r = &l->reply;
	const size_t n = code == NULL ? 0 : strcspn(code, " ");

	r->status = status;
	if (n > 0 && n < sizeof(r->code)) {
		memcpy(r->code, code, n);
		for (size_t i = 0; i < n; i++)
			r->code[i] = (char)toupper((unsigned char)code[i]);
	}
	if (text[0] != '\0')
		(void)snprintf(r->text, sizeof(r->text), "%s", text);
	else if (n > 0)
		(void)snprintf(r->text, sizeof(r->text), "%s", r->code);
}

/* "C7 OK text": the end of the answer.  False: it is none. */
static bool
take_reply(struct imap_lines *l, const char *text)
{
	static const char *const names[] = { "", "OK", "NO", "BAD" };
	char tag[24];
	enum imap_status status;
	const char *rest;
	size_t n;
	char *code;
	char *line;

	(void)snprintf(tag, sizeof(tag), "C%d ", *l->tag);
	if (!begins(text, tag))
		return false;
	text += strlen(tag);
	n = strcspn(text, " ");
	status = status_of(text, n);
	if (status == STATUS_NONE)
		return false;
	rest = text + n + strspn(text + n, " ");
	code = take_code(&rest);
	note_reply(l, status, code, rest);
	if (code != NULL && is_for_libetpan(code))
		line = mem_printf("%s%s [%s] -", tag, names[status], code);
	else
		line = mem_printf("%s%s -", tag, names[status]);
	pass(l, line);
	free(line);
	g_free(code);
	return true;
}

static void
take_capability(struct imap_lines *l, const char *text)
{
	struct imap_words w = imap_words_of(text);
	struct imap_word word;
	GString *line = g_string_new("* CAPABILITY");
	int n = 0;

	while ((word = imap_words_next(&w)).kind != WORD_END) {
		if (word.kind != WORD_ATOM || word.len > 80 ||
		    strspn(word.text, CAPABILITY_CHARS) < word.len ||
		    ++n > CAPABILITIES)
			continue;
		g_string_append_c(line, ' ');
		g_string_append_len(line, word.text, (gssize)word.len);
	}
	if (n > 0)
		pass(l, line->str);
	g_string_free(line, TRUE);
}

/* ---- a line ---------------------------------------------------------------- */

/* "* 12 EXISTS", "* 12 FETCH (...)". */
static void
take_numbered(struct imap_lines *l, const char *text)
{
	static const char *const counts[] = { "EXISTS", "RECENT", "EXPUNGE" };
	struct imap_words w = imap_words_of(text);
	const struct imap_word number = imap_words_next(&w);
	const struct imap_word kind = imap_words_next(&w);
	struct imap_item item;
	uint32_t n;
	char line[40];

	if (!imap_word_number(&number, &n))
		return;
	if (imap_word_is(&kind, "FETCH")) {
		imap_item_read(&item, w.at);
		if (l->sink.item != NULL)
			l->sink.item(l->sink.ctx, &item);
		return;
	}
	for (int i = 0; i < 3; i++)
		if (imap_word_is(&kind, counts[i])) {
			(void)snprintf(line, sizeof(line), "* %lu %s",
			    (unsigned long)n, counts[i]);
			pass(l, line);
			return;
		}
}

/* A line of the kind that is wanted, unless there are too many. */
static void
keep(struct imap_lines *l, const char *text)
{
	if (l->kept->len < LIMIT_IMAP_KEPT)
		g_ptr_array_add(l->kept, mem_strdup(text));
	else
		l->left_out++;
	l->is_cut = l->is_cut || l->line.len == LIMIT_IMAP_LINE;
}

/* A line that begins with "* ". */
static void
take_untagged(struct imap_lines *l, const char *text)
{
	static const char *const conditions[] = { "OK", "NO", "BAD", "PREAUTH",
		"BYE" };
	const size_t n = strcspn(text, " ");
	const char *rest = text + n + strspn(text + n, " ");

	if (isdigit((unsigned char)text[0])) {
		take_numbered(l, text);
		return;
	}
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
		if (strlen(conditions[i]) == n &&
		    strncasecmp(text, conditions[i], n) == 0) {
			take_condition(l, conditions[i], rest);
			return;
		}
	if (n == strlen("CAPABILITY") && begins(text, "CAPABILITY"))
		take_capability(l, rest);
	else if (l->wanted != NULL && strlen(l->wanted) == n &&
	    begins(text, l->wanted))
		keep(l, rest);
}

static void
take_line(struct imap_lines *l)
{
	const char *text = buf_str(&l->line);
	bool known = true;

	if (begins(text, "* "))
		take_untagged(l, text + 2);
	else if (text[0] == '+' && !l->is_ours)
		pass(l, text);
	else if (text[0] != '\0')
		known = take_reply(l, text);
	l->is_odd = !known;
	if (text[0] != '\0')
		l->has_greeted = true;
	buf_truncate(&l->line, 0);
	l->has_body = false;
}

/* ---- bytes ----------------------------------------------------------------- */

/* A NUL would hide what stands behind it. */
static void
add_byte(struct imap_lines *l, char c)
{
	static const char blank = ' ';

	(void)buf_append(&l->line, c == '\0' ? &blank : &c, 1);
}

static void
drop_line_end(struct imap_lines *l)
{
	struct buf *b = &l->line;

	while (b->len > 0 && b->data[b->len - 1] == '\r')
		buf_truncate(b, b->len - 1);
	if (b->len > 0)
		b->data[b->len] = '\0';
}

/* "{123}" at the end becomes what stands for a literal; what it is of is told
 * by the word before. */
static void
begin_literal(struct imap_lines *l)
{
	struct buf *b = &l->line;
	size_t n;

	drop_line_end(l);
	n = b->len;
	while (n > 0 && b->data[n] != '{')
		n--;
	buf_truncate(b, n);
	while (n > 0 && b->data[n - 1] == ' ')
		n--;
	l->is_literal = true;
	l->is_body = !l->has_body && begins(buf_str(b), "* ") && b->len > 2 &&
	    isdigit((unsigned char)b->data[2]) &&
	    imap_item_ends_body(b->data, n);
	l->has_body = l->has_body || l->is_body;
	l->is_name = !l->is_body && l->wanted != NULL &&
	    begins(buf_str(b) + 2, l->wanted);
	(void)buf_add(b, l->is_name ? " \"" : " " IMAP_LITERAL);
}

static void
end_literal(struct imap_lines *l)
{
	if (l->is_name)
		(void)buf_putc(&l->line, '"');
	l->is_literal = false;
}

static void
take_literal(struct imap_lines *l, const char *bytes, size_t n)
{
	if (l->is_body && l->sink.bytes != NULL)
		l->sink.bytes(l->sink.ctx, bytes, n);
	for (size_t i = 0; l->is_name && i < n; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			add_byte(l, '\\');
		add_byte(l, bytes[i]);
	}
}

/* The end of a line, or of the part of it that a literal follows. */
static void
end_part(struct imap_lines *l)
{
	/* The guard knows what is a literal, and it goes on after one of no
	 * bytes. */
	if (l->guard.start_len > 0) {
		begin_literal(l);
		if (l->guard.skip == 0)
			end_literal(l);
		return;
	}
	drop_line_end(l);
	take_line(l);
}

const char *
imap_lines_put(void *lines, const char *bytes, size_t n)
{
	struct imap_lines *l = lines;
	struct imap_guard *g = &l->guard;
	const char *why = NULL;
	size_t part;

	if (l->is_raw) {
		(void)buf_append(&l->out, bytes, n);
		return imap_guard(g, bytes, n);
	}
	while (n > 0 && why == NULL) {
		part = g->skip == 0 ? 1 : g->skip < n ? (size_t)g->skip : n;
		if (g->skip > 0)
			take_literal(l, bytes, part);
		else if (*bytes != '\n')
			add_byte(l, *bytes);
		why = imap_guard(g, bytes, part);
		if (why == NULL && l->is_literal && g->skip == 0)
			end_literal(l);
		else if (why == NULL && !l->is_literal && part == 1 &&
		    *bytes == '\n')
			end_part(l);
		bytes += part;
		n -= part;
	}
	return why;
}
