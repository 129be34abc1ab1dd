/* mbox: the messages and their From_ lines are all there is, in order. */
#include "tests/fuzz/fuzz.h"

#include "ingest/decode/mbox.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

struct piece {
	const char *s;
	size_t len;
	size_t most; /* that is shown at a time */
};

static const char *
look(void *ctx, uint64_t at, size_t *n)
{
	const struct piece *p = ctx;

	PROMISE(at <= p->len);
	*n = p->len - (size_t)at;
	if (*n > p->most)
		*n = p->most;
	return p->s + at;
}

/* One after the other, with nothing but lines that divide between them. */
static size_t
walk(const uint8_t *data, size_t size, size_t most, uint64_t *sum)
{
	struct piece p = { (const char *)data, size, most };
	const struct mbox_bytes bytes = { &p, look };
	struct mbox_mail mail;
	struct mbox m;
	uint64_t before;
	size_t n = 0;

	mbox_open(&m, &bytes);
	before = m.at;
	while (mbox_next(&m, &mail)) {
		PROMISE(mail.start >= before && mail.end >= mail.start);
		PROMISE(mail.end <= size && m.at == mail.end);
		PROMISE(m.at > before);
		if (!m.mmdf && mail.start > before)
			PROMISE(memcmp(data + before, "From", 4) == 0);
		before = m.at;
		*sum = *sum * 31 + mail.start * 7 + mail.end;
		n++;
	}
	PROMISE(m.at == size);
	PROMISE(m.mails == n);
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t one = 0;
	uint64_t many = 0;

	PROMISE(walk(data, size, SIZE_MAX, &one) ==
	    walk(data, size, MBOX_LOOK, &many));
	(void)mbox_begins((const char *)data, size);
	return 0;
}
