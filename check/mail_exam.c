/* mail_exam: all that one mail shows, as rows of a table. */
#include "check/mail_exam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "check/dkim_signature.h"
#include "check/mail_dmarc.h"
#include "check/mail_lint.h"
#include "check/mail_notes.h"
#include "check/mail_way.h"
#include "check/mail_words.h"
#include "check/spf.h"
#include "common/mem.h"

/* Signatures that are verified; one row says how many more there are. */
#define SIGNATURES_MAX 20

#define VALUE_MAX      4096

/* All that is found out, before any of it is told. */
struct exam {
	struct jailed *j;
	struct answers *answers;
	const struct mail_exam *asked;
	struct message m;
	struct mail_way way;
	struct dkim_signature *signatures;
	size_t n;
	char *author; /* the domain of From; NULL: there is none, or several */
	struct spf_question spf;
	char sender[VALUE_MAX];
	bool has_spf;
	struct spf_outcome spf_result;
	struct mail_dmarc dmarc;
};

void
mail_exam_prepare(void)
{
	g_mime_init();
	mail_words_init();
}

/* ---- finding out ---------------------------------------------------------------- */

static char *
author_domain(const struct message *m)
{
	const struct message_field *f = message_find(m, "From");
	InternetAddressList *list;
	InternetAddress *first;
	char *value, *at;
	char *domain = NULL;

	if (f == NULL || message_count(m, "From") != 1)
		return NULL;
	value = message_value(m, f, VALUE_MAX);
	list = internet_address_list_parse(NULL, value);
	first = list == NULL || internet_address_list_length(list) != 1 ?
	    NULL :
	    internet_address_list_get_address(list, 0);
	if (first != NULL && INTERNET_ADDRESS_IS_MAILBOX(first)) {
		const char *addr = internet_address_mailbox_get_idn_addr(
		    INTERNET_ADDRESS_MAILBOX(first));

		at = addr == NULL ? NULL : strrchr(addr, '@');
		if (at != NULL && at[1] != '\0') {
			domain = mem_strdup(at + 1);
			if (!dns_name(domain)) {
				free(domain);
				domain = NULL;
			}
		}
	}
	if (list != NULL)
		g_object_unref(list);
	free(value);
	return domain;
}

static void
take_signatures(struct exam *e)
{
	const struct message_field *f = message_find(&e->m, "DKIM-Signature");

	e->signatures = mem_calloc(SIGNATURES_MAX, sizeof(*e->signatures));
	while (f != NULL && e->n < SIGNATURES_MAX) {
		dkim_signature_parse(&e->signatures[e->n++], &e->m, f,
		    e->asked->now);
		f = message_find_from(&e->m, "DKIM-Signature",
		    message_number(&e->m, f) + 1);
	}
}

/* MAIL FROM: told, or what the last server noted in Return-Path. */
static void
take_sender(struct exam *e)
{
	const struct message_field *f = message_find(&e->m, "Return-Path");
	const char *from = e->asked->from;
	char *value = NULL;
	char *s;

	if (from == NULL && f != NULL)
		from = value = message_value(&e->m, f, VALUE_MAX);
	if (from != NULL) {
		(void)snprintf(e->sender, sizeof(e->sender), "%s",
		    from + (from[0] == '<' ? 1 : 0));
		s = strrchr(e->sender, '>');
		if (s != NULL)
			*s = '\0';
	}
	free(value);
}

/* SPF is asked for when the address is known, and who it said it was. */
static void
take_spf(struct exam *e)
{
	const struct received *r = e->way.trusted;
	const char *helo = e->asked->helo;

	take_sender(e);
	if (helo == NULL && r != NULL)
		helo = r->from;
	e->has_spf = e->asked->has_ip || (r != NULL && r->has_ip);
	if (!e->has_spf)
		return;
	e->spf = (struct spf_question){ .ip = e->asked->has_ip ? e->asked->ip :
								 r->ip,
		.sender = e->sender,
		.helo = helo == NULL ? "" : helo,
		.now = e->asked->now,
		.void_max = SPF_VOID_MAX };
	e->has_spf = e->sender[0] != '\0' || e->spf.helo[0] != '\0';
}

/* Whose SPF record is asked. */
static const char *
domain_of(const struct spf_question *q)
{
	const char *at = strrchr(q->sender, '@');

	return at != NULL ? at + 1 : q->sender[0] != '\0' ? q->sender : q->helo;
}

/* The author's domain, and those that may be aligned with it. */
static bool
look_at_domains(struct exam *e)
{
	bool known;

	if (e->author == NULL)
		return true;
	known = mail_dmarc_find(&e->dmarc, e->answers, e->author);
	for (size_t i = 0; i < e->n; i++)
		if (e->signatures[i].domain[0] != '\0')
			known = mail_dmarc_know(&e->dmarc,
				    e->signatures[i].domain) &&
			    known;
	if (e->has_spf)
		known = mail_dmarc_know(&e->dmarc, domain_of(&e->spf)) && known;
	return known;
}

/* True: all is known. */
static bool
look(struct exam *e)
{
	bool known = true;

	for (size_t i = 0; i < e->n; i++) {
		dkim_signature_verify(&e->signatures[i], e->answers);
		known = known && e->signatures[i].result != DKIM_UNKNOWN_YET;
	}
	if (e->has_spf) {
		spf_check(e->answers, &e->spf, &e->spf_result);
		known = known && e->spf_result.result != SPF_UNKNOWN_YET;
	}
	return look_at_domains(e) && known;
}

/* ---- telling -------------------------------------------------------------------- */

static void
tell_field(struct exam *e, const char *column, const char *name)
{
	const struct message_field *f = message_find(&e->m, name);
	char *value, *shown;

	if (f == NULL)
		return;
	value = message_value(&e->m, f, VALUE_MAX);
	shown = mail_words_shown(value);
	jailed_text(e->j, column, shown);
	free(shown);
	free(value);
}

static void
tell_head(struct exam *e)
{
	jailed_row(e->j, MAIL_HEAD);
	tell_field(e, "from", "From");
	tell_field(e, "text", "Subject");
	tell_field(e, "time", "Date");
	jailed_text(e->j, "domain", e->author);
}

/* Author's or third party's: whether its domain is the author's, or aligned. */
static const char *
whose(const struct exam *e, const struct dkim_signature *s)
{
	if (e->author == NULL || s->domain[0] == '\0')
		return "third party";
	if (strcasecmp(s->domain, e->author) == 0)
		return "author";
	return mail_dmarc_is_aligned(&e->dmarc, s->domain, e->author, 'r',
		   NULL) ?
	    "author (organization)" :
	    "third party";
}

static void
tell_signatures(struct exam *e)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct dkim_signature *s = &e->signatures[i];

		jailed_row(e->j, MAIL_SIGNATURE);
		jailed_text(e->j, "whose", whose(e, s));
		jailed_text(e->j, "domain", s->domain);
		jailed_text(e->j, "selector", s->selector);
		jailed_text(e->j, "algorithm",
		    s->ed25519      ? "ed25519-sha256" :
			s->old_hash ? "rsa-sha1" :
				      "rsa-sha256");
		if (s->bits > 0)
			jailed_count(e->j, "bits", s->bits);
		jailed_text(e->j, "result", dkim_result_name(s->result));
		if (s->why[0] != '\0')
			jailed_text(e->j, "why", s->why);
		else if (s->testing)
			jailed_text(e->j, "why",
			    "the key says t=y, testing: receivers are to treat the mail as unsigned");
	}
}

/* Those that were not looked at, in one row. */
static void
tell_left_out(struct exam *e)
{
	const size_t all = message_count(&e->m, "DKIM-Signature");
	char why[80];

	if (all <= e->n)
		return;
	jailed_row(e->j, MAIL_SIGNATURE);
	jailed_text(e->j, "result", "neutral");
	(void)snprintf(why, sizeof(why),
	    "%zu more signatures were not looked at", all - e->n);
	jailed_text(e->j, "why", why);
}

static void
tell_spf(struct exam *e)
{
	char text[ADDRESS_LEN];

	if (!e->has_spf)
		return;
	jailed_row(e->j, MAIL_SPF);
	jailed_text(e->j, "from", e->sender);
	jailed_text(e->j, "domain", domain_of(&e->spf));
	jailed_text(e->j, "ip", address_text(&e->spf.ip, text));
	jailed_text(e->j, "helo", e->spf.helo);
	jailed_text(e->j, "result", spf_result_name(e->spf_result.result));
	if (e->spf_result.why[0] != '\0')
		jailed_text(e->j, "why", e->spf_result.why);
}

static void
tell_dmarc(struct exam *e)
{
	struct mail_dmarc_input in = { .author = e->author,
		.signatures = e->signatures,
		.n = e->n };

	if (e->has_spf) {
		in.spf_domain = domain_of(&e->spf);
		in.spf = e->spf_result.result;
		in.has_spf = true;
	}
	mail_dmarc_judge(&e->dmarc, &in);
	jailed_row(e->j, MAIL_DMARC);
	jailed_text(e->j, "domain", e->author);
	jailed_text(e->j, "result", e->dmarc.result);
	jailed_text(e->j, "policy", e->dmarc.policy);
	if (e->dmarc.record[0] != '\0')
		jailed_text(e->j, "record", e->dmarc.record);
	jailed_text(e->j, "why", e->dmarc.why);
}

static void
tell_mistake(void *arg, const struct mail_mistake *mistake)
{
	const struct mail_finding_text *f = &mail_findings[mistake->id];
	struct exam *e = arg;
	char *sentence = mail_finding_sentence(mistake->id, mistake->detail);

	jailed_row(e->j, MAIL_FINDING);
	jailed_text(e->j, "severity", mail_severity_name(f->severity));
	jailed_text(e->j, "finding", f->name);
	jailed_text(e->j, "source", f->source);
	if (mistake->line > 0)
		jailed_count(e->j, "line", (int64_t)mistake->line);
	jailed_text(e->j, "text", mistake->text);
	jailed_text(e->j, "marks", mistake->marks);
	jailed_text(e->j, "why", sentence);
	jailed_text(e->j, "fix", mistake->fix);
	free(sentence);
}

static void
tell_mistakes(struct exam *e)
{
	struct mail_lint l = { .m = &e->m, .seen = tell_mistake, .arg = e };
	const struct mail_notes notes = { .m = &e->m,
		.signatures = e->signatures,
		.n = e->n,
		.author = e->author,
		.way = &e->way };

	mail_lint_header(&l);
	mail_lint_lines(&l);
	mail_lint_mime(&l);
	mail_notes(&l, &notes);
}

void
mail_exam(struct jailed *j, struct answers *answers, void *arg)
{
	const struct mail_exam *asked = arg;
	struct exam e = { .j = j, .answers = answers, .asked = asked };

	message_parse(&e.m, asked->bytes, asked->len);
	mail_way_take(&e.way, &e.m, asked->trusted);
	e.author = author_domain(&e.m);
	take_signatures(&e);
	take_spf(&e);
	while (!look(&e))
		jailed_find_out(j);
	tell_head(&e);
	mail_way_tell(&e.way, &e.m, j);
	tell_signatures(&e);
	tell_left_out(&e);
	tell_spf(&e);
	tell_dmarc(&e);
	tell_mistakes(&e);
	for (size_t i = 0; i < e.n; i++)
		dkim_signature_free(&e.signatures[i]);
	free(e.signatures);
	free(e.author);
	mail_dmarc_free(&e.dmarc);
	mail_way_free(&e.way);
	message_free(&e.m);
}
