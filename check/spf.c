/* spf: evaluates SPF. */
#include "check/spf.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "check/spf_macro.h"
#include "check/spf_run.h"
#include "common/buf.h"
#include "common/printable.h"

static enum spf_result check_host(struct spf_run *r, const char *domain,
    unsigned depth, bool for_include);

const char *
spf_result_name(enum spf_result r)
{
	static const char *const names[] = { "none", "neutral", "pass", "fail",
		"softfail", "temperror", "permerror", "unknown" };

	return names[r];
}

static void
see(const struct spf_run *r, const struct spf_frame *f,
    const struct spf_term *t, const char *name, enum spf_result result,
    const char *note)
{
	const struct spf_step step = { .depth = f->depth,
		.domain = f->domain,
		.record = f->record.text == NULL ? NULL : &f->record,
		.term = t,
		.name = name,
		.result = result,
		.note = note };

	if (r->q->seen != NULL)
		r->q->seen(r->q->arg, &step);
}

/* Ask for what counts when it is void.  SPF_NEUTRAL: *out is the answer. */
static enum spf_result
ask(struct spf_run *r, const char *name, enum dns_type type,
    const struct answer **out)
{
	*out = answers_get(r->dns, name, type);
	if (*out == NULL)
		return SPF_UNKNOWN_YET;
	if ((*out)->state == ANSWER_FAILED)
		return spf_error(r, SPF_TEMPERROR, "%s %s: DNS did not answer",
		    name, dns_type_name(type));
	if ((*out)->state == ANSWER_RECORDS)
		return SPF_NEUTRAL;
	if (++r->out->voids > r->q->void_max)
		return spf_error(r, SPF_PERMERROR,
		    "%s %s: more than %u questions to DNS have no answer", name,
		    dns_type_name(type), r->q->void_max);
	return SPF_NEUTRAL;
}

/* ---- mechanisms ----------------------------------------------------------- */

/* Of each SPF_PASS: it matches; SPF_NEUTRAL: it does not; else the result. */

static enum spf_result
match_a(struct spf_run *r, const struct spf_term *t, const char *name)
{
	const struct answer *a;
	const enum spf_result result = ask(r, name, spf_address_type(r), &a);

	return result != SPF_NEUTRAL ? result :
	    spf_has_address(r, a, t) ? SPF_PASS :
				       SPF_NEUTRAL;
}

/* Nameservers give MX records in any order, so the result must not depend on
 * it: all names are asked for, whether one of them matches or not. */
static enum spf_result
match_mx(struct spf_run *r, const struct spf_term *t, const char *name)
{
	const struct answer *mx;
	const enum spf_result asked = ask(r, name, DNS_MX, &mx);
	bool seen[SPF_UNKNOWN_YET + 1] = { false };

	if (asked != SPF_NEUTRAL)
		return asked;
	if (mx->n > SPF_NAMES_MAX)
		return spf_error(r, SPF_PERMERROR,
		    "%s has more than %d MX records", name, SPF_NAMES_MAX);
	for (size_t i = 0; i < mx->n; i++)
		if (mx->records[i].text[0] != '\0') /* the null MX */
			seen[match_a(r, t, mx->records[i].text)] = true;
	if (seen[SPF_UNKNOWN_YET])
		return SPF_UNKNOWN_YET;
	if (seen[SPF_PERMERROR])
		return SPF_PERMERROR;
	return seen[SPF_PASS]   ? SPF_PASS :
	    seen[SPF_TEMPERROR] ? SPF_TEMPERROR :
				  SPF_NEUTRAL;
}

static enum spf_result
match_exists(struct spf_run *r, const char *name)
{
	const struct answer *a;
	const enum spf_result result = ask(r, name, DNS_A, &a);

	return result != SPF_NEUTRAL   ? result :
	    a->state == ANSWER_RECORDS ? SPF_PASS :
					 SPF_NEUTRAL;
}

static enum spf_result
match_include(struct spf_run *r, const struct spf_frame *f, const char *name)
{
	const enum spf_result result = check_host(r, name, f->depth + 1, true);

	switch (result) {
	case SPF_FAIL:
	case SPF_SOFTFAIL:
		return SPF_NEUTRAL;
	case SPF_NONE:
		return spf_error(r, SPF_PERMERROR,
		    "include:%s leads to a domain without an SPF record", name);
	default:
		return result;
	}
}

static enum spf_result
match_name(struct spf_run *r, const struct spf_frame *f,
    const struct spf_term *t, char *name)
{
	switch (t->kind) {
	case SPF_A:
		return match_a(r, t, name);
	case SPF_MX:
		return match_mx(r, t, name);
	case SPF_PTR:
		return spf_validated_names(r, spf_is_domains, name);
	case SPF_EXISTS:
		return match_exists(r, name);
	default:
		return match_include(r, f, name);
	}
}

/* ip4 and ip6.  An IPv4 address in IPv6 dress is IPv4 to us, and no address
 * that ip6 can have (section 5). */
static bool
is_written(const struct spf_run *r, const struct spf_term *t)
{
	if (t->kind == SPF_IP4)
		return spf_in_network(&r->q->ip, &t->ip, t->prefix4);
	return t->ip.family == AF_INET6 &&
	    spf_in_network(&r->q->ip, &t->ip, t->prefix6);
}

/* Count a term that asks DNS. */
static enum spf_result
count_asking(struct spf_run *r, const struct spf_frame *f)
{
	if (++r->out->asking <= SPF_ASKING_MAX)
		return SPF_NEUTRAL;
	return spf_error(r, SPF_PERMERROR, "%s: more than %d terms ask DNS",
	    f->domain, SPF_ASKING_MAX);
}

static enum spf_result
match(struct spf_run *r, const struct spf_frame *f, const struct spf_term *t)
{
	char name[DNS_NAME_LEN];
	enum spf_result result;

	if (t->kind == SPF_ALL)
		return SPF_PASS;
	if (t->kind == SPF_IP4 || t->kind == SPF_IP6)
		return is_written(r, t) ? SPF_PASS : SPF_NEUTRAL;
	result = count_asking(r, f);
	if (result == SPF_NEUTRAL)
		result = spf_target(r, f, t, name);
	if (result != SPF_NEUTRAL)
		return result;
	if (name[0] == '\0' && t->kind != SPF_INCLUDE)
		return SPF_NEUTRAL;
	result = name[0] == '\0' ?
	    spf_error(r, SPF_PERMERROR, "%s: include of what is no name",
		f->domain) :
	    match_name(r, f, t, name);
	if (result == SPF_NEUTRAL)
		see(r, f, t, name, SPF_UNKNOWN_YET, NULL);
	else if (result != SPF_PASS && result != SPF_UNKNOWN_YET)
		see(r, f, t, name, result, r->out->why);
	return result;
}

/* ---- records -------------------------------------------------------------- */

static const struct spf_term *
find_modifier(const struct spf_record *record, enum spf_kind kind)
{
	for (size_t i = 0; i < record->n; i++)
		if (record->terms[i].kind == kind)
			return &record->terms[i];
	return NULL;
}

/*
 * The text that exp= leads to.  Whatever is wrong with it, there is no
 * explanation then (section 6.2).
 */
static enum spf_result
explain(struct spf_run *r, const struct spf_frame *f)
{
	const struct spf_term *t = find_modifier(&f->record, SPF_EXP);
	const struct answer *a = NULL;
	char name[DNS_NAME_LEN];
	struct buf b;

	if (t == NULL || f->for_include)
		return SPF_FAIL;
	if (spf_target(r, f, t, name) == SPF_UNKNOWN_YET)
		return SPF_UNKNOWN_YET;
	if (name[0] != '\0') {
		a = answers_get(r->dns, name, DNS_TXT);
		if (a == NULL)
			return SPF_UNKNOWN_YET;
	}
	if (a == NULL || a->state != ANSWER_RECORDS || a->n != 1 ||
	    !spf_macro_fine(a->records[0].text, a->records[0].len, true))
		return SPF_FAIL;
	buf_init(&b, SPF_EXPANDED_MAX);
	if (spf_expand(r, f, a->records[0].text, a->records[0].len, &b) ==
	    SPF_UNKNOWN_YET) {
		buf_free(&b);
		return SPF_UNKNOWN_YET;
	}
	(void)snprintf(r->out->explanation, sizeof(r->out->explanation), "%s",
	    buf_str(&b));
	printable(r->out->explanation);
	buf_free(&b);
	return SPF_FAIL;
}

static enum spf_result
redirect(struct spf_run *r, const struct spf_frame *f, const struct spf_term *t)
{
	char name[DNS_NAME_LEN];
	enum spf_result result = count_asking(r, f);

	if (result == SPF_NEUTRAL)
		result = spf_target(r, f, t, name);
	if (result != SPF_NEUTRAL)
		return result;
	result = name[0] == '\0' ?
	    SPF_NONE :
	    check_host(r, name, f->depth + 1, f->for_include);
	if (result == SPF_NONE)
		result = spf_error(r, SPF_PERMERROR,
		    "redirect=%s leads to a domain without an SPF record",
		    name);
	if (result != SPF_UNKNOWN_YET)
		see(r, f, t, name, result, NULL);
	return result;
}

static enum spf_result
qualified(char qualifier)
{
	switch (qualifier) {
	case '-':
		return SPF_FAIL;
	case '~':
		return SPF_SOFTFAIL;
	case '?':
		return SPF_NEUTRAL;
	default:
		return SPF_PASS;
	}
}

static enum spf_result
evaluate(struct spf_run *r, const struct spf_frame *f)
{
	const struct spf_term *t;
	enum spf_result result;

	for (size_t i = 0; i < f->record.n; i++) {
		t = &f->record.terms[i];
		if (spf_is_modifier(t->kind))
			continue;
		result = match(r, f, t);
		if (result == SPF_NEUTRAL)
			continue;
		if (result != SPF_PASS)
			return result;
		result = qualified(t->qualifier);
		see(r, f, t, NULL, result, "this term decides");
		return result == SPF_FAIL ? explain(r, f) : result;
	}
	t = find_modifier(&f->record, SPF_REDIRECT);
	return t == NULL ? SPF_NEUTRAL : redirect(r, f, t);
}

/* The one SPF record of the answer.  SPF_NEUTRAL: *text is it. */
static enum spf_result
choose_record(struct spf_run *r, const char *domain, const struct answer *a,
    const struct answer_record **out)
{
	*out = NULL;
	if (a->state == ANSWER_FAILED)
		return spf_error(r, SPF_TEMPERROR, "%s TXT: DNS did not answer",
		    domain);
	for (size_t i = 0; i < a->n; i++) {
		if (!spf_is_record(a->records[i].text, a->records[i].len))
			continue;
		if (*out != NULL)
			return spf_error(r, SPF_PERMERROR,
			    "%s has more than one SPF record", domain);
		*out = &a->records[i];
	}
	return *out == NULL ? SPF_NONE : SPF_NEUTRAL;
}

static enum spf_result
check_text(struct spf_run *r, struct spf_frame *f, const char *text, size_t len)
{
	const struct spf_term *bad = spf_record_parse(&f->record, text, len);
	enum spf_result result;

	see(r, f, NULL, NULL, SPF_UNKNOWN_YET, NULL);
	if (bad == NULL)
		result = evaluate(r, f);
	else {
		result = spf_error(r, SPF_PERMERROR, "%s: \"%.*s\": %s",
		    f->domain,
		    (int)(bad->wrong.len < 100 ? bad->wrong.len : 100),
		    text + bad->wrong.at, spf_fault_text(bad->fault));
		see(r, f, bad, NULL, result, spf_fault_text(bad->fault));
	}
	spf_record_free(&f->record);
	return result;
}

/* Section 4. */
static enum spf_result
check_host(struct spf_run *r, const char *domain, unsigned depth,
    bool for_include)
{
	struct spf_frame f = { .domain = domain,
		.depth = depth,
		.for_include = for_include };
	const struct answer_record *record;
	const struct answer *a;
	enum spf_result result;

	if (depth == 0 && r->given != NULL)
		return check_text(r, &f, r->given, strlen(r->given));
	a = answers_get(r->dns, domain, DNS_TXT);
	if (a == NULL)
		return SPF_UNKNOWN_YET;
	result = choose_record(r, domain, a, &record);
	if (record == NULL || result != SPF_NEUTRAL) {
		see(r, &f, NULL, domain, result, NULL);
		return result;
	}
	return check_text(r, &f, record->text, record->len);
}

/* ---- the question --------------------------------------------------------- */

static void
check(struct answers *dns, const struct spf_question *q, const char *record,
    struct spf_outcome *out)
{
	const char *from = q->sender[0] == '\0' ? q->helo : q->sender;
	const char *at = strrchr(from, '@');
	char sender[2 * DNS_NAME_LEN];
	char domain[DNS_NAME_LEN + 1];
	struct spf_run r = { .dns = dns, .q = q, .out = out, .given = record };

	memset(out, 0, sizeof(*out));
	(void)snprintf(domain, sizeof(domain), "%s",
	    at == NULL ? from : at + 1);
	/* A literal, a name of one label: not what the section is about. */
	if (!dns_name(domain) || strchr(domain, '.') == NULL ||
	    domain[0] == '[')
		return;
	(void)snprintf(sender, sizeof(sender), "%.*s@%s",
	    at == NULL || at == from ? 10 : (int)(at - from),
	    at == NULL || at == from ? "postmaster" : from,
	    at == NULL ? from : at + 1);
	r.sender = sender;
	out->result = check_host(&r, domain, 0, false);
	if (out->result != SPF_PERMERROR && out->result != SPF_TEMPERROR)
		out->why[0] = '\0';
}

void
spf_check(struct answers *dns, const struct spf_question *q,
    struct spf_outcome *out)
{
	check(dns, q, NULL, out);
}

void
spf_check_record(struct answers *dns, const struct spf_question *q,
    const char *record, struct spf_outcome *out)
{
	check(dns, q, record, out);
}
