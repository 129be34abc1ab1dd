/*
 * db_connect: a connection to PostgreSQL whose notices go to the log.
 */
#ifndef COMMON_DB_CONNECT_H
#define COMMON_DB_CONNECT_H

#include <libpq-fe.h>

/* As PQconnectdbParams() with expand_dbname, and what the server says while it
 * connects, and later, is logged, printable. */
PGconn *db_connect(const char *const *keys, const char *const *values);

#endif
