/*
 * src_maildir: the mails in new/ and cur/ of a Maildir, oldest name first.
 * Mails with the flag T (trashed) or D (draft) are left out.  Nothing is
 * moved.  Other programs may move a mail from new/ to cur/ or change its
 * flags meanwhile, so one that is not where it was is looked for again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "ingest/source/source.h"

int
src_is_maildir(const char *path)
{
	static const char *const folders[] = { "cur", "new" };
	struct stat st;
	int found = 0;

	for (int i = 0; i < 2; i++) {
		char *sub = mem_printf("%s/%s", path, folders[i]);

		if (stat(sub, &st) == 0 && S_ISDIR(st.st_mode))
			found++;
		free(sub);
	}
	return found;
}

struct maildir {
	char *path;
	char **names; /* below path: new/... and cur/... */
	size_t n;
	size_t size;
	size_t at;
};

static void
maildir_close(void *impl)
{
	struct maildir *m = impl;

	for (size_t i = 0; i < m->n; i++)
		free(m->names[i]);
	free(m->names);
	free(m->path);
	free(m);
}

/* The flags follow ":2," (or ";2," where a colon may not be in a name). */
static bool
is_left_out(const char *name)
{
	const char *flags = strstr(name, "2,");

	if (flags == NULL || flags == name ||
	    (flags[-1] != ':' && flags[-1] != ';'))
		return false;
	return strpbrk(flags + 2, "TD") != NULL;
}

static void
add(struct maildir *m, const char *folder, const char *name)
{
	if (m->n == m->size) {
		m->size = m->size == 0 ? 256 : m->size * 2;
		m->names = mem_realloc(m->names, m->size, sizeof(*m->names));
	}
	m->names[m->n++] = mem_printf("%s/%s", folder, name);
}

static enum diag_code
list(struct maildir *m, const char *folder, struct diag *d)
{
	char *path = mem_printf("%s/%s", m->path, folder);
	DIR *dir = opendir(path);
	const struct dirent *e;
	enum diag_code code;

	if (dir == NULL) {
		(void)diag_set(d, DIAG_FORMAT, REASON_UNREADABLE, "%s: %s",
		    path, strerror(errno));
		free(path);
		return d->code;
	}
	code = DIAG_OK;
	for (errno = 0; (e = readdir(dir)) != NULL; errno = 0)
		if (e->d_name[0] != '.' && !is_left_out(e->d_name))
			add(m, folder, e->d_name);
	if (errno != 0)
		code = diag_set(d, DIAG_FORMAT, REASON_UNREADABLE, "%s: %s",
		    path, strerror(errno));
	(void)closedir(dir);
	free(path);
	return code;
}

/* How much of a name stays the same whatever its flags. */
static size_t
base_length(const char *name)
{
	return strcspn(name, ":;");
}

/* Open the mail under the name that it has now; *path is that name.  *error is
 * ENOENT when there is none. */
static int
open_moved(const struct maildir *m, const char *base, char **path, int *error)
{
	const size_t n = base_length(base);
	char *cur = mem_printf("%s/cur", m->path);
	DIR *dir = opendir(cur);
	const struct dirent *e;
	int fd = -1;

	*error = dir == NULL ? errno : ENOENT;
	while (dir != NULL && fd == -1 && (e = readdir(dir)) != NULL) {
		if (base_length(e->d_name) != n ||
		    strncmp(e->d_name, base, n) != 0)
			continue;
		free(*path);
		*path = mem_printf("%s/%s", cur, e->d_name);
		fd = open(*path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd == -1)
			*error = errno;
	}
	if (dir != NULL)
		(void)closedir(dir);
	free(cur);
	return fd;
}

/* *error is 0 for what needs no word. */
static bool
is_file(int fd, int *error)
{
	struct stat st;

	*error = 0;
	if (fstat(fd, &st) == -1)
		*error = errno;
	else if (S_ISDIR(st.st_mode))
		*error = EISDIR;
	return *error == 0 && S_ISREG(st.st_mode);
}

static enum source_next
maildir_next(void *impl, struct item *item, struct diag *d)
{
	struct maildir *m = impl;
	enum diag_code code;
	const char *name;
	char *path;
	int error;
	int fd;

	while (m->at < m->n) {
		name = m->names[m->at++];
		path = mem_printf("%s/%s", m->path, name);
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		error = errno;
		if (fd == -1 && error == ENOENT)
			fd = open_moved(m, strchr(name, '/') + 1, &path,
			    &error);
		if (fd == -1 && error == ENOENT) {
			free(path);
			continue; /* deleted meanwhile */
		}
		if (fd != -1 && !is_file(fd, &error)) {
			(void)close(fd);
			fd = -1;
		}
		if (fd == -1 && error == 0) {
			free(path);
			continue; /* a pipe or a device: no mail */
		}
		if (fd == -1)
			code = diag_set(d, DIAG_FORMAT, REASON_UNREADABLE,
			    "%s: %s", path, strerror(error));
		else
			code = item_read(fd, path, item, d);
		if (fd != -1)
			(void)close(fd);
		free(path);
		return code == DIAG_OK ? SOURCE_ITEM : SOURCE_PROBLEM;
	}
	return SOURCE_END;
}

static const struct source_ops maildir_ops = { maildir_next, true, NULL, NULL,
	maildir_close };

/* By delivery: the unique part begins with the time (maildir(5)). */
static int
by_base(const void *a, const void *b)
{
	const char *x = strchr(*(char *const *)a, '/');
	const char *y = strchr(*(char *const *)b, '/');

	return strcmp(x, y);
}

enum diag_code
src_maildir_open(struct source *source, const char *path, struct diag *d)
{
	struct maildir *m = mem_calloc(1, sizeof(*m));
	enum diag_code code;

	m->path = mem_strdup(path);
	/* new first: what moves from new to cur meanwhile is listed twice at
	 * worst, and a report twice is stored once. */
	code = list(m, "new", d);
	if (code == DIAG_OK)
		code = list(m, "cur", d);
	if (code != DIAG_OK) {
		maildir_close(m);
		return code;
	}
	if (m->n > 0)
		qsort(m->names, m->n, sizeof(*m->names), by_base);
	*source = (struct source){ &maildir_ops, m };
	return DIAG_OK;
}
