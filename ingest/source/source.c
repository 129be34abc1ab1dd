/*
 * source: hands out one message or file at a time, and is told afterwards what
 * became of it.
 */
#include "ingest/source/source.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char *const verdicts[] = {
	[VERDICT_STORED] = "stored",
	[VERDICT_DUPLICATE] = "duplicate",
	[VERDICT_SET_ASIDE] = "set_aside",
	[VERDICT_NOT_REPORT] = "not_report",
};

_Static_assert(sizeof(verdicts) == VERDICT_COUNT * sizeof(verdicts[0]),
    "the last verdict has no name");

const char *
verdict_name(enum verdict verdict)
{
	return verdicts[verdict];
}

enum diag_code
source_open(struct source *source, const char *path, struct diag *d)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		return src_file_open(source, path, d);
	if (stat(path, &st) == -1)
		return diag_set(d, DIAG_FORMAT, REASON_UNREADABLE, "%s: %s",
		    path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return src_file_open(source, path, d);
	return src_folder_open(source, path, d);
}
