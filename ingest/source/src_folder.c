/*
 * src_folder: all files below a folder, in the order of their names.  What is
 * hidden (.name) is left out; a Maildir is read as one, with its sub-folders in
 * whatever layout (Maildir++, directories in directories, KMail); an mbox, too.
 */
#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "common/mem.h"
#include "ingest/source/source.h"

struct folder {
	FTS *fts;
	char *path;
	struct source inner; /* the file or Maildir at hand, if ops != NULL */
};

static void
close_inner(struct folder *folder)
{
	if (folder->inner.ops != NULL)
		folder->inner.ops->close(folder->inner.impl);
	folder->inner = (struct source){ 0 };
}

static void
folder_close(void *impl)
{
	struct folder *folder = impl;

	close_inner(folder);
	if (folder->fts != NULL)
		(void)fts_close(folder->fts);
	free(folder->path);
	free(folder);
}

static enum source_next
problem(const FTSENT *e, int error, struct diag *d)
{
	(void)diag_set(d, DIAG_FORMAT, REASON_UNREADABLE, "%s: %s", e->fts_path,
	    strerror(error));
	return SOURCE_PROBLEM;
}

/* A link to nowhere, or one in a circle. */
static int
why_dangling(const FTSENT *e)
{
	struct stat st;

	return stat(e->fts_path, &st) == -1 ? errno : ENOENT;
}

/* ---- Maildirs and their sub-folders ----------------------------------------- */

/* What a folder is, as it is noted in fts_number. */
enum folder_kind {
	FOLDER_PLAIN,
	FOLDER_MAILDIR, /* files in it are no mails */
	FOLDER_HALF     /* cur or new alone: as if it were both */
};

static bool
ends(const char *name, const char *with)
{
	const size_t n = strlen(name);
	const size_t m = strlen(with);

	return n > m && strcmp(name + n - m, with) == 0;
}

static bool
is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasecmp(name, *list) == 0)
			return true;
	return false;
}

static bool
is_in_maildir(const FTSENT *e)
{
	return e->fts_level > 0 && e->fts_parent->fts_number != FOLDER_PLAIN;
}

/* Mail that was sent, deleted or is not finished: as with the flags T and D. */
static bool
is_left_out(const FTSENT *e)
{
	static const char *const names[] = { "Trash", "Deleted Items",
		"Deleted Messages", "Drafts", "Sent", "Sent Items",
		"Sent Messages", "sent-mail", "Templates", "outbox", NULL };
	const char *name = e->fts_name;

	if (!is_in_maildir(e))
		return false;
	name += name[0] == '.' ? 1 : 0;
	if (strncasecmp(name, "INBOX.", 6) == 0)
		name += 6;
	return is_one_of(name, names);
}

/* What mail servers keep beside the mails. */
static bool
is_no_mail(const FTSENT *e)
{
	static const char *const names[] = { "subscriptions", "maildirsize",
		"maildirfolder", "sieve", NULL };

	return e->fts_parent->fts_number == FOLDER_MAILDIR ||
	    (e->fts_parent->fts_number == FOLDER_HALF &&
		(strncmp(e->fts_name, "dovecot", 7) == 0 ||
		    strncmp(e->fts_name, "courier", 7) == 0 ||
		    is_one_of(e->fts_name, names)));
}

/* KMail keeps the sub-folders of a Maildir beside it. */
static bool
is_kmail(const FTSENT *e)
{
	return e->fts_name[0] == '.' && ends(e->fts_name, ".directory");
}

/* Sub-folders of a Maildir may be hidden. */
static bool
is_hidden(const FTSENT *e)
{
	if (e->fts_level == 0 || e->fts_name[0] != '.')
		return false;
	return !(e->fts_info == FTS_D &&
	    (is_kmail(e) ||
		(is_in_maildir(e) && src_is_maildir(e->fts_path) > 0)));
}

static enum source_next
visit_folder(struct folder *folder, FTSENT *e, struct diag *d)
{
	static const char *const own[] = { "cur", "new", "tmp", NULL };
	const int found = src_is_maildir(e->fts_path);

	if (is_in_maildir(e) && is_one_of(e->fts_name, own)) {
		/* Of half a Maildir they are folders of files. */
		if (e->fts_parent->fts_number == FOLDER_MAILDIR)
			(void)fts_set(folder->fts, e, FTS_SKIP);
		return SOURCE_END;
	}
	if (is_left_out(e)) {
		(void)fts_set(folder->fts, e, FTS_SKIP);
		(void)diag_set(d, DIAG_FORMAT, REASON_LEFT_OUT,
		    "%s: not read: sent, deleted or unfinished mail",
		    e->fts_path);
		return SOURCE_NOTICE;
	}
	if (found == 1)
		e->fts_number = FOLDER_HALF;
	else if (found == 2 || is_kmail(e))
		e->fts_number = FOLDER_MAILDIR;
	else if (is_in_maildir(e))
		e->fts_number = e->fts_parent->fts_number;
	if (found != 2)
		return SOURCE_END;
	return src_maildir_open(&folder->inner, e->fts_path, d) == DIAG_OK ?
	    SOURCE_ITEM :
	    SOURCE_PROBLEM;
}

/* Look at one entry: SOURCE_ITEM means that inner was opened. */
static enum source_next
visit(struct folder *folder, FTSENT *e, struct diag *d)
{
	if (is_hidden(e)) {
		(void)fts_set(folder->fts, e, FTS_SKIP);
		return SOURCE_END;
	}
	switch (e->fts_info) {
	case FTS_D:
		return visit_folder(folder, e, d);
	case FTS_F:
		if (e->fts_level > 0 && is_no_mail(e))
			return SOURCE_END;
		return src_file_open(&folder->inner, e->fts_path, d) ==
			DIAG_OK ?
		    SOURCE_ITEM :
		    SOURCE_PROBLEM;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return problem(e, e->fts_errno, d);
	case FTS_DC:
		return problem(e, ELOOP, d);
	case FTS_SLNONE:
		return problem(e, why_dangling(e), d);
	default:
		return SOURCE_END; /* a socket, a device, leaving a folder */
	}
}

static enum source_next
folder_next(void *impl, struct item *item, struct diag *d)
{
	struct folder *folder = impl;
	enum source_next r;
	FTSENT *e;

	for (;;) {
		if (folder->inner.ops != NULL) {
			r = folder->inner.ops->next(folder->inner.impl, item,
			    d);
			if (r != SOURCE_END)
				return r;
			close_inner(folder);
		}
		errno = 0;
		e = fts_read(folder->fts);
		if (e == NULL && errno != 0) {
			(void)diag_set(d, DIAG_FORMAT, REASON_UNREADABLE,
			    "%s: %s", folder->path, strerror(errno));
			return SOURCE_FAILED;
		}
		if (e == NULL)
			return SOURCE_END;
		r = visit(folder, e, d);
		if (r == SOURCE_PROBLEM || r == SOURCE_NOTICE)
			return r;
	}
}

static const struct source_ops folder_ops = { folder_next, true, NULL, NULL,
	folder_close };

static int
by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

enum diag_code
src_folder_open(struct source *source, const char *path, struct diag *d)
{
	struct folder *folder = mem_calloc(1, sizeof(*folder));
	char *paths[2];

	folder->path = mem_strdup(path);
	paths[0] = folder->path;
	paths[1] = NULL;
	folder->fts = fts_open(paths, FTS_LOGICAL | FTS_NOCHDIR, by_name);
	if (folder->fts == NULL) {
		(void)diag_set(d, DIAG_FORMAT, REASON_UNREADABLE, "%s: %s",
		    path, strerror(errno));
		folder_close(folder);
		return d->code;
	}
	*source = (struct source){ &folder_ops, folder };
	return DIAG_OK;
}
