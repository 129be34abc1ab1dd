/*
 * source: hands out one message or file at a time, and learns later what became
 * of it.
 */
#include "ingest/source/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char *const fates[] = {
	[FATE_STORED] = "stored",
	[FATE_DUPLICATE] = "duplicate",
	[FATE_SET_ASIDE] = "set_aside",
	[FATE_NOT_REPORT] = "not_report",
};

_Static_assert(sizeof(fates) == FATES * sizeof(fates[0]),
    "the last fate has no name");

const char *
fate_name(enum fate fate)
{
	return fates[fate];
}

enum diag_code
source_open(struct source *source, const char *path, struct diag *d)
{
	struct stat st;

	if (strcmp(path, "-") == 0 || strcmp(path, SOURCE_ONE_MAIL) == 0)
		return src_file_open(source, path, d);
	if (stat(path, &st) == -1)
		return diag_set(d, DIAG_FORMAT, REASON_UNREADABLE, "%s: %s",
		    path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return src_file_open(source, path, d);
	return src_folder_open(source, path, d);
}
