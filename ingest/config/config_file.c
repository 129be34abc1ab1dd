/*
 * config_file: reads dmarc.conf and checks its permissions.
 */
#include "ingest/config/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/config/strict_path.h"

/* More than anybody writes by hand. */
#define FILE_MAX LIMIT_MIB

/* text has room for one byte more than a file may have. */
static enum diag_code
read_text(int fd, char *text, size_t *len, struct diag *d)
{
	ssize_t n;

	*len = 0;
	while (*len <= FILE_MAX &&
	    (n = read(fd, text + *len, FILE_MAX + 1 - *len)) != 0) {
		if (n == -1 && errno != EINTR)
			return diag_set(d, DIAG_CONFIG, REASON_CONFIG, "%s",
			    strerror(errno));
		if (n > 0)
			*len += (size_t)n;
	}
	if (*len > FILE_MAX)
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG, "is too large");
	return DIAG_OK;
}

static enum diag_code
read_config(struct config *c, int fd, struct diag *d)
{
	char *text = mem_calloc(FILE_MAX + 2, 1);
	size_t len = 0;
	enum diag_code code = read_text(fd, text, &len, d);

	if (code == DIAG_OK)
		code = config_parse(c, text, len, d);
	explicit_bzero(text, len);
	free(text);
	return code;
}

/* ---- who else may read it -------------------------------------------------- */

/* A URI or connection string with a password in it. */
static bool
conninfo_has_password(const char *conninfo)
{
	PQconninfoOption *options = conninfo == NULL ?
	    NULL :
	    PQconninfoParse(conninfo, NULL);
	bool found = false;

	for (PQconninfoOption *o = options; o != NULL && o->keyword != NULL;
	     o++)
		if (strcmp(o->keyword, "password") == 0 && o->val != NULL)
			found = true;
	PQconninfoFree(options);
	return found;
}

static bool
has_password(const struct config *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->mailboxes[i].password != NULL)
			return true;
	return conninfo_has_password(c->conninfo);
}

/*
 * A systemd credential (LoadCredential=) lies in a protected folder; its group
 * bits are the mask of an ACL, not permissions of a group.
 */
static mode_t
forbidden_bits(const char *path)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	const size_t n = folder == NULL ? 0 : strlen(folder);

	if (n > 0 && strncmp(path, folder, n) == 0 && path[n] == '/')
		return S_IRWXO;
	return S_IRWXG | S_IRWXO;
}

/* Check the open file: its name may belong to another file by now. */
static enum diag_code
check_privacy(const struct config *c, int fd, const char *path, struct diag *d)
{
	struct stat st;

	if (!has_password(c))
		return DIAG_OK;
	if (fstat(fd, &st) == -1)
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG, "%s: %s", path,
		    strerror(errno));
	if ((st.st_mode & forbidden_bits(path)) != 0)
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "%s holds a password and others may read it; chmod 600 %s",
		    path, path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "%s holds a password and belongs to another user", path);
	return DIAG_OK;
}

/* A FIFO without a writer would block for ever, so it is refused.  One that is
 * already open, as from a shell's <(...), is read. */
static enum diag_code
check_kind(int fd, const char *path, struct diag *d)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG, "%s",
		    strerror(errno));
	/* A folder: reading it fails with the right message. */
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) &&
	    !strict_path_is_descriptor(path))
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "is no regular file");
	(void)fcntl(fd, F_SETFL, 0);
	return DIAG_OK;
}

enum diag_code
config_read(struct config *c, const char *path, struct diag *d)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum diag_code code;

	*c = (struct config){ 0 };
	if (fd == -1)
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG, "%s: %s", path,
		    strerror(errno));
	code = check_kind(fd, path, d);
	if (code == DIAG_OK)
		code = read_config(c, fd, d);
	if (code != DIAG_OK) {
		(void)diag_prefix(d, path);
	} else {
		code = check_privacy(c, fd, path, d);
		/* The file names programs to run and the database to use. */
		if (code == DIAG_OK)
			code = strict_path(fd, path, d);
		if (code != DIAG_OK)
			config_free(c);
	}
	(void)close(fd);
	return code;
}
