/* imap_lines: whatever a server says, and in whatever pieces it comes, libetpan
 * gets lines of the kinds that it knows, and we the same words. */
#include "tests/fuzz/fuzz.h"

#include "common/buf.h"
#include "ingest/imap/imap_lines.h"
#include "ingest/imap/imap_refusal.h"
#include "ingest/limits.h"

#define TAG 7

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* All that one conversation came to. */
struct heard {
	struct buf out;
	struct buf said; /* bytes of mails, items, kept lines, the answer */
	size_t bytes;
	bool refused;
};

static void
on_bytes(void *ctx, const char *bytes, size_t n)
{
	struct heard *h = ctx;

	h->bytes += n;
	(void)buf_append(&h->said, bytes, n);
}

static void
on_item(void *ctx, const struct imap_item *item)
{
	struct heard *h = ctx;

	PROMISE(item->has_body || item->body.text == NULL);
	(void)buf_printf(&h->said, "\nitem %lu %lu %lld %d %d %d %s\n",
	    (unsigned long)item->uid, (unsigned long)item->size,
	    (long long)item->arrived, item->has_flags, item->is_deleted,
	    item->has_body, item->odd == NULL ? "" : item->odd);
	if (item->has_body && item->body.kind == WORD_QUOTED)
		(void)buf_append(&h->said, item->body.text, item->body.len);
}

/* What libetpan is given: lines, each of a kind that it knows. */
static void
check_out(const struct heard *h)
{
	const char *s = buf_str(&h->out);
	const char *end = s + h->out.len;

	while (s < end) {
		const char *cr = memmem(s, (size_t)(end - s), "\r\n", 2);

		PROMISE(cr != NULL);
		PROMISE(memchr(s, '\n', (size_t)(cr - s)) == NULL);
		PROMISE(memchr(s, '\0', (size_t)(cr - s)) == NULL);
		PROMISE(s[0] == '+' || strncmp(s, "* ", 2) == 0 ||
		    strncmp(s, "C7 ", 3) == 0);
		s = cr + 2;
	}
}

static void
keep_all(struct heard *h, struct imap_lines *l)
{
	char some[64];
	size_t n;

	while ((n = imap_lines_get(l, some, sizeof(some))) > 0)
		(void)buf_append(&h->out, some, n);
	PROMISE(l->kept->len <= LIMIT_IMAP_KEPT);
	for (guint i = 0; i < l->kept->len; i++)
		(void)buf_printf(&h->said, "kept %s\n",
		    (const char *)l->kept->pdata[i]);
	PROMISE(memchr(l->reply.text, '\0', sizeof(l->reply.text)) != NULL);
	PROMISE(memchr(l->reply.code, '\0', sizeof(l->reply.code)) != NULL);
	(void)buf_printf(&h->said, "%d %s %s %s\n", (int)l->reply.status,
	    l->reply.code, l->reply.text,
	    l->permanent == NULL ? "" : l->permanent);
	(void)imap_refusal_is_temporary(l->reply.code, l->reply.text);
	PROMISE(imap_refusal_wait(l->reply.text) >= 0);
	PROMISE(imap_refusal_is_same(l->reply.text, l->reply.text));
}

/* The first byte says what was asked. */
static void
talk(struct heard *h, const uint8_t *data, size_t size, size_t step)
{
	static const char *const wanted[] = { NULL, "LIST", "SEARCH",
		"STATUS" };
	const int tag = TAG;
	struct imap_lines l;
	const char *s = (const char *)data + 1;

	*h = (struct heard){ 0 };
	buf_init(&h->out, SIZE_MAX / 2);
	buf_init(&h->said, SIZE_MAX / 2);
	imap_lines_init(&l, &tag);
	l.sink = (struct imap_sink){ on_bytes, on_item, h };
	imap_lines_begin(&l, (data[0] & 1) != 0, wanted[(data[0] >> 1) & 3]);
	for (size_t at = 0, n; at < size - 1 && !h->refused; at += n) {
		n = size - 1 - at < step ? size - 1 - at : step;
		h->refused = imap_lines_put(&l, s + at, n) != NULL;
	}
	PROMISE(h->bytes <= size);
	if (!h->refused)
		keep_all(h, &l);
	imap_lines_free(&l);
}

static bool
is_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static void
forget(struct heard *h)
{
	buf_free(&h->out);
	buf_free(&h->said);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct heard whole;
	struct heard pieces;

	if (size < 1)
		return 0;
	talk(&whole, data, size, SIZE_MAX);
	talk(&pieces, data, size, 1 + (data[0] >> 3));
	PROMISE(whole.refused == pieces.refused);
	if (!whole.refused) {
		PROMISE(is_same(&whole.out, &pieces.out));
		PROMISE(is_same(&whole.said, &pieces.said));
		check_out(&whole);
	}
	forget(&whole);
	forget(&pieces);
	return 0;
}
