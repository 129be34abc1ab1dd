/*
 * strict_path: can anybody but root and us change what a path leads to?
 */
#ifndef INGEST_STRICT_PATH_H
#define INGEST_STRICT_PATH_H

#include <stdbool.h>

#include "common/diag.h"

/* Whether it names one of our open descriptors: /dev/stdin, /dev/fd/N,
 * /proc/self/fd/N. */
bool strict_path_is_descriptor(const char *path);

/*
 * Look at the file that is open as fd by the name path, and at every folder and
 * symbolic link on the way to it.  CONFIG: one of them belongs neither to root
 * nor to the effective user, or others may write it (group or world); *d names
 * it and says what to do.  A folder with the sticky bit, such as /tmp, may be
 * writable, because nobody can remove another user's files there.  For one of
 * our own descriptors (/dev/fd/N) only the file is checked.
 */
enum diag_code strict_path(int fd, const char *path, struct diag *d) MUST_CHECK;

#endif
