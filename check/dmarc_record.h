/*
 * dmarc_record: the text of a DMARC record: what it says (RFC 9989, section
 * 4.7), what is wrong with it, and the text that it was meant to be.
 *
 * Nothing is looked up.  A corrected record is handed out only when this same
 * check finds no error in it.
 */
#ifndef CHECK_DMARC_RECORD_H
#define CHECK_DMARC_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "check/finding.h"

enum dmarc_policy {
	DMARC_ABSENT,
	DMARC_NONE,
	DMARC_QUARANTINE,
	DMARC_REJECT
};

/* Where reports go: a mailto: URI that is in order. */
struct dmarc_uri {
	struct tag_part part;
	char *host; /* lower case */
};

#define DMARC_URIS_MAX 20

struct dmarc_record {
	/* It counts: its version is right and no tag is there twice. */
	bool usable;
	enum dmarc_policy p;  /* none where it is missing or wrong */
	enum dmarc_policy sp; /* DMARC_ABSENT where it says nothing */
	enum dmarc_policy np;
	bool testing;                 /* t=y */
	char psd;                     /* 'y', 'n' or 'u' */
	char adkim, aspf;             /* 'r' or 's' */
	bool has_p;                   /* a valid one */
	bool bad_policy;              /* p, sp or np is none */
	struct tag_part sp_at, np_at; /* these tags; len 0: not there */
	struct dmarc_uri rua[DMARC_URIS_MAX];
	size_t n_rua;
	struct dmarc_uri ruf[DMARC_URIS_MAX];
	size_t n_ruf;
	bool has_ruf; /* the tag is there, whatever it says */
	char *fixed;  /* NULL: nothing is to be corrected, or nobody knows */
};

/* Emptied by dmarc_record_free(). */
void dmarc_record_check(struct findings *f, const char *text, size_t len,
    struct dmarc_record *out);
void dmarc_record_free(struct dmarc_record *r);

/* Whether the text begins with v=DMARC1 as a record has to. */
bool dmarc_record_is(const char *text, size_t len);

/* Whether it means to be a record, or was meant to be. */
bool dmarc_record_is_meant(const char *text, size_t len);

/* "none", "quarantine", "reject"; NULL for DMARC_ABSENT. */
const char *dmarc_policy_name(enum dmarc_policy p);

#endif
