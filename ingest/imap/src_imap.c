/* src_imap: the mails of an IMAP folder as a source. */
#include "ingest/imap/src_imap.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "common/progress.h"
#include "ingest/imap/imap_refusal.h"
#include "ingest/imap/src_imap_parts.h"
#include "common/stop.h"

static void
folder_free(void *p)
{
	struct src_folder *f = p;

	free(f->name);
	free(f);
}

enum diag_code
src_imap_open(struct src_imap **out, const struct mailbox *m, struct diag *d)
{
	struct imap *im = NULL;
	struct src_imap *s;
	enum diag_code code = imap_open(&im, m, d);

	if (code != DIAG_OK)
		return code;
	s = mem_calloc(1, sizeof(*s));
	s->m = m;
	s->im = im;
	s->folders = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
	    folder_free);
	for (int v = 0; v < FATES; v++)
		s->acts[v] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	s->copied = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	s->gone = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	s->missing = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	*out = s;
	return DIAG_OK;
}

void
src_imap_close(struct src_imap *s)
{
	if (s == NULL)
		return;
	imap_close(s->im);
	imap_bodies_free(&s->bodies);
	imap_bodies_free(&s->early.bodies);
	for (int v = 0; v < FATES; v++)
		g_array_free(s->acts[v], TRUE);
	g_array_free(s->copied, TRUE);
	g_array_free(s->gone, TRUE);
	g_array_free(s->missing, TRUE);
	g_hash_table_destroy(s->folders);
	free(s->unread);
	free(s);
}

bool
src_imap_is_alive(const struct src_imap *s)
{
	return s->im != NULL && imap_is_alive(s->im);
}

enum diag_code
src_imap_expand(struct src_imap *s, const char *pattern, GPtrArray *names,
    size_t *left, struct diag *d)
{
	return imap_expand(s->im, pattern, names, left, d);
}

void
src_imap_choose(struct src_imap *s, const char *folder, int64_t id)
{
	struct src_folder *f = g_hash_table_lookup(s->folders, folder);

	if (f == NULL) {
		f = mem_calloc(1, sizeof(*f));
		f->name = mem_strdup(folder);
		(void)g_hash_table_insert(s->folders, f->name, f);
	}
	f->id = id;
	s->folder = f;
}

/* ---- the source ------------------------------------------------------------------ */

static const struct imap_mail *
listed(const struct src_imap *s, uint32_t uid)
{
	for (size_t i = s->at; i > 0; i--)
		if (s->unread[i - 1].uid == uid)
			return &s->unread[i - 1];
	return NULL;
}

static void
fill(const struct src_imap *s, struct item *item, const struct imap_mail *mail)
{
	*item = (struct item){
		.name = src_imap_mail_name(s, mail->uid),
		.size = mail->size,
		.tag = mail->uid,
		.mailbox = s->folder->id,
		.arrived = mail->arrived,
		.limit = s->m->max_size,
	};
}

/* The next mail that has come, into item.  SOURCE_END: it had no bytes, go on.
 */
static enum source_next
take_body(struct src_imap *s, struct item *item, struct diag *d)
{
	struct imap_body *body = &s->bodies.list[s->next_body++];
	const struct imap_mail *mail = listed(s, body->uid);

	if (mail == NULL || (body->len == 0 && mail->size > 0))
		return src_imap_not_given(s, body->uid, "it is empty", d);
	fill(s, item, mail);
	if (body->cut) {
		item->more = true;
		return SOURCE_ITEM;
	}
	item->bytes = body->bytes;
	item->len = body->len;
	body->bytes = NULL;
	return SOURCE_ITEM;
}

/* s->failure, once. */
static enum source_next
tell_failure(struct src_imap *s, struct diag *d)
{
	*d = s->failure;
	s->failure = (struct diag){ 0 };
	/* Reading may still work when changes are refused. */
	return src_imap_is_alive(s) ? SOURCE_PROBLEM : src_imap_fail(s);
}

static enum source_next
src_imap_next(void *impl, struct item *item, struct diag *d)
{
	struct src_imap *s = impl;
	enum source_next next;

	while (s->failure.code == DIAG_OK && !stop_requested()) {
		progress(s->m->name, s->at - (s->bodies.n - s->next_body),
		    s->n);
		if (s->next_body < s->bodies.n) {
			next = take_body(s, item, d);
			if (next == SOURCE_END)
				continue;
			return next;
		}
		if (s->at == s->n && s->not_given > LIMIT_NOT_GIVEN)
			return src_imap_tell_rest(s, d);
		if (s->at == s->n && s->missing->len > 0) {
			next = src_imap_tell_missing(s, d);
			if (next == SOURCE_END)
				continue;
			return next;
		}
		if (s->at == s->n) {
			s->folder->all_done = true;
			return SOURCE_END;
		}
		if (s->unread[s->at].size > s->m->max_size) {
			fill(s, item, &s->unread[s->at++]);
			return SOURCE_ITEM;
		}
		next = src_imap_fetch_group(s, d);
		if (next == SOURCE_PROBLEM || next == SOURCE_FAILED)
			return next;
	}
	if (s->failure.code != DIAG_OK)
		return tell_failure(s, d);
	return SOURCE_END;
}

static void
src_imap_done(void *impl, uint64_t tag, enum fate fate)
{
	struct src_imap *s = impl;
	const uint32_t uid = (uint32_t)tag;

	if (!s->folder->state.read_only &&
	    s->m->actions[fate].kind != ACTION_LEAVE)
		g_array_append_val(s->acts[fate], uid);
}

/* The connection may be used again. */
static void
keep_open(void *impl)
{
	(void)impl;
}

bool
src_imap_has_failed(const struct src_imap *s)
{
	return s->has_failed;
}

int
src_imap_pause(const struct src_imap *s)
{
	return imap_refusal_wait(s->refusal.text);
}

struct source
src_imap_source(struct src_imap *s)
{
	static const struct source_ops ops = { src_imap_next, false,
		src_imap_done, src_imap_settle, keep_open };

	return (struct source){ &ops, s };
}

enum diag_code
src_imap_wait(struct src_imap *s, int seconds, struct diag *d)
{
	return imap_wait(s->im, seconds, d);
}
