/*
 * schema: the database's schema, made and brought up to date.
 */
#ifndef INGEST_SCHEMA_H
#define INGEST_SCHEMA_H

#include "common/db.h"

/*
 * Apply the migrations that are missing, each in a transaction with its
 * verify; then make the views and grants anew.  A schema that is newer than
 * this program is refused.  *from and *to: the versions before and after.
 */
enum diag_code
schema_init(struct db *db, int *from, int *to, struct diag *d) MUST_CHECK;

/* The schema is the one this program knows; CONFIG says what to do if not. */
enum diag_code schema_check(struct db *db, struct diag *d) MUST_CHECK;

#endif
