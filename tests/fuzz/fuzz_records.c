/* records: whatever the text of a record is, its check ends, marks lie within
 * it, sentences are text, and a corrected record has no error any more. */
#include "tests/fuzz/fuzz.h"

#include "check/domain_check.h"

#define ROUNDS_MAX 100

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* A DNS that has nothing. */
static void
answer_nothing(struct answers *dns)
{
	const char *name;
	enum dns_type type;

	while (answers_wanted(dns, &name, &type)) {
		struct answer a = { .state = ANSWER_NO_NAME };

		answers_put(dns, name, type, &a);
	}
}

static void
check(struct domain_check *c, struct answers *dns,
    const struct domain_question *q)
{
	int round = 0;

	while (!domain_check(c, dns, q)) {
		PROMISE(++round < ROUNDS_MAX);
		domain_check_free(c);
		answer_nothing(dns);
	}
}

/* Errors that are in the text, and not in a DNS that has nothing. */
static size_t
errors(const struct domain_check *c)
{
	static const enum finding_id of_dns[] = { S06_LOOKUPS, S08_VOID,
		S09_INCLUDE, S10_REDIRECT, D13_EXTERNAL, D13_LONG, D19_PSD,
		D19_PSD_RUF, S15_ALL, S15_WIDE };
	size_t n = 0;

	for (size_t i = 0; i < c->f.n; i++) {
		bool counts = finding_kinds[c->f.all[i].id].severity ==
		    SEVERITY_ERROR;

		for (size_t k = 0; k < sizeof(of_dns) / sizeof(of_dns[0]); k++)
			if (c->f.all[i].id == of_dns[k])
				counts = false;
		n += counts ? 1 : 0;
	}
	return n;
}

static void
look(const struct domain_check *c, struct answers *dns)
{
	PROMISE(c->f.n <= FINDINGS_MAX);
	for (size_t i = 0; i < c->f.n; i++) {
		const struct finding *f = &c->f.all[i];
		const struct place *p;

		PROMISE(is_text(f->sentence, ""));
		if (f->at.place == NO_PLACE)
			continue;
		PROMISE(f->at.place < c->n_places);
		p = &c->places[f->at.place];
		PROMISE(f->at.part.len == 0 || f->at.record >= p->n ||
		    f->at.part.at + f->at.part.len <=
			p->records[f->at.record].len);
	}
	for (size_t i = 0; i < c->n_places; i++) {
		const char *text = c->places[i].publish;
		struct place_record given;
		struct domain_question q = { .domain = "example.jp",
			.given = &given,
			.n_given = 1 };
		struct domain_check again;

		if (text == NULL)
			continue;
		PROMISE(is_text(text, "\t"));
		given = (struct place_record){ (char *)(uintptr_t)text,
			strlen(text), 0 };
		check(&again, dns, &q);
		PROMISE(errors(&again) == 0);
		domain_check_free(&again);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct answers *dns = answers_new();
	char *text = malloc(size + 1);
	struct place_record given = { text, size, 0 };
	struct domain_question q = { .domain = "example.jp",
		.given = &given,
		.n_given = 1 };
	struct domain_check c;

	PROMISE(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	check(&c, dns, &q);
	look(&c, dns);
	domain_check_free(&c);
	free(text);
	answers_free(dns);
	return 0;
}
