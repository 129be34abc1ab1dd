/* unpack: no more comes out than the budget, whatever the archive claims. */
#include "tests/fuzz/fuzz.h"

#include "ingest/limits.h"
#include "ingest/decode/sniff.h"
#include "ingest/decode/unpack.h"

#define BUDGET (1024 * 1024)

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static enum diag_code
read_member(struct unpack *u, size_t *total, struct diag *d)
{
	char block[4096];
	enum diag_code code;
	size_t n;

	while (
	    (code = unpack_read(u, block, sizeof(block), &n, d)) == DIAG_OK &&
	    n > 0) {
		PROMISE(n <= sizeof(block));
		*total += n;
	}
	return code;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const enum kind kind = sniff(data, size);
	struct unpack *u = NULL;
	struct diag d = { 0 };
	size_t budget = BUDGET;
	size_t members = 0;
	size_t total = 0;
	const char *name = NULL;
	enum diag_code code;

	if (!sniff_is_archive(kind))
		return 0;
	code = unpack_open(&u, data, size, kind, &budget, &d);
	PROMISE((code == DIAG_OK) == (u != NULL));
	while (code == DIAG_OK) {
		code = unpack_next(u, &name, &d);
		if (code != DIAG_OK || name == NULL)
			break;
		PROMISE(++members <= LIMIT_MEMBERS);
		code = read_member(u, &total, &d);
	}
	PROMISE(total <= BUDGET && budget == BUDGET - total);
	PROMISE(code == d.code);
	PROMISE(code == DIAG_OK || code == DIAG_FORMAT || code == DIAG_LIMIT);
	PROMISE(
	    code == DIAG_OK || (d.reason != REASON_NONE && d.text[0] != '\0'));
	PROMISE(is_text(d.text, ""));
	unpack_close(u);
	return 0;
}
