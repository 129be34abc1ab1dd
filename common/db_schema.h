/*
 * db_schema: which schema is in the database, and whose views.
 *
 * The version counts migrations.  Views, catalogue and rights have no number:
 * they are known by a SHA-256 over their text, that the build makes and
 * dmarc-ingest --init leaves in the database.
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

/* Look what is there.  FORMAT and LIMIT never come back. */
enum diag_code
db_schema(struct db *db, struct db_schema *out, struct diag *d) MUST_CHECK;

#endif
