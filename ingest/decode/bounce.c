/* bounce: mails that report what became of another mail. */
#include "ingest/decode/bounce.h"

#include <string.h>
#include <strings.h>

#include "ingest/limits.h"

/* What is known of the parts of a mail. */
struct parts {
	size_t n;
	bool has_status; /* a delivery status or its like */
	bool has_mail;   /* another mail, or its header fields */
};

static bool
is_type(GMimeObject *o, const char *type, const char *const *subtypes)
{
	GMimeContentType *t = g_mime_object_get_content_type(o);

	for (; t != NULL && *subtypes != NULL; subtypes++)
		if (g_mime_content_type_is_type(t, type, *subtypes))
			return true;
	return false;
}

static bool
is_status(GMimeObject *o)
{
	static const char *const types[] = { "delivery-status",
		"global-delivery-status", "disposition-notification",
		"global-disposition-notification", NULL };

	return is_type(o, "message", types);
}

/* A failure report is no bounce, though it has a mail in it. */
static bool
is_feedback(GMimeObject *o)
{
	static const char *const types[] = { "feedback-report", NULL };

	return is_type(o, "message", types);
}

static bool
is_mail(GMimeObject *o)
{
	static const char *const messages[] = { "rfc822", "global",
		"rfc822-headers", "global-headers", "partial", NULL };
	static const char *const texts[] = { "rfc822-headers", "rfc822", NULL };
	const char *name;
	size_t n;

	if (GMIME_IS_MESSAGE_PART(o) || is_type(o, "message", messages) ||
	    is_type(o, "text", texts))
		return true;
	name = GMIME_IS_PART(o) ? g_mime_part_get_filename(GMIME_PART(o)) :
				  NULL;
	n = name == NULL ? 0 : strlen(name);
	return n > 4 && strcasecmp(name + n - 4, ".eml") == 0;
}

/* Of multiparts in multiparts, too, but not of mails in the mail. */
static void
look_at_parts(struct parts *parts, GMimeObject *o, int depth)
{
	if (o == NULL || depth > LIMIT_MIME_DEPTH ||
	    parts->n++ > LIMIT_MIME_PARTS)
		return;
	parts->has_status = parts->has_status || is_status(o);
	parts->has_mail = parts->has_mail || is_mail(o);
	if (!GMIME_IS_MULTIPART(o))
		return;
	for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(o)); i++)
		look_at_parts(parts,
		    g_mime_multipart_get_part(GMIME_MULTIPART(o), i),
		    depth + 1);
}

bool
bounce_has_feedback(GMimeObject *o)
{
	if (o == NULL || !GMIME_IS_MULTIPART(o))
		return false;
	for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(o)) &&
	     i < LIMIT_MIME_PARTS;
	     i++)
		if (is_feedback(
			g_mime_multipart_get_part(GMIME_MULTIPART(o), i)))
			return true;
	return false;
}

/* multipart/report that says so itself. */
static bool
says_so(GMimeObject *o)
{
	GMimeContentType *type = o == NULL ? NULL :
					     g_mime_object_get_content_type(o);
	const char *report;

	if (type == NULL ||
	    !g_mime_content_type_is_type(type, "multipart", "report"))
		return false;
	report = g_mime_content_type_get_parameter(type, "report-type");
	return report != NULL &&
	    (strcasecmp(report, "delivery-status") == 0 ||
		strcasecmp(report, "disposition-notification") == 0);
}

static const char *
field(GMimeMessage *m, const char *name)
{
	return g_mime_object_get_header(GMIME_OBJECT(m), name);
}

static bool
begins(const char *s, const char *with)
{
	return strncasecmp(s, with, strlen(with)) == 0;
}

static bool
contains(const char *s, const char *what)
{
	return strcasestr(s, what) != NULL;
}

/* Local parts of senders of bounces. */
static bool
is_from_daemon(GMimeMessage *m)
{
	const char *from = field(m, "From");

	return from != NULL &&
	    (contains(from, "mailer-daemon") || contains(from, "postmaster@") ||
		contains(from, "mail delivery"));
}

static bool
subject_is_bounce(const char *subject)
{
	static const char *const begin[] = { "Undeliver", "Undelivered",
		"Delivery Status", "Delivery Failure", "Mail delivery failed",
		"Returned mail", "failure notice", "Mail System Error",
		"Delivery delayed", "Warning: could not send", NULL };

	for (int i = 0; subject != NULL && begin[i] != NULL; i++)
		if (begins(subject, begin[i]))
			return true;
	return false;
}

bool
subject_names_report(const char *subject)
{
	return subject != NULL &&
	    (contains(subject, "Report Domain:") ||
		contains(subject, "Report-ID:"));
}

bool
bounce_is(GMimeMessage *m)
{
	const char *path = field(m, "Return-Path");
	const char *sent = field(m, "Auto-Submitted");
	const bool by_nobody = path != NULL && strstr(path, "<>") != NULL;
	const bool by_itself = sent != NULL && !begins(sent, "no");
	struct parts parts = { 0 };

	if (bounce_has_feedback(m->mime_part))
		return false;
	if (says_so(m->mime_part) || field(m, "X-Failed-Recipients") != NULL ||
	    (sent != NULL && begins(sent, "auto-replied")))
		return true;
	look_at_parts(&parts, m->mime_part, 0);
	if (parts.has_status)
		return true;
	if (parts.has_mail && (by_nobody || by_itself || is_from_daemon(m)))
		return true;
	return by_nobody &&
	    (is_from_daemon(m) ||
		subject_is_bounce(g_mime_message_get_subject(m)));
}
