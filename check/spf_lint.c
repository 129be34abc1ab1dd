/* spf_lint: what is wrong with the text of an SPF record. */
#include "check/spf_lint.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/record_text.h"
#include "check/spf_lint_run.h"
#include "check/spf_order.h"
#include "common/mem.h"

#define BEGINNING "v=spf1"

/* Nobody repairs what is longer; DNS could hardly carry it. */
#define REPAIR_MAX 8192
#define WORDS_MAX  (4UL * 65536)

static char *lint_terms(struct findings *f, const char *domain,
    const char *text, size_t len, bool repair);

static bool
has_errors(const char *domain, const char *text)
{
	struct findings f = { 0 };
	size_t n;

	if (!spf_is_record(text, strlen(text)))
		return true;
	free(lint_terms(&f, domain, text, strlen(text), false));
	n = findings_count(&f, SEVERITY_ERROR);
	findings_free(&f);
	return n > 0;
}

static char *
lint_terms(struct findings *f, const char *domain, const char *text, size_t len,
    bool repair)
{
	struct spf_lint_run l = { .f = f, .domain = domain };
	const size_t from = f->n;
	char *fixed = NULL;

	buf_init(&l.words, WORDS_MAX);
	(void)buf_add(&l.words, BEGINNING);
	(void)spf_record_parse(&l.r, text, len);
	spf_lint_terms(&l);
	spf_lint_order(&l);
	if (repair && len <= REPAIR_MAX && findings_any_repaired(f, from))
		fixed = spf_order(buf_str(&l.words));
	/* An error may be left that nobody knows how to repair. */
	if (fixed != NULL && has_errors(domain, fixed)) {
		free(fixed);
		fixed = NULL;
	}
	if (fixed == NULL)
		findings_take_back(f, from);
	spf_record_free(&l.r);
	buf_free(&l.words);
	return fixed;
}

/* No SPF record as it is; what it would be with a good beginning. */
static char *
lint_beginning(struct findings *f, const char *domain, const char *text,
    size_t len)
{
	const size_t blanks = record_blanks(text, len);
	const struct tag_part odd = record_odd_bytes(text + blanks,
	    len - blanks, false);
	struct findings inner = { 0 };
	struct buf b;
	char *fixed = NULL;
	size_t version;
	struct finding *finding;

	if (blanks > 0)
		finding = finding_add(f, S28_BLANK,
		    (struct tag_part){ 0, blanks }, FINDING_END);
	else if (odd.len > 0)
		finding = finding_add(f, S20_BYTES, odd, FINDING_END);
	else
		finding = finding_add(f, S01_NEARLY,
		    (struct tag_part){ 0, strcspn(text, " ") }, FINDING_END);
	buf_init(&b, REPAIR_MAX);
	if (record_clean(text, len, &b)) {
		const char *s = buf_str(&b);
		char *whole;

		version = strcspn(s, " ;,");
		s += version + strspn(s + version, " ;,");
		whole = mem_printf(BEGINNING "%s%s", *s == '\0' ? "" : " ", s);
		fixed = lint_terms(&inner, domain, whole, strlen(whole), true);
		if (fixed == NULL && !has_errors(domain, whole))
			fixed = mem_strdup(whole);
		free(whole);
	}
	buf_free(&b);
	findings_free(&inner);
	if (fixed != NULL)
		finding_mark_repaired(finding);
	return fixed;
}

/* Bytes that no record has: what the text is without them. */
static char *
lint_bytes(struct findings *f, const char *domain, const char *text, size_t len)
{
	struct finding *finding = finding_add(f, S20_BYTES,
	    record_odd_bytes(text, len, false), FINDING_END);
	struct findings inner = { 0 };
	char *fixed = NULL;
	struct buf b;

	buf_init(&b, REPAIR_MAX);
	if (record_clean(text, len, &b) && spf_is_record(buf_str(&b), b.len)) {
		fixed = lint_terms(&inner, domain, buf_str(&b), b.len, true);
		if (fixed == NULL && !has_errors(domain, buf_str(&b)))
			fixed = mem_strdup(buf_str(&b));
	}
	buf_free(&b);
	findings_free(&inner);
	if (fixed != NULL)
		finding_mark_repaired(finding);
	return fixed;
}

char *
spf_lint(struct findings *f, const char *domain, const char *text, size_t len)
{
	char *copy = mem_calloc(len + 1, 1);
	char *fixed;

	memcpy(copy, text, len);
	if (!spf_is_record(copy, len))
		fixed = lint_beginning(f, domain, copy, len);
	else if (record_odd_bytes(copy, len, false).len > 0)
		fixed = lint_bytes(f, domain, copy, len);
	else
		fixed = lint_terms(f, domain, copy, len, true);
	free(copy);
	return fixed;
}

bool
spf_lint_is_meant(const char *text, size_t len)
{
	struct buf b;
	const char *s;
	size_t n;
	bool is;

	if (spf_is_record(text, len))
		return true;
	buf_init(&b, REPAIR_MAX);
	/* Up to the byte that cannot be read. */
	(void)record_clean(text, len, &b);
	s = buf_str(&b);
	n = strcspn(s, " ");
	is = strncasecmp(s, "v=spf", 5) == 0 ||
	    strncasecmp(s, "spf1 ", 5) == 0 ||
	    (n == 1 && strncasecmp(s, "v = spf1", 8) == 0);
	buf_free(&b);
	return is;
}

char *
spf_lint_merge(const char *const *texts, size_t n)
{
	struct buf b;
	char *fixed = NULL;
	bool ok = true;

	buf_init(&b, REPAIR_MAX);
	(void)buf_add(&b, BEGINNING);
	for (size_t i = 0; i < n && ok; i++) {
		struct findings inner = { 0 };
		char *better = spf_lint(&inner, "", texts[i], strlen(texts[i]));
		const char *s = better != NULL ? better : texts[i];

		ok = better != NULL ||
		    findings_count(&inner, SEVERITY_ERROR) == 0;
		ok = ok && buf_add(&b, s + strlen(BEGINNING));
		free(better);
		findings_free(&inner);
	}
	if (ok)
		fixed = spf_order_merge(buf_str(&b));
	buf_free(&b);
	return fixed;
}
