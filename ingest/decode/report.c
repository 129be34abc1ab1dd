/* report: an aggregate report as it travels from decode to store. */
#include "ingest/decode/report.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
	[QUIRK_ADDRESS_AS_DOMAIN] = "address_as_domain",
	[QUIRK_ANGLE_REPORT_ID] = "angle_report_id",
	[QUIRK_BAD_PCT] = "bad_pct",
	[QUIRK_BAD_SOURCE_IP] = "bad_source_ip",
	[QUIRK_BARE_REASON] = "bare_reason",
	[QUIRK_CAPITAL_VALUE] = "capital_value",
	[QUIRK_COUNT_AS_TEXT] = "count_as_text",
	[QUIRK_DECIMAL_DATE] = "decimal_date",
	[QUIRK_EMPTY_REASON_TYPE] = "empty_reason_type",
	[QUIRK_EMPTY_RESULT] = "empty_result",
	[QUIRK_HARDFAIL] = "hardfail",
	[QUIRK_IDENTITIES] = "identities",
	[QUIRK_IDN_DOMAIN] = "idn_domain",
	[QUIRK_ISO_DATE] = "iso_date",
	[QUIRK_LONG_PERIOD] = "long_period",
	[QUIRK_MAPPED_ADDRESS] = "mapped_address",
	[QUIRK_NO_COUNTED_MAIL] = "no_counted_mail",
	[QUIRK_NO_HEADER_FROM] = "no_header_from",
	[QUIRK_NO_ORG_NAME] = "no_org_name",
	[QUIRK_NO_POLICY_DOMAIN] = "no_policy_domain_said",
	[QUIRK_NO_RECORDS] = "no_records",
	[QUIRK_NO_REPORT_ID] = "no_report_id",
	[QUIRK_NO_SESSION_COUNT] = "no_session_count",
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

_Static_assert(sizeof(names) == QUIRK_COUNT * sizeof(names[0]) &&
	QUIRK_COUNT <= 64,
    "a quirk has no name, or no bit");

const char *
quirk_name(enum quirk q)
{
	return names[q];
}

/* ---- the head ------------------------------------------------------------- */

static const char *const policies[] = { "none", "quarantine", "reject", NULL };
static const char *const modes[] = { "r", "s", NULL };
static const char *const yes_no[] = { "y", "n", NULL };
static const char *const methods[] = { "psl", "treewalk", NULL };

#define AT(member) .offset = offsetof(struct report_head, member)
#define TAG(list)  .is_tag = true, .is_content = true, .values = (list)

const struct head_field head_fields[] = {
	[HEAD_VERSION] = { AT(version), "version" },
	[HEAD_ORG_NAME] = { AT(org_name), "org_name", .free_text = true },
	[HEAD_EMAIL] = { AT(email), "email", .free_text = true },
	[HEAD_CONTACT] = { AT(extra_contact_info), "extra_contact_info",
	    .free_text = true },
	[HEAD_REPORT_ID] = { AT(report_id), "report_id" },
	[HEAD_GENERATOR] = { AT(generator), "generator", .free_text = true,
	    .rfc9990 = true },
	/* Worked out by check_head(). */
	[HEAD_REPORTER] = { AT(reporter), "reporter" },
	[HEAD_POLICY_DOMAIN] = { AT(policy_domain), "domain" },
	[HEAD_P] = { AT(p), "p", TAG(policies) },
	[HEAD_SP] = { AT(sp), "sp", TAG(policies) },
	/* Google sends it in reports of RFC 7489, too. */
	[HEAD_NP] = { AT(np), "np", TAG(policies) },
	[HEAD_ADKIM] = { AT(adkim), "adkim", TAG(modes) },
	[HEAD_ASPF] = { AT(aspf), "aspf", TAG(modes) },
	[HEAD_FO] = { AT(fo), "fo", TAG(NULL) },
	[HEAD_TESTING] = { AT(testing), "testing", TAG(yes_no),
	    .rfc9990 = true },
	[HEAD_DISCOVERY] = { AT(discovery_method), "discovery_method",
	    TAG(methods), .rfc9990 = true },
};

/* t_report.c looks for a row that was forgotten between others. */
_Static_assert(sizeof(head_fields) == HEAD_TEXTS * sizeof(head_fields[0]),
    "the last text of a head has no row");

char **
head_text(struct report_head *h, enum head_text which)
{
	return (char **)(void *)((char *)h + head_fields[which].offset);
}

void
report_head_free(struct report_head *h)
{
	for (int i = 0; i < HEAD_TEXTS; i++)
		free(*head_text(h, (enum head_text)i));
	for (size_t i = 0; i < h->n_errors; i++)
		free(h->errors[i]);
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
