/*
 * network: who announces an address, and in which country, from databases in
 * MaxMind's format (libmaxminddb): GeoLite2, DB-IP, IPinfo and their like.
 */
#include "check/network.h"

#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <maxminddb.h>

#include "common/mem.h"
#include "common/num.h"
#include "common/printable.h"

/* AS numbers have 32 bits. */
#define ASN_MAX UINT32_MAX

struct database {
	const char *file; /* NULL: there is none */
	MMDB_s db;
};

struct network {
	struct database asn;
	struct database country;
};

static enum diag_code
open_one(struct database *b, const char *file, struct diag *d)
{
	int status;
	int error;

	if (file == NULL)
		return DIAG_OK;
	errno = 0;
	status = MMDB_open(file, MMDB_MODE_MMAP, &b->db);
	error = errno;
	if (status == MMDB_SUCCESS) {
		b->file = file;
		return DIAG_OK;
	}
	if (status == MMDB_FILE_OPEN_ERROR && error != 0)
		return diag_set(d, DIAG_CONFIG, REASON_NETWORK, "%s: %s", file,
		    strerror(error));
	return diag_set(d, DIAG_CONFIG, REASON_NETWORK,
	    "%s: no database in MaxMind's format, or a broken one (%s)", file,
	    MMDB_strerror(status));
}

enum diag_code
network_open(struct network **out, const char *asn_file,
    const char *country_file, struct diag *d)
{
	struct network *n = mem_calloc(1, sizeof(*n));
	enum diag_code code = open_one(&n->asn, asn_file, d);

	if (code == DIAG_OK)
		code = open_one(&n->country, country_file, d);
	if (code != DIAG_OK) {
		network_close(n);
		return code;
	}
	*out = n;
	return DIAG_OK;
}

void
network_close(struct network *n)
{
	if (n == NULL)
		return;
	if (n->asn.file != NULL)
		MMDB_close(&n->asn.db);
	if (n->country.file != NULL)
		MMDB_close(&n->country.db);
	free(n);
}

static int64_t
made_at(const struct database *b)
{
	/* What a file says of itself may be anything. */
	const uint64_t epoch = b->file == NULL ? 0 : b->db.metadata.build_epoch;

	return epoch > UINT32_MAX ? UINT32_MAX : (int64_t)epoch;
}

int64_t
network_made_at(const struct network *n)
{
	const int64_t asn = made_at(&n->asn);
	const int64_t country = made_at(&n->country);

	return asn > country ? asn : country;
}

static enum diag_code
broken(const struct database *b, int status, struct diag *d)
{
	return diag_set(d, DIAG_CONFIG, REASON_NETWORK, "%s: it is broken: %s",
	    b->file, MMDB_strerror(status));
}

/* The entry of a; *found is false when there is none. */
static enum diag_code
find(const struct database *b, const struct address *a, MMDB_entry_s *entry,
    bool *found, struct diag *d)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	const struct sockaddr *sa = a->family == AF_INET ?
	    (const struct sockaddr *)&in :
	    (const struct sockaddr *)&in6;
	MMDB_lookup_result_s r;
	int status = MMDB_SUCCESS;

	*found = false;
	if (b->file == NULL)
		return DIAG_OK;
	memcpy(&in.sin_addr, a->bytes, sizeof(in.sin_addr));
	memcpy(&in6.sin6_addr, a->bytes, sizeof(in6.sin6_addr));
	r = MMDB_lookup_sockaddr(&b->db, sa, &status);
	if (status == MMDB_IPV6_LOOKUP_IN_IPV4_DATABASE_ERROR)
		return DIAG_OK;
	if (status != MMDB_SUCCESS)
		return broken(b, status, d);
	*found = r.found_entry;
	*entry = r.entry;
	return DIAG_OK;
}

/* The value at this path; *there is false when the entry has none. */
static enum diag_code
value(const struct database *b, MMDB_entry_s *entry, const char *const *path,
    MMDB_entry_data_s *out, bool *there, struct diag *d)
{
	const int status = MMDB_aget_value(entry, out, path);

	*there = status == MMDB_SUCCESS && out->has_data;
	if (status == MMDB_SUCCESS ||
	    status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
		return DIAG_OK;
	return broken(b, status, d);
}

/* A text of the database, cut to size and made fit to be stored. */
static bool
take_text(const MMDB_entry_data_s *v, char *out, size_t size)
{
	size_t n = v->data_size < size - 1 ? v->data_size : size - 1;

	if (v->type != MMDB_DATA_TYPE_UTF8_STRING)
		return false;
	/* Not within a character. */
	while (n > 0 && n < v->data_size &&
	    ((unsigned char)v->utf8_string[n] & 0xc0) == 0x80)
		n--;
	memcpy(out, v->utf8_string, n);
	out[n] = '\0';
	printable(out);
	return out[0] != '\0';
}

/* 15169 or "AS15169" */
static bool
take_asn(const MMDB_entry_data_s *v, int64_t *out)
{
	char text[20];
	const char *s = text;

	switch (v->type) {
	case MMDB_DATA_TYPE_UINT16:
		*out = v->uint16;
		return true;
	case MMDB_DATA_TYPE_UINT32:
		*out = v->uint32;
		return true;
	default:
		break;
	}
	if (!take_text(v, text, sizeof(text)))
		return false;
	if (strncasecmp(s, "AS", 2) == 0)
		s += 2;
	return num_int64(s, 1, ASN_MAX, out);
}

/* A code of two letters; some databases have names in the same place. */
static bool
take_country(const MMDB_entry_data_s *v, char out[3])
{
	char text[4];

	if (!take_text(v, text, sizeof(text)) || strlen(text) != 2 ||
	    !isalpha((unsigned char)text[0]) ||
	    !isalpha((unsigned char)text[1]))
		return false;
	out[0] = (char)toupper((unsigned char)text[0]);
	out[1] = (char)toupper((unsigned char)text[1]);
	out[2] = '\0';
	return true;
}

/* Where the databases that there are have it; the first that fits. */
static const char *const asn_paths[][3] = {
	{ "autonomous_system_number" }, /* GeoLite2, DB-IP */
	{ "asn" },                      /* IPinfo */
};
static const char *const as_name_paths[][3] = {
	{ "autonomous_system_organization" },
	{ "as_name" },
	{ "name" },
};
static const char *const country_paths[][3] = {
	{ "country", "iso_code" },
	{ "country_code" },
	{ "country" },
	{ "registered_country", "iso_code" },
};

enum what {
	ASN,
	AS_NAME,
	COUNTRY
};

static bool
take(enum what what, const MMDB_entry_data_s *v, struct network_answer *out)
{
	switch (what) {
	case ASN:
		return take_asn(v, &out->asn);
	case AS_NAME:
		return take_text(v, out->as_name, sizeof(out->as_name));
	case COUNTRY:
		return take_country(v, out->country);
	}
	return false;
}

static enum diag_code
take_first(const struct database *b, MMDB_entry_s *entry, enum what what,
    const char *const paths[][3], size_t n, struct network_answer *out,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;
	MMDB_entry_data_s v;
	bool there;

	for (size_t i = 0; code == DIAG_OK && i < n; i++) {
		code = value(b, entry, paths[i], &v, &there, d);
		if (code == DIAG_OK && there && take(what, &v, out))
			break;
	}
	return code;
}

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

enum diag_code
network_look_up(const struct network *n, const struct address *a,
    struct network_answer *out, struct diag *d)
{
	MMDB_entry_s entry;
	bool found;
	enum diag_code code = find(&n->asn, a, &entry, &found, d);

	memset(out, 0, sizeof(*out));
	if (code == DIAG_OK && found)
		code = take_first(&n->asn, &entry, ASN, asn_paths,
		    ROWS(asn_paths), out, d);
	if (code == DIAG_OK && found)
		code = take_first(&n->asn, &entry, AS_NAME, as_name_paths,
		    ROWS(as_name_paths), out, d);
	if (code == DIAG_OK)
		code = find(&n->country, a, &entry, &found, d);
	if (code == DIAG_OK && found)
		code = take_first(&n->country, &entry, COUNTRY, country_paths,
		    ROWS(country_paths), out, d);
	return code;
}
