/* check_config: is dmarc.conf right? */
#include "ingest/check_config.h"

#include <stdio.h>
#include <stdlib.h>

#include "ingest/imap/imap.h"

static const char *const settings[] = {
	[VERDICT_STORED] = "stored",
	[VERDICT_DUPLICATE] = "duplicate",
	[VERDICT_NOT_REPORT] = "foreign",
	[VERDICT_SET_ASIDE] = "unreadable",
};

static void
say_connection(struct imap *im, const struct mailbox *m)
{
	char *how = imap_describe(im);

	(void)printf("%s: %s port %s, %s\n", m->name, m->host, m->port, how);
	free(how);
}

/* The folder and what lies in it. */
static enum diag_code
say_folder(struct imap *im, const struct mailbox *m, struct diag *d)
{
	struct imap_folder folder = { 0 };
	struct imap_mail *mails = NULL;
	size_t n = 0;
	size_t large = 0;
	enum diag_code code = imap_select(im, true, &folder, d);

	if (code == DIAG_OK)
		code = imap_list(im, &mails, &n, d);
	for (size_t i = 0; i < n; i++)
		if (mails[i].size > m->max_size)
			large++;
	if (code == DIAG_OK)
		(void)printf("  folder %s: %zu mails, %zu of them over max_size"
			     "\n",
		    m->folder, n, large);
	free(mails);
	return code;
}

static enum diag_code
say_action(struct imap *im, enum verdict verdict, const struct action *a,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;
	bool has = false;

	(void)printf("  %-10s ", settings[verdict]);
	switch (a->kind) {
	case ACTION_LEAVE:
		(void)printf("left where it is\n");
		break;
	case ACTION_FLAG:
		(void)printf("gets the flag %s\n", a->name);
		break;
	case ACTION_DELETE:
		(void)printf(imap_has(im, "UIDPLUS") ?
			"deleted\n" :
			"marked as deleted: the server has no UIDPLUS\n");
		break;
	case ACTION_MOVE:
		code = imap_has_folder(im, a->name, &has, d);
		if (code == DIAG_OK)
			(void)printf("moved to %s%s, by %s\n", a->name,
			    has ? "" : ", which is made first",
			    imap_has(im, "MOVE") ? "MOVE" : "COPY");
		else
			(void)printf("moved to %s\n", a->name);
		break;
	}
	return code;
}

static enum diag_code
check_one(const struct mailbox *m, struct diag *d)
{
	static const enum verdict order[] = { VERDICT_STORED, VERDICT_DUPLICATE,
		VERDICT_NOT_REPORT, VERDICT_SET_ASIDE };
	_Static_assert(sizeof(order) == VERDICT_COUNT * sizeof(order[0]) &&
		sizeof(settings) == VERDICT_COUNT * sizeof(settings[0]),
	    "a verdict is missing");
	struct imap *im = NULL;
	enum diag_code code = imap_open(&im, m, d);

	if (code == DIAG_OK)
		say_connection(im, m);
	if (code == DIAG_OK)
		code = say_folder(im, m, d);
	for (int i = 0; i < VERDICT_COUNT && code == DIAG_OK; i++)
		code = say_action(im, order[i], &m->actions[order[i]], d);
	imap_close(im);
	return code;
}

enum diag_code
check_config(const struct mailbox *boxes, size_t n, struct run_counts *counts,
    struct diag *d)
{
	for (size_t i = 0; i < n; i++)
		if (check_one(&boxes[i], d) != DIAG_OK)
			run_problem(counts, d);
	if (fflush(stdout) != 0 || ferror(stdout))
		return diag_set(d, DIAG_RETRY, REASON_OUTPUT,
		    "cannot write the output");
	return DIAG_OK;
}
