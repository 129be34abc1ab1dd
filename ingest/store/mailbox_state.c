/*
 * mailbox_state: what the database knows of a mailbox: who reads it now, and
 * which of its mails have been read (account, folder, UIDVALIDITY, UID).
 */
#include "ingest/store/mailbox_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"

#define ID_LEN 24

static void
id_text(int64_t id, char out[ID_LEN])
{
	(void)snprintf(out, ID_LEN, "%" PRId64, id);
}

/* ---- one run at a time ----------------------------------------------------- */

enum diag_code
mailbox_lock(struct db *db, const struct mailbox *m, const char *folder,
    int64_t *id, bool *ours, struct diag *d)
{
	char *account = mailbox_account(m);
	const char *params[] = { account, folder };
	PGresult *res = NULL;
	enum diag_code code = db_run(db, sql_mailbox_add, 2, params, d);

	if (code == DIAG_OK)
		code = db_query(db, &res, sql_mailbox_lock, 2, params, d);
	if (code == DIAG_OK &&
	    (PQntuples(res) != 1 ||
		!num_int64(PQgetvalue(res, 0, 0), 1, INT32_MAX, id)))
		code = diag_set(d, DIAG_CONFIG, REASON_MAILBOX,
		    "database: the mailbox %s is not there", account);
	if (code == DIAG_OK)
		*ours = strcmp(PQgetvalue(res, 0, 1), "t") == 0;
	PQclear(res);
	free(account);
	return code;
}

enum diag_code
mailbox_unlock(struct db *db, int64_t id, struct diag *d)
{
	char text[ID_LEN];
	const char *params[] = { text };
	PGresult *res = NULL;
	enum diag_code code;

	id_text(id, text);
	code = db_query(db, &res, sql_mailbox_unlock, 1, params, d);
	PQclear(res);
	return code;
}

/* ---- what is seen ----------------------------------------------------------- */

static bool
read_seen(const PGresult *res, int i, struct seen_mail *mail)
{
	const char *fate = PQgetvalue(res, i, 3);
	int64_t uid;
	int64_t size;
	int64_t arrived;
	int v = 0;

	while (v < FATES && strcmp(fate_name((enum fate)v), fate) != 0)
		v++;
	if (v == FATES ||
	    !num_int64(PQgetvalue(res, i, 0), 1, UINT32_MAX, &uid) ||
	    !num_int64(PQgetvalue(res, i, 1), 0, INT64_MAX, &size) ||
	    !num_int64(PQgetvalue(res, i, 2), INT64_MIN, INT64_MAX, &arrived))
		return false;
	*mail = (struct seen_mail){ (uint32_t)uid, (uint64_t)size, arrived,
		(enum fate)v,
		PQgetisnull(res, i, 4) ? NULL :
					 mem_strdup(PQgetvalue(res, i, 4)) };
	return true;
}

enum diag_code
mailbox_seen(struct db *db, int64_t id, uint32_t uidvalidity, GArray **out,
    struct diag *d)
{
	char text[ID_LEN];
	char validity[ID_LEN];
	const char *params[] = { text, validity };
	struct seen_mail mail;
	PGresult *res = NULL;
	enum diag_code code;

	id_text(id, text);
	id_text(uidvalidity, validity);
	code = db_run(db, sql_mailbox_renumber, 2, params, d);
	if (code == DIAG_OK)
		code = db_query(db, &res, sql_mailbox_seen, 1, params, d);
	if (code != DIAG_OK)
		return code;
	*out = g_array_new(FALSE, FALSE, sizeof(mail));
	for (int i = 0; i < PQntuples(res); i++)
		if (read_seen(res, i, &mail))
			g_array_append_val(*out, mail);
	PQclear(res);
	return DIAG_OK;
}

void
seen_mails_free(GArray *seen)
{
	if (seen == NULL)
		return;
	for (guint i = 0; i < seen->len; i++)
		free(g_array_index(seen, struct seen_mail, i).done);
	g_array_free(seen, TRUE);
}

/* ---- what changes -------------------------------------------------------------- */

/* The text form of an array of numbers, which the caller frees. */
static char *
uid_array(const uint32_t *uids, size_t n)
{
	GString *s = g_string_new("{");

	for (size_t i = 0; i < n; i++)
		g_string_append_printf(s, "%s%" PRIu32, i > 0 ? "," : "",
		    uids[i]);
	return g_string_free(g_string_append_c(s, '}'), FALSE);
}

enum diag_code
mailbox_remember(struct db *db, const struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	GString *columns[4];
	char id[ID_LEN];
	const char *params[5] = { id };
	int64_t mailbox = 0;
	enum diag_code code = DIAG_OK;

	for (int k = 0; k < 4; k++)
		columns[k] = g_string_new(NULL);
	for (size_t i = from; i < to; i++) {
		const struct item *item = &batch_item(b, i)->errand.item;
		const char *comma = mailbox == 0 ? "{" : ",";

		if (item->mailbox == 0)
			continue;
		/* A batch is flushed at the end of its mailbox. */
		mailbox = item->mailbox;
		g_string_append_printf(columns[0], "%s%" PRIu64, comma,
		    item->tag);
		g_string_append_printf(columns[1], "%s%" PRIu64, comma,
		    item->size);
		g_string_append_printf(columns[2], "%s%" PRId64, comma,
		    item->arrived);
		g_string_append_printf(columns[3], "%s%s", comma,
		    fate_name(batch_fate(b, i)));
	}
	for (int k = 0; k < 4; k++)
		params[k + 1] = g_string_append_c(columns[k], '}')->str;
	id_text(mailbox, id);
	if (mailbox != 0)
		code = db_run(db, sql_mailbox_remember, 5, params, d);
	for (int k = 0; k < 4; k++)
		g_string_free(columns[k], TRUE);
	return code;
}

enum diag_code
mailbox_mark(struct db *db, int64_t id, const uint32_t *uids, size_t n,
    const char *done, struct diag *d)
{
	char text[ID_LEN];
	char *array = uid_array(uids, n);
	const char *params[] = { text, array, done };
	enum diag_code code;

	id_text(id, text);
	code = db_run(db, sql_mailbox_done, 3, params, d);
	g_free(array);
	return code;
}

enum diag_code
mailbox_forget(struct db *db, int64_t id, const uint32_t *uids, size_t n,
    struct diag *d)
{
	char text[ID_LEN];
	char *array = uid_array(uids, n);
	const char *params[] = { text, array };
	enum diag_code code;

	id_text(id, text);
	code = db_run(db, sql_mailbox_forget, 2, params, d);
	g_free(array);
	return code;
}
