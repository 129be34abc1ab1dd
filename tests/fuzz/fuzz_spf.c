/* spf: whatever a record and the answers of DNS are, it comes to an end within
 * the limits, and the same bytes say the same. */
#include "tests/fuzz/fuzz.h"

#include "check/answers.h"
#include "check/spf.h"

#define ROUNDS_MAX 100

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* The input again as the answer to whatever is wanted: lines of text. */
static void
answer_with(struct answers *dns, const uint8_t *data, size_t size)
{
	const char *name;
	enum dns_type type;

	while (answers_wanted(dns, &name, &type)) {
		struct answer a = { .state = ANSWER_RECORDS };
		struct answer_record r = { .text = (char *)(uintptr_t)data,
			.len = size < 400 ? size : 400 };
		char host[DNS_NAME_LEN + 1];

		(void)snprintf(host, sizeof(host), "%.*s",
		    (int)(size < 100 ? size : 100), (const char *)data);
		PROMISE(strlen(name) < DNS_NAME_LEN);
		if (type != DNS_TXT) {
			r.text = dns_name(host) ? host : NULL;
			r.len = strlen(host);
		}
		if (type == DNS_A || type == DNS_AAAA) {
			r.text = NULL;
			PROMISE(address_parse(type == DNS_A ? "192.0.2.9" :
							      "2001:db8::9",
			    &r.address));
		}
		if (type == DNS_A || type == DNS_AAAA || r.text != NULL)
			answer_add(&a, &r);
		else
			a.state = (enum answer_state)(1 + size % 3);
		answers_put(dns, name, type, &a);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct answers *dns = answers_new();
	struct spf_question q = { .sender = "joe@example.jp",
		.helo = "mx.example.jp",
		.void_max = SPF_VOID_MAX };
	struct spf_outcome out = { .result = SPF_UNKNOWN_YET };
	char *record = strndup((const char *)data, size);
	int round = 0;

	PROMISE(record != NULL);
	PROMISE(address_parse(size % 2 ? "192.0.2.1" : "2001:db8::1", &q.ip));
	while (out.result == SPF_UNKNOWN_YET) {
		PROMISE(++round < ROUNDS_MAX);
		if (spf_is_record(record, strlen(record)))
			spf_check_record(dns, &q, record, &out);
		else
			spf_check(dns, &q, &out);
		answer_with(dns, data, size);
	}
	PROMISE(out.asking <= SPF_ASKING_MAX + 1);
	for (const char *p = out.why; *p != '\0'; p++)
		PROMISE((unsigned char)*p >= ' ');
	free(record);
	answers_free(dns);
	return 0;
}
