/*
 * config_file: reads dmarc.conf and checks its permissions.
 */
#ifndef INGEST_CONFIG_FILE_H
#define INGEST_CONFIG_FILE_H

#include "common/diag.h"
#include "ingest/config/config.h"

/*
 * Read the file.  CONFIG: it does not exist or cannot be read; somebody else
 * may write it or a folder above it (strict_path.h); it has a password and
 * group or world may read it; or a setting is invalid.  *d names file, group
 * and setting.  On success the caller frees with config_free().
 */
enum diag_code
config_read(struct config *c, const char *path, struct diag *d) MUST_CHECK;

#endif
