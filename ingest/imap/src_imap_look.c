/*
 * src_imap_look: what there is to be done in a folder, by the list of its mails
 * and what the database knows of them.
 */
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/store/mailbox_state.h"
#include "ingest/imap/src_imap_parts.h"

/* Where nothing came, what was refused or not given is tried again after so
 * many seconds. */
#define LIST_AGAIN 900

/* A mail that was read before: is anything still to be done with it? */
static void
take_seen(struct src_imap *s, const struct seen_mail *seen)
{
	const struct action *action = &s->m->actions[seen->fate];
	char *wanted = src_imap_action_text(action);
	char *copied = src_imap_copied_text(action);

	if (wanted == NULL || s->folder->state.read_only ||
	    g_strcmp0(seen->done, wanted) == 0)
		;
	else if (copied != NULL && g_strcmp0(seen->done, copied) == 0)
		g_array_append_val(s->copied, seen->uid);
	else
		g_array_append_val(s->acts[seen->fate], seen->uid);
	free(wanted);
	free(copied);
}

static bool
is_too_old(const struct src_imap *s, const struct imap_mail *mail)
{
	return s->m->max_age > 0 && mail->arrived != 0 &&
	    mail->arrived + (int64_t)s->m->max_age * 86400 < time(NULL);
}

/* What the server has not said, or said oddly, tells nothing. */
static bool
is_the_same(const struct seen_mail *old, const struct imap_mail *mail)
{
	return (old->size == mail->size || old->size == 0 || mail->size == 0) &&
	    (old->arrived == mail->arrived || old->arrived == 0 ||
		mail->arrived == 0);
}

/*
 * Two lists by UID, of the server's mails and of those that are seen.  What
 * has another size or arrival than was seen is another mail, whatever its UID
 * says; what somebody has marked as deleted is no longer there for us, unless
 * it was us.
 */
static void
compare(struct src_imap *s, const struct imap_mail *mails, size_t n,
    const GArray *seen)
{
	guint k = 0;

	for (size_t i = 0; i < n; i++) {
		const struct seen_mail *old = NULL;

		for (; k < seen->len; k++) {
			old = &g_array_index(seen, struct seen_mail, k);
			if (old->uid >= mails[i].uid)
				break;
			g_array_append_val(s->gone, old->uid);
		}
		if (k == seen->len || old->uid != mails[i].uid)
			old = NULL;
		else
			k++;
		if (old != NULL && is_the_same(old, &mails[i]))
			take_seen(s, old);
		else if (!mails[i].is_deleted && !is_too_old(s, &mails[i]))
			s->unread[s->n++] = mails[i];
	}
	for (; k < seen->len; k++)
		g_array_append_val(s->gone,
		    g_array_index(seen, struct seen_mail, k).uid);
}

static void
start_over(struct src_imap *s)
{
	imap_bodies_free(&s->bodies);
	imap_bodies_free(&s->early.bodies);
	s->early.is_there = false;
	free(s->unread);
	s->unread = NULL;
	s->asked = 0;
	s->n = 0;
	s->at = 0;
	s->one_by_one = 0;
	s->most = (size_t)s->m->batch;
	s->deaths = 0;
	s->refusal = (struct diag){ 0 };
	s->refusals = 0;
	s->probes = 0;
	s->not_given = 0;
	s->next_body = 0;
	s->failure = (struct diag){ 0 };
	for (int v = 0; v < FATES; v++) {
		g_array_set_size(s->acts[v], 0);
		s->is_refused[v] = false;
	}
	g_array_set_size(s->copied, 0);
	g_array_set_size(s->gone, 0);
	g_array_set_size(s->missing, 0);
	s->is_missing_sure = false;
}

/* Nothing came since; that something went is no matter. */
static bool
is_same(const struct imap_folder *a, const struct imap_folder *b)
{
	return a->uidvalidity == b->uidvalidity && a->uidnext != 0 &&
	    a->uidnext == b->uidnext && a->read_only == b->read_only;
}

/* Such mails are read all the same; who looks for the cause needs the UIDs. */
static void
tell_odd(const struct src_imap *s)
{
	size_t told = 0;
	size_t more = 0;

	for (size_t i = 0; i < s->n; i++) {
		char *name;

		if (s->unread[i].odd == NULL)
			continue;
		if (told++ >= LIMIT_NOT_GIVEN) {
			more++;
			continue;
		}
		name = src_imap_mail_name(s, s->unread[i].uid);
		log_line(LOG_NOTICE,
		    s->unread[i].is_missing ?
			"%s: the server leaves this mail out of its list (%s)" :
			"%s: the server gives a %s that cannot be read",
		    name, s->unread[i].odd);
		free(name);
	}
	if (more > 0)
		log_line(LOG_NOTICE, "%s: and %zu more such mails", s->m->name,
		    more);
}

/* What the list and the database say comes to what is to be done. */
static enum diag_code
compare_all(struct src_imap *s, const struct imap_mail *mails, size_t n,
    struct db *db, struct diag *d)
{
	struct src_folder *f = s->folder;
	GArray *seen = NULL;
	enum diag_code code = mailbox_seen(db, f->id, f->state.uidvalidity,
	    &seen, d);

	if (code == DIAG_OK) {
		s->unread = mem_calloc(n + 1, sizeof(*s->unread));
		compare(s, mails, n, seen);
		tell_odd(s);
	}
	if (f->state.read_only && mailbox_wants_changes(s->m))
		(void)diag_set(&s->failure, DIAG_CONFIG, REASON_READ_ONLY,
		    "%s: folder %s is read-only: its mails are read and left",
		    s->m->name, f->name);
	seen_mails_free(seen);
	return code;
}

enum diag_code
src_imap_look(struct src_imap *s, struct db *db, enum diag_code *db_code,
    struct diag *d)
{
	struct src_folder *f = s->folder;
	struct imap_folder now = { 0 };
	struct imap_mail *mails = NULL;
	size_t n = 0;
	enum diag_code code;

	*db_code = DIAG_OK;
	start_over(s);
	code = imap_select(s->im, f->name, &now, d);
	if (code == DIAG_OK && f->all_done && is_same(&f->state, &now) &&
	    time(NULL) - f->listed_at < LIST_AGAIN)
		return DIAG_OK;
	f->all_done = false;
	if (code == DIAG_OK)
		code = imap_list(s->im, &mails, &n, d);
	f->listed_at = time(NULL);
	s->has_failed = code != DIAG_OK;
	if (code == DIAG_OK) {
		f->state = now;
		if (now.exists > LIMIT_MAILBOX_MAILS)
			log_line(LOG_WARN,
			    "%s: folder %s has %lu mails, of which %d are "
			    "looked at: those read should be moved away",
			    s->m->name, f->name, (unsigned long)now.exists,
			    LIMIT_MAILBOX_MAILS);
		*db_code = compare_all(s, mails, n, db, d);
	}
	free(mails);
	return code;
}
