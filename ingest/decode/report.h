/*
 * report: an aggregate report as it travels from decode to store, and the head
 * that all kinds of reports have.
 *
 * A report has a head, and its records come in chunks, so that one of a
 * million records needs no more memory than one of a thousand.  Within a chunk
 * a record refers to an auth profile, the distinct combination of identifiers
 * and results that most records share.  All strings are valid UTF-8 without
 * control characters; NULL means that the reporter did not say.
 */
#ifndef INGEST_REPORT_H
#define INGEST_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/reason.h"
#include "ingest/limits.h"

/* Oddities of a report, a bit each; the names are in quirk_name(). */
enum quirk {
	QUIRK_ADDRESS_AS_DOMAIN,
	QUIRK_ANGLE_REPORT_ID,
	QUIRK_BAD_PCT,
	QUIRK_BAD_SOURCE_IP,
	QUIRK_BARE_REASON,
	QUIRK_CAPITAL_VALUE,
	QUIRK_COUNT_AS_TEXT,
	QUIRK_DECIMAL_DATE,
	QUIRK_EMPTY_REASON_TYPE,
	QUIRK_EMPTY_RESULT,
	QUIRK_HARDFAIL,
	QUIRK_IDENTITIES,
	QUIRK_IDN_DOMAIN,
	QUIRK_ISO_DATE,
	QUIRK_LONG_PERIOD,
	QUIRK_MAPPED_ADDRESS,
	QUIRK_NO_COUNTED_MAIL,
	QUIRK_NO_HEADER_FROM,
	QUIRK_NO_ORG_NAME,
	QUIRK_NO_POLICY_DOMAIN,
	QUIRK_NO_RECORDS,
	QUIRK_NO_REPORT_ID,
	QUIRK_NO_SESSION_COUNT,
	QUIRK_NO_SOURCE_IP,
	QUIRK_NO_VERDICT,
	QUIRK_ODD_ORDER,
	QUIRK_REPEATED_SECTION,
	QUIRK_REVERSED_DATES,
	QUIRK_TOO_MANY_RESULTS,
	QUIRK_TRAILING_DOT,
	QUIRK_UNKNOWN_DISPOSITION,
	QUIRK_UNKNOWN_ELEMENT,
	QUIRK_UNKNOWN_POLICY,
	QUIRK_UNKNOWN_REASON,
	QUIRK_UNKNOWN_RESULT,
	QUIRK_UNKNOWN_VERDICT,
	QUIRK_VALUE_CUT,
	QUIRK_WRONG_ENCODING,
	QUIRK_ZERO_PERIOD,
	QUIRK_COUNT
};

#define QUIRK_BIT(q) ((uint64_t)1 << (q))

/* The name of a quirk as it stands in report.quirks. */
const char *quirk_name(enum quirk q);

enum report_kind {
	REPORT_AGGREGATE,
	REPORT_TLS /* RFC 8460; see tls_report.h */
};

/*
 * The texts of a head, in the order in which they cross the pipe.  report.c has
 * a row for each, and elements.c the names of their elements; what reads,
 * sends, keeps and stores a head loops over them.
 */
enum head_text {
	HEAD_VERSION,
	HEAD_ORG_NAME,
	HEAD_EMAIL,
	HEAD_CONTACT,
	HEAD_REPORT_ID,
	HEAD_GENERATOR,
	HEAD_REPORTER,
	HEAD_POLICY_DOMAIN,
	HEAD_P,
	HEAD_SP,
	HEAD_NP,
	HEAD_ADKIM,
	HEAD_ASPF,
	HEAD_FO,
	HEAD_TESTING,
	HEAD_DISCOVERY,
	HEAD_TEXTS
};

struct report_head {
	enum report_kind kind;
	char *version;
	bool rfc9990;
	char *org_name;
	char *email;
	char *extra_contact_info;
	char *report_id;
	char *generator;
	char *errors[LIMIT_ERRORS];
	size_t n_errors;
	int64_t begin; /* seconds since 1970, UTC */
	int64_t end;
	char *reporter; /* for the key; see report_head_settle() */
	char *policy_domain;
	char *p, *sp, *np, *adkim, *aspf, *fo, *testing, *discovery_method;
	int pct; /* -1: not sent */
	uint64_t quirks;
};

/* What is the same for all reports. */
struct head_field {
	size_t offset;      /* of the text in struct report_head */
	const char *column; /* of incoming_report, where it is stored */
	bool free_text;     /* for people: no wrong character changes it */
	bool rfc9990;       /* RFC 7489 does not have it */
	/*
	 * A tag of the policy: lower case, and one of these values (all are
	 * fine when values is NULL).
	 */
	bool is_tag;
	const char *const *values;
	/* Reports that differ in it alone differ.  Not for a text that is new:
	 * reports that were stored without it would differ from themselves. */
	bool is_content;
};

extern const struct head_field head_fields[HEAD_TEXTS];

/* Where the text of h is. */
char **head_text(struct report_head *h, enum head_text which);

void report_head_free(struct report_head *h);

/* Of the 32 bytes of a profile's digest, for a GHashTable. */
unsigned digest_hash(const void *digest);
int digest_equal(const void *a, const void *b);

/* The first day (seconds since 1970) that the report counts for: the UTC date
 * of the middle of its period. */
int64_t report_day(const struct report_head *h);

enum alignment {
	ALIGN_UNKNOWN,
	ALIGN_NONE,
	ALIGN_RELAXED,
	ALIGN_STRICT
};

struct auth_result {
	const char *domain;
	const char *qualifier; /* DKIM: the selector; SPF: the scope */
	const char *result;
	const char *org_domain;
	enum alignment alignment;
};

struct auth_profile {
	unsigned char digest[32]; /* SHA-256 over all that follows */
	const char *header_from;
	const char *header_from_org;
	const char *envelope_from;
	char adkim; /* r or s: the mode that applied */
	char aspf;
	bool arc_pass;
	const char *disposition;
	const char *eval_dkim;
	const char *eval_spf;
	struct auth_result *dkim;
	size_t n_dkim;
	struct auth_result *spf;
	size_t n_spf;
	const char **reasons;
	size_t n_reasons;
};

struct record {
	uint32_t profile;     /* index into the chunk's profiles */
	unsigned char family; /* 0: no address; 4; 6 */
	unsigned char ip[16];
	int64_t count;
	const char *envelope_to;
	const char *remarks; /* one a line; NULL: none */
};

/* A record that could not be read. */
struct bad_record {
	uint64_t number; /* from 1 */
	enum reason reason;
	const char *detail;
	const char *fields; /* what it said, name and value, one a line */
};

struct chunk {
	struct auth_profile *profiles;
	size_t n_profiles;
	struct record *records;
	size_t n_records;
	struct bad_record *bad;
	size_t n_bad;
};

struct report_totals {
	int64_t records; /* record elements, bad ones included */
	int64_t bad;
	int64_t messages;
	int64_t passes;
	bool salvaged;
	unsigned char content_hash[32];
};

#endif
