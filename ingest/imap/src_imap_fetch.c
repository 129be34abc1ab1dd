/*
 * src_imap_fetch: mails come in groups, and those that do not come are told.
 */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/imap/imap_refusal.h"
#include "ingest/imap/src_imap_parts.h"
#include "ingest/imap/tls_stream.h"
#include "common/step.h"
#include "common/stop.h"

/* How many mails from s->at on are fetched by one command. */
static size_t
group_size(const struct src_imap *s, uint64_t *bytes)
{
	const size_t most = s->at < s->one_by_one ? 1 : s->most;
	size_t k = 0;

	*bytes = 0;
	while (k < most && s->at + k < s->n) {
		const uint64_t size = s->unread[s->at + k].size;

		if (size > s->m->max_size)
			break;
		/* Nobody knows how large the next one is. */
		if (k > 0 && (size == 0 || s->unread[s->at].size == 0))
			break;
		if (k > 0 && *bytes + size > LIMIT_FETCH_BYTES)
			break;
		*bytes += size;
		k++;
	}
	return k;
}

/* After an answer that made no sense: a new connection, same folder. */
static enum diag_code
reconnect(struct src_imap *s, struct diag *d)
{
	struct imap_folder folder = { 0 };
	enum diag_code code;

	imap_close(s->im);
	s->im = NULL;
	code = imap_open(&s->im, s->m, d);
	if (code == DIAG_OK)
		code = imap_select(s->im, s->folder->name, &folder, d);
	if (code == DIAG_OK &&
	    folder.uidvalidity != s->folder->state.uidvalidity)
		code = diag_set(d, DIAG_RETRY, REASON_RENUMBERED,
		    "%s: the folder was made anew meanwhile", s->m->name);
	/* UIDs that are still to be acted on must not meet another folder. */
	if (code != DIAG_OK) {
		imap_close(s->im);
		s->im = NULL;
	}
	return code;
}

char *
src_imap_mail_name(const struct src_imap *s, uint32_t uid)
{
	return mem_printf("%s/%s %lu", s->m->name, s->folder->name,
	    (unsigned long)uid);
}

enum source_next
src_imap_fail(struct src_imap *s)
{
	s->folder->all_done = false;
	s->has_failed = true;
	return stop_requested() ? SOURCE_END : SOURCE_FAILED;
}

enum source_next
src_imap_not_given(struct src_imap *s, uint32_t uid, const char *why,
    struct diag *d)
{
	char *name;

	if (++s->not_given > LIMIT_NOT_GIVEN)
		return SOURCE_END;
	name = src_imap_mail_name(s, uid);
	(void)diag_set(d, DIAG_RETRY, REASON_NOT_GIVEN,
	    "%s: the server does not give this mail: %s", name, why);
	free(name);
	return SOURCE_PROBLEM;
}

enum source_next
src_imap_tell_rest(struct src_imap *s, struct diag *d)
{
	(void)diag_set(d, DIAG_RETRY, REASON_NOT_GIVEN,
	    "%s: and %zu more mails that the server does not give", s->m->name,
	    s->not_given - LIMIT_NOT_GIVEN);
	s->not_given = 0;
	return SOURCE_PROBLEM;
}

/* Ask for the group that begins at s->at, unless that was done. */
static enum diag_code
ask_group(struct src_imap *s, struct diag *d)
{
	uint32_t uids[LIMIT_FETCH_MAILS];
	uint64_t bytes;
	const size_t k = group_size(s, &bytes);
	enum diag_code code;

	if (s->asked > 0 || k == 0)
		return DIAG_OK;
	for (size_t i = 0; i < k; i++)
		uids[i] = s->unread[s->at + i].uid;
	code = imap_ask(s->im, uids, k, bytes, s->m->max_size, d);
	if (code == DIAG_OK)
		s->asked = k;
	return code;
}

void
src_imap_bring_in(struct src_imap *s)
{
	if (s->asked == 0 || s->early.is_there)
		return;
	s->early.code = imap_take(s->im, &s->early.bodies, &s->early.diag);
	s->early.is_there = true;
}

/* What was asked for becomes s->bodies; *k is how many mails that were. */
static enum diag_code
take_group(struct src_imap *s, size_t *k, struct diag *d)
{
	src_imap_bring_in(s);
	imap_bodies_free(&s->bodies);
	s->next_body = 0;
	s->bodies = s->early.bodies;
	s->early.bodies = (struct imap_bodies){ 0 };
	s->early.is_there = false;
	*k = s->asked;
	s->asked = 0;
	*d = s->early.diag;
	return s->early.code;
}

/* Is such a mail given?  What comes is thrown away. */
static bool
probe(struct src_imap *s, size_t i, struct diag *d)
{
	struct imap_bodies bodies = { 0 };
	const struct imap_mail *mail = &s->unread[i];
	struct diag why;
	bool given;

	if (!src_imap_is_alive(s) && reconnect(s, d) != DIAG_OK)
		return false;
	given = imap_ask(s->im, &mail->uid, 1, mail->size, s->m->max_size,
		    &why) == DIAG_OK &&
	    imap_take(s->im, &bodies, &why) == DIAG_OK;
	imap_bodies_free(&bodies);
	return given;
}

/*
 * The third refusal in a row that says the same: does the server give nothing
 * at all, or is there a heap of mails that it cannot give?  The last mail
 * shows, and one in the middle.
 */
static bool
gives_nothing(struct src_imap *s, struct diag *d)
{
	if (++s->refusals < LIMIT_LIKE_REFUSALS)
		return false;
	if (s->refusal.reason == REASON_NOT_NOW)
		return true;
	s->refusals = 0;
	return ++s->probes > LIMIT_PROBES ||
	    (!probe(s, s->n - 1, d) && !probe(s, (s->at + s->n) / 2, d));
}

static void
note_refusal(struct src_imap *s, const struct diag *why)
{
	if (!imap_refusal_is_same(s->refusal.text, why->text))
		s->refusals = 0;
	s->refusal = *why;
}

/*
 * One mail that the server cannot cope with spoils the answer to a whole
 * command, or ends the connection, so such a group of k mails is tried mail by
 * mail.  An answer that was too long has mails whose sizes are not what the
 * server says.
 */
static enum source_next
after_bad_answer(struct src_imap *s, size_t k, struct diag *d)
{
	const struct diag why = *d;
	const uint32_t uid = s->unread[s->at].uid;
	struct diag other = { 0 };

	imap_bodies_free(&s->bodies);
	if (stop_requested())
		return src_imap_fail(s);
	note_refusal(s, &why);
	if (k > 1 && strstr(why.text, TLS_TOO_MUCH) != NULL)
		s->most = (s->most + 1) / 2;
	if (gives_nothing(s, &other)) {
		(void)diag_set(d, DIAG_RETRY, why.reason,
		    "%s; that is enough, the rest is for the next run",
		    why.text);
		return src_imap_fail(s);
	}
	if (!src_imap_is_alive(s) &&
	    (++s->deaths > LIMIT_DEATHS || reconnect(s, d) != DIAG_OK))
		return src_imap_fail(s);
	if (k > 1) {
		s->one_by_one = s->at + k;
		return SOURCE_END;
	}
	s->at++;
	return src_imap_not_given(s, uid, why.text, d);
}

static bool
has_come(const struct src_imap *s, uint32_t uid)
{
	for (size_t i = 0; i < s->bodies.n; i++)
		if (s->bodies.list[i].uid == uid)
			return true;
	return false;
}

static void
note_missing(struct src_imap *s, size_t k)
{
	for (size_t i = s->at; i < s->at + k; i++)
		if (!has_come(s, s->unread[i].uid))
			g_array_append_val(s->missing, s->unread[i].uid);
}

/* Of those that did not come, keep the ones that are still there. */
static void
keep_those_there(GArray *missing, const struct imap_mail *mails, size_t n)
{
	guint kept = 0;
	size_t i = 0;

	/* Both by UID. */
	for (guint k = 0; k < missing->len; k++) {
		const uint32_t uid = g_array_index(missing, uint32_t, k);

		while (i < n && mails[i].uid < uid)
			i++;
		if (i < n && mails[i].uid == uid)
			g_array_index(missing, uint32_t, kept++) = uid;
	}
	g_array_set_size(missing, kept);
}

enum source_next
src_imap_tell_missing(struct src_imap *s, struct diag *d)
{
	struct imap_mail *mails = NULL;
	size_t n = 0;
	uint32_t uid;

	if (!s->is_missing_sure) {
		if (imap_list(s->im, &mails, &n, d) != DIAG_OK) {
			free(mails);
			return src_imap_fail(s);
		}
		keep_those_there(s->missing, mails, n);
		s->is_missing_sure = true;
		free(mails);
	}
	if (s->missing->len == 0)
		return SOURCE_END;
	if (s->missing->len > LIMIT_NOT_GIVEN) {
		(void)diag_set(d, DIAG_RETRY, REASON_NOT_GIVEN,
		    "%s: %u mails are there and do not come when they are "
		    "asked for",
		    s->m->name, s->missing->len);
		g_array_set_size(s->missing, 0);
		return SOURCE_PROBLEM;
	}
	uid = g_array_index(s->missing, uint32_t, 0);
	g_array_remove_index(s->missing, 0);
	return src_imap_not_given(s, uid, "it does not come", d);
}

enum source_next
src_imap_fetch_group(struct src_imap *s, struct diag *d)
{
	struct diag later;
	size_t k = 0;
	enum diag_code code = ask_group(s, d);

	if (code == DIAG_OK)
		code = take_group(s, &k, d);
	if (code != DIAG_OK)
		return k > 0 ? after_bad_answer(s, k, d) : src_imap_fail(s);
	s->refusals = 0;
	if (s->bodies.n < k)
		note_missing(s, k);
	s->at += k;
	STEP("fetched");
	/* If that fails it fails again when it matters. */
	if (ask_group(s, &later) != DIAG_OK)
		s->asked = 0;
	return SOURCE_ITEM;
}
