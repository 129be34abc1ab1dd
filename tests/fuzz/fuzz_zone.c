/* zone: whatever a zone file has, and whatever DNS has of a domain, the check of
 * the domain ends, and SPF asks for no more than ten names. */
#include "tests/fuzz/fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "check/domain_check.h"
#include "check/zone.h"

#define ROUNDS_MAX 100

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* A file that only this process has; $INCLUDE would read others. */
static bool
read_zone(struct zone *z, const uint8_t *data, size_t size)
{
	char path[60];
	struct diag d;
	const int fd = memfd_create("zone", MFD_CLOEXEC);
	bool fine;

	PROMISE(fd != -1 && write(fd, data, size) == (ssize_t)size);
	(void)snprintf(path, sizeof(path), "example.jp=/proc/self/fd/%d", fd);
	fine = zone_read(z, path, &d) == DIAG_OK;
	PROMISE(fine || is_text(d.text, ""));
	(void)close(fd);
	return fine;
}

static void
answer_from(struct answers *dns, const struct zone *z)
{
	const char *name;
	enum dns_type type;

	while (answers_wanted(dns, &name, &type)) {
		struct answer a = { .state = ANSWER_NO_NAME };

		if (!zone_find(z, name, type, &a))
			a.state = ANSWER_NO_NAME;
		answers_put(dns, name, type, &a);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct key_name key = { "s", NULL };
	struct zone *z = zone_new();
	struct answers *dns = answers_new();
	struct domain_question q = { .domain = "example.jp",
		.keys = &key,
		.n_keys = 1 };
	struct domain_check c;
	int round = 0;

	if (memmem(data, size, "$", 1) == NULL)
		(void)read_zone(z, data, size);
	while (!domain_check(&c, dns, &q)) {
		PROMISE(++round < ROUNDS_MAX);
		domain_check_free(&c);
		answer_from(dns, z);
	}
	PROMISE(c.f.n <= FINDINGS_MAX);
	for (size_t i = 0; i < c.f.n; i++)
		PROMISE(is_text(c.f.all[i].sentence, ""));
	domain_check_free(&c);
	answers_free(dns);
	zone_free(z);
	return 0;
}
