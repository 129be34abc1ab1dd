/*
 * profile: from the texts of a record to its auth profile.
 *
 * Nothing is guessed: what the reporter did not say is NULL, a value outside
 * of the standard stays as text and is flagged.
 */
#ifndef INGEST_PROFILE_H
#define INGEST_PROFILE_H

#include <stdbool.h>

#include <glib.h>
#include <nettle/sha2.h>

#include "common/buf.h"
#include "ingest/decode/raw_record.h"
#include "ingest/decode/report.h"

/*
 * The texts that profiles point to: keywords and domains each once, so that
 * the same text is at the same address.
 */
struct text_pool {
	GStringChunk *strings;
	GHashTable *orgs; /* a domain here, to where its organizational
	                   * domain begins in it, plus one */
	GRegex *arc_pass; /* what a comment says of ARC that passed */
};

void text_pool_init(struct text_pool *names);
void text_pool_clear(struct text_pool *names);
void text_pool_free(struct text_pool *names);

/* All that makes the profile, as bytes to look it up by: the texts, and adkim
 * and aspf, which are the head's. */
void profile_key(struct buf *key, const struct text_pool *names,
    const struct raw_record *raw, const struct report_head *head);

/*
 * Fill in p from the same; its texts lie in names, its lists are freed by
 * profile_clear().  Oddities are added to *quirks.
 */
void profile_make(struct auth_profile *p, struct text_pool *names,
    const struct raw_record *raw, const struct report_head *head,
    uint64_t *quirks);

/* Work out what follows from the rest: digest, organizational domains and
 * alignment.  names: where its texts lie, or NULL.  profile_make() does it,
 * too. */
void profile_complete(struct auth_profile *p, struct text_pool *names);
void profile_clear(struct auth_profile *p);

/* A domain as we keep it, among these texts; NULL for none, "" apart from
 * NULL. */
const char *
profile_domain(GStringChunk *texts, const char *s, uint64_t *quirks);

/* Add a text to a digest, NULL apart from "". */
void profile_digest_text(struct sha256_ctx *sum, const char *s);

#endif
