/*
 * config: the file dmarc.conf.
 *
 * Groups "[database]" and "[mailbox NAME]", lines "setting = value", comments
 * that begin with #.  One table has all settings (name, kind, bounds, default,
 * place).  A setting or group that is unknown, given twice or out of bounds is
 * an error: a typing mistake must not silently become a default.
 */
#ifndef INGEST_CONFIG_H
#define INGEST_CONFIG_H

#include <stddef.h>

#include "common/diag.h"
#include "ingest/config/mailbox.h"

/* In the order of the choices of failure_reports. */
enum failure_keep {
	FAILURE_KEEP_COUNT,
	FAILURE_KEEP_REDACTED,
	FAILURE_KEEP_FULL
};

/* What is kept of failure reports beyond their number, and for how long. */
struct failure_keeping {
	enum failure_keep keep;
	int days; /* 0: none was given, which is FAILURE_DAYS */
};

#define FAILURE_DAYS 30

struct config {
	char *conninfo; /* NULL: not given */
	struct failure_keeping failures;
	struct mailbox *mailboxes; /* in the order of the file */
	size_t n;
};

/*
 * Parse text[0..len), which is followed by a NUL.  CONFIG: a setting is
 * invalid; *d names group and setting.  On success the caller frees with
 * config_free().
 */
enum diag_code config_parse(struct config *c, const char *text, size_t len,
    struct diag *d) MUST_CHECK;
void config_free(struct config *c);

/* The mailbox of this name, or NULL. */
const struct mailbox *config_mailbox(const struct config *c, const char *name);

#endif
