/* reply: whatever an answer is, names are printable and there are no more of
 * them than asked for; the same bytes say the same. */
#include "tests/fuzz/fuzz.h"

#include "check/host.h"
#include "check/reply.h"

#define NAMES_MAX 8

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void
look_for(const uint8_t *data, size_t size, const char *text)
{
	struct address a;
	bool found = false;
	bool whole;

	PROMISE(address_parse(text, &a));
	whole = reply_has_address(data, size, &a, &found);
	PROMISE(whole || !found);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *names[NAMES_MAX];
	size_t n;

	/* What DNS can send. */
	if (size > 65535)
		return 0;
	(void)!reply_names(data, size, names, NAMES_MAX, &n);
	PROMISE(n <= NAMES_MAX);
	for (size_t i = 0; i < n; i++) {
		const char *org = host_org(names[i]);

		PROMISE(names[i][0] != '\0');
		for (const char *p = names[i]; *p != '\0'; p++)
			PROMISE(*p >= ' ' && *p <= '~');
		PROMISE(org == NULL ||
		    (org >= names[i] && strchr(org, '.') != NULL));
		free(names[i]);
	}
	look_for(data, size, "192.0.2.1");
	look_for(data, size, "2001:db8::1");
	return 0;
}
