/* imap_change: mails are moved, flagged and deleted. */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/imap/imap_session.h"

/* No mail has this UID; what is tried with it changes nothing. */
#define NOBODY UINT32_MAX

struct change {
	struct imap *im;
	struct mailimap_set *set; /* UIDs */
	enum imap_left left;
};

/* The server keeps such a flag; it says OK all the same when it does not. */
static bool
keeps_flag(const struct imap *im, const char *name)
{
	struct imap_words w;
	struct imap_word word;
	bool says = false;

	if (im->lines.permanent == NULL)
		return true;
	w = imap_words_of(im->lines.permanent);
	while ((word = imap_words_next(&w)).kind != WORD_END) {
		says = says || word.kind == WORD_ATOM;
		if (imap_word_is(&word, name) ||
		    (name[0] != '\\' && imap_word_is(&word, "\\*")))
			return true;
	}
	return !says;
}

/* ---- rights ----------------------------------------------------------------- */

/*
 * The selected folder's mails may be deleted (RFC 4314: t marks, e removes; d
 * was both).  Where the server says nothing of it, it is tried.
 */
static bool
may_delete(struct imap *im)
{
	struct imap_words w;
	struct imap_word word;
	char *name;
	char *command;
	bool may = true;

	if (!keeps_flag(im, "\\Deleted"))
		return false;
	if (!imap_has(im, "ACL") || im->selected == NULL)
		return true;
	name = imap_quoted(im->selected);
	command = mem_printf("MYRIGHTS %s", name);
	if (IMAP_DONE(imap_ask_for(im, "MYRIGHTS", command)) &&
	    im->lines.kept->len > 0) {
		w = imap_words_of(g_ptr_array_index(im->lines.kept, 0));
		(void)imap_words_next(&w);
		word = imap_words_next(&w);
		may = word.kind != WORD_ATOM ||
		    memchr(word.text, 'd', word.len) != NULL ||
		    (memchr(word.text, 't', word.len) != NULL &&
			memchr(word.text, 'e', word.len) != NULL);
	}
	free(command);
	g_free(name);
	return may;
}

static enum diag_code
need_right(struct imap *im, const char *doing, struct diag *d)
{
	if (may_delete(im))
		return DIAG_OK;
	return diag_set(d, DIAG_CONFIG, REASON_RIGHTS,
	    "%s: %s: the server lets nobody delete mails in this folder",
	    im->m->name, doing);
}

/* ---- flags ------------------------------------------------------------------ */

static struct mailimap_flag *
flag_new(const char *name)
{
	if (strcasecmp(name, "\\Seen") == 0)
		return mailimap_flag_new_seen();
	if (strcasecmp(name, "\\Flagged") == 0)
		return mailimap_flag_new_flagged();
	if (strcasecmp(name, "\\Answered") == 0)
		return mailimap_flag_new_answered();
	if (strcasecmp(name, "\\Deleted") == 0)
		return mailimap_flag_new_deleted();
	return mailimap_flag_new_flag_keyword(mem_strdup(name));
}

static enum diag_code
add_flag(const struct change *c, const char *name, struct diag *d)
{
	struct imap *im = c->im;
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *change;
	char *doing = mem_printf("flag %s", name);
	enum diag_code code;

	(void)mailimap_flag_list_add(flags, flag_new(name));
	change = mailimap_store_att_flags_new_add_flags_silent(flags);
	imap_arm(im, IMAP_ANSWER);
	code = imap_result(im, mailimap_uid_store(im->session, c->set, change),
	    DIAG_RETRY, doing, d);
	mailimap_store_att_flags_free(change);
	free(doing);
	return code;
}

/* ---- deleting ----------------------------------------------------------------- */

/*
 * Where only all mails that are marked could be removed, they stay marked:
 * somebody else's may be among them.
 */
static enum diag_code
delete_mails(struct change *c, struct diag *d)
{
	struct imap *im = c->im;
	enum diag_code code = add_flag(c, "\\Deleted", d);

	if (code != DIAG_OK)
		return code;
	if (!mailimap_has_uidplus(im->session)) {
		c->left = LEFT_MARKED;
		return DIAG_OK;
	}
	imap_arm(im, IMAP_ANSWER);
	code = imap_result(im, mailimap_uid_expunge(im->session, c->set),
	    DIAG_RETRY, "expunge", d);
	if (code == DIAG_OK)
		c->left = LEFT_NOTHING;
	return code;
}

/* ---- moving ----------------------------------------------------------------- */

/* MOVE or COPY.  The server refuses when some of the mails are gone (RFC 5530)
 * and does nothing for the others; after a NOOP it knows what others have
 * deleted. */
static enum diag_code
transfer(const struct change *c, bool by_move, const char *wire,
    const char *doing, struct diag *d)
{
	struct imap *im = c->im;
	enum diag_code code = DIAG_RETRY;

	for (int i = 0; i < 3; i++) {
		imap_arm(im, IMAP_ANSWER);
		code = imap_result(im,
		    by_move ? mailimap_uid_move(im->session, c->set, wire) :
			      mailimap_uid_copy(im->session, c->set, wire),
		    DIAG_RETRY, doing, d);
		if (code == DIAG_OK || !imap_is_alive(im) ||
		    !imap_has_code(im, "EXPUNGEISSUED"))
			break;
		imap_arm(im, IMAP_ANSWER);
		(void)mailimap_noop(im->session);
	}
	return code;
}

/* MOVE was refused, and COPY may not be. */
static bool
may_copy(const struct imap *im, const struct diag *d)
{
	return imap_is_alive(im) && d->reason != REASON_NOT_NOW &&
	    !imap_has_code(im, "OVERQUOTA") && !imap_has_code(im, "TRYCREATE");
}

static enum diag_code
copy_mails(struct change *c, const char *wire, const char *doing,
    struct diag *d)
{
	enum diag_code code = need_right(c->im, doing, d);

	if (code == DIAG_OK)
		code = transfer(c, false, wire, doing, d);
	if (code != DIAG_OK)
		return code;
	c->left = LEFT_COPIED;
	return delete_mails(c, d);
}

/* MOVE was refused: what the server said of that counts, too, when the other way
 * fails. */
static enum diag_code
copy_instead(struct change *c, const char *wire, const char *doing,
    struct diag *d)
{
	char *refusal = mem_strdup(c->im->lines.reply.text);
	enum diag_code code = copy_mails(c, wire, doing, d);
	struct diag last = *d;

	if (code != DIAG_OK && refusal[0] != '\0' &&
	    strstr(last.text, refusal) == NULL)
		(void)diag_set(d, last.code, last.reason,
		    "%s (MOVE was refused: %s)", last.text, refusal);
	free(refusal);
	return code;
}

static enum diag_code
move_mails(struct change *c, const char *name, struct diag *d)
{
	struct imap *im = c->im;
	char *doing = mem_printf("move to %s", name);
	const char *wire = NULL;
	bool made = false;
	enum diag_code code = imap_need_folder(im, name, &wire, &made, d);

	if (code == DIAG_OK && imap_has(im, "MOVE")) {
		code = transfer(c, true, wire, doing, d);
		if (code == DIAG_OK)
			c->left = LEFT_NOTHING;
		else if (may_copy(im, d))
			code = copy_instead(c, wire, doing, d);
	} else if (code == DIAG_OK) {
		code = copy_mails(c, wire, doing, d);
	}
	free(doing);
	return code;
}

/* Mark and remove, if it can be. */
static enum diag_code
really_delete(struct change *c, struct diag *d)
{
	const enum diag_code code = need_right(c->im, "delete", d);

	return code == DIAG_OK ? delete_mails(c, d) : code;
}

enum diag_code
imap_act(struct imap *im, const struct action *action, const uint32_t *uids,
    size_t n, enum imap_left *left, struct diag *d)
{
	struct change c = { im, imap_set(uids, n), LEFT_ALL };
	enum diag_code code = DIAG_OK;

	switch (action->kind) {
	case ACTION_LEAVE:
		break;
	case ACTION_MOVE:
		code = move_mails(&c, action->name, d);
		break;
	case ACTION_FLAG:
		code = add_flag(&c, action->name, d);
		break;
	case ACTION_DELETE:
		code = really_delete(&c, d);
		break;
	}
	mailimap_set_free(c.set);
	*left = c.left;
	if (code == DIAG_FORMAT)
		code = d->code = DIAG_RETRY;
	return code;
}

/* ---- trying ----------------------------------------------------------------- */

/* Some servers refuse whatever names no mail.  What such a refusal says of
 * rights, room and folders counts all the same. */
static bool
means_it(const struct imap *im, const struct diag *d)
{
	static const char *const codes[] = { "NOPERM", "NONEXISTENT",
		"TRYCREATE", "OVERQUOTA", "CANNOT", "LIMIT" };
	static const char *const words[] = { "permi", "denied", "not allowed",
		"right", "quota", "folder", "mailbox", "read-only",
		"read only" };

	if (!imap_is_alive(im) || d->code != DIAG_RETRY ||
	    d->reason == REASON_NOT_NOW)
		return true;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (imap_has_code(im, codes[i]))
			return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(im->lines.reply.text, words[i]) != NULL)
			return true;
	return false;
}

static enum diag_code
try_flag(const struct change *c, const char *name, struct imap_trial *trial,
    struct diag *d)
{
	const enum diag_code code = add_flag(c, name, d);

	if (code == DIAG_OK || means_it(c->im, d))
		return code;
	trial->untried = true;
	return DIAG_OK;
}

static enum diag_code
try_delete(const struct change *c, struct imap_trial *trial, struct diag *d)
{
	const enum diag_code code = need_right(c->im, "delete", d);

	trial->is_marked = !mailimap_has_uidplus(c->im->session);
	return code == DIAG_OK ? try_flag(c, "\\Deleted", trial, d) : code;
}

static enum diag_code
try_move(const struct change *c, const char *name, struct imap_trial *trial,
    struct diag *d)
{
	struct imap *im = c->im;
	char *doing = mem_printf("move to %s", name);
	const char *wire = NULL;
	enum diag_code code = imap_need_folder(im, name, &wire, &trial->made,
	    d);

	if (code == DIAG_OK && imap_has(im, "MOVE"))
		trial->by_move = transfer(c, true, wire, doing, d) == DIAG_OK;
	if (code == DIAG_OK && !trial->by_move && imap_is_alive(im))
		code = transfer(c, false, wire, doing, d);
	else if (code == DIAG_OK && !trial->by_move)
		code = d->code;
	free(doing);
	if (code != DIAG_OK && wire != NULL && !means_it(im, d)) {
		trial->untried = true;
		trial->by_move = imap_has(im, "MOVE");
		code = DIAG_OK;
	}
	/* With no mail in it a server may forget to look at rights. */
	if (code == DIAG_OK && trial->by_move)
		return need_right(im, "move", d);
	return code == DIAG_OK ? try_delete(c, trial, d) : code;
}

enum diag_code
imap_try(struct imap *im, const struct action *action, struct imap_trial *trial,
    struct diag *d)
{
	const uint32_t uid = NOBODY;
	struct change c = { im, imap_set(&uid, 1), LEFT_ALL };
	enum diag_code code = DIAG_OK;

	*trial = (struct imap_trial){ 0 };
	switch (action->kind) {
	case ACTION_LEAVE:
		break;
	case ACTION_MOVE:
		code = try_move(&c, action->name, trial, d);
		break;
	case ACTION_FLAG:
		if (!keeps_flag(im, action->name))
			code = diag_set(d, DIAG_CONFIG, REASON_NO_FLAG,
			    "%s: flag %s: the server does not keep such a flag",
			    im->m->name, action->name);
		else
			code = try_flag(&c, action->name, trial, d);
		break;
	case ACTION_DELETE:
		code = try_delete(&c, trial, d);
		break;
	}
	mailimap_set_free(c.set);
	if (code == DIAG_FORMAT)
		code = d->code = DIAG_RETRY;
	return code;
}
