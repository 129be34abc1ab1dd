/*
 * lessons: which profiles the records of which reports have.
 *
 * Nearly every record repeats what another one with the same voucher has shown
 * before.  So a hash of what was written is kept, and it is not written again.
 */
#include "ingest/store/lessons.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/buf.h"
#include "common/mem.h"
#include "gen/sql.h"
#include "ingest/limits.h"

struct lesson {
	struct record_owner owner;
	int profile_id;
};

struct lessons {
	GHashTable *written; /* keys that were committed */
	GHashTable *keys;    /* and those of this transaction */
	GArray *lessons;     /* struct lesson: what belongs to these */
};

struct lessons *
lessons_new(void)
{
	struct lessons *l = mem_calloc(1, sizeof(*l));

	l->written = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
	    NULL);
	l->keys = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
	    NULL);
	l->lessons = g_array_new(FALSE, FALSE, sizeof(struct lesson));
	return l;
}

void
lessons_free(struct lessons *l)
{
	if (l == NULL)
		return;
	g_hash_table_destroy(l->written);
	g_hash_table_destroy(l->keys);
	g_array_free(l->lessons, TRUE);
	free(l);
}

void
lessons_add(struct lessons *l, const struct record_owner *owner, int profile_id)
{
	const struct lesson lesson = { *owner, profile_id };
	/* Two rounds of a multiplication, so that both numbers reach all
	 * bits. */
	const uint64_t mixed = (owner->voucher_key ^ (uint64_t)profile_id) *
	    UINT64_C(0x9e3779b97f4a7c15);
	const int64_t key = (int64_t)((mixed ^ (mixed >> 32)) *
	    UINT64_C(0xd6e8feb86659fd93));

	if (l->lessons->len >= LIMIT_LESSONS ||
	    g_hash_table_contains(l->written, &key) ||
	    !g_hash_table_add(l->keys, g_memdup2(&key, sizeof(key))))
		return;
	g_array_append_val(l->lessons, lesson);
}

void
lessons_forget(struct lessons *l)
{
	g_hash_table_remove_all(l->keys);
	g_array_set_size(l->lessons, 0);
}

static void
put_number(struct buf *list, int64_t n)
{
	char text[24];

	(void)g_snprintf(text, sizeof(text), "%c%lld",
	    list->len == 0 ? '{' : ',', (long long)n);
	(void)buf_append(list, text, strlen(text));
}

enum diag_code
lessons_write(struct lessons *l, struct db *db, struct diag *d)
{
	struct buf lists[3];
	const char *params[3];
	enum diag_code code;

	if (l->lessons->len == 0)
		return DIAG_OK;
	for (size_t i = 0; i < 3; i++)
		buf_init(&lists[i], SIZE_MAX / 2);
	for (size_t i = 0; i < l->lessons->len; i++) {
		const struct lesson *lesson = &g_array_index(l->lessons,
		    struct lesson, i);

		put_number(&lists[0], lesson->owner.policy_domain_id);
		put_number(&lists[1], lesson->owner.report_id);
		put_number(&lists[2], lesson->profile_id);
	}
	for (size_t i = 0; i < 3; i++) {
		(void)buf_append(&lists[i], "}", sizeof("}"));
		params[i] = (const char *)lists[i].data;
	}
	code = db_run(db, sql_store_learn, 3, params, d);
	for (size_t i = 0; i < 3; i++)
		buf_free(&lists[i]);
	return code;
}

void
lessons_keep(struct lessons *l)
{
	GHashTableIter iter;
	gpointer key;

	if (g_hash_table_size(l->written) > LIMIT_KNOWN_LESSONS)
		g_hash_table_remove_all(l->written);
	g_hash_table_iter_init(&iter, l->keys);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		g_hash_table_iter_steal(&iter);
		(void)g_hash_table_add(l->written, key);
	}
	lessons_forget(l);
}
