/* failure_mail: finds a failure report in a mail. */
#include "ingest/decode/failure_mail.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "common/address.h"
#include "common/mem.h"
#include "common/num.h"
#include "ingest/decode/domain.h"
#include "ingest/decode/mail.h"
#include "ingest/limits.h"

/* How Exim and those who copied it begin what they say in place of a report. */
#define EXIM_TEXT                                                     \
	"A message claiming to be from you has failed the published " \
	"DMARC policy for your domain"

/* The parts that matter; all are the mail's. */
struct found {
	GMimeObject *feedback;
	GMimeObject *original; /* the mail that failed, or its header */
	GMimeObject *text;     /* with what Exim says */
	bool has_status;       /* it is a bounce */
	int parts;
};

bool
failure_mail_maybe(const char *bytes, size_t len)
{
	/* A type may be written in any case, a sentence is not. */
	static const char *const types[] = { "feedback-report",
		"Feedback-Report", "FEEDBACK-REPORT" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (memmem(bytes, len, types[i], strlen(types[i])) != NULL)
			return true;
	return memmem(bytes, len, "has failed the published", 24) != NULL;
}

/* ---- a mail in memory ------------------------------------------------------- */

static GMimeMessage *
parse(const char *bytes, size_t len)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	g_object_unref(stream);
	return m;
}

/* The decoded content of a part. */
static GByteArray *
content_of(GMimeObject *o)
{
	GMimeStream *mem = g_mime_stream_mem_new();
	GByteArray *bytes;

	if (GMIME_IS_PART(o) && g_mime_part_get_content(GMIME_PART(o)) != NULL)
		(void)
		    g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(
							    GMIME_PART(o)),
			mem);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem));
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(mem), FALSE);
	g_object_unref(mem);
	return bytes;
}

static bool
is_type(GMimeObject *o, const char *type, const char *subtype)
{
	GMimeContentType *t = g_mime_object_get_content_type(o);

	return t != NULL && g_mime_content_type_is_type(t, type, subtype);
}

static bool
is_original(GMimeObject *o)
{
	return GMIME_IS_MESSAGE_PART(o) ||
	    is_type(o, "text", "rfc822-headers") ||
	    is_type(o, "message", "rfc822-headers") ||
	    is_type(o, "message", "global-headers") ||
	    is_type(o, "text", "rfc822");
}

static bool
is_exim(GMimeObject *o)
{
	GByteArray *bytes;
	bool found;

	if (!is_type(o, "text", "plain") || !GMIME_IS_PART(o))
		return false;
	bytes = content_of(o);
	found = bytes->len > 0 &&
	    memmem(bytes->data, bytes->len, EXIM_TEXT, strlen(EXIM_TEXT)) !=
		NULL;
	(void)g_byte_array_free(bytes, TRUE);
	return found;
}

/* Of multiparts in multiparts, too, but not of mails in the mail. */
static void
look(struct found *f, GMimeObject *o, int depth)
{
	if (o == NULL || depth > LIMIT_MIME_DEPTH ||
	    f->parts++ > LIMIT_MIME_PARTS)
		return;
	if (GMIME_IS_MULTIPART(o)) {
		const int n = g_mime_multipart_get_count(GMIME_MULTIPART(o));

		for (int i = 0; i < n; i++)
			look(f,
			    g_mime_multipart_get_part(GMIME_MULTIPART(o), i),
			    depth + 1);
	} else if (f->feedback == NULL &&
	    is_type(o, "message", "feedback-report")) {
		f->feedback = o;
	} else if (is_type(o, "message", "delivery-status") ||
	    is_type(o, "message", "disposition-notification")) {
		f->has_status = true;
	} else if (f->original == NULL && is_original(o)) {
		f->original = o;
	} else if (f->text == NULL && is_exim(o)) {
		f->text = o;
	}
}

/* ---- fields ------------------------------------------------------------------ */

static const char *
field(GMimeMessage *m, const char *name)
{
	const char *s = g_mime_object_get_header(GMIME_OBJECT(m), name);

	return s == NULL || s[strspn(s, " \t\r\n")] == '\0' ? NULL : s;
}

/* Its value as one line; the caller owns it. */
static char *
text_of(const char *s)
{
	char *out = mail_text(s);
	char *end;

	if (out == NULL)
		return NULL;
	if (strlen(out) > LIMIT_FAILURE_TEXT) {
		end = g_utf8_find_prev_char(out, out + LIMIT_FAILURE_TEXT + 1);
		*end = '\0';
	}
	return g_strstrip(out);
}

/* The first word, in lower case, without a comment behind it. */
static char *
word_of(const char *s)
{
	char *out = text_of(s);

	if (out == NULL)
		return NULL;
	out[strcspn(out, " \t(;,")] = '\0';
	for (char *c = out; *c != '\0'; c++)
		*c = (char)g_ascii_tolower(*c);
	if (strlen(out) > LIMIT_FAILURE_WORD || out[0] == '\0') {
		free(out);
		return NULL;
	}
	return out;
}

/* The part behind the last @, as we keep domains; NULL: it is none. */
static char *
domain_of(const char *s)
{
	char out[DOMAIN_SIZE];
	char *text = text_of(s);
	uint64_t quirks = 0;
	char *start;

	if (text == NULL)
		return NULL;
	start = strrchr(text, '@');
	start = start == NULL ? text : start + 1;
	start[strcspn(start, " \t<>(),;")] = '\0';
	out[0] = '\0';
	if (*start != '\0')
		domain_normalise(start, out, &quirks);
	free(text);
	return out[0] == '\0' ? NULL : mem_strdup(out);
}

static char *
address_of(const char *s)
{
	struct address a;
	char buf[ADDRESS_LEN];
	char *text = text_of(s);
	char *start = text;
	bool ok;

	if (text == NULL)
		return NULL;
	if (*start == '[')
		start++;
	if (g_ascii_strncasecmp(start, "IPv6:", 5) == 0)
		start += 5;
	start[strcspn(start, "] \t(")] = '\0';
	ok = address_parse(start, &a);
	free(text);
	return ok ? mem_strdup(address_text(&a, buf)) : NULL;
}

/* Seconds since 1970; 0: it is no date, or an absurd one. */
static int64_t
date_of(const char *s)
{
	GDateTime *date = s == NULL ? NULL : g_mime_utils_header_decode_date(s);
	int64_t epoch = date == NULL ? 0 : g_date_time_to_unix(date);

	if (date != NULL)
		g_date_time_unref(date);
	return epoch < 0 || epoch > LIMIT_EPOCH ? 0 : epoch;
}

static void
set(struct failure_report *f, enum failure_text which, char *text)
{
	free(f->texts[which]);
	f->texts[which] = text;
}

/* ---- what failed --------------------------------------------------------------- */

static void
take_original(struct failure_report *f, GMimeMessage *m)
{
	set(f, FAILURE_FROM, text_of(field(m, "From")));
	set(f, FAILURE_SUBJECT, text_of(field(m, "Subject")));
	set(f, FAILURE_MESSAGE_ID, text_of(field(m, "Message-ID")));
	if (f->texts[FAILURE_DOMAIN] == NULL)
		set(f, FAILURE_DOMAIN, domain_of(field(m, "From")));
}

/* Header fields, behind which there may be the rest of a mail. */
static void
read_header(struct failure_report *f, const char *bytes, size_t len)
{
	GMimeMessage *m = parse(bytes,
	    len < LIMIT_MAIL_HEADER ? len : LIMIT_MAIL_HEADER);

	if (m == NULL)
		return;
	take_original(f, m);
	g_object_unref(m);
}

static void
read_original(struct failure_report *f, GMimeObject *o)
{
	GByteArray *bytes;

	if (GMIME_IS_MESSAGE_PART(o)) {
		GMimeMessage *m = g_mime_message_part_get_message(
		    GMIME_MESSAGE_PART(o));

		if (m != NULL)
			take_original(f, m);
		return;
	}
	bytes = content_of(o);
	if (bytes->len > 0)
		read_header(f, (const char *)bytes->data, bytes->len);
	(void)g_byte_array_free(bytes, TRUE);
}

/* ---- feedback -------------------------------------------------------------------- */

static void
read_fields(struct failure_report *f, GMimeMessage *m)
{
	static const struct {
		enum failure_text text;
		const char *name;
	} texts[] = {
		{ FAILURE_DKIM_SELECTOR, "DKIM-Selector" },
		{ FAILURE_DKIM_IDENTITY, "DKIM-Identity" },
		{ FAILURE_SPF_DNS, "SPF-DNS" },
		{ FAILURE_AUTH_RESULTS, "Authentication-Results" },
		{ FAILURE_ALIGNMENT, "Identity-Alignment" },
		{ FAILURE_MAIL_FROM, "Original-Mail-From" },
		{ FAILURE_RCPT_TO, "Original-Rcpt-To" },
		{ FAILURE_MTA, "Reporting-MTA" },
		{ FAILURE_AGENT, "User-Agent" },
	};
	const char *date = field(m, "Arrival-Date");

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		set(f, texts[i].text, text_of(field(m, texts[i].name)));
	set(f, FAILURE_DOMAIN, domain_of(field(m, "Reported-Domain")));
	set(f, FAILURE_TYPE, word_of(field(m, "Auth-Failure")));
	set(f, FAILURE_RESULT, word_of(field(m, "Delivery-Result")));
	set(f, FAILURE_SOURCE_IP, address_of(field(m, "Source-IP")));
	set(f, FAILURE_DKIM_DOMAIN, domain_of(field(m, "DKIM-Domain")));
	f->arrival = date_of(date == NULL ? field(m, "Received-Date") : date);
	if (field(m, "Incidents") != NULL &&
	    !num_int64(field(m, "Incidents"), 1, LIMIT_COUNT, &f->incidents))
		f->incidents = 1;
}

static enum failure_mail
read_feedback(struct failure_report *f, GMimeObject *part)
{
	GByteArray *bytes = content_of(part);
	size_t pad = 0;
	GMimeMessage *m;
	enum failure_mail end = FAILURE_MAIL_COMPLAINT;
	char *type;

	while (pad < bytes->len && strchr(" \t\r\n", bytes->data[pad]) != NULL)
		pad++;
	m = pad == bytes->len ?
	    NULL :
	    parse((const char *)bytes->data + pad, bytes->len - pad);
	type = m == NULL ? NULL : word_of(field(m, "Feedback-Type"));
	if (m != NULL &&
	    (type == NULL ? field(m, "Auth-Failure") != NULL :
			    strcmp(type, "auth-failure") == 0)) {
		read_fields(f, m);
		end = FAILURE_MAIL_REPORT;
	} else if (type == NULL) {
		end = FAILURE_MAIL_NONE;
	}
	free(type);
	if (m != NULL)
		g_object_unref(m);
	(void)g_byte_array_free(bytes, TRUE);
	return end;
}

/* ---- Exim's text ------------------------------------------------------------------ */

/* The value of the line "  NAME: value"; the caller frees it. */
static char *
line_value(const char *text, const char *name)
{
	const char *at = strstr(text, name);
	char *value;
	char *out;

	if (at == NULL)
		return NULL;
	at += strlen(name);
	value = g_strndup(at, strcspn(at, "\r\n"));
	out = text_of(value);
	g_free(value);
	return out;
}

/* "None, Accept": what was asked for, and what was done. */
static char *
exim_result(const char *s)
{
	static const struct {
		const char *said;
		const char *result;
	} words[] = {
		{ "accept", "delivered" },
		{ "reject", "reject" },
		{ "quarantine", "spam" },
	};
	const char *done = s == NULL ? NULL : strchr(s, ',');

	for (size_t i = 0; done != NULL && i < sizeof(words) / sizeof(words[0]);
	     i++)
		if (strcasestr(done, words[i].said) != NULL)
			return mem_strdup(words[i].result);
	return NULL;
}

static void
read_exim(struct failure_report *f, GMimeObject *part)
{
	GByteArray *bytes = content_of(part);
	char *text = g_strndup((const char *)bytes->data, bytes->len);
	char *copy = strstr(text, "This is a copy of the headers");
	char *value;

	if (copy != NULL) {
		*copy++ = '\0';
		copy += strcspn(copy, "\n");
		copy += strspn(copy, " \t\r\n");
	}
	value = line_value(text, "Sender Domain:");
	set(f, FAILURE_DOMAIN, domain_of(value));
	free(value);
	value = line_value(text, "Sender IP Address:");
	set(f, FAILURE_SOURCE_IP, address_of(value));
	free(value);
	value = line_value(text, "Received date:");
	f->arrival = date_of(value);
	free(value);
	value = line_value(text, "DMARC Results:");
	set(f, FAILURE_RESULT, exim_result(value));
	free(value);
	set(f, FAILURE_TYPE, mem_strdup("dmarc"));
	if (copy != NULL)
		read_header(f, copy, strlen(copy));
	g_free(text);
	(void)g_byte_array_free(bytes, TRUE);
}

/* ---- the mail ------------------------------------------------------------------------ */

static enum failure_mail
read_found(const struct found *found, struct failure_report *f)
{
	enum failure_mail end;

	if (found->has_status ||
	    (found->feedback == NULL && found->text == NULL))
		return FAILURE_MAIL_NONE;
	f->incidents = 1;
	if (found->feedback == NULL) {
		read_exim(f, found->text);
		return FAILURE_MAIL_REPORT;
	}
	end = read_feedback(f, found->feedback);
	if (end == FAILURE_MAIL_REPORT && found->original != NULL)
		read_original(f, found->original);
	return end;
}

enum failure_mail
failure_mail_read(const char *bytes, size_t len, struct failure_report **out)
{
	GMimeMessage *m = parse(bytes, len);
	struct failure_report *f = mem_calloc(1, sizeof(*f));
	struct found found = { 0 };
	enum failure_mail end;

	if (m != NULL)
		look(&found, m->mime_part, 0);
	end = read_found(&found, f);
	if (m != NULL)
		g_object_unref(m);
	if (end != FAILURE_MAIL_REPORT) {
		failure_free(f);
		f = NULL;
	}
	*out = f;
	return end;
}
