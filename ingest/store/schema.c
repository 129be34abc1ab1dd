/* schema: creates and migrates the schema of the database. */
#include "ingest/store/schema.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "common/db_schema.h"
#include "common/log.h"
#include "gen/sql.h"

static enum diag_code
too_new(int version, struct diag *d)
{
	return diag_set(d, DIAG_CONFIG, REASON_SCHEMA,
	    "database: its schema has version %d, this program knows %d; "
	    "install a newer dmarc-ingest",
	    version, db_schema_newest());
}

static enum diag_code
record_version(struct db *db, const struct sql_migration *m, struct diag *d)
{
	char version[16];
	const char *params[] = { version, m->name };

	(void)snprintf(version, sizeof(version), "%d", m->version);
	return db_run(db,
	    "INSERT INTO dmarc.schema_version (version, name)"
	    " VALUES ($1::integer, $2::text)",
	    2, params, d);
}

static enum diag_code
migrate(struct db *db, const struct sql_migration *m, struct diag *d)
{
	enum diag_code code = db_script(db, m->text, d);

	if (code == DIAG_OK)
		code = record_version(db, m, d);
	if (code == DIAG_OK)
		code = db_script(db, m->verify, d);
	if (code != DIAG_OK)
		(void)diag_prefix(d, m->name);
	return code;
}

/* Everything in one transaction: the old schema or the new one. */
static enum diag_code
upgrade(struct db *db, const struct db_schema *was, struct diag *d)
{
	const char *const digest[] = { sql_views_digest };
	enum diag_code code = DIAG_OK;

	for (const struct sql_migration *m = sql_migrations;
	     m->text != NULL && code == DIAG_OK; m++)
		if (m->version > was->version)
			code = migrate(db, m, d);
	for (const char *const *v = sql_views; *v != NULL && code == DIAG_OK;
	     v++)
		code = db_script(db, *v, d);
	if (code == DIAG_OK)
		code = db_script(db, sql_catalogue, d);
	if (code == DIAG_OK)
		code = db_script(db, sql_grants, d);
	/* Verdicts are stored, and the new views may give others. */
	if (code == DIAG_OK && was->version > 0 && !was->our_views)
		code = db_script(db, sql_setting_judge, d);
	if (code == DIAG_OK)
		code = db_run(db, sql_schema_views, 1, digest, d);
	return code;
}

/* Reports hold any script, and the order of keys must not depend on the locale.
 */
static enum diag_code
check_encoding(struct db *db, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res,
	    "SELECT current_setting('server_encoding')", 0, NULL, d);

	if (code == DIAG_OK && strcmp(PQgetvalue(res, 0, 0), "UTF8") != 0)
		code = diag_set(d, DIAG_CONFIG, REASON_ENCODING,
		    "database: its encoding is %s, it has to be UTF8 "
		    "(createdb -E UTF8 -T template0)",
		    PQgetvalue(res, 0, 0));
	PQclear(res);
	return code;
}

/*
 * Two at once: the second waits, and finds the work done.  An advisory lock
 * could be held by anybody who may connect; a schema is made, and this table
 * locked, only by who may run --init.
 */
static const char begin[] =
    "BEGIN;"
    "DO $$ BEGIN"
    " IF to_regnamespace('dmarc') IS NULL THEN"
    "  BEGIN CREATE SCHEMA dmarc;"
    "  EXCEPTION WHEN duplicate_schema OR unique_violation THEN NULL;"
    "  END;"
    " END IF;"
    " END $$";
static const char lock[] =
    "DO $$ BEGIN"
    " IF to_regclass('dmarc.schema_version') IS NOT NULL THEN"
    "  LOCK TABLE dmarc.schema_version IN SHARE ROW EXCLUSIVE MODE;"
    " END IF;"
    " END $$";

/*
 * Whoever owns the database may have made a schema of that name, with views over
 * functions of his own.  Another role does not keep him out: code can say RESET
 * ROLE, and RESET SESSION AUTHORIZATION.  So nothing of his is read.
 */
static enum diag_code
check_owners(struct db *db, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_schema_strangers, 0, NULL,
	    d);

	if (code == DIAG_OK && PQntuples(res) > 0)
		code = diag_set(d, DIAG_CONFIG, REASON_SCHEMA,
		    "database: %s belongs to %s, who is neither dmarc_owner "
		    "nor a superuser; code in it would run with your rights: "
		    "run --init as %s, or remove it",
		    PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1),
		    PQgetvalue(res, 0, 1));
	PQclear(res);
	return code;
}

static void
tell(const struct db_schema *was)
{
	const int version = db_schema_newest();

	if (was->version != version)
		log_line(LOG_NOTICE, "schema brought from version %d to %d",
		    was->version, version);
	else if (!was->our_views)
		log_line(LOG_NOTICE,
		    "schema is up to date (version %d); its views were those "
		    "of another build and were made anew",
		    version);
	else
		log_line(LOG_NOTICE, "schema is up to date (version %d)",
		    version);
}

/*
 * What is made anew is locked until the end of the transaction, and whoever
 * stores waits behind a lock that is only asked for.  So somebody who goes on
 * reading in one transaction is not waited for.
 */
static const char patience[] = "SET LOCAL lock_timeout = '5s'";
#define ATTEMPTS 3
#define PAUSE_S  2

static enum diag_code
attempt(struct db *db, struct db_schema *was, struct diag *d)
{
	enum diag_code code = db_script(db, begin, d);

	if (code == DIAG_OK)
		code = check_owners(db, d);
	if (code == DIAG_OK)
		code = db_script(db, lock, d);
	if (code == DIAG_OK)
		code = check_encoding(db, d);
	if (code == DIAG_OK)
		code = db_script(db, patience, d);
	/* Before anything in the schema is looked at, which may be somebody
	 * else's: no superuser from here on. */
	if (code == DIAG_OK)
		code = db_script(db, sql_roles, d);
	if (code == DIAG_OK)
		code = db_schema(db, was, d);
	if (code == DIAG_OK && was->version > db_schema_newest())
		code = too_new(was->version, d);
	if (code == DIAG_OK)
		code = upgrade(db, was, d);
	if (code == DIAG_OK)
		code = db_script(db, "COMMIT", d);
	if (code != DIAG_OK)
		db_rollback(db);
	return code;
}

/* Another session's lock was in the way; the same goes for a deadlock. */
static bool
is_locked_out(const struct db *db, enum diag_code code)
{
	return code == DIAG_RETRY &&
	    (strcmp(db_state(db), "55P03") == 0 ||
		strcmp(db_state(db), "40P01") == 0);
}

/* Name the session that held the lock, if it is still there after the rollback.
 */
static enum diag_code
locked_out(struct db *db, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_schema_users, 0, NULL, d);

	if (code == DIAG_OK && PQntuples(res) > 0)
		code = diag_set(d, DIAG_RETRY, REASON_LOCKED,
		    "database: session %s (user %s) uses the schema in an open "
		    "transaction; end that, then run --init again",
		    PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1));
	else if (code == DIAG_OK)
		code = diag_set(d, DIAG_RETRY, REASON_LOCKED,
		    "database: somebody uses the schema in an open "
		    "transaction; run --init again later");
	PQclear(res);
	return code;
}

/* Something temporary of another session hangs on a view or function that is
 * made anew.  What is not temporary is for whoever made it to remove. */
static enum diag_code
depended_on(struct db *db, enum diag_code was, struct diag *d)
{
	PGresult *res = NULL;
	struct diag other;
	enum diag_code code = db_query(db, &res, sql_schema_temporary, 0, NULL,
	    &other);

	if (code == DIAG_OK && PQntuples(res) > 0)
		was = diag_set(d, DIAG_RETRY, REASON_LOCKED,
		    "database: session %s (user %s) has a temporary view over "
		    "the schema; end that session, then run --init again",
		    PQgetisnull(res, 0, 0) ? "?" : PQgetvalue(res, 0, 0),
		    PQgetvalue(res, 0, 1));
	PQclear(res);
	return was;
}

/* The views are replaced in any case, which repairs changes by hand or from a
 * backup. */
enum diag_code
schema_init(struct db *db, struct diag *d)
{
	struct db_schema was = { 0 };
	enum diag_code code = attempt(db, &was, d);

	for (int i = 1; i < ATTEMPTS && is_locked_out(db, code); i++) {
		g_usleep((gulong)PAUSE_S * G_USEC_PER_SEC);
		code = attempt(db, &was, d);
	}
	if (code == DIAG_OK)
		tell(&was);
	else if (is_locked_out(db, code))
		code = locked_out(db, d);
	else if (strcmp(db_state(db), "2BP01") == 0)
		code = depended_on(db, code, d);
	return code;
}

enum diag_code
schema_check(struct db *db, struct diag *d)
{
	struct db_schema is;
	enum diag_code code = db_schema(db, &is, d);

	if (code != DIAG_OK)
		return code;
	if (is.version == 0)
		return diag_set(d, DIAG_CONFIG, REASON_SCHEMA,
		    "database: it has no schema yet; run dmarc-ingest --init");
	if (is.version < db_schema_newest())
		return diag_set(d, DIAG_CONFIG, REASON_SCHEMA,
		    "database: its schema has version %d, this program needs "
		    "%d; run dmarc-ingest --init",
		    is.version, db_schema_newest());
	if (is.version > db_schema_newest())
		return too_new(is.version, d);
	/* The tables have the right version, so reports can be stored. */
	if (!is.our_views)
		log_line(LOG_WARN,
		    "database: its views are those of another build; run "
		    "dmarc-ingest --init");
	return DIAG_OK;
}
