/* mime: bounded in parts, and what it hands out can be shown and stored. */
#include "tests/fuzz/fuzz.h"

#include "ingest/limits.h"
#include "ingest/mime.h"

struct seen {
	struct mail_info *info;
	size_t parts;
	unsigned sum;
};

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	mime_init();
	return 0;
}

static enum diag_code
on_part(void *ctx, const char *name, bool body, const void *bytes, size_t len,
    struct diag *d)
{
	struct seen *seen = ctx;
	const unsigned char *p = bytes;

	PROMISE(name != NULL);
	PROMISE(!body || name[0] == '\0');
	PROMISE(bytes != NULL || len == 0);
	for (size_t i = 0; i < len; i++)
		seen->sum += p[i]; /* all of it may be read */
	if (seen->parts++ == LIMIT_MIME_PARTS / 2)
		return diag_set(d, DIAG_RETRY, "stop", "stop");
	return DIAG_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mail_info info;
	struct seen seen = { .info = &info };
	const struct mime_visitor visitor = { &seen, on_part };
	struct diag d = { 0 };
	const enum diag_code code = mime_walk(data, size, &info, &visitor, &d);

	PROMISE(is_text(info.message_id, ""));
	PROMISE(is_text(info.from, ""));
	PROMISE(code == d.code);
	PROMISE(code == DIAG_OK || (d.reason[0] != '\0' && d.text[0] != '\0'));
	PROMISE((code == DIAG_RETRY) == (seen.parts > LIMIT_MIME_PARTS / 2));
	PROMISE(is_text(d.text, ""));
	mail_info_free(&info);
	return 0;
}
