/* checked_profile: the profiles that workers send, each validated once. */
#include "ingest/worker/checked_profile.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"
#include "ingest/decode/bytes_key.h"
#include "ingest/worker/frame.h"
#include "ingest/limits.h"
#include "ingest/decode/profile.h"

/* A profile, and the bytes that its texts point into. */
struct known {
	struct auth_profile profile;
	struct bytes_key key; /* of bytes below */
	char bytes[];
};

struct checked_profiles {
	GHashTable *table; /* struct bytes_key to the one it lies in */
	size_t bytes;
};

static void
free_known(gpointer p)
{
	struct known *known = p;

	profile_clear(&known->profile);
	free(known);
}

struct checked_profiles *
checked_profiles_new(void)
{
	struct checked_profiles *k = mem_calloc(1, sizeof(*k));

	k->table = g_hash_table_new_full(bytes_key_hash, bytes_key_equal, NULL,
	    free_known);
	return k;
}

void
checked_profiles_free(struct checked_profiles *k)
{
	if (k == NULL)
		return;
	g_hash_table_destroy(k->table);
	free(k);
}

void
checked_profiles_trim(struct checked_profiles *k)
{
	if (k->bytes < LIMIT_CHECKED_PROFILES)
		return;
	g_hash_table_remove_all(k->table);
	k->bytes = 0;
}

/* ---- one that is new --------------------------------------------------------- */

static void
read_results(struct cursor *c, struct auth_result *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		r[i].domain = cursor_text(c, LIMIT_DOMAIN, "");
		r[i].qualifier = cursor_text(c, LIMIT_TEXT, "");
		r[i].result = cursor_text(c, LIMIT_TEXT, "");
		cursor_want(c, r[i].domain != NULL || r[i].result != NULL,
		    "invalid result");
	}
}

static bool
is_mode(char c)
{
	return c == 'r' || c == 's';
}

static void
read_profile(struct cursor *c, struct auth_profile *p)
{
	struct frame_profile f;

	cursor_take(c, &f, sizeof(f));
	cursor_want(c,
	    f.n_dkim <= LIMIT_RESULTS && f.n_spf <= LIMIT_RESULTS &&
		f.n_reasons <= LIMIT_RESULTS,
	    "invalid number of results");
	cursor_want(c, is_mode(f.adkim) && is_mode(f.aspf), "invalid mode");
	cursor_want(c, f.arc_pass == 0 || f.arc_pass == 1, "invalid arc_pass");
	if (cursor_failed(c))
		return;
	p->adkim = f.adkim;
	p->aspf = f.aspf;
	p->arc_pass = f.arc_pass == 1;
	p->header_from = cursor_text(c, LIMIT_DOMAIN, "");
	cursor_want(c, p->header_from == NULL || p->header_from[0] != '\0',
	    "header_from");
	p->envelope_from = cursor_text(c, LIMIT_DOMAIN, "");
	p->disposition = cursor_text(c, LIMIT_TEXT, "");
	p->eval_dkim = cursor_text(c, LIMIT_TEXT, "");
	p->eval_spf = cursor_text(c, LIMIT_TEXT, "");
	p->n_dkim = f.n_dkim;
	p->n_spf = f.n_spf;
	p->n_reasons = f.n_reasons;
	p->dkim = mem_calloc(p->n_dkim, sizeof(*p->dkim));
	p->spf = mem_calloc(p->n_spf, sizeof(*p->spf));
	p->reasons = mem_calloc(p->n_reasons, sizeof(*p->reasons));
	read_results(c, p->dkim, p->n_dkim);
	read_results(c, p->spf, p->n_spf);
	for (size_t i = 0; i < p->n_reasons; i++) {
		p->reasons[i] = cursor_text(c, LIMIT_TEXT, "");
		cursor_want(c, p->reasons[i] != NULL, "invalid reason");
	}
}

static const struct auth_profile *
add(struct checked_profiles *k, struct cursor *c, const struct bytes_key *found)
{
	struct known *known = mem_calloc(1, sizeof(*known) + found->len);
	struct cursor own = cursor_over(known->bytes, found->len);

	known->key = (struct bytes_key){ known->bytes, found->len };
	memcpy(known->bytes, found->bytes, found->len);
	read_profile(&own, &known->profile);
	cursor_want(&own, cursor_left(&own) == 0, "invalid profile length");
	cursor_want(c, !cursor_failed(&own), own.wrong);
	if (cursor_failed(c)) {
		free_known(known);
		return NULL;
	}
	profile_complete(&known->profile, NULL);
	g_hash_table_insert(k->table, &known->key, known);
	k->bytes += sizeof(*known) + found->len +
	    (known->profile.n_dkim + known->profile.n_spf) *
		sizeof(struct auth_result);
	return &known->profile;
}

const struct auth_profile *
checked_profiles_take(struct checked_profiles *k, struct cursor *c)
{
	const struct known *known;
	struct bytes_key key = { .bytes = c->at };
	uint32_t len = 0;

	if (cursor_left(c) >= sizeof(len))
		memcpy(&len, c->at, sizeof(len));
	cursor_want(c,
	    len >= sizeof(struct frame_profile) && len <= cursor_left(c),
	    "invalid profile length");
	if (cursor_failed(c))
		return NULL;
	key.len = len;
	c->at += len;
	known = g_hash_table_lookup(k->table, &key);
	return known == NULL ? add(k, c, &key) : &known->profile;
}
