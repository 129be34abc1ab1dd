/* mail_way: the way of a mail, oldest server first. */
#include "check/mail_way.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/mail_section.h"
#include "common/mem.h"
#include "common/num.h"

#define VALUE_MAX 4096
#define SAID_MAX  50

void
mail_way_take(struct mail_way *w, const struct message *m, const char *trusted)
{
	const size_t all = message_count(m, "Received");
	const size_t half = MAIL_HOPS_MAX / 2;
	size_t seen = 0;

	w->hops = mem_calloc(all < MAIL_HOPS_MAX ? all + 1 : MAIL_HOPS_MAX,
	    sizeof(w->hops[0]));
	for (size_t i = m->n; i-- > 0;) {
		char *value;

		if (!message_is(m, &m->fields[i], "Received"))
			continue;
		seen++;
		if (all > MAIL_HOPS_MAX && seen > half && seen <= all - half) {
			w->left_out++;
			continue;
		}
		value = message_value(m, &m->fields[i], VALUE_MAX);
		received_parse(&w->hops[w->n++], value);
		free(value);
	}
	for (size_t i = w->n; trusted != NULL && i-- > 0;)
		if (strcasecmp(w->hops[i].by, trusted) == 0) {
			w->trusted = &w->hops[i];
			break;
		}
}

void
mail_way_free(struct mail_way *w)
{
	free(w->hops);
	w->hops = NULL;
	w->n = 0;
}

static void
tell_hop(const struct mail_way *w, size_t i, struct jailed *j)
{
	static const char *const tls[] = { [RECEIVED_TLS_UNKNOWN] = "not said",
		[RECEIVED_TLS_NO] = "no",
		[RECEIVED_TLS_YES] = "yes" };
	const struct received *r = &w->hops[i];
	const struct received *before = i == 0 ? NULL : &w->hops[i - 1];
	char text[ADDRESS_LEN];
	char date[NUM_DATE_LEN];

	jailed_row(j, MAIL_HOP);
	jailed_count(j, "hop",
	    (int64_t)(i + 1 + (i >= MAIL_HOPS_MAX / 2 ? w->left_out : 0)));
	if (r->has_time) {
		num_timestamp(r->time, date);
		jailed_text(j, "time", date);
		if (before != NULL && before->has_time)
			jailed_count(j, "delay", r->time - before->time);
	}
	if (r->from[0] != '\0')
		jailed_text(j, "from", r->from);
	if (r->has_ip)
		jailed_text(j, "ip", address_text(&r->ip, text));
	if (r->by[0] != '\0')
		jailed_text(j, "by", r->by);
	if (r->with[0] != '\0')
		jailed_text(j, "with", r->with);
	jailed_text(j, "tls", tls[r->tls]);
	if (w->trusted != NULL)
		jailed_text(j, "sure", r >= w->trusted ? "yes" : "no");
}

/* What servers said of the mail, the oldest first. */
static void
tell_said(const struct message *m, struct jailed *j)
{
	size_t n = 0;

	for (size_t i = m->n; i-- > 0 && n < SAID_MAX;) {
		const struct message_field *f = &m->fields[i];
		char *value;

		if (!message_is(m, f, "Authentication-Results") &&
		    !message_is(m, f, "ARC-Authentication-Results") &&
		    !message_is(m, f, "Received-SPF"))
			continue;
		n++;
		value = message_value(m, f, VALUE_MAX);
		jailed_row(j, MAIL_SAID);
		jailed_count(j, "line", (int64_t)f->line);
		jailed_text(j, "text", value);
		free(value);
	}
}

void
mail_way_tell(const struct mail_way *w, const struct message *m,
    struct jailed *j)
{
	for (size_t i = 0; i < w->n; i++)
		tell_hop(w, i, j);
	tell_said(m, j);
}
