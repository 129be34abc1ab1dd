/*
 * db_connect: a connection to PostgreSQL whose notices go to the log.
 */
#ifndef COMMON_DB_CONNECT_H
#define COMMON_DB_CONNECT_H

#include <libpq-fe.h>

/* Like PQconnectdbParams() with expand_dbname; the server's notices, also those
 * during the connect, are made printable and logged. */
PGconn *db_connect(const char *const *keys, const char *const *values);

#endif
