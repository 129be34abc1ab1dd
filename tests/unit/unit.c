#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/TestRun.h>
#include <glib.h>

#include "common/mem.h"
#include "ingest/decode/report.h"

/* ---- checks ------------------------------------------------------------ */

/* So that a failing case can be shown. */
static void
add_visible(struct buf *b, const char *s)
{
	if (s == NULL) {
		(void)buf_add(b, "NULL");
		return;
	}
	(void)buf_putc(b, '"');
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f || *s == '\\')
			(void)buf_printf(b, "\\%03o", (unsigned char)*s);
		else
			(void)buf_putc(b, *s);
	(void)buf_putc(b, '"');
}

static bool
report(bool ok, const char *file, unsigned line, struct buf *text)
{
	/* CUnit keeps a copy. */
	(void)CU_assertImplementation(ok, line, buf_str(text), file, "",
	    CU_FALSE);
	buf_free(text);
	return ok;
}

static void begin_text(struct buf *text, const char *what, const char *row,
    va_list ap) __attribute__((format(printf, 3, 0)));

static void
begin_text(struct buf *text, const char *what, const char *row, va_list ap)
{
	char name[400];

	(void)vsnprintf(name, sizeof(name), row, ap);
	buf_init(text, 1 << 20);
	(void)buf_printf(text, "[%s] %s", name, what);
}

bool
unit_check(bool ok, const char *file, unsigned line, const char *what,
    const char *row, ...)
{
	struct buf text;
	va_list ap;

	va_start(ap, row);
	begin_text(&text, what, row, ap);
	va_end(ap);
	return report(ok, file, line, &text);
}

bool
unit_int(long long got, long long want, const char *file, unsigned line,
    const char *what, const char *row, ...)
{
	struct buf text;
	va_list ap;

	va_start(ap, row);
	begin_text(&text, what, row, ap);
	va_end(ap);
	(void)buf_printf(&text, " is %lld, not %lld", got, want);
	return report(got == want, file, line, &text);
}

bool
unit_str(const char *got, const char *want, const char *file, unsigned line,
    const char *what, const char *row, ...)
{
	const bool ok = got == want ||
	    (got != NULL && want != NULL && strcmp(got, want) == 0);
	struct buf text;
	va_list ap;

	va_start(ap, row);
	begin_text(&text, what, row, ap);
	va_end(ap);
	(void)buf_add(&text, " is ");
	add_visible(&text, got);
	(void)buf_add(&text, ", not ");
	add_visible(&text, want);
	return report(ok, file, line, &text);
}

/* ---- bytes ------------------------------------------------------------- */

struct buf
unit_file(const char *path)
{
	FILE *fp = fopen(path, "rb");
	struct buf b;
	char block[65536];
	size_t n;

	buf_init(&b, 64 * LIMIT_MIB);
	if (!CHECK(fp != NULL, "%s", path))
		return b;
	while ((n = fread(block, 1, sizeof(block), fp)) > 0)
		(void)buf_append(&b, block, n);
	CHECK(ferror(fp) == 0, "%s", path);
	(void)fclose(fp);
	return b;
}

void *
unit_exact(const void *bytes, size_t len)
{
	void *p = malloc(len == 0 ? 1 : len);

	if (p == NULL)
		abort();
	if (len > 0)
		memcpy(p, bytes, len);
	return p;
}

bool
unit_is_text(const char *s, const char *allowed)
{
	for (const char *p = s; *p != '\0'; p++)
		if (((unsigned char)*p < ' ' || *p == 0x7f) &&
		    strchr(allowed, *p) == NULL)
			return false;
	return g_utf8_validate(s, -1, NULL);
}

/* ---- decode ------------------------------------------------------------ */

/*
 * A record is one line, "-" for what the reporter did not say:
 *
 *	ip count header_from envelope_from envelope_to disposition dkim spf
 *
 * and below it, indented, its results, reasons and remarks.
 */
static const char *
or_dash(const char *s)
{
	return s == NULL ? "-" : s;
}

static const char *
alignment_word(enum alignment a)
{
	static const char *const words[] = {
		[ALIGN_UNKNOWN] = "unknown",
		[ALIGN_NONE] = "none",
		[ALIGN_RELAXED] = "relaxed",
		[ALIGN_STRICT] = "strict",
	};

	return words[a];
}

static void
add_results(struct buf *b, const char *what, const struct auth_result *r,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		(void)buf_printf(b, "  %s %s %s %s %s\n", what,
		    or_dash(r[i].domain), or_dash(r[i].qualifier),
		    or_dash(r[i].result), alignment_word(r[i].alignment));
}

static void
add_record(struct buf *b, const struct record *r, const struct auth_profile *p)
{
	char ip[INET6_ADDRSTRLEN] = "-";

	if (r->family != 0)
		(void)inet_ntop(r->family == 4 ? AF_INET : AF_INET6, r->ip, ip,
		    sizeof(ip));
	(void)buf_printf(b, "%s %lld %s \"%s\" %s %s %s %s%s\n", ip,
	    (long long)r->count, or_dash(p->header_from),
	    or_dash(p->envelope_from), or_dash(r->envelope_to),
	    or_dash(p->disposition), or_dash(p->eval_dkim),
	    or_dash(p->eval_spf), p->arc_pass ? " arc" : "");
	add_results(b, "dkim", p->dkim, p->n_dkim);
	add_results(b, "spf", p->spf, p->n_spf);
	for (size_t i = 0; i < p->n_reasons; i++)
		(void)buf_printf(b, "  reason %s\n", p->reasons[i]);
	if (r->remarks != NULL)
		(void)buf_printf(b, "  remarks %s\n", r->remarks);
}

static bool
is_pass(const struct auth_profile *p)
{
	return (p->eval_dkim != NULL && strcmp(p->eval_dkim, "pass") == 0) ||
	    (p->eval_spf != NULL && strcmp(p->eval_spf, "pass") == 0);
}

static bool
on_chunk(void *ctx, const struct report_head *head, const struct chunk *c)
{
	struct seen *seen = ctx;

	(void)head;
	seen->chunks++;
	seen->after_stop += seen->stopped;
	for (size_t i = 0; i < c->n_records; i++) {
		const struct auth_profile *p =
		    &c->profiles[c->records[i].profile];

		add_record(&seen->text, &c->records[i], p);
		seen->sums.messages += c->records[i].count;
		if (is_pass(p))
			seen->sums.passes += c->records[i].count;
	}
	for (size_t i = 0; i < c->n_bad; i++)
		(void)buf_printf(&seen->text, "bad %llu %s %s\n%s",
		    (unsigned long long)c->bad[i].number,
		    reason_name(c->bad[i].reason), c->bad[i].detail,
		    c->bad[i].fields);
	seen->sums.records += (int64_t)(c->n_records + c->n_bad);
	seen->sums.bad += (int64_t)c->n_bad;
	if (seen->stop_chunk)
		seen->stopped = true;
	return !seen->stop_chunk;
}

static void
on_forget(void *ctx)
{
	struct seen *seen = ctx;

	seen->forgets++;
	seen->sums = (struct report_totals){ 0 };
	buf_truncate(&seen->text, seen->records_at);
}

static void
take_head(struct seen_leaf *l, const struct report_head *h)
{
	l->has_head = true;
	l->org_name = mem_strdup(h->org_name);
	l->report_id = mem_strdup(h->report_id);
	l->policy_domain = mem_strdup(h->policy_domain);
	l->begin = h->begin;
	l->end = h->end;
	l->quirks = h->quirks;
	l->rfc9990 = h->rfc9990;
	l->report_kind = h->kind;
}

static void
add_head(struct buf *b, const struct report_head *h)
{
	(void)buf_printf(b, "head %s %s %s %s %s %lld %lld\n",
	    or_dash(h->version), or_dash(h->org_name), or_dash(h->email),
	    or_dash(h->report_id), or_dash(h->policy_domain),
	    (long long)h->begin, (long long)h->end);
	(void)buf_printf(b, "policy %s %s %s %s %s %s %s %s %d\n",
	    or_dash(h->p), or_dash(h->sp), or_dash(h->np), or_dash(h->adkim),
	    or_dash(h->aspf), or_dash(h->fo), or_dash(h->testing),
	    or_dash(h->discovery_method), h->pct);
	(void)buf_printf(b, "more %s %s %s %s\n", or_dash(h->reporter),
	    or_dash(h->generator), or_dash(h->extra_contact_info),
	    h->rfc9990 ? "rfc9990" : "rfc7489");
	for (size_t i = 0; i < h->n_errors; i++)
		(void)buf_printf(b, "error %s\n", h->errors[i]);
	(void)buf_add(b, "quirks");
	for (int q = 0; q < QUIRK_COUNT; q++)
		if (h->quirks & QUIRK_BIT(q))
			(void)buf_printf(b, " %s", quirk_name((enum quirk)q));
	(void)buf_add(b, "\n");
}

static void
add_totals(struct buf *b, const struct report_totals *t)
{
	(void)buf_printf(b, "totals %lld %lld %lld %lld %s ",
	    (long long)t->records, (long long)t->bad, (long long)t->messages,
	    (long long)t->passes, t->salvaged ? "salvaged" : "whole");
	for (size_t i = 0; i < sizeof(t->content_hash); i++)
		(void)buf_printf(b, "%02x", t->content_hash[i]);
	(void)buf_add(b, "\n");
}

static void
add_tls(struct buf *b, const struct tls_report *t)
{
	for (size_t i = 0; i < t->policies->len; i++) {
		const struct tls_policy *p = tls_report_policy(t, i);

		(void)buf_printf(b, "tls %s %s %s %s %lld %lld\n",
		    or_dash(p->type), or_dash(p->domain), or_dash(p->text),
		    or_dash(p->mx), (long long)p->successes,
		    (long long)p->failures);
	}
	for (size_t i = 0; i < t->failures->len; i++) {
		const struct tls_failure *f = tls_report_failure(t, i);

		(void)buf_printf(b,
		    "tls failure %u %s %s %s %s %s %s %s %lld\n", f->policy,
		    or_dash(f->type), or_dash(f->sending_ip),
		    or_dash(f->receiving_ip), or_dash(f->mx), or_dash(f->helo),
		    or_dash(f->info), or_dash(f->reason),
		    (long long)f->sessions);
	}
}

static void
add_failure(struct buf *b, const struct failure_report *f)
{
	(void)buf_printf(b, "failure %lld %lld", (long long)f->arrival,
	    (long long)f->incidents);
	for (int i = 0; i < FAILURE_TEXTS; i++)
		(void)buf_printf(b, " %s", or_dash(f->texts[i]));
	(void)buf_add(b, "\n");
}

static bool
on_leaf(void *ctx, const struct leaf *leaf)
{
	static const char *const kinds[] = {
		[LEAF_REPORT] = "report",
		[LEAF_BAD] = "bad",
		[LEAF_MISSING] = "missing",
		[LEAF_FAILURE] = "failure",
		[LEAF_NOT_REPORT] = "not_report",
	};
	struct seen *seen = ctx;
	struct seen_leaf *l;

	seen->after_stop += seen->stopped;
	seen->leaves = mem_realloc(seen->leaves, seen->n + 1,
	    sizeof(*seen->leaves));
	l = &seen->leaves[seen->n++];
	*l = (struct seen_leaf){ .kind = leaf->kind,
		.diag = leaf->diag,
		.sums = seen->sums };
	l->part = mem_strdup(leaf->part);
	(void)buf_printf(&seen->text, "leaf %s \"%s\"", kinds[leaf->kind],
	    leaf->part);
	if (leaf->kind != LEAF_REPORT && leaf->kind != LEAF_FAILURE)
		(void)buf_printf(&seen->text, " %s: %s",
		    reason_name(leaf->diag.reason), leaf->diag.text);
	(void)buf_add(&seen->text, "\n");
	if (leaf->mail != NULL) {
		l->has_mail = true;
		l->message_id = mem_strdup(leaf->mail->message_id);
	}
	if (leaf->head != NULL) {
		take_head(l, leaf->head);
		add_head(&seen->text, leaf->head);
	}
	if (leaf->kind == LEAF_REPORT && leaf->totals != NULL) {
		l->totals = *leaf->totals;
		add_totals(&seen->text, leaf->totals);
	}
	if (leaf->tls != NULL)
		add_tls(&seen->text, leaf->tls);
	if (leaf->failure != NULL) {
		l->policy_domain = mem_strdup(
		    leaf->failure->texts[FAILURE_DOMAIN]);
		add_failure(&seen->text, leaf->failure);
	}
	seen->sums = (struct report_totals){ 0 };
	seen->records_at = seen->text.len;
	if (seen->stop_leaf)
		seen->stopped = true;
	return !seen->stop_leaf;
}

void
seen_decode(struct seen *seen, const void *bytes, size_t len)
{
	const struct decode_sink sink = { seen, on_chunk, on_forget, on_leaf };
	struct profile_memo *memo = profile_memo_new();
	void *exact = unit_exact(bytes, len);

	buf_init(&seen->text, 256 * LIMIT_MIB);
	decode(memo, exact, len, &sink);
	free(exact);
	profile_memo_free(memo);
}

void
seen_free(struct seen *seen)
{
	for (size_t i = 0; i < seen->n; i++) {
		free(seen->leaves[i].part);
		free(seen->leaves[i].message_id);
		free(seen->leaves[i].org_name);
		free(seen->leaves[i].report_id);
		free(seen->leaves[i].policy_domain);
	}
	free(seen->leaves);
	buf_free(&seen->text);
	*seen = (struct seen){ 0 };
}

const char *
seen_text(const struct seen *seen)
{
	return buf_str(&seen->text);
}
