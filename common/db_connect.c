/* db_connect: a connection to PostgreSQL whose notices go to the log. */
#include "common/db_connect.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "common/printable.h"

static void
notice(void *arg, const char *text)
{
	char line[300];

	(void)arg;
	(void)snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"),
	    text);
	printable(line);
	log_line(LOG_INFO, "database: %s", line);
}

/*
 * While libpq connects it prints the server's messages unchanged, unless a
 * notice processor is set; and that takes a connection that has been started.
 * So start one, set the processor, and connect again.  Only PQreset() applies
 * connect_timeout to each address.
 */
PGconn *
db_connect(const char *const *keys, const char *const *values)
{
	PGconn *conn = PQconnectStartParams(keys, values, 1);

	if (conn == NULL)
		return NULL;
	PQsetNoticeProcessor(conn, notice, NULL);
	if (PQstatus(conn) != CONNECTION_BAD)
		PQreset(conn);
	return conn;
}
