/*
 * config_file: the configuration from its file, which nobody else may write, or
 * read when there is a password in it.
 */
#ifndef INGEST_CONFIG_FILE_H
#define INGEST_CONFIG_FILE_H

#include "common/diag.h"
#include "ingest/config/config.h"

/*
 * Read the file.  CONFIG: it is not there, cannot be read, others than its
 * owner may write it or a folder above it (strict_path.h), it holds a password
 * and may be read by others (group or world), or says what cannot be; *d names
 * file, group and setting.  On success the caller frees with config_free().
 */
enum diag_code
config_read(struct config *c, const char *path, struct diag *d) MUST_CHECK;

#endif
