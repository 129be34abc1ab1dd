/* mime_tree: any mail, however it is built or broken, as GMime reads it. */
#include "ingest/decode/mime_tree.h"

#include <string.h>

#include <gmime/gmime.h>

#include "common/mem.h"
#include "ingest/decode/auth_results.h"
#include "ingest/decode/base64.h"
#include "ingest/decode/bounce.h"
#include "ingest/decode/fields.h"
#include "ingest/limits.h"

struct tree_walk {
	const struct mime_visitor *v;
	struct mail_info *info;
	size_t parts;
	bool again; /* a prologue is being read as parts */
	struct diag *d;
};

static enum diag_code
walk_object(struct tree_walk *w, GMimeObject *o, int depth);
static enum diag_code
walk_bytes(struct tree_walk *w, const char *bytes, size_t len, int depth);

/* The content as it lies in the mail, or decoded by GMime; base64 is ours. */
static GByteArray *
content_of(GMimeDataWrapper *content)
{
	GMimeStream *mem = g_mime_stream_mem_new();
	GByteArray *bytes;

	if (g_mime_data_wrapper_get_encoding(content) ==
	    GMIME_CONTENT_ENCODING_BASE64) {
		GMimeStream *raw = g_mime_data_wrapper_get_stream(content);

		(void)g_mime_stream_reset(raw);
		(void)g_mime_stream_write_to_stream(raw, mem);
		bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
		bytes->len = (guint)base64_decode((const char *)bytes->data,
		    bytes->len, (char *)bytes->data);
	} else {
		(void)g_mime_data_wrapper_write_to_stream(content, mem);
		bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
	}
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(mem), FALSE);
	g_object_unref(mem);
	return bytes;
}

/* Its content lies elsewhere: Apple Mail says so, and so does the type. */
static bool
is_elsewhere(GMimeObject *o)
{
	GMimeContentType *type = g_mime_object_get_content_type(o);

	return g_mime_object_get_header(o, "X-Apple-Content-Length") != NULL ||
	    (type != NULL &&
		g_mime_content_type_is_type(type, "message", "partial"));
}

/* Decode a part and hand it out. */
static enum diag_code
hand_out(struct tree_walk *w, GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	const char *name = g_mime_part_get_filename(part);
	const bool body = name == NULL &&
	    g_mime_content_type_is_type(g_mime_object_get_content_type(
					    GMIME_OBJECT(part)),
		"text", "*");
	GByteArray *bytes;
	enum diag_code code;

	if (is_elsewhere(GMIME_OBJECT(part)))
		w->info->is_partial = true;
	if (content == NULL)
		return DIAG_OK;
	bytes = content_of(content);
	code = w->v->part(w->v->ctx, name == NULL ? "" : name, body,
	    bytes->data, bytes->len, w->d);
	(void)g_byte_array_free(bytes, TRUE);
	return code;
}

/*
 * The message inside a bounce or a failure report is what somebody sent, not
 * a report that was sent to us, so it is left alone.
 */
static bool
is_about_a_mail(GMimeMultipart *m)
{
	GMimeContentType *type = g_mime_object_get_content_type(
	    GMIME_OBJECT(m));
	const char *report = g_mime_content_type_get_parameter(type,
	    "report-type");

	if (bounce_has_feedback(GMIME_OBJECT(m)))
		return true;
	return g_mime_content_type_is_type(type, "multipart", "report") &&
	    report != NULL &&
	    (g_ascii_strcasecmp(report, "delivery-status") == 0 ||
		g_ascii_strcasecmp(report, "disposition-notification") == 0 ||
		g_ascii_strcasecmp(report, "feedback-report") == 0);
}

/* A line that begins with two hyphens and is followed by a header field is taken
 * for the boundary that the mail does not name. */
static char *
find_boundary(const char *text)
{
	const char *s = text;

	while (s != NULL) {
		const size_t n = strcspn(s, "\r\n");
		const char *next = s + n + strspn(s + n, "\r");

		if (n > 2 && n < 73 && strncmp(s, "--", 2) == 0 &&
		    *next == '\n' &&
		    fields_is_field(next + 1, strlen(next + 1)))
			return g_strndup(s + 2, n - 2);
		s = strchr(s, '\n');
		s = s == NULL ? NULL : s + 1;
	}
	return NULL;
}

/* The text from the first delimiter on, wherever in its line that is. */
static const char *
find_delimiter(const char *text, const char *boundary)
{
	char *delimiter = g_strdup_printf("--%s", boundary);
	const char *at = strstr(text, delimiter);
	const char *behind = at == NULL ? "" : at + strlen(delimiter);

	g_free(delimiter);
	behind += strspn(behind, " \t\r");
	return at != NULL && *behind == '\n' ? at : NULL;
}

/*
 * Text before the first part may hold parts: a delimiter that is glued to it, or
 * a boundary that the mail does not name.  They are read as a mail of their own.
 */
static enum diag_code
walk_prologue(struct tree_walk *w, GMimeMultipart *m, int depth)
{
	const char *text = g_mime_multipart_get_prologue(m);
	/* Asked for its boundary, GMime makes one up. */
	const char *said =
	    g_mime_content_type_get_parameter(g_mime_object_get_content_type(
						  GMIME_OBJECT(m)),
		"boundary");
	char *boundary = NULL;
	const char *at = NULL;
	enum diag_code code = DIAG_OK;

	if (text == NULL || w->again)
		return DIAG_OK;
	boundary = said == NULL || said[0] == '\0' ? find_boundary(text) :
						     g_strdup(said);
	if (boundary != NULL)
		at = find_delimiter(text, boundary);
	if (at != NULL) {
		char *mail = g_strdup_printf(
		    "Content-Type: multipart/mixed; boundary=\"%s\"\n\n%s\n--%s--"
		    "\n",
		    boundary, at, boundary);

		w->again = true;
		code = walk_bytes(w, mail, strlen(mail), depth + 1);
		w->again = false;
		g_free(mail);
	} else if (g_mime_multipart_get_count(m) == 0 &&
	    text[strspn(text, " \t\r\n")] != '\0') {
		w->info->lacks_parts = true;
	}
	g_free(boundary);
	return code;
}

static enum diag_code
walk_multipart(struct tree_walk *w, GMimeMultipart *m, int depth)
{
	const bool about = is_about_a_mail(m);
	const int n = g_mime_multipart_get_count(m);
	enum diag_code code = walk_prologue(w, m, depth);

	for (int i = 0; i < n && code == DIAG_OK; i++) {
		GMimeObject *part = g_mime_multipart_get_part(m, i);

		if (about && GMIME_IS_MESSAGE_PART(part))
			continue;
		code = walk_object(w, part, depth + 1);
	}
	return code;
}

static enum diag_code
walk_object(struct tree_walk *w, GMimeObject *o, int depth)
{
	GMimeMessage *inner;

	if (depth > LIMIT_MIME_DEPTH)
		return diag_set(w->d, DIAG_LIMIT, REASON_MAIL_TOO_DEEP,
		    "mail is nested over %d levels", LIMIT_MIME_DEPTH);
	if (w->parts++ > LIMIT_MIME_PARTS)
		return diag_set(w->d, DIAG_LIMIT, REASON_TOO_MANY_PARTS,
		    "mail has over %d parts", LIMIT_MIME_PARTS);
	if (GMIME_IS_MULTIPART(o))
		return walk_multipart(w, GMIME_MULTIPART(o), depth);
	if (GMIME_IS_MESSAGE_PART(o)) {
		inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(o));
		if (inner == NULL || inner->mime_part == NULL)
			return DIAG_OK;
		if (bounce_is(inner)) {
			w->info->has_bounce = true;
			return DIAG_OK;
		}
		return walk_object(w, inner->mime_part, depth + 1);
	}
	if (GMIME_IS_PART(o))
		return hand_out(w, GMIME_PART(o));
	return DIAG_OK;
}

static enum mail_kind
kind_of_type(GMimeContentType *type)
{
	const char *report;

	if (type == NULL ||
	    !g_mime_content_type_is_type(type, "multipart", "report"))
		return MAIL_PLAIN;
	report = g_mime_content_type_get_parameter(type, "report-type");
	if (report == NULL)
		return MAIL_PLAIN;
	if (g_ascii_strcasecmp(report, "delivery-status") == 0)
		return MAIL_BOUNCE;
	if (g_ascii_strcasecmp(report, "feedback-report") == 0)
		return MAIL_FAILURE_REPORT;
	if (g_ascii_strcasecmp(report, "tlsrpt") == 0)
		return MAIL_TLS_REPORT;
	return MAIL_PLAIN;
}

static enum mail_kind
kind_of(GMimeMessage *m)
{
	enum mail_kind kind = MAIL_PLAIN;

	if (g_mime_object_get_header(GMIME_OBJECT(m), "TLS-Report-Domain") !=
	    NULL)
		return MAIL_TLS_REPORT;
	if (m->mime_part != NULL)
		kind = kind_of_type(
		    g_mime_object_get_content_type(m->mime_part));
	if (kind == MAIL_PLAIN && bounce_is(m))
		return MAIL_BOUNCE;
	return kind;
}

/* The fields of the outermost mail: those who received it wrote them. */
static char *
auth_results(GMimeMessage *m)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(m));
	const int n = g_mime_header_list_get_count(list);
	struct auth_results r;
	char *out;

	auth_results_init(&r);
	for (int i = 0; i < n; i++) {
		GMimeHeader *h = g_mime_header_list_get_header_at(list, i);
		const char *value = g_mime_header_get_raw_value(h);

		if (value != NULL &&
		    g_ascii_strcasecmp(g_mime_header_get_name(h),
			"Authentication-Results") == 0 &&
		    !auth_results_add(&r, value, strlen(value)))
			break;
	}
	out = mem_strdup(buf_str(&r.text));
	auth_results_free(&r);
	return out;
}

static void
fill_info(struct mail_info *info, GMimeMessage *m)
{
	GDateTime *date = g_mime_message_get_date(m);
	char *from = internet_address_list_to_string(g_mime_message_get_from(m),
	    NULL, FALSE);
	const char *path = g_mime_object_get_header(GMIME_OBJECT(m),
	    "Return-Path");

	info->kind = kind_of(m);
	info->by_nobody = path != NULL && strstr(path, "<>") != NULL;
	info->names_report = subject_names_report(
	    g_mime_message_get_subject(m));
	info->message_id = mail_text(g_mime_message_get_message_id(m));
	info->from = mail_text(from);
	info->auth_results = auth_results(m);
	if (date != NULL)
		info->date = g_date_time_to_unix(date);
	g_free(from);
}

/* Parse anew, for the parts alone. */
static enum diag_code
walk_bytes(struct tree_walk *w, const char *bytes, size_t len, int depth)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);
	enum diag_code code = DIAG_OK;

	if (m != NULL && m->mime_part != NULL)
		code = walk_object(w, m->mime_part, depth);
	if (m != NULL)
		g_object_unref(m);
	g_object_unref(parser);
	g_object_unref(stream);
	return code;
}

enum diag_code
mime_tree(const void *bytes, size_t len, struct mail_info *info,
    const struct mime_visitor *v, struct diag *d)
{
	struct tree_walk w = { .v = v, .info = info, .d = d };
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;
	enum diag_code code = DIAG_OK;

	*info = (struct mail_info){ 0 };
	stream = g_mime_stream_mem_new_with_buffer(bytes, len);
	parser = g_mime_parser_new_with_stream(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	if (message == NULL) {
		code = diag_set(d, DIAG_FORMAT, REASON_BROKEN_MAIL,
		    "mail cannot be read");
	} else {
		fill_info(info, message);
		/* Of a bounce nothing is read. */
		if (message->mime_part != NULL && info->kind != MAIL_BOUNCE)
			code = walk_object(&w, message->mime_part, 0);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	return code;
}
