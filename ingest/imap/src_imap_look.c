/*
 * src_imap_look: what there is to be done in a folder, by the list of its mails
 * and what the database knows of them.
 */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/store/mailbox_state.h"
#include "ingest/imap/src_imap_parts.h"

/* Where nothing came, what was refused or not given is tried again after so
 * many seconds. */
#define LIST_AGAIN 900

/* A mail that was read before: is anything still to be done with it? */
static void
take_known(struct src_imap *s, const struct known_mail *known)
{
	char *wanted = src_imap_action_text(&s->m->actions[known->verdict]);

	if (wanted != NULL && !s->folder.read_only &&
	    (known->done == NULL || strcmp(known->done, wanted) != 0))
		g_array_append_val(s->acts[known->verdict], known->uid);
	free(wanted);
}

static bool
is_too_old(const struct src_imap *s, const struct imap_mail *mail)
{
	return s->m->max_age > 0 && mail->arrived != 0 &&
	    mail->arrived + (int64_t)s->m->max_age * 86400 < time(NULL);
}

/*
 * Two lists by UID, of the server's mails and of those that are known.  What
 * has another size or arrival than was known is another mail, whatever its UID
 * says; what somebody has marked as deleted is no longer there for us, unless
 * it was us.
 */
static void
compare(struct src_imap *s, const struct imap_mail *mails, size_t n,
    const GArray *known)
{
	guint k = 0;

	for (size_t i = 0; i < n; i++) {
		const struct known_mail *old = NULL;

		for (; k < known->len; k++) {
			old = &g_array_index(known, struct known_mail, k);
			if (old->uid >= mails[i].uid)
				break;
			g_array_append_val(s->gone, old->uid);
		}
		if (k == known->len || old->uid != mails[i].uid)
			old = NULL;
		else
			k++;
		if (old != NULL && old->size == mails[i].size &&
		    old->arrived == mails[i].arrived)
			take_known(s, old);
		else if (!mails[i].is_deleted && !is_too_old(s, &mails[i]))
			s->unread[s->n++] = mails[i];
	}
	for (; k < known->len; k++)
		g_array_append_val(s->gone,
		    g_array_index(known, struct known_mail, k).uid);
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
	s->deaths = 0;
	s->not_given = 0;
	s->next_body = 0;
	s->failure = (struct diag){ 0 };
	for (int v = 0; v < VERDICT_COUNT; v++) {
		g_array_set_size(s->acts[v], 0);
		s->is_refused[v] = false;
	}
	g_array_set_size(s->gone, 0);
	g_array_set_size(s->missing, 0);
}

static bool
wants_changes(const struct mailbox *m)
{
	for (int v = 0; v < VERDICT_COUNT; v++)
		if (m->actions[v].kind != ACTION_LEAVE)
			return true;
	return false;
}

/* Nothing came since; that something went is no matter. */
static bool
is_same(const struct imap_folder *a, const struct imap_folder *b)
{
	return a->uidvalidity == b->uidvalidity && a->uidnext != 0 &&
	    a->uidnext == b->uidnext && a->read_only == b->read_only;
}

enum diag_code
src_imap_look(struct src_imap *s, struct db *db, enum diag_code *db_code,
    struct diag *d)
{
	struct imap_folder folder = { 0 };
	struct imap_mail *mails = NULL;
	GArray *known = NULL;
	size_t n = 0;
	bool same;
	enum diag_code code;

	*db_code = DIAG_OK;
	start_over(s);
	code = imap_select(s->im, false, &folder, d);
	same = s->all_done && is_same(&s->folder, &folder) &&
	    time(NULL) - s->listed_at < LIST_AGAIN;
	s->all_done = false;
	if (code == DIAG_OK && same) {
		s->all_done = true;
		return DIAG_OK;
	}
	if (code == DIAG_OK)
		code = imap_list(s->im, &mails, &n, d);
	s->listed_at = time(NULL);
	s->has_failed = code != DIAG_OK;
	if (code != DIAG_OK) {
		free(mails);
		return code;
	}
	s->folder = folder;
	*db_code = mailbox_known(db, s->id, folder.uidvalidity, &known, d);
	if (*db_code == DIAG_OK) {
		s->unread = mem_calloc(n + 1, sizeof(*s->unread));
		compare(s, mails, n, known);
	}
	if (folder.read_only && wants_changes(s->m))
		(void)diag_set(&s->failure, DIAG_CONFIG, REASON_READ_ONLY,
		    "%s: folder %s is read-only: its mails are read and left",
		    s->m->name, s->m->folder);
	known_mails_free(known);
	free(mails);
	return DIAG_OK;
}
