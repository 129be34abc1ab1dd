/* mime_plain: a mail as nearly all reporters send it, taken as it lies. */
#include "ingest/decode/mime_plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "common/mem.h"
#include "ingest/decode/auth_results.h"
#include "ingest/decode/base64.h"
#include "ingest/decode/bounce.h"
#include "ingest/limits.h"
#include "ingest/decode/mime_value.h"

/* A reporter sends one part or two. */
#define PARTS 8

enum field {
	FIELD_TYPE,
	FIELD_DISPOSITION,
	FIELD_ENCODING,
	FIELD_FROM,
	FIELD_DATE,
	FIELD_MESSAGE_ID,
	FIELD_RETURN_PATH,
	FIELD_SUBJECT,
	FIELD_COUNT,
	FIELD_AUTH, /* the one that may be there more than once */
	/* It tells what kind of mail this is, which mime_tree() finds out. */
	FIELD_TELLING,
	FIELD_OTHER
};

#define NAME(name) name, sizeof(name) - 1

static const struct {
	const char *name;
	size_t len;
	enum field field;
} fields[] = {
	{ NAME("Content-Type"), FIELD_TYPE },
	{ NAME("Content-Disposition"), FIELD_DISPOSITION },
	{ NAME("Content-Transfer-Encoding"), FIELD_ENCODING },
	{ NAME("From"), FIELD_FROM },
	{ NAME("Date"), FIELD_DATE },
	{ NAME("Message-ID"), FIELD_MESSAGE_ID },
	{ NAME("Return-Path"), FIELD_RETURN_PATH },
	{ NAME("Subject"), FIELD_SUBJECT },
	{ NAME("Authentication-Results"), FIELD_AUTH },
	{ NAME("TLS-Report-Domain"), FIELD_TELLING },
	{ NAME("X-Failed-Recipients"), FIELD_TELLING },
	{ NAME("Auto-Submitted"), FIELD_TELLING },
	{ NAME("X-Apple-Content-Length"), FIELD_TELLING },
};

/* The fields of a mail or part, and what follows them. */
struct entity {
	struct text values[FIELD_COUNT];
	struct text auth[LIMIT_AUTH_FIELDS]; /* the topmost */
	size_t n_auth;
	struct text content;
};

struct part {
	struct text content; /* still encoded */
	GMimeContentEncoding encoding;
	const char *name; /* NULL: none */
	bool is_text;
};

struct plain {
	bool crlf; /* all lines that matter end so, or none */
	struct entity mail;
	struct part parts[PARTS];
	size_t n;
	struct values values; /* that were needed, as strings */
};

/* ---- header fields ------------------------------------------------------- */

static enum field
field_of(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].len == len &&
		    strncasecmp(fields[i].name, name, len) == 0)
			return fields[i].field;
	return FIELD_OTHER;
}

/* The length of the line at s with its end, 0: it ends in another way. */
static size_t
line_length(const char *s, const char *end, bool crlf)
{
	const char *nl = memchr(s, '\n', (size_t)(end - s));

	if (nl == NULL || (nl > s && nl[-1] == '\r') != crlf)
		return 0;
	return (size_t)(nl + 1 - s);
}

/* The length of the field at s with its folded lines, 0: it is odd. */
static size_t
field_length(const char *s, const char *end, bool crlf)
{
	size_t total = line_length(s, end, crlf);
	size_t n = total;

	while (
	    n > 0 && s + total < end && (s[total] == ' ' || s[total] == '\t')) {
		n = line_length(s + total, end, crlf);
		/* A line of blanks: some take it for the end of the header. */
		if (n == 0 || strspn(s + total, " \t\r") + 1 == n)
			return 0;
		total += n;
	}
	return total;
}

/* The length of a name before its colon, 0: it is none. */
static size_t
name_length(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] > ' ' && s[n] < 0x7f && s[n] != ':')
		n++;
	return n < len && s[n] == ':' ? n : 0;
}

/* Keep the value of a field that matters; false: not plain. */
static bool
take_field(struct entity *e, const char *s, size_t len)
{
	const size_t name = name_length(s, len);
	enum field field;

	if (name == 0)
		return false;
	field = field_of(s, name);
	if (field == FIELD_OTHER)
		return true;
	if (field == FIELD_AUTH) {
		/* GMime's ends there. */
		if (memchr(s, '\0', len) != NULL)
			return false;
		if (e->n_auth < LIMIT_AUTH_FIELDS)
			e->auth[e->n_auth++] = (struct text){ s + name + 1,
				len - name - 1 };
		return true;
	}
	if (field == FIELD_TELLING || e->values[field].s != NULL)
		return false;
	e->values[field] = (struct text){ s + name + 1, len - name - 1 };
	return true;
}

/* Take apart fields, empty line and content. */
static bool
take_entity(struct entity *e, const char *s, const char *end, bool crlf)
{
	const size_t empty = crlf ? 2 : 1;
	size_t n = line_length(s, end, crlf);

	*e = (struct entity){ 0 };
	while (n > empty) {
		n = field_length(s, end, crlf);
		if (n == 0 || !take_field(e, s, n))
			return false;
		s += n;
		n = line_length(s, end, crlf);
	}
	e->content = (struct text){ s + n, (size_t)(end - s) - n };
	return n > 0;
}

/* ---- parts --------------------------------------------------------------- */

static bool
begins(const char *s, const char *with)
{
	return g_ascii_strncasecmp(s, with, strlen(with)) == 0;
}

static bool
take_encoding(struct plain *p, const struct text *field,
    GMimeContentEncoding *encoding)
{
	static const char *const known[] = { "base64", "7bit", "8bit", "binary",
		"quoted-printable" };
	const char *text;

	*encoding = GMIME_CONTENT_ENCODING_DEFAULT;
	if (field->s == NULL)
		return true;
	text = value_unfold(&p->values, field);
	for (size_t i = 0; text != NULL && i < sizeof(known) / sizeof(known[0]);
	     i++) {
		if (g_ascii_strcasecmp(known[i], text) != 0)
			continue;
		*encoding = g_mime_content_encoding_from_string(text);
		return true;
	}
	return false;
}

/* All lines end in the same way. */
static bool
is_uniform(const struct text *content, bool crlf)
{
	const char *end = content->s + content->len;
	const char *nl = content->s;

	while ((nl = memchr(nl, '\n', (size_t)(end - nl))) != NULL) {
		if ((nl > content->s && nl[-1] == '\r') != crlf)
			return false;
		nl++;
	}
	return true;
}

/* One more part, of this type. */
static bool
take_part(struct plain *p, const struct entity *e, const struct value *type)
{
	struct part part = { .content = e->content };
	struct value disposition;

	if (p->n == PARTS || e->content.len == 0 ||
	    !is_uniform(&e->content, p->crlf) ||
	    !value_take(&p->values, &e->values[FIELD_DISPOSITION],
		&disposition) ||
	    !take_encoding(p, &e->values[FIELD_ENCODING], &part.encoding))
		return false;
	/* No type is text/plain (RFC 2045 5.2). */
	if (type->word != NULL &&
	    (strchr(type->word, '/') == NULL ||
		begins(type->word, "multipart/") ||
		begins(type->word, "message/")))
		return false;
	part.is_text = type->word == NULL || begins(type->word, "text/");
	part.name = disposition.filename != NULL ? disposition.filename :
						   type->name;
	p->parts[p->n++] = part;
	return true;
}

/* The next line from s on that begins with the delimiter, NULL: none. */
static const char *
next_delimiter(const char *s, const char *end, const char *delimiter, size_t n)
{
	const char *at = s;

	while ((at = memmem(at, (size_t)(end - at), delimiter, n)) != NULL) {
		if (at == s || at[-1] == '\n')
			return at;
		at++;
	}
	return NULL;
}

/* One more part: its fields and its content, up to the delimiter. */
static bool
take_entity_part(struct plain *p, const char *s, const char *delimiter)
{
	const size_t n = p->crlf ? 2 : 1;
	const char *end = delimiter - n;
	struct entity e;
	struct value type;

	/* The line end before a delimiter is the delimiter's. */
	if (end <= s || (delimiter[-2] == '\r') != p->crlf)
		return false;
	return take_entity(&e, s, end, p->crlf) &&
	    value_take(&p->values, &e.values[FIELD_TYPE], &type) &&
	    take_part(p, &e, &type);
}

/* What follows a delimiter: the line's end, perhaps after "--"; then the next
 * line.  NULL: something else. */
static const char *
after_delimiter(const struct plain *p, const char *s, const char *end,
    bool *closed)
{
	const size_t n = p->crlf ? 2 : 1;

	*closed = end - s >= 2 && memcmp(s, "--", 2) == 0;
	if (*closed)
		s += 2;
	return line_length(s, end, p->crlf) == n ? s + n : NULL;
}

/*
 * The parts between the delimiters.  Each must be a line of its own with
 * nothing behind it, the last must be there, and nothing like it after that.
 */
static bool
take_parts(struct plain *p, const char *delimiter)
{
	const size_t n = strlen(delimiter);
	const char *end = p->mail.content.s + p->mail.content.len;
	const char *at = next_delimiter(p->mail.content.s, end, delimiter, n);
	const char *start = NULL;
	bool closed = false;

	/* One that is glued to the text before it is for mime_tree(). */
	if (at == NULL ||
	    memmem(p->mail.content.s, (size_t)(at - p->mail.content.s),
		delimiter, n) != NULL)
		return false;
	while (at != NULL && !closed) {
		if (start != NULL && !take_entity_part(p, start, at))
			return false;
		start = after_delimiter(p, at + n, end, &closed);
		if (start == NULL)
			return false;
		at = next_delimiter(start, end, delimiter, n);
	}
	return closed && at == NULL && p->n > 0;
}

static bool
take_multipart(struct plain *p, const struct value *type)
{
	char delimiter[2 + 70 + 1];

	/* Blanks in a boundary are read in more than one way. */
	if (g_ascii_strcasecmp(type->word, "multipart/mixed") != 0 ||
	    type->boundary == NULL || strlen(type->boundary) > 70 ||
	    strpbrk(type->boundary, " \t") != NULL)
		return false;
	(void)snprintf(delimiter, sizeof(delimiter), "--%s", type->boundary);
	return take_parts(p, delimiter);
}

/* ---- the mail ------------------------------------------------------------ */

/* "<>" is how a bounce is sent; mime_tree() says what it is. */
static bool
is_sent_by_somebody(const struct text *return_path)
{
	return return_path->s == NULL ||
	    memmem(return_path->s, return_path->len, "<>", 2) == NULL;
}

static char *
auth_results(const struct entity *mail)
{
	struct auth_results r;
	char *out;

	auth_results_init(&r);
	for (size_t i = 0; i < mail->n_auth &&
	     auth_results_add(&r, mail->auth[i].s, mail->auth[i].len);
	     i++)
		;
	out = mem_strdup(buf_str(&r.text));
	auth_results_free(&r);
	return out;
}

/* Whether it names a report; false: it is odd. */
static bool
take_subject(struct plain *p, const struct text *field, bool *names)
{
	const char *text;

	*names = false;
	if (field->s == NULL)
		return true;
	text = value_unfold(&p->values, field);
	*names = text != NULL && subject_names_report(text);
	return text != NULL;
}

static bool
fill_info(struct plain *p, struct mail_info *info)
{
	const struct text *values = p->mail.values;
	struct mail_info out = { .kind = MAIL_PLAIN };

	if (is_sent_by_somebody(&values[FIELD_RETURN_PATH]) &&
	    take_subject(p, &values[FIELD_SUBJECT], &out.names_report) &&
	    value_from(&p->values, &values[FIELD_FROM], &out.from) &&
	    value_date(&p->values, &values[FIELD_DATE], &out.date) &&
	    value_message_id(&p->values, &values[FIELD_MESSAGE_ID],
		&out.message_id)) {
		out.auth_results = auth_results(&p->mail);
		*info = out;
		return true;
	}
	mail_info_free(&out);
	return false;
}

/* The content as it was before it was encoded, the caller's to free. */
static char *
decoded_content(const struct part *part, size_t *n)
{
	const struct text *content = &part->content;
	GMimeEncoding state;
	char *out;

	g_mime_encoding_init_decode(&state, part->encoding);
	out = mem_realloc(NULL, g_mime_encoding_outlen(&state, content->len),
	    1);
	*n = part->encoding == GMIME_CONTENT_ENCODING_BASE64 ?
	    base64_decode(content->s, content->len, out) :
	    g_mime_encoding_flush(&state, content->s, content->len, out);
	return out;
}

/* Decode a part and hand it out. */
static enum diag_code
hand_out(const struct part *part, const struct mime_visitor *v, struct diag *d)
{
	struct text bytes = part->content;
	char *decoded = NULL;
	enum diag_code code;

	if (part->encoding == GMIME_CONTENT_ENCODING_BASE64 ||
	    part->encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) {
		decoded = decoded_content(part, &bytes.len);
		bytes.s = decoded;
	}
	code = v->part(v->ctx, part->name == NULL ? "" : part->name,
	    part->name == NULL && part->is_text, bytes.s, bytes.len, d);
	free(decoded);
	return code;
}

bool
mime_plain(const char *bytes, size_t len, struct mail_info *info,
    const struct mime_visitor *v, struct diag *d, enum diag_code *code)
{
	struct plain p;
	struct value type;
	const char *nl = memchr(bytes, '\n', len);

	p.crlf = nl != NULL && nl > bytes && nl[-1] == '\r';
	p.n = p.values.used = 0;
	if (!take_entity(&p.mail, bytes, bytes + len, p.crlf) ||
	    !value_take(&p.values, &p.mail.values[FIELD_TYPE], &type))
		return false;
	if (type.word != NULL && begins(type.word, "multipart/") ?
		!take_multipart(&p, &type) :
		!take_part(&p, &p.mail, &type))
		return false;
	if (!fill_info(&p, info))
		return false;
	*code = DIAG_OK;
	for (size_t i = 0; i < p.n && *code == DIAG_OK; i++)
		*code = hand_out(&p.parts[i], v, d);
	return true;
}
