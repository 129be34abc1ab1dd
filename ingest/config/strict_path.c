/* strict_path: can anybody but root and us change what a path leads to? */
#include "ingest/config/strict_path.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

/* The number of links that Linux follows. */
#define LINKS_MAX 40

/* A path during the walk: done is the part without links so far, "" is the
 * root. */
struct path_walk {
	const char *path; /* as it was given */
	GString *done;
	char *rest; /* its own */
	int links;
};

static bool
is_ours(const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == geteuid();
}

static bool
others_write(const struct stat *st)
{
	return (st->st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

static enum diag_code
failed(const char *path, struct diag *d)
{
	return diag_set(d, DIAG_CONFIG, REASON_CONFIG, "%s: %s", path,
	    strerror(errno));
}

static enum diag_code
check_file(int fd, const char *path, struct diag *d)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return failed(path, d);
	if (!is_ours(&st))
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "%s belongs to another user, who can have any command run; "
		    "chown it to yourself or root",
		    path);
	if (others_write(&st))
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "%s may be written by others, who can have any command "
		    "run; chmod go-w %s",
		    path, path);
	return DIAG_OK;
}

static enum diag_code
check_folder(const struct path_walk *w, struct diag *d)
{
	const char *folder = w->done->len == 0 ? "/" : w->done->str;
	struct stat st;

	if (lstat(folder, &st) == -1)
		return failed(w->path, d);
	if (!is_ours(&st))
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "%s: the folder %s belongs to another user, who can put "
		    "another file in its place",
		    w->path, folder);
	if (others_write(&st) && (st.st_mode & S_ISVTX) == 0)
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "%s: the folder %s may be written by others, who can put "
		    "another file in its place; chmod go-w %s",
		    w->path, folder, folder);
	return DIAG_OK;
}

/* The first name of the rest; NULL: there is none.  The caller frees. */
static char *
take_name(struct path_walk *w)
{
	char *begin = w->rest + strspn(w->rest, "/");
	const size_t n = strcspn(begin, "/");
	char *name = n == 0 ? NULL : g_strndup(begin, n);

	memmove(w->rest, begin + n, strlen(begin + n) + 1);
	return name;
}

/* done ends with a link: continue at its target. */
static enum diag_code
follow(struct path_walk *w, size_t folder_len, struct diag *d)
{
	char *target = g_file_read_link(w->done->str, NULL);
	char *rest;

	if (target == NULL || ++w->links > LINKS_MAX) {
		g_free(target);
		errno = ELOOP;
		return failed(w->path, d);
	}
	rest = g_strconcat(target, "/", w->rest, NULL);
	g_free(w->rest);
	w->rest = rest;
	g_string_truncate(w->done, target[0] == '/' ? 0 : folder_len);
	g_free(target);
	return DIAG_OK;
}

/* Go one name further, in a folder that was checked. */
static enum diag_code
step(struct path_walk *w, const char *name, struct diag *d)
{
	const size_t folder_len = w->done->len;
	struct stat st;

	g_string_append_printf(w->done, "/%s", name);
	if (lstat(w->done->str, &st) == -1)
		return failed(w->path, d);
	if (!S_ISLNK(st.st_mode))
		return DIAG_OK;
	if (!is_ours(&st))
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "%s: the link %s belongs to another user", w->path,
		    w->done->str);
	return follow(w, folder_len, d);
}

static enum diag_code
check_way(const char *path, struct diag *d)
{
	char *here = g_get_current_dir();
	struct path_walk w = { .path = path, .done = g_string_new(NULL) };
	enum diag_code code = DIAG_OK;
	char *name;

	w.rest = path[0] == '/' ? g_strdup(path) :
				  g_strconcat(here, "/", path, NULL);
	while (code == DIAG_OK && (name = take_name(&w)) != NULL) {
		code = check_folder(&w, d);
		if (code == DIAG_OK)
			code = step(&w, name, d);
		g_free(name);
	}
	g_free(w.rest);
	(void)g_string_free(w.done, TRUE);
	g_free(here);
	return code;
}

bool
strict_path_is_descriptor(const char *path)
{
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		const size_t n = strlen(folders[i]);

		if (strncmp(path, folders[i], n) == 0)
			return path[n] != '\0' &&
			    path[n + strspn(path + n, "0123456789")] == '\0';
	}
	return strcmp(path, "/dev/stdin") == 0;
}

enum diag_code
strict_path(int fd, const char *path, struct diag *d)
{
	enum diag_code code = check_file(fd, path, d);

	if (code != DIAG_OK || strict_path_is_descriptor(path))
		return code;
	return check_way(path, d);
}
