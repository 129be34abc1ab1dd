/* profile_memo: profiles that were made before. */
#include "ingest/decode/profile_memo.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/buf.h"
#include "common/mem.h"
#include "ingest/decode/bytes_key.h"
#include "ingest/limits.h"
#include "ingest/decode/profile.h"

struct entry {
	struct made_profile made;
	struct bytes_key key; /* all that makes it; of bytes below */
	char bytes[];
};

struct profile_memo {
	GHashTable *table; /* struct bytes_key to the entry that it lies in */
	struct text_pool names; /* what the profiles point to */
	struct buf key;         /* of the record at hand */
	size_t bytes;           /* of all that is kept */
	uint64_t chunks;
};

static void
free_entry(gpointer p)
{
	struct entry *e = p;

	profile_clear(&e->made.profile);
	free(e);
}

struct profile_memo *
profile_memo_new(void)
{
	struct profile_memo *m = mem_calloc(1, sizeof(*m));

	m->table = g_hash_table_new_full(bytes_key_hash, bytes_key_equal, NULL,
	    free_entry);
	text_pool_init(&m->names);
	buf_init(&m->key, 4 * LIMIT_RECORD_TEXT);
	return m;
}

void
profile_memo_free(struct profile_memo *m)
{
	if (m == NULL)
		return;
	g_hash_table_destroy(m->table);
	text_pool_free(&m->names);
	buf_free(&m->key);
	free(m);
}

uint64_t
profile_memo_begin(struct profile_memo *m)
{
	if (m->bytes > LIMIT_MADE_PROFILES) {
		g_hash_table_remove_all(m->table);
		text_pool_clear(&m->names);
		m->bytes = 0;
	}
	return ++m->chunks;
}

/* What an entry takes: itself, its lists, the texts once more as they were made
 * of the key's, and a little for the tables that lead to them. */
static size_t
entry_size(const struct entry *e)
{
	const struct auth_profile *p = &e->made.profile;
	const size_t texts = 5 + 3 * (p->n_dkim + p->n_spf) + p->n_reasons;

	return sizeof(*e) + 4 * e->key.len +
	    (p->n_dkim + p->n_spf) * sizeof(struct auth_result) + 64 * texts;
}

static struct made_profile *
make(struct profile_memo *m, const struct raw_record *raw,
    const struct report_head *head)
{
	struct entry *e = mem_calloc(1, sizeof(*e) + m->key.len);

	memcpy(e->bytes, m->key.data, m->key.len);
	e->key = (struct bytes_key){ e->bytes, m->key.len };
	e->made.text = m->key.len;
	profile_make(&e->made.profile, &m->names, raw, head, &e->made.quirks);
	m->bytes += entry_size(e);
	(void)g_hash_table_insert(m->table, &e->key, e);
	return &e->made;
}

struct made_profile *
profile_memo_take(struct profile_memo *m, const struct raw_record *raw,
    const struct report_head *head)
{
	struct entry *e;
	struct bytes_key key;

	profile_key(&m->key, &m->names, raw, head);
	key = (struct bytes_key){ m->key.data, m->key.len };
	e = g_hash_table_lookup(m->table, &key);
	return e == NULL ? make(m, raw, head) : &e->made;
}
