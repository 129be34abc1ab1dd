/* db: one connection to PostgreSQL. */
#include "common/db.h"

#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/db_connect.h"
#include "common/mem.h"
#include "gen/sql.h"

struct db {
	PGconn *conn;
	struct db_idle idle;
	bool (*asked_to_stop)(void); /* NULL: that never happens */
	int64_t asked_at; /* when the wait after a stop request began */
	bool given_up;    /* the server did not answer in time */
	char state[6];    /* the SQLSTATE of the last failure */
};

/* How long the server may be silent once we are asked to stop. */
#define GRACE_MS 5000

static enum diag_code
code_of(const char *state)
{
	static const char *const retry[] = { "08", "40", "53", "55", "57",
		"58" };

	if (state == NULL)
		return DIAG_RETRY; /* the connection is gone */
	if (strcmp(state, "25006") == 0)
		return DIAG_RETRY; /* read-only: a standby, or made so */
	for (size_t i = 0; i < sizeof(retry) / sizeof(retry[0]); i++)
		if (strncmp(state, retry[i], 2) == 0)
			return DIAG_RETRY;
	if (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0 ||
	    strcmp(state, "54000") == 0)
		return DIAG_FORMAT;
	return DIAG_CONFIG;
}

/* Advice on the SQLSTATEs that operators meet. */
static const char *
advice(const char *state)
{
	static const struct {
		const char *state;
		const char *advice;
	} table[] = {
		{ "25006", " (read-only: a standby, or set so)" },
		{ "3D000", " (create it with createdb)" },
		{ "3F000", " (run dmarc-ingest --init)" },
		{ "42P01", " (run dmarc-ingest --init)" },
		{ "42501",
		    " (the role lacks the right: dmarc_ingest to store,"
		    " dmarc_operator to look up and to say, dmarc_read to"
		    " read)" },
		{ "53100", " (the server's disk is full)" },
	};

	for (size_t i = 0;
	     state != NULL && i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(state, table[i].state) == 0)
			return table[i].advice;
	return "";
}

/* The first line of libpq's message, without its severity. */
static void
first_line(const char *text, char *out, size_t size)
{
	static const char *const severities[] = { "ERROR:  ", "FATAL:  ",
		"PANIC:  " };
	size_t n;

	for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++)
		if (strncmp(text, severities[i], strlen(severities[i])) == 0)
			text += strlen(severities[i]);
	n = strcspn(text, "\n");
	if (n >= size)
		n = size - 1;
	memcpy(out, text, n);
	out[n] = '\0';
}

/* The detail names the object that depends on the one to be replaced. */
static enum diag_code
in_use(const PGresult *res, const char *line, struct diag *d)
{
	const char *detail = PQresultErrorField(res, PG_DIAG_MESSAGE_DETAIL);

	if (detail == NULL)
		detail = "";
	return diag_set(d, DIAG_CONFIG, REASON_DATABASE,
	    "database: %s: %.*s (drop what depends on it, and make that anew "
	    "afterwards)",
	    line, (int)strcspn(detail, "\n"), detail);
}

static enum diag_code
fail(struct db *db, const PGresult *res, struct diag *d)
{
	const char *state = NULL;
	const char *text = PQerrorMessage(db->conn);
	char line[300];

	if (res != NULL) {
		state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
		text = PQresultErrorMessage(res);
	}
	(void)snprintf(db->state, sizeof(db->state), "%s",
	    state == NULL ? "" : state);
	if (db->given_up)
		return diag_set(d, DIAG_RETRY, REASON_DATABASE,
		    "database: asked to stop while it does not answer; the "
		    "rest is for the next run");
	first_line(text, line, sizeof(line));
	if (state != NULL && strcmp(state, "2BP01") == 0)
		return in_use(res, line, d);
	return diag_set(d, code_of(state), REASON_DATABASE, "database: %s%s",
	    line, advice(state));
}

/* A refused connection has no SQLSTATE.  These messages mean that the operator
 * must act. */
static const char *const persons[] = { "authentication failed",
	"no password supplied", "does not exist", "no pg_hba.conf entry",
	"permission denied for database", "invalid ", "missing \"=\"",
	"unterminated quoted string", "definition of service" };

static enum diag_code
cannot_connect(const struct db *db, struct diag *d)
{
	const char *text = PQerrorMessage(db->conn);
	enum diag_code code = DIAG_RETRY;
	char line[400];

	for (size_t i = 0; i < sizeof(persons) / sizeof(persons[0]); i++)
		if (strstr(text, persons[i]) != NULL)
			code = DIAG_CONFIG;
	first_line(text, line, sizeof(line));
	return diag_set(d, code, REASON_DATABASE, "database: %s", line);
}

/* sql/ needs PostgreSQL 14, for example for string_to_table(). */
#define OLDEST_SERVER 14

static enum diag_code
check_version(const struct db *db, struct diag *d)
{
	const char *version = PQparameterStatus(db->conn, "server_version");
	int number = PQserverVersion(db->conn);

	/* 0: unknown, as behind a connection pooler. */
	if (version == NULL || number == 0 || number >= OLDEST_SERVER * 10000)
		return DIAG_OK;
	return diag_set(d, DIAG_CONFIG, REASON_DATABASE,
	    "database: PostgreSQL %.*s is too old; %d or newer is needed",
	    (int)strcspn(version, " "), version, OLDEST_SERVER);
}

/* Seconds for each address, unless the connection string or the environment
 * says otherwise. */
#define CONNECT_S "60"

enum diag_code
db_open(struct db **out, const char *conninfo, const char *program,
    struct diag *d)
{
	/* conninfo may override what stands before it. */
	const char *const keys[] = { "connect_timeout", "keepalives_idle",
		"keepalives_interval", "keepalives_count", "tcp_user_timeout",
		"dbname", "fallback_application_name", NULL };
	const char *const values[] = { getenv("PGCONNECT_TIMEOUT") == NULL ?
		    CONNECT_S :
		    NULL,
		"60", "10", "6", "120000", conninfo, program, NULL };
	struct db *db = mem_calloc(1, sizeof(*db));
	enum diag_code code;

	db->conn = db_connect(keys, values);
	if (PQstatus(db->conn) != CONNECTION_OK) {
		code = cannot_connect(db, d);
		db_close(db);
		return code;
	}
	code = check_version(db, d);
	if (code == DIAG_OK && PQsetnonblocking(db->conn, 1) == 0)
		code = db_run(db, sql_session, 0, NULL, d);
	else if (code == DIAG_OK)
		code = fail(db, NULL, d);
	if (code != DIAG_OK) {
		db_close(db);
		return code;
	}
	*out = db;
	return DIAG_OK;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	PQfinish(db->conn);
	free(db);
}

/* ---- waiting for the server --------------------------------------------------- */

void
db_set_idle(struct db *db, struct db_idle idle)
{
	db->idle = idle;
}

/* TLS may hold data that poll() does not see, so the wait has an end. */
#define WAIT_MS 1000

void
db_set_stop(struct db *db, bool (*asked_to_stop)(void))
{
	db->asked_to_stop = asked_to_stop;
}

/* False: we were asked to stop, and the server has not answered in time. */
static bool
wait_for(struct db *db, short events)
{
	struct pollfd fd = { PQsocket(db->conn), events, 0 };

	if (db->idle.wait != NULL)
		db->idle.wait(db->idle.ctx, fd.fd, fd.events);
	else
		(void)poll(&fd, 1, WAIT_MS);
	if (db->asked_to_stop == NULL || !db->asked_to_stop())
		return true;
	if (db->asked_at == 0)
		db->asked_at = clock_ms();
	db->given_up = clock_ms() - db->asked_at > GRACE_MS;
	return !db->given_up;
}

/* Flush the send buffer; false: the connection may be gone. */
static bool
flush(struct db *db)
{
	int left;

	db->asked_at = 0;
	while (!db->given_up && (left = PQflush(db->conn)) == 1) {
		/* The server may have to be read from before it accepts more.
		 */
		if (!wait_for(db, POLLIN | POLLOUT) ||
		    PQconsumeInput(db->conn) == 0)
			return false;
	}
	return !db->given_up && left == 0;
}

/* The next result of what was sent, NULL after the last. */
static PGresult *
next_result(struct db *db)
{
	bool there = flush(db);

	while (there && PQisBusy(db->conn))
		there = wait_for(db, POLLIN) && PQconsumeInput(db->conn) != 0;
	/* This call would block, too. */
	return db->given_up ? NULL : PQgetResult(db->conn);
}

/* Keep the first error; the next only says that the server is gone. */
static bool
says_more(const PGresult *res, const PGresult *next)
{
	return PQresultErrorField(res, PG_DIAG_SQLSTATE) != NULL &&
	    PQresultStatus(next) == PGRES_FATAL_ERROR &&
	    PQresultErrorField(next, PG_DIAG_SQLSTATE) == NULL;
}

/* The last result of the statement, or the one that begins a COPY; NULL: it
 * could not be sent. */
static PGresult *
result(struct db *db, int sent)
{
	PGresult *res = NULL;
	PGresult *next;

	while (sent && (next = next_result(db)) != NULL) {
		if (says_more(res, next)) {
			PQclear(next);
			break;
		}
		PQclear(res);
		res = next;
		if (PQresultStatus(res) == PGRES_COPY_IN ||
		    PQstatus(db->conn) == CONNECTION_BAD)
			break;
	}
	return res;
}

/* ---- statements ---------------------------------------------------------------- */

/* format: 0, the rows come as text; 1, as bytes. */
static enum diag_code
query(struct db *db, PGresult **out, const char *sql, int n,
    const char *const *params, int format, struct diag *d)
{
	PGresult *res = result(db,
	    PQsendQueryParams(db->conn, sql, n, NULL, params, NULL, NULL,
		format));
	enum diag_code code = DIAG_OK;

	switch (PQresultStatus(res)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		*out = res;
		return DIAG_OK;
	default:
		code = fail(db, res, d);
		PQclear(res);
		return code;
	}
}

enum diag_code
db_query(struct db *db, PGresult **out, const char *sql, int n,
    const char *const *params, struct diag *d)
{
	return query(db, out, sql, n, params, 0, d);
}

enum diag_code
db_query_bytes(struct db *db, PGresult **out, const char *sql, int n,
    const char *const *params, struct diag *d)
{
	return query(db, out, sql, n, params, 1, d);
}

enum diag_code
db_run(struct db *db, const char *sql, int n, const char *const *params,
    struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql, n, params, d);

	PQclear(res);
	return code;
}

enum diag_code
db_run_bytes(struct db *db, const char *sql, int n, const char *const *params,
    int at, size_t len, struct diag *d)
{
	int lengths[16] = { 0 };
	int formats[16] = { 0 };
	enum diag_code code = DIAG_OK;
	PGresult *res;

	if (n > 16 || len > INT_MAX)
		return diag_set(d, DIAG_CONFIG, REASON_DATABASE,
		    "database: too much for one statement");
	lengths[at] = (int)len;
	formats[at] = 1;
	res = result(db,
	    PQsendQueryParams(db->conn, sql, n, NULL, params, lengths, formats,
		0));
	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		code = fail(db, res, d);
	PQclear(res);
	return code;
}

bool
db_is_alive(const struct db *db)
{
	return PQstatus(db->conn) == CONNECTION_OK && !db->given_up;
}

bool
db_failed_at_work(const struct db *db)
{
	static const char *const classes[] = { "40", "55", "53200", "53400",
		"57014" };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strncmp(db->state, classes[i], strlen(classes[i])) == 0)
			return db_is_alive(db);
	return false;
}

const char *
db_state(const struct db *db)
{
	return db->state;
}

void
db_rollback(struct db *db)
{
	if (PQtransactionStatus(db->conn) != PQTRANS_IDLE)
		PQclear(result(db, PQsendQuery(db->conn, "ROLLBACK")));
}

enum diag_code
db_script(struct db *db, const char *sql, struct diag *d)
{
	PGresult *res = result(db, PQsendQuery(db->conn, sql));
	enum diag_code code = DIAG_OK;

	if (PQresultStatus(res) != PGRES_COMMAND_OK &&
	    PQresultStatus(res) != PGRES_TUPLES_OK &&
	    PQresultStatus(res) != PGRES_EMPTY_QUERY)
		code = fail(db, res, d);
	PQclear(res);
	return code;
}

/* After a COPY: its result, and those that follow until there are none. */
static enum diag_code
copy_result(struct db *db, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	PGresult *res;

	while ((res = next_result(db)) != NULL) {
		if (PQresultStatus(res) != PGRES_COMMAND_OK && code == DIAG_OK)
			code = fail(db, res, d);
		PQclear(res);
		if (PQstatus(db->conn) == CONNECTION_BAD)
			break;
	}
	if (code == DIAG_OK && !db_is_alive(db))
		code = fail(db, NULL, d);
	return code;
}

enum diag_code
db_copy_begin(struct db *db, const char *sql, struct diag *d)
{
	PGresult *res = result(db, PQsendQuery(db->conn, sql));
	enum diag_code code = DIAG_OK;

	if (PQresultStatus(res) != PGRES_COPY_IN)
		code = fail(db, res, d);
	PQclear(res);
	return code;
}

enum diag_code
db_copy_put(struct db *db, const void *data, size_t len, struct diag *d)
{
	const size_t piece = 65536;
	const char *p = data;

	for (size_t n; len > 0; p += n, len -= n) {
		n = len < piece ? len : piece;
		/* PQputCopyData() never returns 0, it buffers; hence flush().
		 */
		if (PQputCopyData(db->conn, p, (int)n) != 1 || !flush(db))
			return fail(db, NULL, d);
	}
	return DIAG_OK;
}

enum diag_code
db_copy_end(struct db *db, enum diag_code so_far, struct diag *d)
{
	struct diag why;
	enum diag_code code;

	(void)PQputCopyEnd(db->conn,
	    so_far == DIAG_OK ? NULL : "sending failed");
	code = copy_result(db, &why);
	/* The server's own error is better than the one that we sent it, unless
	 * it only repeats ours. */
	if (so_far != DIAG_OK && d->reason != REASON_DATABASE)
		return so_far;
	if (code != DIAG_OK)
		*d = why;
	return code == DIAG_OK ? so_far : code;
}

enum diag_code
db_copy(struct db *db, const char *sql, const void *data, size_t len,
    struct diag *d)
{
	enum diag_code code = db_copy_begin(db, sql, d);

	if (code != DIAG_OK)
		return code;
	return db_copy_end(db, db_copy_put(db, data, len, d), d);
}
