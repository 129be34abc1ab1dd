/*
 * schema: the database's schema, made and brought up to date.
 */
#ifndef INGEST_SCHEMA_H
#define INGEST_SCHEMA_H

#include "common/db.h"

/*
 * Apply the migrations that are missing, each in a transaction with its
 * verify; then make the views and grants anew.  A schema that is newer than
 * this program is refused.  What was done is logged.
 */
enum diag_code schema_init(struct db *db, struct diag *d) MUST_CHECK;

/*
 * The schema is the one this program knows; CONFIG says what to do if not.
 * Views of another build are only warned of: they are for readers, and --init
 * judges anew what was stored with them.
 */
enum diag_code schema_check(struct db *db, struct diag *d) MUST_CHECK;

#endif
