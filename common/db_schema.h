/*
 * db_schema: the version of the schema and of the views in the database.
 *
 * The version counts migrations.  Views, catalogue and rights have no number;
 * they are compared by a SHA-256 of their text, which the build computes and
 * dmarc-ingest --init stores in the database.
 */
#ifndef COMMON_DB_SCHEMA_H
#define COMMON_DB_SCHEMA_H

#include <stdbool.h>

#include "common/db.h"
#include "common/diag.h"

struct db_schema {
	int version;    /* 0: there is none */
	bool our_views; /* they are those of this build */
};

/* The version that this program has been made for. */
int db_schema_newest(void);

/* Read it.  FORMAT and LIMIT are never returned. */
enum diag_code
db_schema(struct db *db, struct db_schema *out, struct diag *d) MUST_CHECK;

#endif
