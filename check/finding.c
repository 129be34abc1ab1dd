/* finding: what a check has to say of a domain's records. */
#include "check/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/printable.h"

#define SENTENCE_MAX 1000
#define ARGUMENT_MAX 120

const char *
severity_name(enum severity s)
{
	static const char *const names[] = { [SEVERITY_ERROR] = "error",
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_UNKNOWN] = "unknown",
		[SEVERITY_INFO] = "note" };

	return names[s];
}

void
findings_free(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->all[i].sentence);
		free(f->all[i].zone);
	}
	for (size_t i = 0; i < f->n_texts; i++)
		free(f->texts[i]);
	free(f->all);
	free(f->texts);
	memset(f, 0, sizeof(*f));
}

/* The value of the argument among pairs, or NULL. */
static const char *
find_argument(const char *name, size_t len, va_list pairs)
{
	const char *key;
	const char *value = NULL;
	va_list ap;

	va_copy(ap, pairs);
	while (value == NULL && (key = va_arg(ap, const char *)) != NULL) {
		value = va_arg(ap, const char *);
		if (strlen(key) != len || strncmp(key, name, len) != 0)
			value = NULL;
	}
	va_end(ap);
	return value;
}

/* The sentence with its arguments. */
static char *
fill_in(const char *sentence, va_list pairs)
{
	struct buf b;
	char *out;

	buf_init(&b, SENTENCE_MAX);
	while (*sentence != '\0') {
		const char *end = *sentence == '{' ? strchr(sentence, '}') :
						     NULL;
		const char *value;

		if (end == NULL) {
			(void)buf_putc(&b, *sentence++);
			continue;
		}
		value = find_argument(sentence + 1,
		    (size_t)(end - sentence) - 1, pairs);
		(void)buf_add(&b, value == NULL ? "?" : value);
		sentence = end + 1;
	}
	out = mem_strdup(buf_str(&b));
	printable(out);
	buf_free(&b);
	return out;
}

struct finding *
finding_add(struct findings *f, enum finding_id id, struct tag_part part, ...)
{
	struct finding *new;
	va_list ap;

	if (f->n == FINDINGS_MAX) {
		f->more++;
		return NULL;
	}
	f->all = mem_realloc(f->all, f->n + 1, sizeof(f->all[0]));
	new = &f->all[f->n++];
	*new = (struct finding){ .id = id, .at = f->at };
	new->at.part = part;
	va_start(ap, part);
	new->sentence = fill_in(finding_kinds[id].sentence, ap);
	va_end(ap);
	return new;
}

void
finding_mark_repaired(struct finding *finding)
{
	if (finding != NULL)
		finding->repaired = true;
}

static const char *
keep(struct findings *f, char *text)
{
	f->texts = mem_realloc(f->texts, f->n_texts + 1, sizeof(f->texts[0]));
	f->texts[f->n_texts++] = text;
	return text;
}

const char *
findings_text(struct findings *f, const char *text, size_t len)
{
	/* Whoever has said enough says no more. */
	if (f->n == FINDINGS_MAX)
		return "";
	return keep(f, finding_shown(text, len, ARGUMENT_MAX));
}

const char *
findings_number(struct findings *f, size_t n)
{
	if (f->n == FINDINGS_MAX)
		return "";
	return keep(f, mem_printf("%zu", n));
}

bool
findings_any_repaired(const struct findings *f, size_t from)
{
	for (size_t i = from; i < f->n; i++)
		if (f->all[i].repaired)
			return true;
	return false;
}

void
findings_take_back(struct findings *f, size_t from)
{
	for (size_t i = from; i < f->n; i++)
		f->all[i].repaired = false;
}

size_t
findings_count(const struct findings *f, enum severity worst)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (finding_kinds[f->all[i].id].severity <= worst)
			n++;
	return n;
}

bool
findings_have(const struct findings *f, enum finding_id id)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->all[i].id == id)
			return true;
	return false;
}

char *
finding_shown(const char *text, size_t len, size_t max)
{
	struct buf b;
	char *out;

	buf_init(&b, max + 16);
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)text[i];

		if (b.len >= max) {
			(void)buf_add(&b, "...");
			break;
		}
		if (c >= ' ' && c <= '~')
			(void)buf_putc(&b, (char)c);
		else
			(void)buf_printf(&b, "\\%03u", c);
	}
	out = mem_strdup(buf_str(&b));
	buf_free(&b);
	return out;
}
