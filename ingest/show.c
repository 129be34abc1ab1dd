/* show: the bytes of what was set aside, as they were kept. */
#include "ingest/show.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/num.h"
#include "gen/sql.h"
#include "ingest/limits.h"

/* Bytes that are asked for at a time. */
#define PIECE (4 * LIMIT_MIB)

/* Printable ASCII, tab and line end stay; a backslash is told apart from one of
 * ours. */
static bool
put_escaped(const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = bytes[i];
		const bool plain = c == '\n' || c == '\t' ||
		    (c >= ' ' && c < 0x7f && c != '\\');

		if (plain ? putchar(c) == EOF : printf("\\x%02x", c) < 0)
			return false;
	}
	return true;
}

static bool
put(const char *bytes, size_t len, bool is_terminal)
{
	if (is_terminal)
		return put_escaped((const unsigned char *)bytes, len);
	return fwrite(bytes, 1, len, stdout) == len;
}

static enum diag_code
cannot_write(struct diag *d)
{
	return diag_set(d, DIAG_RETRY, REASON_UNREADABLE, "standard output: %s",
	    strerror(errno));
}

static enum diag_code
show_piece(struct db *db, const char *number, int64_t from, bool is_terminal,
    struct diag *d)
{
	char at[24];
	char len[24];
	const char *params[] = { number, at, len };
	PGresult *res = NULL;
	enum diag_code code;

	(void)snprintf(at, sizeof(at), "%lld", (long long)from + 1);
	(void)snprintf(len, sizeof(len), "%lu", PIECE);
	code = db_query_bytes(db, &res, sql_retry_bytes, 3, params, d);
	if (code == DIAG_OK &&
	    (PQntuples(res) != 1 || PQgetlength(res, 0, 0) == 0))
		code = diag_set(d, DIAG_RETRY, REASON_DATABASE,
		    "database: what is set aside has changed meanwhile");
	else if (code == DIAG_OK &&
	    !put(PQgetvalue(res, 0, 0), (size_t)PQgetlength(res, 0, 0),
		is_terminal))
		code = cannot_write(d);
	PQclear(res);
	return code;
}

static enum diag_code
find_size(struct db *db, const char *number, int64_t *size, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_show_size, 1, &number, d);

	if (code == DIAG_OK && PQntuples(res) == 0)
		code = diag_set(d, DIAG_FORMAT, REASON_USAGE,
		    "nothing with the number %s was set aside", number);
	else if (code == DIAG_OK &&
	    (PQgetisnull(res, 0, 0) ||
		!num_int64(PQgetvalue(res, 0, 0), 0, INT32_MAX, size)))
		code = diag_set(d, DIAG_FORMAT, REASON_USAGE,
		    "of number %s no bytes were kept: it was too large",
		    number);
	PQclear(res);
	return code;
}

enum diag_code
show(struct db *db, const char *number, struct diag *d)
{
	const bool is_terminal = isatty(STDOUT_FILENO) == 1;
	int64_t size = 0;
	enum diag_code code = find_size(db, number, &size, d);

	for (int64_t at = 0; at < size && code == DIAG_OK; at += (int64_t)PIECE)
		code = show_piece(db, number, at, is_terminal, d);
	if (code == DIAG_OK && fflush(stdout) != 0)
		code = cannot_write(d);
	return code;
}
