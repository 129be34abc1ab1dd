/*
 * src_imap_act: mails whose verdict is committed are moved, flagged, deleted,
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
	text = src_imap_action_text(action);
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
	src_imap_bring_in(s);
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

enum diag_code
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
