/*
 * imap_change: mails are moved, flagged and deleted, folders are made.
 */
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/imap/imap_session.h"
#include "ingest/config/utf7.h"

/* ---- folders --------------------------------------------------------------- */

static enum diag_code
list_folder(struct imap *im, const char *wire, bool *has, struct diag *d)
{
	clist *list = NULL;
	enum diag_code code;

	imap_arm(im, IMAP_ANSWER);
	code = imap_result(im, mailimap_list(im->session, "", wire, &list),
	    DIAG_RETRY, "list of folders", d);
	*has = code == DIAG_OK && list != NULL && clist_count(list) > 0;
	/* Also after a refusal it is ours. */
	if (list != NULL)
		mailimap_list_result_free(list);
	return code;
}

enum diag_code
imap_has_folder(struct imap *im, const char *name, bool *has, struct diag *d)
{
	char *wire = utf7_from_utf8(name);
	enum diag_code code = list_folder(im, wire, has, d);

	free(wire);
	return code;
}

static enum diag_code
make_folder(struct imap *im, const char *name, const char *wire, struct diag *d)
{
	char *doing = mem_printf("making the folder %s", name);
	enum diag_code code;

	imap_arm(im, IMAP_ANSWER);
	code = imap_result(im, mailimap_create(im->session, wire), DIAG_CONFIG,
	    doing, d);
	/* Mail programs show what is subscribed to; a wish, no condition. */
	if (code == DIAG_OK) {
		imap_arm(im, IMAP_ANSWER);
		(void)mailimap_subscribe(im->session, wire);
	}
	free(doing);
	return code;
}

/* The folder is there, or is made now. */
static enum diag_code
need_folder(struct imap *im, const char *name, const char *wire, struct diag *d)
{
	bool has = false;
	enum diag_code code;

	if (im->known_folder != NULL && strcmp(im->known_folder, name) == 0)
		return DIAG_OK;
	code = list_folder(im, wire, &has, d);
	if (code == DIAG_OK && !has)
		code = make_folder(im, name, wire, d);
	if (code != DIAG_OK)
		return code;
	free(im->known_folder);
	im->known_folder = mem_strdup(name);
	return DIAG_OK;
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
add_flag(struct imap *im, struct mailimap_set *set, const char *name,
    struct diag *d)
{
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *change;
	char *doing = mem_printf("flag %s", name);
	enum diag_code code;

	(void)mailimap_flag_list_add(flags, flag_new(name));
	change = mailimap_store_att_flags_new_add_flags_silent(flags);
	imap_arm(im, IMAP_ANSWER);
	code = imap_result(im, mailimap_uid_store(im->session, set, change),
	    DIAG_RETRY, doing, d);
	mailimap_store_att_flags_free(change);
	free(doing);
	return code;
}

/* ---- moving and deleting ----------------------------------------------------- */

/*
 * Where only all mails that are marked could be removed, they stay marked:
 * somebody else's may be among them.
 */
static enum diag_code
delete_mails(struct imap *im, struct mailimap_set *set, struct diag *d)
{
	enum diag_code code = add_flag(im, set, "\\Deleted", d);

	if (code != DIAG_OK || !mailimap_has_uidplus(im->session))
		return code;
	imap_arm(im, IMAP_ANSWER);
	return imap_result(im, mailimap_uid_expunge(im->session, set),
	    DIAG_RETRY, "expunge", d);
}

/* The server refuses because some of the mails are gone (RFC 5530), and does
 * nothing for the others. */
static bool
is_outdated(const struct imap *im)
{
	const struct mailimap_response_info *info =
	    im->session->imap_response_info;

	return info != NULL && info->rsp_atom != NULL &&
	    strcasecmp(info->rsp_atom, "EXPUNGEISSUED") == 0;
}

/* MOVE or COPY.  After a NOOP a session knows of what others have deleted. */
static enum diag_code
transfer(struct imap *im, struct mailimap_set *set, const char *wire,
    const char *doing, struct diag *d)
{
	const bool has_move = imap_has(im, "MOVE");
	enum diag_code code = DIAG_RETRY;

	for (int i = 0; i < 3; i++) {
		imap_arm(im, IMAP_ANSWER);
		code = imap_result(im,
		    has_move ? mailimap_uid_move(im->session, set, wire) :
			       mailimap_uid_copy(im->session, set, wire),
		    DIAG_RETRY, doing, d);
		if (code == DIAG_OK || !imap_is_alive(im) || !is_outdated(im))
			break;
		imap_arm(im, IMAP_ANSWER);
		(void)mailimap_noop(im->session);
	}
	return code;
}

static enum diag_code
move_mails(struct imap *im, struct mailimap_set *set, const char *name,
    struct diag *d)
{
	char *wire = utf7_from_utf8(name);
	char *doing = mem_printf("move to %s", name);
	const bool has_move = imap_has(im, "MOVE");
	enum diag_code code = need_folder(im, name, wire, d);

	if (code == DIAG_OK)
		code = transfer(im, set, wire, doing, d);
	if (code == DIAG_OK && !has_move)
		code = delete_mails(im, set, d);
	free(doing);
	free(wire);
	return code;
}

enum diag_code
imap_act(struct imap *im, const struct action *action, const uint32_t *uids,
    size_t n, struct diag *d)
{
	struct mailimap_set *set = imap_set(uids, n);
	enum diag_code code = DIAG_OK;

	switch (action->kind) {
	case ACTION_LEAVE:
		break;
	case ACTION_MOVE:
		code = move_mails(im, set, action->name, d);
		break;
	case ACTION_FLAG:
		code = add_flag(im, set, action->name, d);
		break;
	case ACTION_DELETE:
		code = delete_mails(im, set, d);
		break;
	}
	mailimap_set_free(set);
	if (code == DIAG_FORMAT)
		code = d->code = DIAG_RETRY;
	return code;
}
