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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	size_t at = 0;
	size_t before = 0;
	size_t start;
	size_t len;

	while (mbox_next(s, size, &at, &start, &len)) {
		PROMISE(at > before && at <= size);
		PROMISE(start >= before && start + len == at);
		/* What is left out is one From_ line. */
		if (start > before) {
			PROMISE(memcmp(s + before, "From ", 5) == 0);
			PROMISE(memchr(s + before, '\n', start - before - 1) ==
			    NULL);
		}
		/* The next one begins at a line that divides. */
		if (at < size)
			PROMISE(mbox_is_from_line(s + at, size - at));
		before = at;
	}
	PROMISE(before == size);
	return 0;
}
