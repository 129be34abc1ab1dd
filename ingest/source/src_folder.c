/*
 * src_folder: all files below a folder, in the order of their names.  What is
 * hidden (.name) is left out; a Maildir inside is read as one, an mbox too.
 */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
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

/* Look at one entry: SOURCE_ITEM means that inner was opened. */
static enum source_next
visit(struct folder *folder, FTSENT *e, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	if (e->fts_level > 0 && e->fts_name[0] == '.') {
		(void)fts_set(folder->fts, e, FTS_SKIP);
		return SOURCE_END;
	}
	switch (e->fts_info) {
	case FTS_D:
		if (!src_is_maildir(e->fts_path))
			return SOURCE_END;
		(void)fts_set(folder->fts, e, FTS_SKIP);
		code = src_maildir_open(&folder->inner, e->fts_path, d);
		break;
	case FTS_F:
		code = src_file_open(&folder->inner, e->fts_path, d);
		break;
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
	return code == DIAG_OK ? SOURCE_ITEM : SOURCE_PROBLEM;
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
		if (visit(folder, e, d) == SOURCE_PROBLEM)
			return SOURCE_PROBLEM;
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
