/* imap_fetch: the list of mails, and mails. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"
#include "ingest/imap/imap_session.h"

/* Mails that are listed by one command: its answer is bounded. */
#define LIST_PART 10000

/* The same of SEARCH, which answers with one line. */
#define SEARCH_PART 50000

/* ---- the list ------------------------------------------------------------- */

struct listing {
	struct imap_mail *mails;
	size_t n;
	size_t size;
};

static void
add_mail(struct listing *l, const struct imap_mail *mail)
{
	if (l->n == LIMIT_MAILBOX_MAILS)
		return;
	if (l->n == l->size) {
		l->size = l->size == 0 ? 1024 : l->size * 2;
		l->mails = mem_realloc(l->mails, l->size, sizeof(*l->mails));
	}
	l->mails[l->n++] = *mail;
}

/* Servers may tell of flags at any time; that is no answer to us. */
static void
on_listed(void *ctx, const struct imap_item *item)
{
	const struct imap_mail mail = { .uid = item->uid,
		.size = item->size,
		.arrived = item->arrived,
		.is_deleted = item->is_deleted,
		.odd = item->odd };

	if (mail.uid != 0)
		add_mail(ctx, &mail);
}

static int
by_uid(const void *a, const void *b)
{
	const struct imap_mail *x = a;
	const struct imap_mail *y = b;

	return (x->uid > y->uid) - (x->uid < y->uid);
}

/* A line about flags alone may have come beside the one that was asked for. */
static void
merge(struct imap_mail *into, const struct imap_mail *from)
{
	if (from->size > into->size)
		into->size = from->size;
	if (from->arrived > into->arrived)
		into->arrived = from->arrived;
	into->is_deleted = into->is_deleted || from->is_deleted;
	if (into->odd == NULL)
		into->odd = from->odd;
}

/* Sorted, each UID once. */
static void
put_in_order(struct listing *l)
{
	size_t kept = 0;

	if (l->n > 0)
		qsort(l->mails, l->n, sizeof(*l->mails), by_uid);
	for (size_t i = 0; i < l->n; i++)
		if (kept == 0 || l->mails[kept - 1].uid != l->mails[i].uid)
			l->mails[kept++] = l->mails[i];
		else
			merge(&l->mails[kept - 1], &l->mails[i]);
	l->n = kept;
}

/* The same list again with less of each mail, when a server has refused. */
static const char *const items[] = { "UID FLAGS INTERNALDATE RFC822.SIZE",
	"UID FLAGS RFC822.SIZE", "UID" };

/* List mails by their numbers from..to, which cannot change between FETCHes
 * (RFC 3501 7.4.1). */
static enum diag_code
list_part(struct imap *im, uint32_t from, uint32_t to, struct listing *l,
    struct diag *d)
{
	const size_t before = l->n;
	enum diag_code code = DIAG_OK;
	char *command;
	int r;

	for (int i = 0; i < 3; i++) {
		command = mem_printf("FETCH %" PRIu32 ":%" PRIu32 " (%s)", from,
		    to, items[i]);
		/* A line has some 120 bytes, more with many flags. */
		imap_arm_own(im, IMAP_ANSWER + (uint64_t)(to - from + 1) * 256,
		    NULL);
		im->lines.sink = (struct imap_sink){ .item = on_listed,
			.ctx = l };
		r = imap_send(im, command);
		if (IMAP_DONE(r))
			r = imap_finish(im);
		im->lines.sink = (struct imap_sink){ 0 };
		free(command);
		code = imap_whole_result(im, r, DIAG_RETRY, "list of mails", d);
		if (code == DIAG_OK || !imap_is_alive(im) ||
		    d->reason == REASON_NOT_NOW)
			break;
		l->n = before;
	}
	return code;
}

/* The number of a line that SEARCH has answered with. */
static void
add_found(struct imap *im, struct listing *l)
{
	for (guint i = 0; i < im->lines.kept->len; i++) {
		struct imap_words w = imap_words_of(
		    g_ptr_array_index(im->lines.kept, i));
		struct imap_word word;

		while ((word = imap_words_next(&w)).kind != WORD_END) {
			struct imap_mail mail = { .odd = "list" };

			if (imap_word_number(&word, &mail.uid) && mail.uid != 0)
				add_mail(l, &mail);
		}
	}
}

/* The UIDs of the mails whose numbers are from..to, as another command has them.
 * The last number is not said: a mail may have gone since. */
static enum diag_code
search_part(struct imap *im, uint32_t from, uint32_t to, bool is_last,
    struct listing *found, struct diag *d)
{
	char *command = !is_last ?
	    mem_printf("UID SEARCH %" PRIu32 ":%" PRIu32, from, to) :
	    from > 1 ? mem_printf("UID SEARCH %" PRIu32 ":*", from) :
		       mem_strdup("UID SEARCH ALL");
	enum diag_code code;
	int r;

	imap_arm_own(im, IMAP_ANSWER + (uint64_t)(to - from + 1) * 12,
	    "SEARCH");
	r = imap_send(im, command);
	if (IMAP_DONE(r))
		r = imap_finish(im);
	code = imap_whole_result(im, r, DIAG_RETRY, "list of mails", d);
	free(command);
	if (code == DIAG_OK && im->lines.is_cut)
		return diag_set(d, DIAG_RETRY, REASON_BAD_ANSWER,
		    "%s: list of mails: the server's line has over %lu bytes",
		    im->m->name, LIMIT_IMAP_LINE);
	if (code == DIAG_OK)
		add_found(im, found);
	return code;
}

/* Add the mails that SEARCH found and FETCH did not list; they are marked. */
static void
add_missing(struct listing *found, struct listing *l)
{
	size_t k = 0;

	for (size_t i = 0; i < found->n; i++) {
		while (k < l->n && l->mails[k].uid < found->mails[i].uid)
			k++;
		if (k == l->n || l->mails[k].uid != found->mails[i].uid)
			found->mails[i].is_missing = true;
	}
	for (size_t i = 0; i < found->n; i++)
		if (found->mails[i].is_missing)
			add_mail(l, &found->mails[i]);
}

static enum diag_code
list_rest(struct imap *im, uint32_t exists, struct listing *l, struct diag *d)
{
	struct listing found = { 0 };
	enum diag_code code = DIAG_OK;

	/* The answer is one line, which must not be too long. */
	for (uint32_t at = 1; at <= exists && code == DIAG_OK;
	     at += SEARCH_PART) {
		const bool is_last = exists - at < SEARCH_PART;

		code = search_part(im, at,
		    is_last ? exists : at + SEARCH_PART - 1, is_last, &found,
		    d);
	}
	put_in_order(&found);
	put_in_order(l);
	add_missing(&found, l);
	free(found.mails);
	return code;
}

enum diag_code
imap_list(struct imap *im, struct imap_mail **mails, size_t *n, struct diag *d)
{
	uint32_t exists = im->session->imap_selection_info->sel_exists;
	struct listing l = { 0 };
	enum diag_code code = DIAG_OK;

	if (exists > LIMIT_MAILBOX_MAILS)
		exists = LIMIT_MAILBOX_MAILS;
	for (uint32_t at = 1; at <= exists && code == DIAG_OK; at += LIST_PART)
		code = list_part(im, at,
		    exists - at < LIST_PART ? exists : at + LIST_PART - 1, &l,
		    d);
	put_in_order(&l);
	if (code == DIAG_OK && l.n < exists)
		code = list_rest(im, exists, &l, d);
	put_in_order(&l);
	*mails = l.mails;
	*n = l.n;
	return code;
}

/* ---- mails ------------------------------------------------------------------ */

struct fetch {
	struct imap_bodies *out;
	const struct imap_request *asked;
	struct buf now; /* the mail that is coming in */
	bool cut;
};

/* Bytes of a mail; one that is too long is cut off. */
static void
on_bytes(void *ctx, const char *bytes, size_t n)
{
	struct fetch *f = ctx;
	const size_t room = f->asked->max - f->now.len;

	if (n > room)
		f->cut = true;
	(void)buf_append(&f->now, bytes, n > room ? room : n);
}

/* It was asked for, and comes for the first time. */
static bool
is_wanted(const struct fetch *f, uint32_t uid)
{
	for (size_t i = 0; i < f->out->n; i++)
		if (f->out->list[i].uid == uid)
			return false;
	for (size_t i = 0; i < f->asked->n; i++)
		if (f->asked->uids[i] == uid)
			return true;
	return false;
}

static void
keep_body(struct fetch *f, uint32_t uid)
{
	struct imap_bodies *out = f->out;

	out->list = mem_realloc(out->list, out->n + 1, sizeof(*out->list));
	out->list[out->n++] = (struct imap_body){ uid,
		f->now.len > 0 ? f->now.data : mem_strdup(""), f->now.len,
		f->cut };
	if (f->now.len == 0)
		buf_free(&f->now);
	buf_init(&f->now, f->asked->max);
	f->cut = false;
}

static void
on_fetched(void *ctx, const struct imap_item *item)
{
	struct fetch *f = ctx;
	char *text;

	/* What comes as a string and not as a literal has escapes. */
	if (item->has_body && item->body.kind == WORD_QUOTED &&
	    f->now.len == 0) {
		text = imap_word_text(&item->body);
		on_bytes(f, text, strlen(text));
		free(text);
	}
	if (item->has_body && is_wanted(f, item->uid)) {
		keep_body(f, item->uid);
	} else if (item->has_body) {
		buf_truncate(&f->now, 0);
		f->cut = false;
	}
}

enum diag_code
imap_ask(struct imap *im, const uint32_t *uids, size_t n, uint64_t size,
    size_t max, struct diag *d)
{
	struct imap_request *asked = &im->asked;
	char *set = imap_set_text(uids, n);
	char *command = mem_printf("UID FETCH %s (UID BODY.PEEK[])", set);
	enum diag_code code;

	imap_arm_own(im, IMAP_ANSWER, NULL);
	code = imap_whole_result(im, imap_send(im, command), DIAG_RETRY,
	    "fetch", d);
	free(command);
	g_free(set);
	if (code != DIAG_OK)
		return code;
	memcpy(asked->uids, uids, n * sizeof(*uids));
	asked->n = n;
	asked->size = size;
	asked->max = max;
	return DIAG_OK;
}

bool
imap_is_asked(const struct imap *im)
{
	return im->asked.n > 0;
}

/*
 * Bytes that an answer may have.  The sizes that servers report are wrong at
 * times: line ends are counted wrongly, or the size is far too small.  Where one
 * mail is asked for, the answer may be as large as a mail may be.
 */
static uint64_t
most_bytes(const struct imap_request *asked)
{
	const uint64_t size = asked->n == 1 && asked->max > asked->size ?
	    asked->max :
	    asked->size;

	return IMAP_ANSWER + 2 * size + asked->n * 4096;
}

enum diag_code
imap_take(struct imap *im, struct imap_bodies *out, struct diag *d)
{
	const struct imap_request *asked = &im->asked;
	struct fetch f = { .out = out, .asked = asked };
	enum diag_code code;

	*out = (struct imap_bodies){ 0 };
	buf_init(&f.now, asked->max);
	im->lines.sink = (struct imap_sink){ on_bytes, on_fetched, &f };
	tls_stream_arm(im->stream, im->m->timeout, most_bytes(asked));
	code = imap_result(im, imap_finish(im), DIAG_FORMAT, "fetch", d);
	im->lines.sink = (struct imap_sink){ 0 };
	buf_free(&f.now);
	im->asked.n = 0;
	return code;
}

void
imap_bodies_free(struct imap_bodies *b)
{
	for (size_t i = 0; i < b->n; i++)
		free(b->list[i].bytes);
	free(b->list);
	*b = (struct imap_bodies){ 0 };
}
