/*
 * db: one connection to PostgreSQL.
 *
 * Only statements that are embedded from sql/ or written as constants run
 * here, and values go as parameters or through COPY: no text is ever pasted
 * into SQL.  Every failure comes back as a diag that says who can mend it,
 * from the SQLSTATE: classes 08, 40, 53, 55, 57, 58 and 25006 (a standby) are
 * RETRY; 28, 3D, 3F, 42 are CONFIG; 22 and 23 are FORMAT, a value that the
 * schema refuses; anything else CONFIG.
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
 * While the server works its client has time: wait() is called instead of
 * waiting, and comes back when something happened on fd (as poll(2) has it),
 * or before; after a second in any case.
 */
struct db_idle {
	void (*wait)(void *ctx, int fd, short events); /* NULL: do nothing */
	void *ctx;
};
void db_set_idle(struct db *db, struct db_idle idle);

/*
 * Once asked_to_stop() says so a server that does not answer is waited for a
 * few seconds more; then everything that is asked of it is RETRY at once.
 */
void db_set_stop(struct db *db, bool (*asked_to_stop)(void));

/* Run one statement with n text parameters (NULL is SQL's NULL). */
enum diag_code db_run(struct db *db, const char *sql, int n,
    const char *const *params, struct diag *d) MUST_CHECK;

/* The same, and the rows: the caller PQclears *out. */
enum diag_code db_query(struct db *db, PGresult **out, const char *sql, int n,
    const char *const *params, struct diag *d) MUST_CHECK;

/* The same, but values come as the server holds them: bytea as its bytes, in
 * half the memory that its text takes. */
enum diag_code db_query_bytes(struct db *db, PGresult **out, const char *sql,
    int n, const char *const *params, struct diag *d) MUST_CHECK;

/*
 * The same as db_run(), but parameter number at (from 0) is bytea and taken as
 * len bytes, whatever they are.
 */
enum diag_code db_run_bytes(struct db *db, const char *sql, int n,
    const char *const *params, int at, size_t len, struct diag *d) MUST_CHECK;

/* The server was there when we last heard of it. */
bool db_is_alive(const struct db *db);

/*
 * The last failure is one of what was asked, and of nothing else: it took too
 * long, too much memory or temporary space, or met another session's lock.
 * Something else may go well.
 */
bool db_failed_at_work(const struct db *db);

/* The SQLSTATE of the last failure; empty when there is none. */
const char *db_state(const struct db *db);

/* End a transaction that is open, for nothing. */
void db_rollback(struct db *db);

/* Run a script of several statements without parameters. */
enum diag_code
db_script(struct db *db, const char *sql, struct diag *d) MUST_CHECK;

/* Run a COPY ... FROM STDIN with these bytes as its input. */
enum diag_code db_copy(struct db *db, const char *sql, const void *data,
    size_t len, struct diag *d) MUST_CHECK;

/*
 * The same in pieces: begin, put rows, end.  After a beginning that went well
 * there is an end, which is told how it went so far: unless that is DIAG_OK
 * nothing is copied.  Its result is the whole COPY's.
 */
enum diag_code
db_copy_begin(struct db *db, const char *sql, struct diag *d) MUST_CHECK;
enum diag_code db_copy_put(struct db *db, const void *data, size_t len,
    struct diag *d) MUST_CHECK;
enum diag_code
db_copy_end(struct db *db, enum diag_code so_far, struct diag *d) MUST_CHECK;

#endif
