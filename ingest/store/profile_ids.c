/* profile_ids: the ids of profiles in the database, each asked for once. */
#include "ingest/store/profile_ids.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"
#include "ingest/limits.h"
#include "ingest/store/pgtext.h"

struct profile_ids {
	GHashTable *known; /* digest to id, both allocated */
	struct buf rows;
};

struct profile_ids *
profile_ids_new(void)
{
	struct profile_ids *ids = mem_calloc(1, sizeof(*ids));

	ids->known = g_hash_table_new_full(digest_hash, digest_equal, g_free,
	    g_free);
	buf_init(&ids->rows, SIZE_MAX / 2);
	return ids;
}

void
profile_ids_free(struct profile_ids *ids)
{
	g_hash_table_destroy(ids->known);
	buf_free(&ids->rows);
	free(ids);
}

void
profile_ids_forget(struct profile_ids *ids)
{
	g_hash_table_remove_all(ids->known);
}

void
profile_ids_trim(struct profile_ids *ids)
{
	if (g_hash_table_size(ids->known) > LIMIT_PROFILE_IDS)
		profile_ids_forget(ids);
}

static const struct batch_profile *
profile_of(const struct batch *b, size_t number)
{
	return &g_array_index(b->profiles, struct batch_profile, number);
}

const int *
profile_ids_find(const struct profile_ids *ids, const struct batch *b,
    size_t number)
{
	return g_hash_table_lookup(ids->known, profile_of(b, number)->digest);
}

static void
remember(struct profile_ids *ids, const struct batch *b, size_t number, int id)
{
	g_hash_table_insert(ids->known,
	    g_memdup2(profile_of(b, number)->digest, 32),
	    g_memdup2(&id, sizeof(id)));
}

static enum diag_code
read_ids(struct profile_ids *ids, struct db *db, const struct batch *b,
    struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_store_profile_ids, 0, NULL,
	    d);
	int64_t n;
	int64_t id;

	if (code != DIAG_OK)
		return code;
	for (int i = 0; i < PQntuples(res); i++)
		if (num_int64(PQgetvalue(res, i, 0), 0,
			(int64_t)b->profiles->len - 1, &n) &&
		    num_int64(PQgetvalue(res, i, 1), 0, INT32_MAX, &id))
			remember(ids, b, (size_t)n, (int)id);
	PQclear(res);
	return DIAG_OK;
}

/* Rows of those that are needed and not known. */
static void
put_rows(struct profile_ids *ids, const struct batch *b,
    const unsigned char *needed)
{
	buf_truncate(&ids->rows, 0);
	for (size_t i = 0; i < b->profiles->len; i++) {
		const struct batch_profile *p = profile_of(b, i);

		if (!needed[i] || profile_ids_find(ids, b, i) != NULL)
			continue;
		pgtext_int(&ids->rows, (int64_t)i);
		(void)buf_append(&ids->rows, b->profile_rows.data + p->row,
		    p->row_len);
	}
}

enum diag_code
profile_ids_write(struct profile_ids *ids, struct db *db, const struct batch *b,
    const unsigned char *needed, struct diag *d)
{
	enum diag_code code;

	put_rows(ids, b, needed);
	if (ids->rows.len == 0)
		return DIAG_OK;
	code = db_copy(db, "COPY pg_temp.incoming_profile FROM STDIN",
	    ids->rows.data, ids->rows.len, d);
	if (code == DIAG_OK)
		code = db_script(db, sql_store_profiles, d);
	if (code == DIAG_OK)
		code = read_ids(ids, db, b, d);
	return code;
}
