/*
 * src_imap_act: mails whose fate is committed are moved, flagged, deleted,
 * and the database forgets what is gone.
 */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/store/mailbox_state.h"
#include "ingest/imap/src_imap_parts.h"
#include "common/step.h"

char *
src_imap_action_text(const struct action *a)
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

static int
by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a;
	const uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

char *
src_imap_copied_text(const struct action *a)
{
	return a->kind == ACTION_MOVE ? mem_printf("copied to %s", a->name) :
					NULL;
}

/* The other half of a move. */
static const struct action away = { ACTION_DELETE, NULL };

/* What became of mails that were acted on. */
static enum diag_code
record(struct src_imap *s, const struct action *action, enum imap_left left,
    const uint32_t *uids, size_t n, struct db *db, struct diag *d)
{
	char *text;
	enum diag_code code;

	/* What is marked as deleted is not looked at again. */
	if (left == LEFT_NOTHING ||
	    (left == LEFT_MARKED &&
		(action->kind == ACTION_MOVE || action == &away)))
		return mailbox_forget(db, s->folder->id, uids, n, d);
	text = left == LEFT_COPIED ? src_imap_copied_text(action) :
				     src_imap_action_text(action);
	code = mailbox_mark(db, s->folder->id, uids, n, text, d);
	free(text);
	return code;
}

/* Act on mails, and let the database know.  *refused: the server did not want
 * to, which is s->failure. */
static enum diag_code
act_on(struct src_imap *s, const struct action *action, GArray *uids,
    bool *refused, struct db *db, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	enum imap_left left;
	struct diag why;
	size_t n;

	src_imap_bring_in(s);
	qsort(uids->data, uids->len, sizeof(uint32_t), by_number);
	for (size_t i = 0; i < uids->len && code == DIAG_OK && !*refused;
	     i += n) {
		const uint32_t *part = &g_array_index(uids, uint32_t, i);

		n = uids->len - i < LIMIT_FETCH_MAILS ? uids->len - i :
							LIMIT_FETCH_MAILS;
		*refused = imap_act(s->im, action, part, n, &left, &why) !=
		    DIAG_OK;
		if (*refused)
			s->failure = why;
		STEP("moved");
		if (!*refused || left == LEFT_COPIED)
			code = record(s, action, left, part, n, db, d);
		STEP("forgotten");
	}
	g_array_set_size(uids, 0);
	return code;
}

static enum diag_code
act(struct src_imap *s, enum fate fate, struct db *db, struct diag *d)
{
	/* What was refused once is for the next run. */
	if (s->acts[fate]->len == 0 || s->is_refused[fate])
		return DIAG_OK;
	return act_on(s, &s->m->actions[fate], s->acts[fate],
	    &s->is_refused[fate], db, d);
}

/* Copies were made by an earlier run, and the mails could not be deleted. */
static enum diag_code
end_copies(struct src_imap *s, struct db *db, struct diag *d)
{
	bool refused = false;

	if (s->copied->len == 0)
		return DIAG_OK;
	return act_on(s, &away, s->copied, &refused, db, d);
}

enum diag_code
src_imap_settle(void *impl, struct db *db, struct diag *d)
{
	struct src_imap *s = impl;
	enum diag_code code = DIAG_OK;

	if (s->gone->len > 0)
		code = mailbox_forget(db, s->folder->id,
		    &g_array_index(s->gone, uint32_t, 0), s->gone->len, d);
	g_array_set_size(s->gone, 0);
	if (code == DIAG_OK && src_imap_is_alive(s))
		code = end_copies(s, db, d);
	for (int v = 0; v < FATES && code == DIAG_OK; v++)
		if (src_imap_is_alive(s))
			code = act(s, (enum fate)v, db, d);
	return code;
}
