/*
 * config: the file dmarc.conf.
 *
 * Groups "[database]" and "[mailbox NAME]", lines "setting = value", comments
 * that begin with #.  One table of settings (name, kind, bounds, default, place)
 * is all that knows them.  A setting or group that is unknown, given twice or
 * out of bounds is an error: a typing mistake must not become a default.
 */
#ifndef INGEST_CONFIG_H
#define INGEST_CONFIG_H

#include <stddef.h>

#include "common/diag.h"
#include "ingest/config/mailbox.h"

struct config {
	char *conninfo;            /* NULL: not given */
	struct mailbox *mailboxes; /* in the order of the file */
	size_t n;
};

/*
 * Read text[0..len), behind which there is a NUL.  CONFIG: it says what cannot
 * be; *d names group and setting.  On success the caller frees with
 * config_free().
 */
enum diag_code config_parse(struct config *c, const char *text, size_t len,
    struct diag *d) MUST_CHECK;
void config_free(struct config *c);

/* The mailbox of this name, or NULL. */
const struct mailbox *config_mailbox(const struct config *c, const char *name);

#endif
