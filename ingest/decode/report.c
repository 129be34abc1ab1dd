/* report: an aggregate report as it travels from decode to store. */
#include "ingest/decode/report.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[QUIRK_COUNT] = {
	[QUIRK_ADDRESS_AS_DOMAIN] = "address_as_domain",
	[QUIRK_ANGLE_REPORT_ID] = "angle_report_id",
	[QUIRK_BAD_PCT] = "bad_pct",
	[QUIRK_BAD_SOURCE_IP] = "bad_source_ip",
	[QUIRK_BARE_REASON] = "bare_reason",
	[QUIRK_CAPITAL_VALUE] = "capital_value",
	[QUIRK_DECIMAL_DATE] = "decimal_date",
	[QUIRK_EMPTY_REASON_TYPE] = "empty_reason_type",
	[QUIRK_EMPTY_RESULT] = "empty_result",
	[QUIRK_HARDFAIL] = "hardfail",
	[QUIRK_IDENTITIES] = "identities",
	[QUIRK_IDN_DOMAIN] = "idn_domain",
	[QUIRK_LONG_PERIOD] = "long_period",
	[QUIRK_MAPPED_ADDRESS] = "mapped_address",
	[QUIRK_NO_COUNTED_MAIL] = "no_counted_mail",
	[QUIRK_NO_HEADER_FROM] = "no_header_from",
	[QUIRK_NO_ORG_NAME] = "no_org_name",
	[QUIRK_NO_RECORDS] = "no_records",
	[QUIRK_NO_REPORT_ID] = "no_report_id",
	[QUIRK_NO_SOURCE_IP] = "no_source_ip",
	[QUIRK_NO_VERDICT] = "no_verdict",
	[QUIRK_ODD_ORDER] = "odd_order",
	[QUIRK_REPEATED_SECTION] = "repeated_section",
	[QUIRK_REVERSED_DATES] = "reversed_dates",
	[QUIRK_TOO_MANY_RESULTS] = "too_many_results",
	[QUIRK_TRAILING_DOT] = "trailing_dot",
	[QUIRK_UNKNOWN_DISPOSITION] = "unknown_disposition",
	[QUIRK_UNKNOWN_ELEMENT] = "unknown_element",
	[QUIRK_UNKNOWN_POLICY] = "unknown_policy",
	[QUIRK_UNKNOWN_REASON] = "unknown_reason",
	[QUIRK_UNKNOWN_RESULT] = "unknown_result",
	[QUIRK_UNKNOWN_VERDICT] = "unknown_verdict",
	[QUIRK_VALUE_CUT] = "value_cut",
	[QUIRK_WRONG_ENCODING] = "wrong_encoding",
	[QUIRK_ZERO_PERIOD] = "zero_period",
};

const char *
quirk_name(enum quirk q)
{
	return names[q];
}

void
report_head_free(struct report_head *h)
{
	free(h->version);
	free(h->org_name);
	free(h->email);
	free(h->extra_contact_info);
	free(h->report_id);
	free(h->generator);
	for (size_t i = 0; i < h->n_errors; i++)
		free(h->errors[i]);
	free(h->reporter);
	free(h->policy_domain);
	free(h->p);
	free(h->sp);
	free(h->np);
	free(h->adkim);
	free(h->aspf);
	free(h->fo);
	free(h->testing);
	free(h->discovery_method);
	*h = (struct report_head){ .pct = -1 };
}

int64_t
report_day(const struct report_head *h)
{
	const int64_t middle = h->begin + (h->end - h->begin) / 2;

	return middle - middle % 86400;
}

unsigned
digest_hash(const void *digest)
{
	unsigned h;

	/* A digest is as random as a hash wants to be. */
	memcpy(&h, digest, sizeof(h));
	return h;
}

int
digest_equal(const void *a, const void *b)
{
	return memcmp(a, b, 32) == 0;
}
