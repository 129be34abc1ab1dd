/*
 * mime: bounded in parts, and what it hands out can be shown and stored.  What
 * mime_plain() takes, mime_tree() hands out just so.
 */
#include "tests/fuzz/fuzz.h"

#include "ingest/limits.h"
#include "common/buf.h"
#include "ingest/decode/mime.h"
#include "ingest/decode/mime_plain.h"
#include "ingest/decode/mime_tree.h"

struct seen {
	struct mail_info *info;
	size_t parts;
	unsigned sum;
};

/* Everything that was handed out, as bytes. */
static enum diag_code
keep_part(void *ctx, const char *name, bool body, const void *bytes, size_t len,
    struct diag *d)
{
	(void)d;
	(void)buf_printf(ctx, "%s\n%d %zu\n", name, body, len);
	(void)buf_append(ctx, bytes, len);
	return DIAG_OK;
}

static void
keep_info(struct buf *b, const struct mail_info *info)
{
	(void)buf_printf(b, "%d %s %s %s %lld\n", (int)info->kind,
	    info->message_id == NULL ? "(null)" : info->message_id,
	    info->from == NULL ? "(null)" : info->from,
	    info->auth_results == NULL ? "(null)" : info->auth_results,
	    (long long)info->date);
}

/* A mail that is taken as it lies comes out as from its tree. */
static void
compare(const uint8_t *data, size_t size)
{
	struct mail_info info = { 0 };
	struct buf plain;
	struct buf tree;
	const struct mime_visitor to_plain = { &plain, keep_part };
	const struct mime_visitor to_tree = { &tree, keep_part };
	struct diag d = { 0 };
	enum diag_code code;

	buf_init(&plain, SIZE_MAX / 2);
	buf_init(&tree, SIZE_MAX / 2);
	if (mime_plain((const char *)data, size, &info, &to_plain, &d, &code)) {
		PROMISE(code == DIAG_OK);
		keep_info(&plain, &info);
		mail_info_free(&info);
		code = mime_tree(data, size, &info, &to_tree, &d);
		PROMISE(code == DIAG_OK);
		keep_info(&tree, &info);
		PROMISE(plain.len == tree.len);
		PROMISE(memcmp(plain.data, tree.data, tree.len) == 0);
	}
	mail_info_free(&info);
	buf_free(&plain);
	buf_free(&tree);
}

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
		return diag_set(d, DIAG_RETRY, REASON_STOPPED, "stop");
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
	PROMISE(
	    code == DIAG_OK || (d.reason != REASON_NONE && d.text[0] != '\0'));
	PROMISE((code == DIAG_RETRY) == (seen.parts > LIMIT_MIME_PARTS / 2));
	PROMISE(is_text(d.text, ""));
	mail_info_free(&info);
	compare(data, size);
	return 0;
}
