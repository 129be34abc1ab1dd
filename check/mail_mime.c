/* mail_mime: the mistakes in how a mail is built of parts. */
#include "check/mail_lint.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "check/mail_words.h"
#include "common/mem.h"

#define DEPTH_MAX      20
#define PARTS_MAX      1000
#define VALUE_MAX      4096
#define BOUNDARY_MAX   70
#define TEXT_LOOKED_AT (4UL << 20)

/* A part: its header and body as a message of their own, and where that lies. */
struct part {
	struct message m;
	size_t base;            /* of m.bytes in the mail */
	GMimeContentType *type; /* NULL: there is none that can be read */
	char *encoding;         /* in lower case; "": none */
};

static void
walk(struct mail_lint *l, size_t from, size_t to, int depth, bool whole);

static void
say(struct mail_lint *l, const struct part *p, enum mail_finding_id id,
    size_t at, size_t len, const char *detail, const char *fix)
{
	mail_lint_say(l, id, p->base + at, len, detail, fix);
}

static void
say_field(struct mail_lint *l, const struct part *p, enum mail_finding_id id,
    const char *name, const char *detail, const char *fix)
{
	const struct message_field *f = message_find(&p->m, name);

	if (f == NULL)
		mail_lint_say(l, id, MAIL_LINT_NOWHERE, 0, detail, fix);
	else
		say(l, p, id, f->at, f->name, detail, fix);
}

static bool
is_type(const struct part *p, const char *type, const char *subtype)
{
	return p->type != NULL &&
	    g_mime_content_type_is_type(p->type, type, subtype);
}

/* ---- multiparts -------------------------------------------------------------- */

/* What a line is to a multipart. */
enum delimiter {
	DELIMITER_NONE,
	DELIMITER_NEXT,
	DELIMITER_CLOSE
};

static enum delimiter
delimiter_of(const char *s, size_t len, const char *boundary)
{
	const size_t n = strlen(boundary);
	enum delimiter d = DELIMITER_NEXT;

	if (len < n + 2 || memcmp(s, "--", 2) != 0 ||
	    memcmp(s + 2, boundary, n) != 0)
		return DELIMITER_NONE;
	s += n + 2;
	len -= n + 2;
	if (len >= 2 && memcmp(s, "--", 2) == 0) {
		d = DELIMITER_CLOSE;
		s += 2;
		len -= 2;
	}
	while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	return len == 0 ? d : DELIMITER_NONE;
}

/* The delimiter somewhere in a line with other text. */
static void
check_glued(struct mail_lint *l, const struct part *p, size_t line, size_t len,
    const char *delimiter)
{
	const size_t n = strlen(delimiter);
	const char *at = memmem(p->m.bytes + line, len, delimiter, n);

	if (at != NULL && at > p->m.bytes + line)
		say(l, p, M_BOUNDARY_GLUED, (size_t)(at - p->m.bytes), n,
		    delimiter + 2, NULL);
}

static void
check_alternative(struct mail_lint *l, const struct part *p, size_t from,
    size_t to)
{
	struct message m;
	const struct message_field *f, *type;
	GMimeContentType *ct = NULL;
	char *value = NULL;
	char *detail = NULL;
	char *fix;
	bool attached = false;

	message_parse(&m, p->m.bytes + from, to - from);
	f = message_find(&m, "Content-Disposition");
	type = message_find(&m, "Content-Type");
	if (f != NULL) {
		value = message_value(&m, f, VALUE_MAX);
		attached = strncasecmp(value, "attachment", 10) == 0;
		free(value);
	}
	if (type != NULL) {
		value = message_value(&m, type, VALUE_MAX);
		ct = g_mime_content_type_parse(NULL, value);
		free(value);
	}
	if (ct != NULL &&
	    (attached ||
		!(g_mime_content_type_is_type(ct, "text", "*") ||
		    g_mime_content_type_is_type(ct, "multipart", "*"))))
		detail = mem_printf("%s/%s%s",
		    g_mime_content_type_get_media_type(ct),
		    g_mime_content_type_get_media_subtype(ct),
		    attached ? " as an attachment" : "");
	if (detail != NULL) {
		fix =
		    mem_printf("Content-Type: multipart/mixed; boundary=\"%s\"",
			g_mime_content_type_get_parameter(p->type, "boundary"));
		mail_lint_say(l, M_ALTERNATIVE, p->base + from + type->at,
		    type->name, detail, fix);
		free(fix);
	}
	free(detail);
	if (ct != NULL)
		g_object_unref(ct);
	message_free(&m);
}

static void
take_part(struct mail_lint *l, const struct part *p, size_t from, size_t to,
    int depth)
{
	if (is_type(p, "multipart", "alternative"))
		check_alternative(l, p, from, to);
	walk(l, p->base + from, p->base + to, depth + 1, false);
}

static void
walk_parts(struct mail_lint *l, const struct part *p, const char *boundary,
    int depth)
{
	size_t at = p->m.body;
	size_t from = SIZE_MAX; /* of the part that is open */
	size_t line, len;
	bool closed = false;
	bool any = false;
	char *end = mem_printf("--%s--", boundary);
	char *delimiter = mem_printf("--%s", boundary);

	while (
	    !closed && message_line(p->m.bytes, p->m.len, &at, &line, &len)) {
		const enum delimiter d = delimiter_of(p->m.bytes + line, len,
		    boundary);

		if (d == DELIMITER_NONE) {
			check_glued(l, p, line, len, delimiter);
			continue;
		}
		if (from != SIZE_MAX)
			take_part(l, p, from, line, depth);
		any = any || d == DELIMITER_NEXT;
		from = at;
		closed = d == DELIMITER_CLOSE;
	}
	if (!any) {
		say_field(l, p, M_BOUNDARY_UNUSED, "Content-Type", boundary,
		    NULL);
	} else if (!closed) {
		take_part(l, p, from, p->m.len, depth);
		mail_lint_say(l, M_NO_END, MAIL_LINT_NOWHERE, 0, boundary, end);
	}
	free(delimiter);
	free(end);
}

static void
walk_multipart(struct mail_lint *l, const struct part *p, int depth)
{
	static const char allowed[] = "'()+_,-./:=? ";
	const char *boundary = g_mime_content_type_get_parameter(p->type,
	    "boundary");
	bool bad = false;
	size_t n;

	if (p->encoding[0] != '\0' && strcmp(p->encoding, "7bit") != 0 &&
	    strcmp(p->encoding, "8bit") != 0 &&
	    strcmp(p->encoding, "binary") != 0)
		say_field(l, p, M_CTE_MULTIPART, "Content-Transfer-Encoding",
		    p->encoding, NULL);
	if (boundary == NULL || boundary[0] == '\0') {
		say_field(l, p, M_NO_BOUNDARY, "Content-Type", NULL, NULL);
		return;
	}
	n = strlen(boundary);
	for (size_t i = 0; i < n && !bad; i++)
		bad = !isalnum((unsigned char)boundary[i]) &&
		    strchr(allowed, boundary[i]) == NULL;
	if (bad || n > BOUNDARY_MAX || boundary[n - 1] == ' ')
		say_field(l, p, M_BOUNDARY_BAD, "Content-Type", NULL, NULL);
	walk_parts(l, p, boundary, depth);
}

/* ---- texts ------------------------------------------------------------------- */

/* The first byte of the body that is no ASCII; len: there is none. */
static size_t
first_8bit(const struct part *p)
{
	size_t i = p->m.body;

	while (i < p->m.len && (unsigned char)p->m.bytes[i] < 0x80)
		i++;
	return i;
}

static void
check_base64(struct mail_lint *l, const struct part *p)
{
	size_t at = p->m.body;
	size_t line, len;

	while (message_line(p->m.bytes, p->m.len, &at, &line, &len)) {
		size_t n = 0;

		while (n < len &&
		    (isalnum((unsigned char)p->m.bytes[line + n]) ||
			strchr("+/= \t", p->m.bytes[line + n]) != NULL))
			n++;
		if (n < len) {
			say(l, p, M_BASE64_BAD, line + n, 1, NULL, NULL);
			return;
		}
	}
}

static void
check_qp(struct mail_lint *l, const struct part *p)
{
	size_t at = p->m.body;
	size_t line, len;

	while (message_line(p->m.bytes, p->m.len, &at, &line, &len))
		for (size_t i = 0; i < len; i++) {
			const char *s = p->m.bytes + line + i;

			if (*s != '=')
				continue;
			/* At the end of a line, blanks may follow. */
			if (strspn(s + 1, " \t") >= len - i - 1)
				break;
			if (i + 2 < len && isxdigit((unsigned char)s[1]) &&
			    isxdigit((unsigned char)s[2]))
				continue;
			say(l, p, M_QP_BAD, line + i, 1, NULL, NULL);
			return;
		}
}

/* The body without its encoding; the caller frees with g_free(). */
static char *
decoded(const struct part *p, gsize *n)
{
	GMimeEncoding state;
	const size_t len = p->m.len - p->m.body;
	char *out;

	g_mime_encoding_init_decode(&state,
	    g_mime_content_encoding_from_string(p->encoding));
	out = g_malloc(g_mime_encoding_outlen(&state, len) + 1);
	*n = g_mime_encoding_flush(&state, p->m.bytes + p->m.body, len, out);
	return out;
}

static void
check_charset(struct mail_lint *l, const struct part *p)
{
	const char *charset = p->type == NULL ?
	    NULL :
	    g_mime_content_type_get_parameter(p->type, "charset");
	gsize n;
	char *text;

	if (charset == NULL || p->m.len - p->m.body > TEXT_LOOKED_AT)
		return;
	text = decoded(p, &n);
	if (!mail_words_is_text(charset, text, n))
		say_field(l, p, M_CHARSET_WRONG, "Content-Type", charset, NULL);
	g_free(text);
}

static void
check_leaf(struct mail_lint *l, const struct part *p)
{
	static const char *const known[] = { "", "7bit", "8bit", "binary",
		"base64", "quoted-printable" };
	const size_t odd = first_8bit(p);
	bool is_known = false;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		is_known = is_known || strcmp(p->encoding, known[i]) == 0;
	if (!is_known && strncmp(p->encoding, "x-", 2) != 0)
		say_field(l, p, M_CTE_UNKNOWN, "Content-Transfer-Encoding",
		    p->encoding, NULL);
	if (odd < p->m.len && strcmp(p->encoding, "8bit") != 0 &&
	    strcmp(p->encoding, "binary") != 0)
		say(l, p, M_BODY_8BIT, odd, 1,
		    p->encoding[0] == '\0' ? "absent, which means 7bit" :
					     p->encoding,
		    "Content-Transfer-Encoding: 8bit, or base64");
	if (strcmp(p->encoding, "base64") == 0)
		check_base64(l, p);
	if (strcmp(p->encoding, "quoted-printable") == 0)
		check_qp(l, p);
	if (is_type(p, "text", "*"))
		check_charset(l, p);
}

/* ---- parts ------------------------------------------------------------------- */

static void
take_fields(struct mail_lint *l, struct part *p)
{
	const struct message_field *type = message_find(&p->m, "Content-Type");
	const struct message_field *cte = message_find(&p->m,
	    "Content-Transfer-Encoding");
	char *value;

	if (type != NULL) {
		value = message_value(&p->m, type, VALUE_MAX);
		if (strchr(value, '/') == NULL || value[0] == '/')
			say(l, p, M_CONTENT_TYPE_BAD, type->at, type->len, NULL,
			    NULL);
		else
			p->type = g_mime_content_type_parse(NULL, value);
		free(value);
	}
	p->encoding = cte == NULL ? mem_strdup("") :
				    message_value(&p->m, cte, 80);
	for (char *s = p->encoding; *s != '\0'; s++)
		*s = (char)tolower((unsigned char)*s);
	/* A comment may follow. */
	p->encoding[strcspn(p->encoding, " \t(;")] = '\0';
}

static void
check_version(struct mail_lint *l, const struct part *p)
{
	if (message_find(&p->m, "MIME-Version") == NULL &&
	    (message_find(&p->m, "Content-Type") != NULL ||
		message_find(&p->m, "Content-Transfer-Encoding") != NULL))
		mail_lint_say(l, M_NO_MIME_VERSION, MAIL_LINT_NOWHERE, 0, NULL,
		    "MIME-Version: 1.0");
}

static void
walk(struct mail_lint *l, size_t from, size_t to, int depth, bool whole)
{
	struct part p = { .base = from };

	if (depth > DEPTH_MAX || l->parts++ >= PARTS_MAX) {
		mail_lint_say(l, M_TOO_MUCH, MAIL_LINT_NOWHERE, 0,
		    "there are very many parts, or very deep ones", NULL);
		return;
	}
	message_parse(&p.m, l->m->bytes + from, to - from);
	take_fields(l, &p);
	if (whole)
		check_version(l, &p);
	if (is_type(&p, "multipart", "*"))
		walk_multipart(l, &p, depth);
	else if (!is_type(&p, "message", "*"))
		check_leaf(l, &p);
	free(p.encoding);
	if (p.type != NULL)
		g_object_unref(p.type);
	message_free(&p.m);
}

void
mail_lint_mime(struct mail_lint *l)
{
	walk(l, 0, l->m->len, 0, true);
}
