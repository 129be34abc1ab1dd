/* tls_json: the JSON of an SMTP TLS report read. */
#include "ingest/decode/tls_json.h"

#include <string.h>

#include <jansson.h>

#include "common/mem.h"
#include "ingest/decode/check.h"
#include "ingest/decode/json_bounds.h"
#include "ingest/decode/padding.h"
#include "ingest/decode/tls_value.h"
#include "ingest/limits.h"

static const char *const policy_types[] = { "sts", "tlsa", "no-policy-found",
	NULL };
static const char *const result_types[] = { "starttls-not-supported",
	"certificate-host-mismatch", "certificate-expired",
	"certificate-not-trusted", "validation-failure", "tlsa-invalid",
	"dnssec-invalid", "dane-required", "sts-policy-fetch-error",
	"sts-policy-invalid", "sts-webpki-invalid", NULL };

void
tls_json_init(void)
{
	json_object_seed(0);
}

/* ---- policies --------------------------------------------------------------------- */

static enum diag_code
bad_shape(const struct tls_reader *r, const char *what)
{
	return diag_set(r->d, DIAG_FORMAT, REASON_BAD_TLS_REPORT,
	    "TLS report: %s", what);
}

static enum diag_code
add_failure(const struct tls_reader *r, const json_t *o, size_t policy)
{
	struct tls_failure f = { .policy = (uint32_t)policy, .sessions = -1 };

	if (!json_is_object(o))
		return bad_shape(r, "a member of failure-details is no object");
	if (r->report->failures->len == LIMIT_TLS_FAILURES)
		return diag_set(r->d, DIAG_LIMIT, REASON_TOO_MANY_FAILURES,
		    "TLS report has over %d failure-details",
		    LIMIT_TLS_FAILURES);
	if (json_object_get(o, "failed-session-count") == NULL)
		tls_quirk(r, QUIRK_NO_SESSION_COUNT);
	else if (tls_get_count(r, o, "failed-session-count", &f.sessions) !=
	    DIAG_OK)
		return DIAG_FORMAT;
	f.type = tls_get_word(r, o, "result-type", result_types,
	    QUIRK_UNKNOWN_RESULT);
	f.sending_ip = tls_get_address(r, o, "sending-mta-ip");
	f.receiving_ip = tls_get_address(r, o, "receiving-ip");
	f.mx = tls_get_domain(r, o, "receiving-mx-hostname");
	f.helo = tls_get_text(r, o, "receiving-mx-helo");
	f.info = tls_get_text(r, o, "additional-information");
	if (f.info == NULL)
		f.info = tls_get_text(r, o, "additional-info-uri");
	f.reason = tls_get_text(r, o, "failure-reason-code");
	g_array_append_val(r->report->failures, f);
	return DIAG_OK;
}

static enum diag_code
add_failures(const struct tls_reader *r, const json_t *list, size_t policy)
{
	enum diag_code code = DIAG_OK;

	if (list == NULL || json_is_null(list))
		return DIAG_OK;
	if (json_is_object(list))
		return add_failure(r, list, policy);
	if (!json_is_array(list))
		return bad_shape(r, "failure-details is no array");
	for (size_t i = 0; i < json_array_size(list) && code == DIAG_OK; i++)
		code = add_failure(r, json_array_get(list, i), policy);
	return code;
}

static enum diag_code
read_summary(struct tls_reader *r, const json_t *summary, struct tls_policy *p)
{
	enum diag_code code = tls_get_count(r, summary,
	    "total-successful-session-count", &p->successes);

	if (code == DIAG_OK)
		code = tls_get_count(r, summary, "total-failure-session-count",
		    &p->failures);
	if (code != DIAG_OK)
		return code;
	r->sessions += p->successes + p->failures;
	if (r->sessions > LIMIT_REPORT_MESSAGES)
		return diag_set(r->d, DIAG_LIMIT, REASON_TOO_MANY_MESSAGES,
		    "TLS report counts over %lld sessions",
		    (long long)LIMIT_REPORT_MESSAGES);
	return DIAG_OK;
}

static enum diag_code
add_policy(struct tls_reader *r, const json_t *o)
{
	const json_t *policy = json_object_get(o, "policy");
	const json_t *mx = json_object_get(policy, "mx-host");
	struct tls_policy p = { 0 };
	const size_t n = r->report->policies->len;

	if (!json_is_object(policy))
		return bad_shape(r, "a member of policies has no policy");
	if (n == LIMIT_TLS_POLICIES)
		return diag_set(r->d, DIAG_LIMIT, REASON_TOO_MANY_POLICIES,
		    "TLS report has over %d policies", LIMIT_TLS_POLICIES);
	p.type = tls_get_word(r, policy, "policy-type", policy_types,
	    QUIRK_UNKNOWN_POLICY);
	p.domain = tls_get_domain(r, policy, "policy-domain");
	p.text = tls_get_lines(r, json_object_get(policy, "policy-string"));
	p.mx = tls_get_lines(r,
	    mx != NULL ? mx : json_object_get(policy, "mx-host-pattern"));
	if (read_summary(r, json_object_get(o, "summary"), &p) != DIAG_OK)
		return r->d->code;
	g_array_append_val(r->report->policies, p);
	return add_failures(r, json_object_get(o, "failure-details"), n);
}

static enum diag_code
read_policies(struct tls_reader *r, const json_t *list)
{
	enum diag_code code = DIAG_OK;

	if (json_is_object(list))
		return add_policy(r, list);
	if (!json_is_array(list) || json_array_size(list) == 0)
		return bad_shape(r, "it has no policies");
	for (size_t i = 0; i < json_array_size(list) && code == DIAG_OK; i++)
		code = add_policy(r, json_array_get(list, i));
	return code;
}

/*
 * The domain that the report is kept under: the least of those it names, so
 * that their order does not matter.  A policy without one is of that domain
 * when there is no other.
 */
static enum diag_code
fill_domains(const struct tls_reader *r)
{
	GArray *policies = r->report->policies;
	const char *least = NULL;
	bool several = false;
	bool missing = false;

	for (guint i = 0; i < policies->len; i++) {
		const char *domain =
		    g_array_index(policies, struct tls_policy, i).domain;

		missing = missing || domain == NULL;
		if (domain == NULL)
			continue;
		several = several ||
		    (least != NULL && strcmp(domain, least) != 0);
		if (least == NULL || strcmp(domain, least) < 0)
			least = domain;
	}
	if (least == NULL || (missing && several))
		return diag_set(r->d, DIAG_FORMAT, REASON_NO_POLICY_DOMAIN,
		    "TLS report does not name the domain of a policy");
	if (missing)
		tls_quirk(r, QUIRK_NO_POLICY_DOMAIN);
	for (guint i = 0; i < policies->len; i++)
		if (g_array_index(policies, struct tls_policy, i).domain ==
		    NULL)
			g_array_index(policies, struct tls_policy, i).domain =
			    least;
	r->head->policy_domain = mem_strdup(least);
	return DIAG_OK;
}

/* ---- the report --------------------------------------------------------------------- */

static enum diag_code
read_report(struct tls_reader *r, const json_t *root)
{
	const json_t *range = json_object_get(root, "date-range");
	char begin[24];
	char end[24];
	enum diag_code code;

	r->head->org_name = tls_get_head(r, root, "organization-name");
	r->head->email = tls_get_head(r, root, "contact-info");
	r->head->report_id = tls_get_head(r, root, "report-id");
	code = read_policies(r, json_object_get(root, "policies"));
	if (code == DIAG_OK)
		code = fill_domains(r);
	if (code != DIAG_OK)
		return code;
	if (!tls_get_date(r, range, "start-datetime", begin) ||
	    !tls_get_date(r, range, "end-datetime", end))
		return DIAG_FORMAT;
	return check_head(r->head, begin, end, r->d);
}

/* Whatever else it lacks, a TLS report has one of these. */
static bool
is_tls_report(const json_t *root)
{
	return json_is_object(root) &&
	    (json_object_get(root, "policies") != NULL ||
		json_object_get(root, "organization-name") != NULL);
}

static json_t *
parse(const char *bytes, size_t len, struct diag *d)
{
	const size_t pad = padding_length(bytes, len);
	json_error_t error;
	json_t *root = NULL;

	/* Mail servers and people leave these behind the end. */
	while (len > pad && strchr(" \t\r\n\x1a", bytes[len - 1]) != NULL)
		len--;
	if (len > LIMIT_TLS_REPORT) {
		(void)diag_set(d, DIAG_LIMIT, REASON_JSON_TOO_LARGE,
		    "JSON has over %lu bytes", LIMIT_TLS_REPORT);
		return NULL;
	}
	if (json_bounds(bytes + pad, len - pad, LIMIT_JSON_DEPTH,
		LIMIT_JSON_VALUES, d) != DIAG_OK)
		return NULL;
	root = json_loadb(bytes + pad, len - pad, JSON_REJECT_DUPLICATES,
	    &error);
	if (root == NULL)
		(void)diag_set(d, DIAG_FORMAT, REASON_BAD_JSON,
		    "JSON cannot be read: line %d: %.120s", error.line,
		    error.text);
	return root;
}

enum tls_json_end
tls_json_read(const char *bytes, size_t len, struct report_head *head,
    struct tls_report *report, struct diag *d)
{
	struct tls_reader r = { .head = head, .report = report, .d = d };
	json_t *root;
	enum tls_json_end end = TLS_JSON_BAD;

	tls_report_init(report);
	head->kind = REPORT_TLS;
	head->pct = -1;
	d->code = DIAG_OK;
	root = parse(bytes, len, d);
	if (root == NULL)
		return TLS_JSON_BAD;
	if (!is_tls_report(root)) {
		(void)diag_set(d, DIAG_FORMAT, REASON_JSON, "JSON");
		end = TLS_JSON_OTHER;
	} else if (read_report(&r, root) == DIAG_OK) {
		end = TLS_JSON_REPORT;
	}
	json_decref(root);
	return end;
}
