/*
 * db: one connection to PostgreSQL.
 *
 * Only statements that are embedded from sql/ or written as constants run here,
 * and values go as parameters or through COPY: no text is ever pasted into SQL.
 * Every failure is returned as a diag that says who can fix it, by its
 * SQLSTATE: classes 08, 40, 53, 55, 57, 58 and 25006 (a standby) are RETRY; 28,
 * 3D, 3F, 42 are CONFIG; 22 and 23 are FORMAT, a value that the schema refuses;
 * anything else CONFIG.
 */
#ifndef COMMON_DB_H
#define COMMON_DB_H

#include <stdbool.h>
#include <stddef.h>

#include <libpq-fe.h>

#include "common/diag.h"

struct db;

/*
 * Connect.  conninfo is a connection string or URI or a database's name, NULL
 * for libpq's environment (PGHOST, PGDATABASE, PGSERVICE, ...) alone.  On
 * success the caller owns *out and closes it.
 */
enum diag_code db_open(struct db **out, const char *conninfo,
    const char *program, struct diag *d) MUST_CHECK;
void db_close(struct db *db); /* NULL is fine */

/*
 * Use the time while the server works: wait() is called instead of blocking.
 * It returns when something happens on fd (see poll(2)) or earlier, and after
 * one second at the latest.
 */
struct db_idle {
	void (*wait)(void *ctx, int fd, short events); /* NULL: do nothing */
	void *ctx;
};
void db_set_idle(struct db *db, struct db_idle idle);

/*
 * After asked_to_stop() returns true, a server that does not answer gets a few
 * seconds more; then every call fails with RETRY at once.
 */
void db_set_stop(struct db *db, bool (*asked_to_stop)(void));

/* Run one statement with n text parameters (NULL is SQL's NULL). */
enum diag_code db_run(struct db *db, const char *sql, int n,
    const char *const *params, struct diag *d) MUST_CHECK;

/* The same, and the rows: the caller PQclears *out. */
enum diag_code db_query(struct db *db, PGresult **out, const char *sql, int n,
    const char *const *params, struct diag *d) MUST_CHECK;

/* The same, but values come in binary form: bytea takes half the memory of its
 * text. */
enum diag_code db_query_bytes(struct db *db, PGresult **out, const char *sql,
    int n, const char *const *params, struct diag *d) MUST_CHECK;

/*
 * The same as db_run(), but parameter number at (from 0) is bytea and taken as
 * len bytes, whatever they are.
 */
enum diag_code db_run_bytes(struct db *db, const char *sql, int n,
    const char *const *params, int at, size_t len, struct diag *d) MUST_CHECK;

/* The connection was open when it was last used. */
bool db_is_alive(const struct db *db);

/*
 * The last failure concerns that one statement: it took too long, needed too
 * much memory or temporary space, or met another session's lock.  Another
 * statement may succeed.
 */
bool db_failed_at_work(const struct db *db);

/* The SQLSTATE of the last failure; empty when there is none. */
const char *db_state(const struct db *db);

/* Roll back the open transaction, if there is one. */
void db_rollback(struct db *db);

/* Run a script of several statements without parameters. */
enum diag_code
db_script(struct db *db, const char *sql, struct diag *d) MUST_CHECK;

/* Run a COPY ... FROM STDIN with these bytes as its input. */
enum diag_code db_copy(struct db *db, const char *sql, const void *data,
    size_t len, struct diag *d) MUST_CHECK;

/*
 * The same in pieces: begin, put rows, end.  Each successful begin needs an
 * end.  Unless code is DIAG_OK the COPY is cancelled.  The result of the end is
 * that of the whole COPY.
 */
enum diag_code
db_copy_begin(struct db *db, const char *sql, struct diag *d) MUST_CHECK;
enum diag_code db_copy_put(struct db *db, const void *data, size_t len,
    struct diag *d) MUST_CHECK;
enum diag_code
db_copy_end(struct db *db, enum diag_code so_far, struct diag *d) MUST_CHECK;

#endif
