/*
 * spf_record: the text of an SPF record, taken apart (RFC 7208, section 12).
 *
 * Every term is kept, the broken ones too, with the place of the fault: a
 * check wants to mark it.  Nothing is looked up here.
 */
#ifndef CHECK_SPF_RECORD_H
#define CHECK_SPF_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "common/address.h"

enum spf_kind {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS,
	SPF_REDIRECT, /* from here on modifiers */
	SPF_EXP,
	SPF_OTHER_MODIFIER,
	SPF_NO_MECHANISM, /* a name that is none */
	SPF_KINDS
};

enum spf_fault {
	SPF_FINE,
	SPF_FAULT_MECHANISM,   /* no mechanism has this name */
	SPF_FAULT_NO_ARGUMENT, /* it needs one behind ':' or '=' */
	SPF_FAULT_ARGUMENT,    /* it takes none */
	SPF_FAULT_ADDRESS,     /* no address of this family */
	SPF_FAULT_PREFIX,      /* no length of a prefix */
	SPF_FAULT_DOMAIN,      /* no domain-spec */
	SPF_FAULT_MACRO,       /* no macro, or one that is not allowed here */
	SPF_FAULT_BYTE,        /* not printable ASCII */
	SPF_FAULT_TWICE        /* redirect= or exp= for the second time */
};

/* A part of the record's text. */
struct spf_part {
	size_t at;
	size_t len;
};

struct spf_term {
	enum spf_kind kind;
	char qualifier; /* '+', '-', '~' or '?'; of a modifier: 0 */
	enum spf_fault fault;
	struct spf_part all;
	struct spf_part domain; /* the domain-spec; no length: there is none */
	struct spf_part wrong;  /* with a fault: what is wrong */
	struct address ip;      /* of ip4 and ip6 */
	unsigned prefix4;       /* 32 where none is given */
	unsigned prefix6;       /* 128 */
};

struct spf_record {
	const char *text;
	size_t len;
	struct spf_term *terms;
	size_t n;
};

/* Whether a TXT record claims to be SPF: "v=spf1" and a space or the end. */
bool spf_is_record(const char *text, size_t len);

/*
 * Take the text of a record apart, for which spf_is_record() is true.  text
 * stays the caller's and must outlive r; the terms are freed by
 * spf_record_free().  The first term with a fault, or NULL.
 */
const struct spf_term *
spf_record_parse(struct spf_record *r, const char *text, size_t len);
void spf_record_free(struct spf_record *r);

/* Whether the term asks DNS and so counts as one of ten (section 4.6.4). */
bool spf_asks(enum spf_kind kind);

/* What is wrong, in a few words. */
const char *spf_fault_text(enum spf_fault fault);

/* Whether kind is a modifier's. */
bool spf_is_modifier(enum spf_kind kind);

#endif
