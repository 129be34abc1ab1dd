/* domain: domain names as we keep them, and who belongs to whom. */
#include "ingest/decode/domain.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <idn2.h>
#include <libpsl.h>

static const psl_ctx_t *suffixes;

void
domain_init(void)
{
	/* The newer of the system's list and the one built in. */
	suffixes = psl_latest(NULL);
	if (suffixes == NULL)
		suffixes = psl_builtin();
}

static bool
is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

/* To A-labels (RFC 5891); false: it cannot be. */
static bool
to_a_labels(const char *s, char out[DOMAIN_SIZE])
{
	char *a = NULL;
	bool ok = idn2_to_ascii_8z(s, &a,
		      IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK &&
	    strlen(a) <= LIMIT_DOMAIN;

	if (ok)
		(void)snprintf(out, DOMAIN_SIZE, "%s", a);
	idn2_free(a);
	return ok;
}

/* At most max bytes of s, and no half character at the end. */
static size_t
whole_characters(const char *s, size_t max)
{
	size_t n = strnlen(s, max + 1);

	if (n <= max)
		return n;
	n = max;
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return n;
}

void
domain_normalise(const char *s, char out[DOMAIN_SIZE], uint64_t *quirks)
{
	const char *at = strrchr(s, '@');
	size_t n;

	if (at != NULL) {
		s = at + 1;
		*quirks |= QUIRK_BIT(QUIRK_ADDRESS_AS_DOMAIN);
	}
	if (!is_ascii(s)) {
		*quirks |= QUIRK_BIT(QUIRK_IDN_DOMAIN);
		if (!to_a_labels(s, out)) {
			n = whole_characters(s, LIMIT_DOMAIN);
			memcpy(out, s, n);
			out[n] = '\0';
		}
	} else {
		if (strlen(s) > LIMIT_DOMAIN + 1)
			*quirks |= QUIRK_BIT(QUIRK_VALUE_CUT);
		n = strnlen(s, DOMAIN_SIZE - 1);
		memcpy(out, s, n);
		out[n] = '\0';
	}
	n = strlen(out);
	while (n > 0 && (out[n - 1] == '.' || out[n - 1] == '>')) {
		out[--n] = '\0';
		*quirks |= QUIRK_BIT(QUIRK_TRAILING_DOT);
	}
	if (n > LIMIT_DOMAIN) {
		out[LIMIT_DOMAIN] = '\0';
		*quirks |= QUIRK_BIT(QUIRK_VALUE_CUT);
	}
	for (char *p = out; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
}

/* An address has no public suffix, whatever the list says; nor has a list of
 * domains, which some reporters write when From has several addresses. */
static bool
has_no_org(const char *name)
{
	return strpbrk(name, ":, ") != NULL ||
	    strspn(name, "0123456789.") == strlen(name);
}

const char *
domain_org(const char *name)
{
	const char *org = NULL;

	if (!has_no_org(name))
		org = psl_registrable_domain(suffixes, name);
	return org == NULL ? name : org;
}

enum alignment
domain_alignment(const char *name, const char *org, const char *header_from,
    const char *from_org)
{
	if (name == NULL || header_from == NULL || name[0] == '\0' ||
	    header_from[0] == '\0')
		return ALIGN_UNKNOWN;
	if (strpbrk(header_from, ", ") != NULL)
		return ALIGN_UNKNOWN;
	if (strcmp(name, header_from) == 0)
		return ALIGN_STRICT;
	if (strcmp(org, from_org) == 0)
		return ALIGN_RELAXED;
	return ALIGN_NONE;
}
