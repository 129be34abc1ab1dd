/* A file that somebody writes to while it is read is not taken for whole. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "ingest/source/source.h"
#include "tests/unit/unit.h"

#define FROM  "From a@b Mon Nov  2 03:00:00 2026\n"
#define FIRST FROM "Subject: one\n\nhello\n\n"
#define LAST  FROM "Subject: two\n\nhello\n"

struct mbox_file {
	char path[40];
	int fd;
	struct source source;
};

/* An mbox of two mails that is being read. */
static bool
begin(struct mbox_file *f)
{
	static const char text[] = FIRST LAST;
	struct diag d;

	(void)snprintf(f->path, sizeof(f->path), "/tmp/t_source.XXXXXX");
	f->fd = mkstemp(f->path);
	return CHECK(f->fd != -1 &&
		       write(f->fd, text, sizeof(text) - 1) == sizeof(text) - 1,
		   "%s", f->path) &&
	    CHECK(source_open(&f->source, f->path, &d) == DIAG_OK, "%s",
		f->path);
}

static void
end(struct mbox_file *f)
{
	f->source.ops->close(f->source.impl);
	(void)close(f->fd);
	(void)unlink(f->path);
}

static enum source_next
next(struct mbox_file *f, struct diag *d)
{
	struct item item = { 0 };
	const enum source_next n = f->source.ops->next(f->source.impl, &item,
	    d);

	item_free(&item);
	return n;
}

static void
an_mbox_is_read(void)
{
	struct mbox_file f;
	struct diag d;

	if (!begin(&f))
		return;
	CHECK_INT(next(&f, &d), SOURCE_ITEM, "first");
	CHECK_INT(next(&f, &d), SOURCE_ITEM, "last");
	CHECK_INT(next(&f, &d), SOURCE_END, "end");
	end(&f);
}

static void
one_that_grows_waits_for_its_last_mail(void)
{
	struct mbox_file f;
	struct diag d;

	if (!begin(&f))
		return;
	CHECK_INT(next(&f, &d), SOURCE_ITEM, "first");
	CHECK_INT(write(f.fd, "more\n", 5), 5, "append");
	CHECK_INT(next(&f, &d), SOURCE_PROBLEM, "last");
	CHECK_INT(d.code, DIAG_RETRY, "%s", d.text);
	CHECK_INT(next(&f, &d), SOURCE_END, "end");
	end(&f);
}

static void
one_that_is_cut_is_not_whole(void)
{
	struct mbox_file f;
	struct diag d;

	if (!begin(&f))
		return;
	CHECK_INT(next(&f, &d), SOURCE_ITEM, "first");
	CHECK_INT(ftruncate(f.fd, sizeof(FIRST LAST) - 5), 0, "cut");
	CHECK_INT(next(&f, &d), SOURCE_PROBLEM, "last");
	CHECK_INT(d.code, DIAG_RETRY, "%s", d.text);
	CHECK_INT(next(&f, &d), SOURCE_END, "end");
	end(&f);
}

static CU_TestInfo tests[] = {
	{ "an_mbox_is_read", an_mbox_is_read },
	{ "one_that_grows_waits_for_its_last_mail",
	    one_that_grows_waits_for_its_last_mail },
	{ "one_that_is_cut_is_not_whole", one_that_is_cut_is_not_whole },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_source_suites[] = {
	{ "source", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
