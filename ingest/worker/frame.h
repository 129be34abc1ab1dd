/*
 * frame: the protocol between a worker and its parent, over two pipes.
 *
 * Both are the same program on the same machine, so numbers are sent as they
 * lie in memory.  A frame is a header and a body.  A text is its length plus
 * one (0 is NULL), its bytes, and a NUL that is not counted.  This is the
 * writer's side; replay.h reads and validates.
 */
#ifndef INGEST_FRAME_H
#define INGEST_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "ingest/decode/decode.h"

enum frame_type {
	FRAME_ITEM = 1, /* to the worker: the bytes of an item */
	FRAME_READY, /* from the worker, like all below: it is in the sandbox */
	FRAME_FAILED, /* it could not enter the sandbox; why */
	FRAME_CHUNK,  /* a call of decode()'s sink */
	FRAME_FORGET,
	FRAME_LEAF,
	FRAME_DONE, /* the item has ended */
	FRAME_TYPES
};

struct frame_header {
	uint32_t type;
	uint32_t len; /* of the body */
};

struct frame {
	enum frame_type type;
	char *body;
	size_t len;
};

/*
 * Look for a frame at the start of bytes[0..len).  Returns its length with the
 * header, 0 when it is incomplete; *bad: it is not a frame, or is too long.
 */
size_t
frame_look(void *bytes, size_t len, size_t most, struct frame *f, bool *bad);

/* Append a frame. size: the worker's address space before its first item. */
void frame_ready(struct buf *out, uint64_t size);
void frame_failed(struct buf *out, const struct diag *why);
void frame_chunk(struct buf *out, const struct report_head *head,
    const struct chunk *chunk);
void frame_forget(struct buf *out);
void frame_leaf(struct buf *out, const struct leaf *leaf);
void frame_done(struct buf *out);

/* ---- what lies in the bodies, in this order ------------------------------- */

/* CHUNK: the head, this, the profiles, the records, the bad records. */
struct frame_chunk_counts {
	uint32_t profiles;
	uint32_t records;
	uint32_t bad;
};

/* A profile: this, header_from, envelope_from, disposition, eval_dkim,
 * eval_spf; of each result domain, qualifier, result; the reasons.  The reader
 * computes what follows from these, such as the digest. */
struct frame_profile {
	uint32_t len; /* of the profile, with this number */
	uint32_t n_dkim;
	uint32_t n_spf;
	uint32_t n_reasons;
	char adkim;
	char aspf;
	char arc_pass;
	char unused;
};

/* A record: this, and the texts that it says there are. */
struct frame_record {
	int64_t count;
	uint32_t profile;
	uint8_t family;
	uint8_t has_envelope_to;
	uint8_t has_remarks;
	uint8_t unused;
	uint8_t ip[16];
};

/* A bad record: this, detail, fields. */
struct frame_bad {
	uint64_t number;
	uint32_t reason;
	uint32_t unused;
};

/* A head: this and its texts, in the order of enum head_text; its
 * errors come last. */
struct frame_head {
	int64_t begin;
	int64_t end;
	uint64_t quirks;
	int32_t pct;
	uint32_t n_errors;
	uint32_t rfc9990;
	uint32_t kind;
};

/* LEAF: this, part, message_id, from, auth_results, text, the head, what a TLS
 * report or a failure report says. */
struct frame_leaf {
	uint32_t kind;
	uint32_t code;
	uint32_t reason;
	uint32_t has_head;
	uint32_t has_totals;
	uint32_t has_mail;
	uint32_t has_tls;
	uint32_t has_failure;
	int64_t mail_date;
	int64_t records;
	int64_t bad;
	int64_t messages;
	int64_t passes;
	uint32_t salvaged;
	unsigned char content_hash[32];
	uint32_t unused_too;
};

/* What a TLS report says: this, the policies, the failures. */
struct frame_tls {
	uint32_t policies;
	uint32_t failures;
};

/* What a failure report says: this and its texts, in the order of enum
 * failure_text. */
struct frame_failure {
	int64_t arrival;
	int64_t incidents;
};

/* A policy: this and its texts, in the order of tls_policy_texts(). */
struct frame_tls_policy {
	int64_t successes;
	int64_t failures;
};

/* A failure: this and its texts, in the order of tls_failure_texts(). */
struct frame_tls_failure {
	int64_t sessions;
	uint32_t policy;
	uint32_t unused;
};

#endif
