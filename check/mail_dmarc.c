/* mail_dmarc: the DMARC result of one mail. */
#include "check/mail_dmarc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/host.h"
#include "check/tags.h"
#include "common/mem.h"

/* ---- the record ------------------------------------------------------------- */

static bool
is_record(const struct answer_record *r)
{
	return r->len >= 8 && strncasecmp(r->text, "v=DMARC1", 8) == 0 &&
	    (r->len == 8 || strchr("; \t", r->text[8]) != NULL);
}

/* The one record at a name; several count as none.  False: not known yet. */
static bool
record_at(struct answers *dns, const char *domain, struct mail_dmarc *m)
{
	char name[DNS_NAME_LEN + 16];
	const struct answer *a;
	const struct answer_record *found = NULL;
	size_t n = 0;

	(void)snprintf(name, sizeof(name), "_dmarc.%s", domain);
	if (strlen(name) > DNS_NAME_LEN || !dns_name(name))
		return true;
	a = answers_get(dns, name, DNS_TXT);
	if (a == NULL)
		return false;
	m->failed = m->failed || a->state == ANSWER_FAILED;
	for (size_t i = 0; i < a->n; i++)
		if (is_record(&a->records[i])) {
			found = &a->records[i];
			n++;
		}
	if (n == 1) {
		m->record = mem_printf("%.*s", (int)found->len, found->text);
		m->found_at = mem_strdup(domain);
	}
	return true;
}

static char
mode_of(const struct tags *t, const char *name)
{
	const struct tag *tag = tags_find(t, name);

	return tag != NULL && tags_is_any_case(t, tag->value, "s") ? 's' : 'r';
}

static void
read_record(struct mail_dmarc *m)
{
	struct tags t;

	m->adkim = 'r';
	m->aspf = 'r';
	if (m->record == NULL)
		return;
	tags_parse(&t, m->record, strlen(m->record));
	m->adkim = mode_of(&t, "adkim");
	m->aspf = mode_of(&t, "aspf");
	tags_free(&t);
}

bool
mail_dmarc_find(struct mail_dmarc *m, struct answers *dns, const char *author)
{
	const char *org = host_org(author);

	mail_dmarc_free(m);
	if (!record_at(dns, author, m))
		return false;
	if (m->record == NULL && org != NULL && strcmp(org, author) != 0 &&
	    !record_at(dns, org, m))
		return false;
	read_record(m);
	return true;
}

void
mail_dmarc_free(struct mail_dmarc *m)
{
	free(m->record);
	free(m->found_at);
	*m = (struct mail_dmarc){ .adkim = 'r', .aspf = 'r' };
}

/* ---- the result ------------------------------------------------------------- */

bool
mail_dmarc_is_aligned(const struct mail_dmarc *m, const char *domain,
    const char *author, char mode)
{
	const char *org = host_org(author);
	const char *other = host_org(domain);

	(void)m;
	if (strcasecmp(domain, author) == 0)
		return true;
	return mode == 'r' && org != NULL && other != NULL &&
	    strcasecmp(org, other) == 0;
}

/* The policy that the record has for the author domain. */
static const char *
policy_of(const struct mail_dmarc *m, const char *author)
{
	static const char *const names[] = { "none", "quarantine", "reject" };
	const char *policy = "none";
	const struct tag *tag;
	struct tags t;

	tags_parse(&t, m->record, strlen(m->record));
	tag = strcasecmp(m->found_at, author) == 0 ? NULL : tags_find(&t, "sp");
	if (tag == NULL)
		tag = tags_find(&t, "p");
	for (size_t i = 0; tag != NULL && i < 3; i++)
		if (tags_is_any_case(&t, tag->value, names[i]))
			policy = names[i];
	tags_free(&t);
	return policy;
}

static const struct dkim_signature *
aligned_signature(const struct mail_dmarc *m, const struct mail_dmarc_input *in,
    bool *temporary)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct dkim_signature *s = &in->signatures[i];

		if (s->domain[0] == '\0' ||
		    !mail_dmarc_is_aligned(m, s->domain, in->author, m->adkim))
			continue;
		*temporary = *temporary || s->result == DKIM_TEMPERROR;
		if (s->result == DKIM_PASS && !s->testing)
			return s;
	}
	return NULL;
}

static void
judge_author(struct mail_dmarc *m, const struct mail_dmarc_input *in)
{
	bool temporary = false;
	const struct dkim_signature *s = aligned_signature(m, in, &temporary);
	const bool spf = in->has_spf && in->spf == SPF_PASS &&
	    mail_dmarc_is_aligned(m, in->spf_domain, in->author, m->aspf);

	if (s != NULL || spf) {
		m->result = "pass";
		(void)snprintf(m->why, sizeof(m->why), "%s%.200s%s%s%.100s",
		    s == NULL ? "" : "DKIM: signed by ",
		    s == NULL ? "" : s->domain, s != NULL && spf ? "; " : "",
		    spf ? "SPF: sent in the name of " : "",
		    spf ? in->spf_domain : "");
		return;
	}
	if (temporary || (in->has_spf && in->spf == SPF_TEMPERROR)) {
		m->result = "temperror";
		(void)snprintf(m->why, sizeof(m->why),
		    "DNS did not answer, so it cannot be told");
		return;
	}
	m->result = in->has_spf ? "fail" : "unknown";
	(void)snprintf(m->why, sizeof(m->why),
	    "no signature of %.200s verifies%s", in->author,
	    in->has_spf ?
		", and SPF does not pass for a domain of it" :
		"; SPF could not be asked for: give --ip and --from, or --trusted");
}

void
mail_dmarc_judge(struct mail_dmarc *m, const struct mail_dmarc_input *in)
{
	m->policy = NULL;
	if (in->author == NULL) {
		m->result = "permerror";
		(void)snprintf(m->why, sizeof(m->why),
		    "From has not exactly one address with a domain; DMARC has no result, and receivers refuse such mail");
		return;
	}
	if (m->record == NULL) {
		m->result = m->failed ? "temperror" : "none";
		(void)snprintf(m->why, sizeof(m->why), "%s%.200s",
		    m->failed ? "DNS did not answer for _dmarc." :
				"there is no DMARC record for ",
		    in->author);
		return;
	}
	m->policy = policy_of(m, in->author);
	judge_author(m, in);
}
