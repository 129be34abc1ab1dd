/* mail_notes: what the parts of a mail show together. */
#include "check/mail_notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"

#define VALUE_MAX 4096

/* Google wants more than the least. */
#define ADVISED_BITS 2048

#define DAY          86400

char *
mail_finding_sentence(enum mail_finding_id id, const char *detail)
{
	const char *s = mail_findings[id].sentence;
	const char *hole = strstr(s, "%s");

	if (hole == NULL || detail == NULL)
		return mem_strdup(s);
	return mem_printf("%.*s%s%s", (int)(hole - s), s, detail, hole + 2);
}

static void
say(struct mail_lint *l, enum mail_finding_id id, const struct message_field *f,
    const char *detail, const char *fix)
{
	if (f == NULL)
		mail_lint_say(l, id, MAIL_LINT_NOWHERE, 0, detail, fix);
	else
		mail_lint_say(l, id, f->at, f->name, detail, fix);
}

/* ---- unsubscribing (RFC 8058) ----------------------------------------------- */

static size_t
count_https(const char *value)
{
	size_t n = 0;

	for (const char *p = strchr(value, '<'); p != NULL;
	     p = strchr(p + 1, '<')) {
		p += 1 + strspn(p + 1, " ");
		n += strncasecmp(p, "https://", 8) == 0 ? 1 : 0;
		if (*p == '\0')
			break;
	}
	return n;
}

static bool
is_covered(const struct mail_notes *n)
{
	for (size_t i = 0; i < n->n; i++)
		if (n->signatures[i].result == DKIM_PASS &&
		    dkim_signature_covers(&n->signatures[i],
			"List-Unsubscribe") &&
		    dkim_signature_covers(&n->signatures[i],
			"List-Unsubscribe-Post"))
			return true;
	return false;
}

/* What says that many got this mail; NULL: nothing does. */
static const char *
mailing_mark(const struct message *m)
{
	static const char *const names[] = { "List-Id", "Feedback-ID",
		"X-CSA-Complaints", "X-SG-EID", "X-MC-User", "X-SES-Outgoing" };
	const struct message_field *f = message_find(m, "Precedence");
	char *value;
	bool bulk;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (message_find(m, names[i]) != NULL)
			return names[i];
	if (f == NULL)
		return NULL;
	value = message_value(m, f, 80);
	bulk = strcasecmp(value, "bulk") == 0 || strcasecmp(value, "list") == 0;
	free(value);
	return bulk ? "Precedence" : NULL;
}

static void
check_post(struct mail_lint *l, const struct message_field *f)
{
	char *value;

	if (f == NULL) {
		say(l, M_UNSUB_NO_POST, NULL, NULL,
		    "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
		return;
	}
	value = message_value(l->m, f, 200);
	if (strcmp(value, "List-Unsubscribe=One-Click") != 0)
		say(l, M_UNSUB_POST_BAD, f, NULL,
		    "List-Unsubscribe-Post: List-Unsubscribe=One-Click");
	free(value);
}

static void
check_unsubscribe(struct mail_lint *l, const struct mail_notes *n)
{
	const struct message_field *f = message_find(n->m, "List-Unsubscribe");
	const struct message_field *post = message_find(n->m,
	    "List-Unsubscribe-Post");
	const char *mark = mailing_mark(n->m);
	char detail[32];
	char *value;
	size_t https;

	if (f == NULL) {
		if (post != NULL)
			say(l, M_UNSUB_POST_ALONE, post, NULL, NULL);
		else if (mark != NULL)
			say(l, M_UNSUB_NONE, message_find(n->m, mark), mark,
			    NULL);
		return;
	}
	value = message_value(n->m, f, VALUE_MAX);
	https = count_https(value);
	free(value);
	if (https == 0)
		say(l, M_UNSUB_NO_HTTPS, f, NULL, NULL);
	if (https > 1) {
		(void)snprintf(detail, sizeof(detail), "%zu", https);
		say(l, M_UNSUB_MANY, f, detail, NULL);
	}
	check_post(l, post);
	if (post != NULL && !is_covered(n))
		say(l, M_UNSUB_UNSIGNED, f, NULL, NULL);
}

/* ---- signatures --------------------------------------------------------------- */

/* How often h= names From. */
static size_t
count_from(const struct dkim_signature *s)
{
	const struct tag *h = tags_find(&s->tags, "h");
	struct tag_part rest, item;
	size_t n = 0;

	if (h == NULL)
		return 0;
	rest = h->value;
	while (tags_next_item(&s->tags, &rest, ':', &item))
		n += tags_is_any_case(&s->tags, item, "From") ? 1 : 0;
	return n;
}

static void
check_signature(struct mail_lint *l, const struct dkim_signature *s)
{
	char detail[80];

	if (s->length != -1) {
		(void)snprintf(detail, sizeof(detail),
		    s->unsigned_bytes == 0 ?
			"anybody may add to it" :
			"the last %lld bytes are not signed",
		    (long long)s->unsigned_bytes);
		say(l, M_SIGNED_PART, s->field, detail, NULL);
	}
	if (s->result != DKIM_PASS)
		return;
	if (count_from(s) == 1)
		say(l, M_SIGNED_ONCE, s->field, s->domain, NULL);
	if (!s->ed25519 && s->bits < ADVISED_BITS)
		say(l, M_KEY_SHORT, s->field, s->domain, NULL);
}

/* ---- From and Date -------------------------------------------------------------- */

static bool
is_gmail(const char *domain)
{
	return domain != NULL &&
	    (strcasecmp(domain, "gmail.com") == 0 ||
		strcasecmp(domain, "googlemail.com") == 0);
}

static void
check_gmail(struct mail_lint *l, const struct mail_notes *n)
{
	if (!is_gmail(n->author))
		return;
	for (size_t i = 0; i < n->n; i++)
		if (n->signatures[i].result == DKIM_PASS &&
		    is_gmail(n->signatures[i].domain))
			return;
	say(l, M_GMAIL_FROM, message_find(n->m, "From"), n->author, NULL);
}

static void
check_date(struct mail_lint *l, const struct mail_notes *n)
{
	const struct message_field *f = message_find(n->m, "Date");
	const struct received *first = n->way->n == 0 ? NULL : n->way->hops;
	char detail[40];
	char *value;
	int64_t when, off;

	if (f == NULL || first == NULL || !first->has_time)
		return;
	value = message_value(n->m, f, 200);
	if (received_date(value, &when)) {
		off = when > first->time ? when - first->time :
					   first->time - when;
		if (off > DAY) {
			(void)snprintf(detail, sizeof(detail), "%lld days",
			    (long long)(off / DAY));
			say(l, M_DATE_OFF, f, detail, NULL);
		}
	}
	free(value);
}

void
mail_notes(struct mail_lint *l, const struct mail_notes *n)
{
	check_unsubscribe(l, n);
	for (size_t i = 0; i < n->n; i++)
		check_signature(l, &n->signatures[i]);
	check_gmail(l, n);
	check_date(l, n);
}
