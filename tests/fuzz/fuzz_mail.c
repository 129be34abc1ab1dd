/* mail: any mail can be looked at, in bounded time, and each mistake that is
 * told of is printable. */
#include "tests/fuzz/fuzz.h"

#include <gmime/gmime.h>

#include "check/answers.h"
#include "check/dkim_signature.h"
#include "check/mail_lint.h"
#include "check/mail_notes.h"
#include "check/mail_way.h"
#include "check/mail_words.h"

#define KEY                                                                \
	"v=DKIM1; k=rsa; p="                                               \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6" \
	"Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/" \
	"e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G" \
	"+2kryOTIKT+l/K4w3QIDAQAB"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	g_mime_init();
	mail_words_init();
	return 0;
}

static void
seen(void *arg, const struct mail_mistake *mistake)
{
	size_t *n = arg;
	char *sentence = mail_finding_sentence(mistake->id, mistake->detail);

	PROMISE(++*n <= MAIL_MISTAKES_MAX);
	PROMISE(strpbrk(mistake->text, "\n\r\033") == NULL);
	PROMISE(strlen(mistake->text) < 400);
	PROMISE(sentence[0] != '\0');
	free(sentence);
}

/* Every signature, with a key for all of them. */
static size_t
verify(const struct message *m, struct dkim_signature *s, size_t max)
{
	struct answers *dns = answers_new();
	const struct message_field *f = message_find(m, "DKIM-Signature");
	size_t n = 0;

	for (; f != NULL && n < max; n++) {
		const char *name;
		enum dns_type type;

		dkim_signature_parse(&s[n], m, f, 1796000000);
		dkim_signature_verify(&s[n], dns);
		while (answers_wanted(dns, &name, &type)) {
			struct answer a = { .state = ANSWER_RECORDS };
			struct answer_record r = {
				.text = (char *)(uintptr_t)KEY,
				.len = sizeof(KEY) - 1
			};

			answer_add(&a, &r);
			answers_put(dns, name, type, &a);
		}
		dkim_signature_verify(&s[n], dns);
		PROMISE(s[n].result != DKIM_UNKNOWN_YET);
		PROMISE((s[n].result == DKIM_PASS) == (s[n].why[0] == '\0'));
		f = message_find_from(m, "DKIM-Signature",
		    message_number(m, f) + 1);
	}
	answers_free(dns);
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dkim_signature signatures[3];
	struct message m;
	struct mail_way way = { .n = 0 };
	size_t n = 0;
	struct mail_lint l = { .m = &m, .seen = seen, .arg = &n };
	struct mail_notes notes = { .m = &m,
		.signatures = signatures,
		.author = "gmail.com",
		.way = &way };

	message_parse(&m, (const char *)data, size);
	mail_way_take(&way, &m, "mx.example.jp");
	notes.n = verify(&m, signatures, 3);
	mail_lint_header(&l);
	mail_lint_lines(&l);
	mail_lint_mime(&l);
	mail_notes(&l, &notes);
	for (size_t i = 0; i < notes.n; i++)
		dkim_signature_free(&signatures[i]);
	mail_way_free(&way);
	message_free(&m);
	return 0;
}
