#include "ingest/src_imap.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <glib.h>

#include "common/mem.h"
#include "ingest/imap.h"
#include "ingest/limits.h"
#include "ingest/mailbox_state.h"
#include "ingest/progress.h"
#include "ingest/step.h"
#include "ingest/stop.h"

/* Where nothing came, what was refused or not given is tried again after so
 * many seconds. */
#define LIST_AGAIN 900

/* The answer to what was asked for. */
struct fetched {
	bool is_there;
	enum diag_code code;
	struct diag diag;
	struct imap_bodies bodies;
};

struct src_imap {
	const struct mailbox *m;
	int64_t id;
	struct imap *im;
	struct imap_folder folder; /* as it was selected */
	bool all_done;             /* everything in it was dealt with */
	time_t listed_at;

	struct imap_mail *todo; /* to be read, by UID */
	size_t n;
	size_t at;                 /* the first that has not come */
	size_t asked;              /* so many from there were asked for */
	size_t one_by_one;         /* up to here mails are fetched alone */
	unsigned deaths;           /* of the connection, by a mail */
	size_t not_given;          /* mails, in this round */
	struct imap_bodies bodies; /* that have come */
	size_t next_body;
	struct fetched early;           /* that came before they were wanted */
	GArray *acts[VERDICT_COUNT];    /* uint32_t: UIDs to act on */
	bool is_refused[VERDICT_COUNT]; /* in this round */
	bool has_failed;                /* it was told so */
	GArray *gone;                   /* uint32_t: UIDs to forget */
	struct diag failure;            /* told by the next src_imap_next() */
};

enum diag_code
src_imap_open(struct src_imap **out, const struct mailbox *m, int64_t id,
    struct diag *d)
{
	struct imap *im = NULL;
	struct src_imap *s;
	enum diag_code code = imap_open(&im, m, d);

	if (code != DIAG_OK)
		return code;
	s = mem_calloc(1, sizeof(*s));
	s->m = m;
	s->id = id;
	s->im = im;
	for (int v = 0; v < VERDICT_COUNT; v++)
		s->acts[v] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	s->gone = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	*out = s;
	return DIAG_OK;
}

void
src_imap_close(struct src_imap *s)
{
	if (s == NULL)
		return;
	imap_close(s->im);
	imap_bodies_free(&s->bodies);
	imap_bodies_free(&s->early.bodies);
	for (int v = 0; v < VERDICT_COUNT; v++)
		g_array_free(s->acts[v], TRUE);
	g_array_free(s->gone, TRUE);
	free(s->todo);
	free(s);
}

/* ---- what there is to be done ---------------------------------------------- */

/* What the configuration wants done with a mail, as the database keeps it;
 * NULL: nothing.  The caller frees. */
static char *
action_text(const struct action *a)
{
	switch (a->kind) {
	case ACTION_LEAVE:
		break;
	case ACTION_MOVE:
		return mem_printf("move %s", a->name);
	case ACTION_FLAG:
		return mem_printf("flag %s", a->name);
	case ACTION_DELETE:
		return mem_strdup("delete");
	}
	return NULL;
}

/* A mail that was read before: is anything still to be done with it? */
static void
take_known(struct src_imap *s, const struct known_mail *known)
{
	char *wanted = action_text(&s->m->actions[known->verdict]);

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
 * has another size or arrival than was known is another mail, whatever its UID says; what
 * somebody has marked as deleted is no longer there for us, unless it was us.
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
			s->todo[s->n++] = mails[i];
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
	free(s->todo);
	s->todo = NULL;
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
		s->todo = mem_calloc(n + 1, sizeof(*s->todo));
		compare(s, mails, n, known);
	}
	if (folder.read_only && wants_changes(s->m))
		(void)diag_set(&s->failure, DIAG_CONFIG, "read_only",
		    "%s: folder %s is read-only: its mails are read and left",
		    s->m->name, s->m->folder);
	known_mails_free(known);
	free(mails);
	return DIAG_OK;
}

/* ---- fetching ----------------------------------------------------------------- */

/* How many mails from s->at on are fetched by one command. */
static size_t
group_size(const struct src_imap *s, uint64_t *bytes)
{
	const size_t most = s->at < s->one_by_one ? 1 : (size_t)s->m->batch;
	size_t k = 0;

	*bytes = 0;
	while (k < most && s->at + k < s->n) {
		const uint64_t size = s->todo[s->at + k].size;

		if (size > s->m->max_size)
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
		code = imap_select(s->im, false, &folder, d);
	if (code == DIAG_OK && folder.uidvalidity != s->folder.uidvalidity)
		code = diag_set(d, DIAG_RETRY, "renumbered",
		    "%s: the folder was made anew meanwhile", s->m->name);
	/* UIDs that are still to be acted on must not meet another folder. */
	if (code != DIAG_OK) {
		imap_close(s->im);
		s->im = NULL;
	}
	return code;
}

static char *
mail_name(const struct src_imap *s, uint32_t uid)
{
	return mem_printf("%s/%s %lu", s->m->name, s->m->folder,
	    (unsigned long)uid);
}

/* Nothing more can be read, if only because it is to stop. */
static enum source_next
failed(struct src_imap *s)
{
	s->all_done = false;
	s->has_failed = true;
	return stop_requested() ? SOURCE_END : SOURCE_FAILED;
}

/*
 * The server does not give a mail: it is left where it is.  SOURCE_END: that
 * was told often enough.
 */
static enum source_next
not_given(struct src_imap *s, uint32_t uid, const char *why, struct diag *d)
{
	char *name;

	if (++s->not_given > LIMIT_NOT_GIVEN)
		return SOURCE_END;
	name = mail_name(s, uid);
	(void)diag_set(d, DIAG_RETRY, "not_given",
	    "%s: the server does not give this mail: %s", name, why);
	free(name);
	return SOURCE_PROBLEM;
}

/* Those that not_given() did not tell. */
static enum source_next
tell_rest(struct src_imap *s, struct diag *d)
{
	(void)diag_set(d, DIAG_RETRY, "not_given",
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
		uids[i] = s->todo[s->at + i].uid;
	code = imap_ask(s->im, uids, k, bytes, s->m->max_size, d);
	if (code == DIAG_OK)
		s->asked = k;
	return code;
}

/* Read the answer, so that another command may be sent. */
static void
bring_in(struct src_imap *s)
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
	bring_in(s);
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

/*
 * One mail that the server or libetpan cannot cope with spoils the answer to a
 * whole command, or ends the connection, so such a group of k mails is tried
 * mail by mail.
 */
static enum source_next
after_bad_answer(struct src_imap *s, size_t k, struct diag *d)
{
	const struct diag why = *d;
	const uint32_t uid = s->todo[s->at].uid;

	imap_bodies_free(&s->bodies);
	if (stop_requested())
		return failed(s);
	if (!imap_is_alive(s->im) &&
	    (++s->deaths > LIMIT_DEATHS || reconnect(s, d) != DIAG_OK))
		return failed(s);
	if (k > 1) {
		s->one_by_one = s->at + k;
		return SOURCE_END;
	}
	s->at++;
	return not_given(s, uid, why.text, d);
}

/* Get the next group, and ask for the one after it at once.  SOURCE_END: none
 * came, go on. */
static enum source_next
fetch_group(struct src_imap *s, struct diag *d)
{
	struct diag later;
	size_t k = 0;
	enum diag_code code = ask_group(s, d);

	if (code == DIAG_OK)
		code = take_group(s, &k, d);
	if (code != DIAG_OK)
		return k > 0 ? after_bad_answer(s, k, d) : failed(s);
	s->at += k;
	STEP("fetched");
	/* If that fails it fails again when it matters. */
	if (ask_group(s, &later) != DIAG_OK)
		s->asked = 0;
	return SOURCE_ITEM;
}

/* ---- the source ------------------------------------------------------------------ */

static const struct imap_mail *
listed(const struct src_imap *s, uint32_t uid)
{
	for (size_t i = s->at; i > 0; i--)
		if (s->todo[i - 1].uid == uid)
			return &s->todo[i - 1];
	return NULL;
}

static void
fill(const struct src_imap *s, struct item *item, const struct imap_mail *mail)
{
	*item = (struct item){
		.name = mail_name(s, mail->uid),
		.size = mail->size,
		.tag = mail->uid,
		.mailbox = s->id,
		.arrived = mail->arrived,
		.limit = s->m->max_size,
	};
}

/* The next mail that has come, into item.  SOURCE_END: it had no bytes, go on.
 */
static enum source_next
take_body(struct src_imap *s, struct item *item, struct diag *d)
{
	struct imap_body *body = &s->bodies.list[s->next_body++];
	const struct imap_mail *mail = listed(s, body->uid);

	if (mail == NULL || (body->len == 0 && mail->size > 0))
		return not_given(s, body->uid, "it is empty", d);
	fill(s, item, mail);
	if (body->cut) {
		item->more = true;
		return SOURCE_ITEM;
	}
	item->bytes = body->bytes;
	item->len = body->len;
	body->bytes = NULL;
	return SOURCE_ITEM;
}

/* s->failure, once. */
static enum source_next
tell_failure(struct src_imap *s, struct diag *d)
{
	*d = s->failure;
	s->failure = (struct diag){ 0 };
	s->all_done = false;
	/* What cannot be changed can still be read. */
	return s->im != NULL && imap_is_alive(s->im) ? SOURCE_PROBLEM :
						       failed(s);
}

static enum source_next
src_imap_next(void *impl, struct item *item, struct diag *d)
{
	struct src_imap *s = impl;
	enum source_next next;

	while (s->failure.code == DIAG_OK && !stop_requested()) {
		progress(s->m->name, s->at - (s->bodies.n - s->next_body),
		    s->n);
		if (s->next_body < s->bodies.n) {
			next = take_body(s, item, d);
			if (next == SOURCE_END)
				continue;
			return next;
		}
		if (s->at == s->n && s->not_given > LIMIT_NOT_GIVEN)
			return tell_rest(s, d);
		if (s->at == s->n) {
			s->all_done = true;
			return SOURCE_END;
		}
		if (s->todo[s->at].size > s->m->max_size) {
			fill(s, item, &s->todo[s->at++]);
			return SOURCE_ITEM;
		}
		next = fetch_group(s, d);
		if (next == SOURCE_PROBLEM || next == SOURCE_FAILED)
			return next;
	}
	if (s->failure.code != DIAG_OK)
		return tell_failure(s, d);
	return SOURCE_END;
}

static void
src_imap_done(void *impl, uint64_t tag, enum verdict verdict)
{
	struct src_imap *s = impl;
	const uint32_t uid = (uint32_t)tag;

	if (!s->folder.read_only && s->m->actions[verdict].kind != ACTION_LEAVE)
		g_array_append_val(s->acts[verdict], uid);
}

/* ---- acting ------------------------------------------------------------------------ */

static int
by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a;
	const uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* What was acted on is gone, or marked as such. */
static enum diag_code
record(struct src_imap *s, const struct action *action, const uint32_t *uids,
    size_t n, struct db *db, struct diag *d)
{
	char *text;
	enum diag_code code;

	if (action->kind == ACTION_MOVE ||
	    (action->kind == ACTION_DELETE && imap_has(s->im, "UIDPLUS")))
		return mailbox_forget(db, s->id, uids, n, d);
	text = action_text(action);
	code = mailbox_mark(db, s->id, uids, n, text, d);
	free(text);
	return code;
}

static enum diag_code
act(struct src_imap *s, enum verdict verdict, struct db *db, struct diag *d)
{
	const struct action *action = &s->m->actions[verdict];
	GArray *uids = s->acts[verdict];
	enum diag_code code = DIAG_OK;
	struct diag why;
	size_t n;

	/* What was refused once is for the next run. */
	if (uids->len == 0 || s->is_refused[verdict])
		return DIAG_OK;
	bring_in(s);
	qsort(uids->data, uids->len, sizeof(uint32_t), by_number);
	for (size_t i = 0; i < uids->len && code == DIAG_OK; i += n) {
		const uint32_t *part = &g_array_index(uids, uint32_t, i);

		n = uids->len - i < LIMIT_FETCH_MAILS ? uids->len - i :
							LIMIT_FETCH_MAILS;
		if (imap_act(s->im, action, part, n, &why) != DIAG_OK) {
			s->failure = why;
			s->is_refused[verdict] = true;
			break;
		}
		STEP("moved");
		code = record(s, action, part, n, db, d);
		STEP("forgotten");
	}
	g_array_set_size(uids, 0);
	return code;
}

static enum diag_code
src_imap_settle(void *impl, struct db *db, struct diag *d)
{
	struct src_imap *s = impl;
	enum diag_code code = DIAG_OK;

	if (s->gone->len > 0)
		code = mailbox_forget(db, s->id,
		    &g_array_index(s->gone, uint32_t, 0), s->gone->len, d);
	g_array_set_size(s->gone, 0);
	for (int v = 0; v < VERDICT_COUNT && code == DIAG_OK; v++)
		if (s->im != NULL && imap_is_alive(s->im))
			code = act(s, (enum verdict)v, db, d);
	return code;
}

/* The connection may be used again. */
static void
keep_open(void *impl)
{
	(void)impl;
}

bool
src_imap_has_failed(const struct src_imap *s)
{
	return s->has_failed;
}

struct source
src_imap_source(struct src_imap *s)
{
	static const struct source_ops ops = { src_imap_next, src_imap_done,
		src_imap_settle, keep_open };

	return (struct source){ &ops, s };
}

enum diag_code
src_imap_wait(struct src_imap *s, int seconds, struct diag *d)
{
	return imap_wait(s->im, seconds, d);
}
