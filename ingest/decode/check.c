/* check: does the head of a report make sense? */
#include "ingest/decode/check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"
#include "common/num.h"
#include "ingest/decode/domain.h"
#include "ingest/limits.h"

/* A tag of the policy: lower case, empty is none, unknown is flagged. */
static void
check_tag(char **tag, const char *const *list, uint64_t *quirks)
{
	if (*tag == NULL)
		return;
	if ((*tag)[0] == '\0') {
		free(*tag);
		*tag = NULL;
		return;
	}
	for (char *p = *tag; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	if (list != NULL && !g_strv_contains(list, *tag))
		*quirks |= QUIRK_BIT(QUIRK_UNKNOWN_POLICY);
}

static void
check_policy(struct report_head *h)
{
	for (int i = 0; i < HEAD_TEXTS; i++)
		if (head_fields[i].is_tag)
			check_tag(head_text(h, (enum head_text)i),
			    head_fields[i].values, &h->quirks);
}

static enum diag_code
check_date(const char *name, const char *s, int64_t *out, uint64_t *quirks,
    struct diag *d)
{
	if (s == NULL || s[0] == '\0')
		return diag_set(d, DIAG_FORMAT, REASON_NO_DATE_RANGE,
		    "report has no date_range/%s", name);
	if (num_iso(s, out))
		*quirks |= QUIRK_BIT(QUIRK_ISO_DATE);
	else if (!num_int64_part(s, INT64_MIN, INT64_MAX, out))
		return diag_set(d, DIAG_FORMAT, REASON_NO_DATE_RANGE,
		    "report's date_range/%s is no number: \"%.40s\"", name, s);
	if (*out < 0 || *out > LIMIT_EPOCH)
		return diag_set(d, DIAG_FORMAT, REASON_BAD_DATE,
		    "report's date_range/%s is out of range: %.40s", name, s);
	if (strchr(s, '.') != NULL)
		*quirks |= QUIRK_BIT(QUIRK_DECIMAL_DATE);
	return DIAG_OK;
}

static void
check_period(struct report_head *h)
{
	const int64_t span = h->end - h->begin;

	if (span < 0)
		h->quirks |= QUIRK_BIT(QUIRK_REVERSED_DATES);
	else if (span == 0)
		h->quirks |= QUIRK_BIT(QUIRK_ZERO_PERIOD);
	else if (span > 26L * 3600)
		h->quirks |= QUIRK_BIT(QUIRK_LONG_PERIOD);
}

/* "<id>" is the same id (RFC 9990 3.5.1 compares without brackets). */
static void
strip_brackets(struct report_head *h)
{
	size_t n = h->report_id == NULL ? 0 : strlen(h->report_id);

	if (n < 3 || h->report_id[0] != '<' || h->report_id[n - 1] != '>')
		return;
	memmove(h->report_id, h->report_id + 1, n - 2);
	h->report_id[n - 2] = '\0';
	h->quirks |= QUIRK_BIT(QUIRK_ANGLE_REPORT_ID);
}

/* The reporter, for the key of the report: org_name, else the domain of the
 * address. */
static void
fill_reporter(struct report_head *h)
{
	char name[DOMAIN_SIZE];
	uint64_t ignored = 0;
	char *low;

	free(h->reporter); /* of an earlier try */
	h->reporter = NULL;

	if (h->org_name != NULL) {
		low = g_utf8_strdown(h->org_name, -1);
		h->reporter = mem_strdup(low);
		g_free(low);
		return;
	}
	h->quirks |= QUIRK_BIT(QUIRK_NO_ORG_NAME);
	domain_normalise(h->email == NULL ? "" : h->email, name, &ignored);
	h->reporter = mem_strdup(name);
}

static void
fill_domain(struct report_head *h)
{
	char name[DOMAIN_SIZE];

	domain_normalise(h->policy_domain, name, &h->quirks);
	free(h->policy_domain);
	h->policy_domain = mem_strdup(name);
}

enum diag_code
check_head(struct report_head *h, const char *begin, const char *end,
    struct diag *d)
{
	enum diag_code code;

	if (h->org_name == NULL && h->report_id == NULL)
		return diag_set(d, DIAG_FORMAT, REASON_NO_IDENTITY,
		    "report has neither org_name nor report_id");
	code = check_date("begin", begin, &h->begin, &h->quirks, d);
	if (code == DIAG_OK)
		code = check_date("end", end, &h->end, &h->quirks, d);
	if (code != DIAG_OK)
		return code;
	if (h->policy_domain != NULL &&
	    strlen(h->policy_domain) > LIMIT_DOMAIN + 1)
		return diag_set(d, DIAG_LIMIT, REASON_KEY_TOO_LONG,
		    "report's policy_published/domain is over %d bytes",
		    LIMIT_DOMAIN);
	if (h->policy_domain != NULL)
		fill_domain(h);
	if (h->policy_domain == NULL || h->policy_domain[0] == '\0')
		return diag_set(d, DIAG_FORMAT, REASON_NO_POLICY_DOMAIN,
		    "report has no policy_published/domain");
	strip_brackets(h);
	if (h->report_id == NULL)
		h->quirks |= QUIRK_BIT(QUIRK_NO_REPORT_ID);
	fill_reporter(h);
	if (strlen(h->reporter) > LIMIT_KEY_TEXT ||
	    (h->report_id != NULL && strlen(h->report_id) > LIMIT_KEY_TEXT))
		return diag_set(d, DIAG_LIMIT, REASON_KEY_TOO_LONG,
		    "report's org_name or report_id is over %d bytes",
		    LIMIT_KEY_TEXT);
	check_period(h);
	check_policy(h);
	return DIAG_OK;
}
