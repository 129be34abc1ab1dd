/* spf_order: the terms of an SPF record in an order in which all count. */
#include "check/spf_order.h"

#include <stdlib.h>
#include <string.h>

#include "check/spf_record.h"
#include "common/buf.h"
#include "common/mem.h"

#define ORDER_MAX 65536

bool
spf_order_ends(const char *text)
{
	struct spf_record r;
	bool ends = false;

	(void)spf_record_parse(&r, text, strlen(text));
	for (size_t i = 0; i < r.n; i++)
		if (r.terms[i].kind == SPF_ALL ||
		    r.terms[i].kind == SPF_REDIRECT)
			ends = true;
	spf_record_free(&r);
	return ends;
}

/* Append the term unless it is there. */
static void
add_once(struct buf *b, const char *term, size_t len)
{
	char *word = mem_printf(" %.*s ", (int)len, term);
	char *all = mem_printf("%s ", buf_str(b));

	if (strcasestr(all, word) == NULL) {
		(void)buf_putc(b, ' ');
		(void)buf_append(b, term, len);
	}
	free(word);
	free(all);
}

/* Which of two ends does less harm: nobody is told to refuse. */
static char
milder(char a, char b)
{
	if (a == 0 || a == b)
		return b;
	return '~';
}

static char
end_of(const struct spf_record *r, bool merge)
{
	char end = 0;

	for (size_t i = 0; i < r->n; i++)
		if (r->terms[i].kind == SPF_ALL && (merge || end == 0))
			end = milder(end, r->terms[i].qualifier);
	if (end == '+' || end == '?')
		return '~';
	return end;
}

static void
add_mechanisms(struct buf *b, const struct spf_record *r, bool merge)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct spf_term *t = &r->terms[i];
		const char *s = r->text + t->all.at;

		if (!spf_is_modifier(t->kind) && t->kind != SPF_ALL)
			add_once(b, s, t->all.len);
		if (t->kind == SPF_REDIRECT && merge) {
			char *include = mem_printf("include:%.*s",
			    (int)t->domain.len, r->text + t->domain.at);

			add_once(b, include, strlen(include));
			free(include);
		}
	}
}

static void
add_modifiers(struct buf *b, const struct spf_record *r, bool redirects)
{
	bool exp = false;

	for (size_t i = 0; i < r->n; i++) {
		const struct spf_term *t = &r->terms[i];

		if (t->kind == SPF_OTHER_MODIFIER ||
		    (t->kind == SPF_EXP && !exp) ||
		    (t->kind == SPF_REDIRECT && redirects))
			add_once(b, r->text + t->all.at, t->all.len);
		exp = exp || t->kind == SPF_EXP;
	}
}

static char *
order(const char *text, bool merge)
{
	struct spf_record r;
	struct buf b;
	char *out = NULL;
	char end;
	bool redirects = false;

	buf_init(&b, ORDER_MAX);
	(void)buf_append(&b, text, strlen("v=spf1"));
	if (spf_record_parse(&r, text, strlen(text)) == NULL || merge) {
		end = end_of(&r, merge);
		for (size_t i = 0; i < r.n; i++)
			redirects = redirects ||
			    r.terms[i].kind == SPF_REDIRECT;
		redirects = redirects && end == 0 && !merge;
		add_mechanisms(&b, &r, merge);
		if (end != 0 || !redirects) {
			(void)buf_putc(&b, ' ');
			if (end == 0)
				end = '~';
			(void)buf_putc(&b, end);
			(void)buf_add(&b, "all");
		}
		add_modifiers(&b, &r, redirects);
		out = mem_strdup(buf_str(&b));
	}
	spf_record_free(&r);
	buf_free(&b);
	return out;
}

char *
spf_order(const char *text)
{
	return order(text, false);
}

char *
spf_order_merge(const char *text)
{
	return order(text, true);
}
