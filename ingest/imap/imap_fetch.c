/*
 * imap_fetch: the list of mails, and mails.
 *
 * libetpan hands out the bytes of a mail as they come, without its UID, and
 * then the mail's items, the UID among them, in whatever order the server
 * likes.  A handler for items is called only when there is a progress callback,
 * too.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <glib.h>

#include "common/mem.h"
#include "ingest/imap/imap_session.h"

static void
no_progress(size_t current, size_t maximum, void *ctx)
{
	(void)current;
	(void)maximum;
	(void)ctx;
}

static void
handle(struct imap *im, mailimap_msg_att_handler *items,
    mailimap_msg_body_handler *bytes, void *ctx)
{
	mailimap_set_progress_callback(im->session, no_progress, no_progress,
	    NULL);
	mailimap_set_msg_att_handler(im->session, items, ctx);
	mailimap_set_msg_body_handler(im->session, bytes, ctx);
}

/* Mails that are listed by one command: its answer is bounded. */
#define LIST_PART 10000

/* ---- the list ------------------------------------------------------------- */

struct listing {
	struct imap_mail *mails;
	size_t n;
	size_t size;
};

static int64_t
seconds_of(const struct mailimap_date_time *date)
{
	struct tm tm = { .tm_year = date->dt_year - 1900,
		.tm_mon = date->dt_month - 1,
		.tm_mday = date->dt_day,
		.tm_hour = date->dt_hour,
		.tm_min = date->dt_min,
		.tm_sec = date->dt_sec };
	const time_t t = timegm(&tm);

	/* The zone is a number such as -130 for -01:30. */
	return t <= 0 ?
	    0 :
	    t - (time_t)(date->dt_zone / 100 * 60 + date->dt_zone % 100) * 60;
}

static void
take_static(struct imap_mail *mail, const struct mailimap_msg_att_static *item)
{
	switch (item->att_type) {
	case MAILIMAP_MSG_ATT_UID:
		mail->uid = item->att_data.att_uid;
		break;
	case MAILIMAP_MSG_ATT_RFC822_SIZE:
		mail->size = item->att_data.att_rfc822_size;
		break;
	case MAILIMAP_MSG_ATT_INTERNALDATE:
		mail->arrived = seconds_of(item->att_data.att_internal_date);
		break;
	default:
		break;
	}
}

static bool
has_deleted(const struct mailimap_msg_att_dynamic *flags)
{
	for (clistiter *i =
		 flags->att_list == NULL ? NULL : clist_begin(flags->att_list);
	     i != NULL; i = clist_next(i)) {
		const struct mailimap_flag_fetch *f = clist_content(i);

		if (f->fl_type == MAILIMAP_FLAG_FETCH_OTHER &&
		    f->fl_flag->fl_type == MAILIMAP_FLAG_DELETED)
			return true;
	}
	return false;
}

static void
on_listed(struct mailimap_msg_att *att, void *ctx)
{
	struct listing *l = ctx;
	struct imap_mail mail = { 0 };

	for (clistiter *i = clist_begin(att->att_list); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC)
			take_static(&mail, item->att_data.att_static);
		else if (item->att_type == MAILIMAP_MSG_ATT_ITEM_DYNAMIC)
			mail.is_deleted = has_deleted(item->att_data.att_dyn);
	}
	/* Servers may tell of flags at any time; that is no answer to us. */
	if (mail.uid == 0 || l->n == LIMIT_MAILBOX_MAILS)
		return;
	if (l->n == l->size) {
		l->size = l->size == 0 ? 1024 : l->size * 2;
		l->mails = mem_realloc(l->mails, l->size, sizeof(*l->mails));
	}
	l->mails[l->n++] = mail;
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

static struct mailimap_fetch_type *
list_items(void)
{
	struct mailimap_fetch_type *what =
	    mailimap_fetch_type_new_fetch_att_list_empty();

	(void)mailimap_fetch_type_new_fetch_att_list_add(what,
	    mailimap_fetch_att_new_uid());
	(void)mailimap_fetch_type_new_fetch_att_list_add(what,
	    mailimap_fetch_att_new_flags());
	(void)mailimap_fetch_type_new_fetch_att_list_add(what,
	    mailimap_fetch_att_new_internaldate());
	(void)mailimap_fetch_type_new_fetch_att_list_add(what,
	    mailimap_fetch_att_new_rfc822_size());
	return what;
}

/* List mails by their numbers from..to, which cannot change between FETCHes
 * (RFC 3501 7.4.1). */
static enum diag_code
list_part(struct imap *im, uint32_t from, uint32_t to, struct listing *l,
    struct diag *d)
{
	struct mailimap_set *set = mailimap_set_new_interval(from, to);
	struct mailimap_fetch_type *what = list_items();
	clist *list = NULL;
	enum diag_code code;
	int r;

	handle(im, on_listed, NULL, l);
	/* A line has some 120 bytes, more with many flags. */
	imap_arm(im, IMAP_ANSWER + (uint64_t)(to - from + 1) * 256);
	r = mailimap_fetch(im->session, set, what, &list);
	handle(im, NULL, NULL, NULL);
	/* After a failure it is whatever it was. */
	if (IMAP_DONE(r) && list != NULL)
		mailimap_fetch_list_free(list);
	code = imap_result(im, r, DIAG_RETRY, "list of mails", d);
	mailimap_fetch_type_free(what);
	mailimap_set_free(set);
	return code == DIAG_FORMAT ? (d->code = DIAG_RETRY) : code;
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

/* Bytes of a body; true: go on, a mail that is too long is cut off. */
static bool
on_bytes(int type, struct mailimap_msg_att_body_section *section,
    const char *bytes, size_t len, void *ctx)
{
	struct fetch *f = ctx;
	const size_t room = f->asked->max - f->now.len;

	(void)section;
	if (type != MAILIMAP_MSG_ATT_BODY_SECTION)
		return true;
	if (len > room)
		f->cut = true;
	(void)buf_append(&f->now, bytes, len > room ? room : len);
	return true;
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

/* What came as a string and not as a literal never met on_bytes(). */
static void
take_section(struct fetch *f,
    const struct mailimap_msg_att_body_section *section)
{
	if (section->sec_body_part != NULL && f->now.len == 0)
		(void)on_bytes(MAILIMAP_MSG_ATT_BODY_SECTION, NULL,
		    section->sec_body_part, section->sec_length, f);
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
on_fetched(struct mailimap_msg_att *att, void *ctx)
{
	struct fetch *f = ctx;
	uint32_t uid = 0;
	bool has_body = false;

	for (clistiter *i = clist_begin(att->att_list); i != NULL;
	     i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);
		const struct mailimap_msg_att_static *s;

		if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		s = item->att_data.att_static;
		if (s->att_type == MAILIMAP_MSG_ATT_UID)
			uid = s->att_data.att_uid;
		if (s->att_type != MAILIMAP_MSG_ATT_BODY_SECTION)
			continue;
		has_body = true;
		take_section(f, s->att_data.att_body_section);
	}
	if (has_body && is_wanted(f, uid)) {
		keep_body(f, uid);
	} else if (has_body) {
		buf_truncate(&f->now, 0);
		f->cut = false;
	}
}

/* "1:4,7", which the caller frees. */
static char *
set_text(const uint32_t *uids, size_t n)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0, last; i < n; i = last + 1) {
		last = i;
		while (last + 1 < n && uids[last + 1] == uids[last] + 1)
			last++;
		g_string_append_printf(s, "%s%" PRIu32, i > 0 ? "," : "",
		    uids[i]);
		if (last > i)
			g_string_append_printf(s, ":%" PRIu32, uids[last]);
	}
	return g_string_free(s, FALSE);
}

/* mailimap_uid_fetch() would also wait for the answer. */
static int
send_fetch(mailimap *session, const uint32_t *uids, size_t n)
{
	char *set = set_text(uids, n);
	char *command = mem_printf("UID FETCH %s (UID BODY.PEEK[])\r\n", set);
	const size_t len = strlen(command);
	int r = mailimap_send_current_tag(session);

	if (IMAP_DONE(r) &&
	    (mailstream_write(session->imap_stream, command, len) !=
		    (ssize_t)len ||
		mailstream_flush(session->imap_stream) == -1))
		r = MAILIMAP_ERROR_STREAM;
	g_free(set);
	free(command);
	return r;
}

enum diag_code
imap_ask(struct imap *im, const uint32_t *uids, size_t n, uint64_t size,
    size_t max, struct diag *d)
{
	struct imap_request *asked = &im->asked;
	enum diag_code code;

	imap_arm(im, IMAP_ANSWER);
	code = imap_result(im, send_fetch(im->session, uids, n), DIAG_RETRY,
	    "fetch", d);
	if (code != DIAG_OK)
		return code == DIAG_FORMAT ? (d->code = DIAG_RETRY) : code;
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

/* Read the answer to send_fetch(); mails go to the handlers. */
static int
read_fetched(mailimap *session)
{
	struct mailimap_response *response = NULL;
	int r = MAILIMAP_ERROR_STREAM;

	if (mailimap_read_line(session) != NULL)
		r = mailimap_parse_response(session, &response);
	if (!IMAP_DONE(r))
		return r;
	if (response->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state
		->rsp_type != MAILIMAP_RESP_COND_STATE_OK)
		r = MAILIMAP_ERROR_UID_FETCH;
	mailimap_response_free(response);
	return r;
}

enum diag_code
imap_take(struct imap *im, struct imap_bodies *out, struct diag *d)
{
	const struct imap_request *asked = &im->asked;
	struct fetch f = { .out = out, .asked = asked };
	enum diag_code code;

	*out = (struct imap_bodies){ 0 };
	buf_init(&f.now, asked->max);
	handle(im, on_fetched, on_bytes, &f);
	/* Sizes are what the server says, and some count line ends wrongly. */
	imap_arm(im, IMAP_ANSWER + 2 * asked->size + asked->n * 4096);
	code = imap_result(im, read_fetched(im->session), DIAG_FORMAT, "fetch",
	    d);
	handle(im, NULL, NULL, NULL);
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
