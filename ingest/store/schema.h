/*
 * schema: creates and migrates the schema of the database.
 */
#ifndef INGEST_SCHEMA_H
#define INGEST_SCHEMA_H

#include "common/db.h"

/*
 * Apply the missing migrations, then replace views and grants.  A schema that
 * is newer than this program is refused.  What was done is logged.
 */
enum diag_code schema_init(struct db *db, struct diag *d) MUST_CHECK;

/*
 * Check that the schema has this program's version; CONFIG says what to do if
 * not.  Views of another build cause a warning only: they are for readers, and
 * --init recomputes what was stored with them.
 */
enum diag_code schema_check(struct db *db, struct diag *d) MUST_CHECK;

#endif
