/* check_config: is dmarc.conf right? */
#include "ingest/check_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"
#include "ingest/imap/imap.h"

static const char *const settings[] = {
	[FATE_STORED] = "stored",
	[FATE_DUPLICATE] = "duplicate",
	[FATE_NOT_REPORT] = "foreign",
	[FATE_SET_ASIDE] = "unreadable",
};

static void
say_connection(struct imap *im, const struct mailbox *m)
{
	char *how = imap_describe(im);

	(void)printf("%s: %s port %s, %s\n", m->name, m->host, m->port, how);
	free(how);
}

/* A folder, which stays selected, and what lies in it. */
static enum diag_code
say_folder(struct imap *im, const struct mailbox *m, const char *name,
    struct diag *d)
{
	struct imap_folder folder = { 0 };
	struct imap_mail *mails = NULL;
	size_t n = 0;
	size_t large = 0;
	enum diag_code code = imap_select(im, name, &folder, d);

	if (code == DIAG_OK)
		code = imap_list(im, &mails, &n, d);
	for (size_t i = 0; i < n; i++)
		if (mails[i].size > m->max_size)
			large++;
	if (code == DIAG_OK)
		(void)printf("  folder %s: %zu mails, %zu of them over max_size"
			     "\n",
		    name, n, large);
	free(mails);
	if (code == DIAG_OK && folder.read_only && mailbox_wants_changes(m))
		code = diag_set(d, DIAG_CONFIG, REASON_READ_ONLY,
		    "%s: folder %s is read-only: its mails are read and left",
		    m->name, name);
	return code;
}

static void
print_action(const struct action *a, const struct imap_trial *trial)
{
	switch (a->kind) {
	case ACTION_LEAVE:
		(void)printf("left where it is");
		break;
	case ACTION_FLAG:
		(void)printf("gets the flag %s", a->name);
		break;
	case ACTION_DELETE:
		(void)printf(trial->is_marked ?
			"marked as deleted: the server has no UIDPLUS" :
			"deleted");
		break;
	case ACTION_MOVE:
		(void)printf("moved to %s%s, by %s", a->name,
		    trial->made ? ", which is made first" : "",
		    trial->by_move ? "MOVE" : "COPY");
		break;
	}
	(void)printf("%s\n",
	    trial->untried ? "; this cannot be tried without a mail" : "");
}

/* An earlier action has made the folder of this one, too. */
static bool
was_made(const struct mailbox *m, const bool *made, const struct action *a)
{
	for (int v = 0; v < FATES; v++)
		if (made[v] && a->kind == ACTION_MOVE &&
		    strcmp(m->actions[v].name, a->name) == 0)
			return true;
	return false;
}

/* What would be done with mails of the folder that is selected, for people if
 * aloud; what fails is told. */
static void
say_actions(struct imap *im, const struct mailbox *m, bool aloud,
    struct run_counts *counts, struct diag *d)
{
	static const enum fate order[] = { FATE_STORED, FATE_DUPLICATE,
		FATE_NOT_REPORT, FATE_SET_ASIDE };
	_Static_assert(sizeof(order) == FATES * sizeof(order[0]) &&
		sizeof(settings) == FATES * sizeof(settings[0]),
	    "a fate is missing");
	bool made[FATES] = { false };

	for (int i = 0; i < FATES && imap_is_alive(im); i++) {
		const struct action *a = &m->actions[order[i]];
		struct imap_trial trial = { 0 };
		const bool ok = imap_try(im, a, &trial, d) == DIAG_OK;

		trial.made = trial.made || was_made(m, made, a);
		made[order[i]] = trial.made;
		if (aloud)
			(void)printf("  %-10s ", settings[order[i]]);
		if (aloud && ok)
			print_action(a, &trial);
		else if (aloud)
			(void)printf("cannot be done\n");
		if (!ok)
			run_problem(counts, d);
	}
}

/* The names of all folders that are read. */
static enum diag_code
find_folders(struct imap *im, const struct mailbox *m, GPtrArray *names,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;

	for (char **f = m->folders; *f != NULL && code == DIAG_OK; f++) {
		const guint before = names->len;
		size_t left = 0;

		if (!mailbox_is_pattern(*f))
			g_ptr_array_add(names, mem_strdup(*f));
		else
			code = imap_expand(im, *f, names, &left, d);
		if (code == DIAG_OK && names->len == before)
			(void)printf("  folder %s: there is none now\n", *f);
		if (code == DIAG_OK && left > 0)
			(void)printf("  folder %s: %zu more are not read\n", *f,
			    left);
	}
	return code;
}

/* Look at the folders.  *names keeps those that can be read. */
static void
say_folders(struct imap *im, const struct mailbox *m, GPtrArray *names,
    struct run_counts *counts, struct diag *d)
{
	guint i = 0;

	while (i < names->len && imap_is_alive(im)) {
		if (say_folder(im, m, g_ptr_array_index(names, i), d) ==
		    DIAG_OK) {
			i++;
			continue;
		}
		run_problem(counts, d);
		(void)g_ptr_array_remove_index(names, i);
	}
}

/* Try the actions in each. */
static void
try_folders(struct imap *im, const struct mailbox *m, const GPtrArray *names,
    struct run_counts *counts, struct diag *d)
{
	struct imap_folder folder;

	for (guint i = 0; i < names->len && imap_is_alive(im); i++)
		if (imap_select(im, g_ptr_array_index(names, i), &folder, d) ==
		    DIAG_OK)
			say_actions(im, m, i == 0, counts, d);
		else
			run_problem(counts, d);
}

static enum diag_code
check_one(const struct mailbox *m, struct run_counts *counts, struct diag *d)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(free);
	struct imap *im = NULL;
	enum diag_code code = imap_open(&im, m, d);

	if (code == DIAG_OK) {
		say_connection(im, m);
		code = find_folders(im, m, names, d);
	}
	if (code == DIAG_OK) {
		say_folders(im, m, names, counts, d);
		try_folders(im, m, names, counts, d);
	}
	imap_close(im);
	g_ptr_array_free(names, TRUE);
	return code;
}

enum diag_code
check_config(const struct mailbox *boxes, size_t n, struct run_counts *counts,
    struct diag *d)
{
	for (size_t i = 0; i < n; i++)
		if (check_one(&boxes[i], counts, d) != DIAG_OK)
			run_problem(counts, d);
	if (fflush(stdout) != 0 || ferror(stdout))
		return diag_set(d, DIAG_RETRY, REASON_OUTPUT,
		    "cannot write the output");
	return DIAG_OK;
}
