/*
 * imap_folder: folders are found, made and selected.
 *
 * What the operator calls a folder is not always what the server calls it: its
 * folders may all lie below a prefix ("INBOX."), its separator may be a dot,
 * and it may take upper and lower case for the same.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/printable.h"
#include "ingest/config/utf7.h"
#include "ingest/imap/imap_session.h"
#include "ingest/imap/imap_words.h"

/* ---- finding --------------------------------------------------------------- */

/* Of what was listed the one that is meant by a name. */
static const struct imap_listed *
pick(const GPtrArray *found, const char *wire)
{
	const struct imap_listed *best = NULL;

	for (guint i = 0; i < found->len; i++) {
		const struct imap_listed *f = g_ptr_array_index(found, i);

		if (!imap_is_alike(f->wire, wire))
			continue;
		if (best == NULL || (f->can_hold && !best->can_hold) ||
		    (f->can_hold && strcmp(f->wire, wire) == 0))
			best = f;
	}
	return best;
}

/* Is there a folder that a pattern means and that is called like this? */
static enum diag_code
look_for(struct imap *im, const char *pattern, const char *wire,
    enum imap_there *there, char **called, struct diag *d)
{
	GPtrArray *found = NULL;
	const struct imap_listed *f;
	enum diag_code code = imap_list_folders(im, pattern, &found, d);

	if (code == DIAG_OK) {
		f = pick(found, wire);
		*there = f == NULL ? THERE_NOTHING :
		    f->can_hold    ? THERE_FOLDER :
				     THERE_NAME_ONLY;
		if (*there == THERE_FOLDER) {
			free(*called);
			*called = mem_strdup(f->wire);
		}
	} else if (imap_is_alive(im) && d->reason != REASON_NOT_NOW) {
		*there = THERE_UNKNOWN;
		code = DIAG_OK;
	}
	g_ptr_array_free(found, TRUE);
	return code;
}

enum diag_code
imap_find(struct imap *im, const char *name, enum imap_there *there,
    char **wire, struct diag *d)
{
	const char *known = g_hash_table_lookup(im->folders, name);
	enum imap_there below = THERE_NOTHING;
	char *other = NULL;
	enum diag_code code;

	*there = THERE_FOLDER;
	*wire = known != NULL ? mem_strdup(known) : utf7_from_utf8(name);
	if (known != NULL || strcmp(name, "INBOX") == 0)
		return DIAG_OK;
	code = look_for(im, *wire, *wire, there, wire, d);
	if (code != DIAG_OK || *there == THERE_FOLDER)
		return code;
	code = imap_learn_prefix(im, d);
	if (code == DIAG_OK && !im->is_guess)
		other = imap_other_name(im, *wire);
	if (other != NULL)
		code = look_for(im, other, other, &below, wire, d);
	if (code == DIAG_OK && below == THERE_FOLDER)
		*there = below;
	free(other);
	return code;
}

static void
remember(struct imap *im, const char *name, const char *wire)
{
	(void)g_hash_table_insert(im->folders, mem_strdup(name),
	    mem_strdup(wire));
}

/* ---- making ---------------------------------------------------------------- */

/* CREATE was refused because there is such a folder. */
static bool
exists_already(const struct imap *im)
{
	const char *text = im->lines.reply.text;

	return imap_has_code(im, "ALREADYEXISTS") ||
	    strcasestr(text, "already exist") != NULL ||
	    (strcasestr(text, "exists") != NULL &&
		strcasestr(text, "not exist") == NULL);
}

/* *exists: it was there. */
static enum diag_code
make_folder(struct imap *im, const char *wire, bool *exists, struct diag *d)
{
	char *name = imap_name(wire);
	char *doing = mem_printf("making the folder %s", name);
	enum diag_code code;

	imap_arm(im, IMAP_ANSWER);
	code = imap_whole_result(im, mailimap_create(im->session, wire),
	    DIAG_CONFIG, doing, d);
	*exists = code != DIAG_OK && imap_is_alive(im) && exists_already(im);
	/* Mail programs show what is subscribed to; a wish, no condition. */
	if (code == DIAG_OK) {
		imap_arm(im, IMAP_ANSWER);
		(void)mailimap_subscribe(im->session, wire);
	}
	free(doing);
	free(name);
	return *exists ? DIAG_OK : code;
}

/* A server that calls two names the same lists only one of them. */
static enum diag_code
find_spelling(struct imap *im, char **wire, struct diag *d)
{
	enum imap_there there = THERE_NOTHING;
	char *name = mem_strdup(*wire);
	const enum diag_code code = look_for(im, "*", name, &there, wire, d);

	free(name);
	return code;
}

/* Make it, by this name or by the other that it may have. */
static enum diag_code
make_somehow(struct imap *im, enum imap_there there, char **wire, bool *exists,
    struct diag *d)
{
	struct diag other_diag;
	char *other;
	enum diag_code code = make_folder(im, *wire, exists, d);

	if (code == DIAG_OK && *exists && there == THERE_NAME_ONLY)
		return diag_set(d, DIAG_CONFIG, REASON_NO_FOLDER,
		    "%s: folder %s: it is a name only, which can hold no mails",
		    im->m->name, *wire);
	if (code == DIAG_OK || !imap_is_alive(im) ||
	    d->reason == REASON_NOT_NOW)
		return code;
	if (imap_learn_prefix(im, &other_diag) != DIAG_OK)
		return code;
	other = imap_other_name(im, *wire);
	if (other != NULL &&
	    make_folder(im, other, exists, &other_diag) == DIAG_OK) {
		free(*wire);
		*wire = mem_strdup(other);
		code = DIAG_OK;
	}
	free(other);
	/* Who lists nothing may still know it. */
	return there == THERE_UNKNOWN && imap_is_alive(im) ? DIAG_OK : code;
}

enum diag_code
imap_need_folder(struct imap *im, const char *name, const char **wire,
    bool *made, struct diag *d)
{
	enum imap_there there = THERE_NOTHING;
	char *called = NULL;
	bool exists = true;
	enum diag_code code = imap_find(im, name, &there, &called, d);

	if (code == DIAG_OK && there != THERE_FOLDER) {
		code = make_somehow(im, there, &called, &exists, d);
		if (code == DIAG_OK && exists)
			code = find_spelling(im, &called, d);
	}
	*made = code == DIAG_OK && there != THERE_FOLDER && !exists;
	if (code == DIAG_OK && g_hash_table_lookup(im->folders, name) == NULL)
		remember(im, name, called);
	*wire = g_hash_table_lookup(im->folders, name);
	free(called);
	return code;
}

/* ---- patterns -------------------------------------------------------------- */

/* Mails are moved there: who reads it would move them for ever. */
static bool
is_target(const struct imap *im, const char *wire)
{
	bool is = false;

	for (int v = 0; v < FATES && !is; v++) {
		const struct action *a = &im->m->actions[v];
		char *name;
		char *other;

		if (a->kind != ACTION_MOVE)
			continue;
		name = utf7_from_utf8(a->name);
		other = imap_other_name(im, name);
		is = imap_is_alike(wire, name) ||
		    (other != NULL && imap_is_alike(wire, other));
		free(name);
		free(other);
	}
	return is;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A terminal would obey it, and as what it may be shown two could be one. */
static bool
is_printable(const char *name)
{
	char *shown = mem_strdup(name);
	bool same;

	printable(shown);
	same = strcmp(shown, name) == 0;
	free(shown);
	return same;
}

static void
add_name(struct imap *im, const struct imap_listed *f, GPtrArray *names,
    size_t *left)
{
	char *name;

	if (!f->can_hold || f->is_special || is_target(im, f->wire))
		return;
	name = strcasecmp(f->wire, "INBOX") == 0 ? mem_strdup("INBOX") :
						   imap_name(f->wire);
	for (guint i = 0; i < names->len; i++)
		if (strcmp(g_ptr_array_index(names, i), name) == 0) {
			free(name);
			return;
		}
	if (names->len == LIMIT_IMAP_FOLDERS || !is_printable(name)) {
		++*left;
		free(name);
		return;
	}
	remember(im, name, f->wire);
	g_ptr_array_add(names, name);
}

static enum diag_code
add_names(struct imap *im, const char *pattern, GPtrArray *names, size_t *left,
    struct diag *d)
{
	GPtrArray *found = NULL;
	const enum diag_code code = imap_list_folders(im, pattern, &found, d);

	for (guint i = 0; i < found->len; i++)
		add_name(im, g_ptr_array_index(found, i), names, left);
	g_ptr_array_free(found, TRUE);
	if (code == DIAG_OK)
		*left += im->lines.left_out;
	return code;
}

enum diag_code
imap_expand(struct imap *im, const char *pattern, GPtrArray *names,
    size_t *left, struct diag *d)
{
	const guint before = names->len;
	char *wire = utf7_from_utf8(pattern);
	char *other = NULL;
	enum diag_code code = imap_learn_prefix(im, d);

	if (code == DIAG_OK)
		code = add_names(im, wire, names, left, d);
	if (code == DIAG_OK && names->len == before && !im->is_guess)
		other = imap_other_name(im, wire);
	if (other != NULL)
		code = add_names(im, other, names, left, d);
	if (names->len > before)
		qsort(names->pdata + before, names->len - before,
		    sizeof(*names->pdata), by_name);
	free(other);
	free(wire);
	return code;
}

/* ---- selecting ------------------------------------------------------------- */

static enum diag_code
select_wire(struct imap *im, const char *name, const char *wire, struct diag *d)
{
	char *doing = mem_printf("folder %s", name);
	enum diag_code code;

	free(im->lines.permanent);
	im->lines.permanent = NULL;
	imap_arm(im, IMAP_ANSWER);
	code = imap_whole_result(im, mailimap_select(im->session, wire),
	    DIAG_CONFIG, doing, d);
	free(doing);
	free(im->selected);
	im->selected = code == DIAG_OK ? mem_strdup(wire) : NULL;
	return code;
}

/* Refused: it may be called otherwise there, and 163.com wants to know first
 * who we are.  The refusal stands unless that helps. */
static enum diag_code
select_otherwise(struct imap *im, const char *name, char **wire, struct diag *d)
{
	enum imap_there there = THERE_NOTHING;
	const struct diag refusal = *d;
	char *called = NULL;
	enum diag_code code = d->code;

	if (strcasestr(im->lines.reply.text, "unsafe login") != NULL &&
	    !im->has_said_id) {
		imap_say_id(im);
		return select_wire(im, name, *wire, d);
	}
	if (d->reason == REASON_NOT_NOW)
		return code;
	if (imap_find(im, name, &there, &called, d) != DIAG_OK) {
		free(called);
		return d->code;
	}
	if (there == THERE_FOLDER && strcmp(called, *wire) != 0)
		code = select_wire(im, name, called, d);
	else
		*d = refusal;
	if (code == DIAG_OK)
		remember(im, name, called);
	free(called);
	return code;
}

static enum diag_code
check_selected(struct imap *im, const char *name, struct imap_folder *folder,
    struct diag *d)
{
	const struct mailimap_selection_info *info =
	    im->session->imap_selection_info;

	/* Without it, a UID may mean another mail tomorrow. */
	if (info->sel_uidvalidity == 0)
		return diag_set(d, DIAG_CONFIG, REASON_NO_UIDVALIDITY,
		    "%s: folder %s: the server gives no UIDVALIDITY",
		    im->m->name, name);
	*folder = (struct imap_folder){
		.uidvalidity = info->sel_uidvalidity,
		.uidnext = info->sel_uidnext,
		.exists = info->sel_has_exists ? info->sel_exists : 0,
		.read_only = info->sel_perm == MAILIMAP_MAILBOX_READONLY,
	};
	return DIAG_OK;
}

enum diag_code
imap_select(struct imap *im, const char *name, struct imap_folder *folder,
    struct diag *d)
{
	const char *known = g_hash_table_lookup(im->folders, name);
	char *wire = known != NULL ? mem_strdup(known) : utf7_from_utf8(name);
	enum diag_code code = select_wire(im, name, wire, d);

	if (code != DIAG_OK && imap_is_alive(im))
		code = select_otherwise(im, name, &wire, d);
	free(wire);
	return code == DIAG_OK ? check_selected(im, name, folder, d) : code;
}
