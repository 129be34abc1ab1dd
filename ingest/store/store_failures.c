/* store_failures: failure reports of a batch into the database. */
#include "ingest/store/store_failures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/base16.h>
#include <nettle/sha2.h>

#include "common/mem.h"
#include "gen/sql.h"

/* ---- redaction ---------------------------------------------------------------- */

/* What ends the local part of an address, towards its front. */
#define LOCAL_ENDS " \t<>(),;:\""

/* How much of "smtp.mailfrom=someone" is the name of a property: all up to the
 * "=", behind which anything may be, also another one. */
static size_t
property_length(const char *s, size_t n)
{
	static const char *const begin[] = { "smtp.", "header.", "policy.",
		"envelope-from=" };
	const char *equals = memchr(s, '=', n);

	for (size_t i = 0; equals != NULL && i < sizeof(begin) / sizeof(*begin);
	     i++)
		if (strncmp(s, begin[i], strlen(begin[i])) == 0)
			return (size_t)(equals + 1 - s);
	return 0;
}

/* Where in s[0..n), which is before an "@", its local part begins. */
static size_t
local_start(const char *s, size_t n)
{
	size_t at = n;

	/* A quoted one may have anything in it. */
	if (n > 1 && s[n - 1] == '"') {
		at--;
		while (at > 0 && s[at - 1] != '"')
			at--;
		return at > 0 ? at - 1 : 0;
	}
	while (at > 0 && strchr(LOCAL_ENDS, s[at - 1]) == NULL)
		at--;
	return at + property_length(s + at, n - at);
}

/* "a <b@c.example>, d@e.example" is "a <@c.example>, @e.example". */
static char *
without_local_parts(const char *s)
{
	char *out = mem_strdup(s);
	size_t n = 0;

	for (; *s != '\0'; s++) {
		if (*s == '@')
			n = local_start(out, n);
		out[n++] = *s;
	}
	out[n] = '\0';
	return out;
}

/* Of From no more than its address: the name before it is a person's. */
static char *
only_domain(const char *s)
{
	const char *at = strrchr(s, '@');
	char *out;

	if (at == NULL)
		return NULL;
	out = mem_strdup(at);
	out[strcspn(out, " \t<>(),;\"")] = '\0';
	return out;
}

char *
failure_redacted(enum failure_text which, const char *s)
{
	if (s == NULL)
		return NULL;
	switch (which) {
	case FAILURE_SUBJECT:
	case FAILURE_MESSAGE_ID:
		return NULL;
	case FAILURE_MAIL_FROM:
	case FAILURE_RCPT_TO:
	case FAILURE_FROM:
	case FAILURE_DKIM_IDENTITY:
		return only_domain(s);
	default:
		return without_local_parts(s);
	}
}

/* ---- the statement --------------------------------------------------------------- */

/* Texts by parameter, from the first one on: what is kept of what is not counted. */
static const enum failure_text personal[] = { FAILURE_MAIL_FROM,
	FAILURE_RCPT_TO, FAILURE_FROM, FAILURE_SUBJECT, FAILURE_MESSAGE_ID,
	FAILURE_DKIM_IDENTITY, FAILURE_SPF_DNS, FAILURE_AUTH_RESULTS,
	FAILURE_ALIGNMENT, FAILURE_MTA, FAILURE_AGENT };

#define PERSONAL 16 /* the first of them; the one before says how they are */
#define PARAMS   (PERSONAL + sizeof(personal) / sizeof(personal[0]))

/* Numbers as texts, for as long as the statement needs them. */
struct numbers {
	char digest[2 + 64 + 1]; /* hex form of bytea */
	char incidents[24];
	char arrival[24];
	char mail_date[24];
};

static void
set_numbers(struct numbers *n, const struct document_row *doc)
{
	uint8_t digest[SHA256_DIGEST_SIZE];

	failure_digest(doc->failure, doc->message_id, digest);
	memcpy(n->digest, "\\x", 2);
	base16_encode_update(n->digest + 2, sizeof(digest), digest);
	n->digest[sizeof(n->digest) - 1] = '\0';
	(void)snprintf(n->incidents, sizeof(n->incidents), "%lld",
	    (long long)doc->failure->incidents);
	(void)snprintf(n->arrival, sizeof(n->arrival), "%lld",
	    (long long)doc->failure->arrival);
	(void)snprintf(n->mail_date, sizeof(n->mail_date), "%lld",
	    (long long)doc->mail_date);
}

static void
set_params(const char *params[PARAMS], const struct numbers *n,
    const struct document_row *doc, const char *source, enum failure_keep keep)
{
	char *const *texts = doc->failure->texts;

	params[0] = n->digest;
	params[1] = texts[FAILURE_DOMAIN];
	params[2] = texts[FAILURE_TYPE];
	params[3] = texts[FAILURE_RESULT];
	params[4] = n->incidents;
	params[5] = doc->failure->arrival == 0 ? NULL : n->arrival;
	params[6] = doc->mail_date <= 0 ? NULL : n->mail_date;
	params[10] = source;
	params[11] = doc->part[0] == '\0' ? NULL : doc->part;
	params[12] = doc->message_id;
	params[13] = doc->mail_from;
	params[14] = doc->mail_auth;
	if (keep == FAILURE_KEEP_COUNT)
		return;
	params[7] = texts[FAILURE_SOURCE_IP];
	params[8] = texts[FAILURE_DKIM_DOMAIN];
	params[9] = texts[FAILURE_DKIM_SELECTOR];
	params[PERSONAL - 1] = keep == FAILURE_KEEP_REDACTED ? "t" : "f";
}

static enum diag_code
store_one(struct db *db, struct document_row *doc, const char *source,
    enum failure_keep keep, struct diag *d)
{
	const char *params[PARAMS] = { NULL };
	char *texts[PARAMS] = { NULL };
	struct numbers n;
	PGresult *res = NULL;
	enum diag_code code;

	set_numbers(&n, doc);
	set_params(params, &n, doc, source, keep);
	for (size_t i = PERSONAL; i < PARAMS && keep != FAILURE_KEEP_COUNT;
	     i++) {
		const enum failure_text which = personal[i - PERSONAL];
		const char *s = doc->failure->texts[which];

		texts[i] = keep == FAILURE_KEEP_REDACTED ?
		    failure_redacted(which, s) :
		    NULL;
		params[i] = keep == FAILURE_KEEP_REDACTED ? texts[i] : s;
	}
	code = db_query(db, &res, sql_store_failure, PARAMS, params, d);
	if (code == DIAG_OK && PQntuples(res) == 0)
		doc->outcome = OUTCOME_DUPLICATE;
	PQclear(res);
	for (size_t i = PERSONAL; i < PARAMS; i++)
		free(texts[i]);
	return code;
}

enum diag_code
store_failures(struct db *db, struct batch *b, size_t from, size_t to,
    enum failure_keep keep, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	for (size_t i = from; i < to; i++) {
		const struct batch_item *item = batch_item(b, i);
		const size_t end = item->documents + item->n_documents;

		for (size_t k = item->documents; k < end && code == DIAG_OK;
		     k++) {
			struct document_row *doc = batch_document(b, k);

			if (doc->outcome == OUTCOME_FAILURE_REPORT)
				code = store_one(db, doc,
				    item->errand.item.name, keep, d);
		}
	}
	return code;
}

enum diag_code
store_forget_failures(struct db *db, int days, struct diag *d)
{
	char text[24];
	const char *params[] = { text };

	(void)snprintf(text, sizeof(text), "%d", days);
	return db_run(db, sql_forget_failures, 1, params, d);
}
