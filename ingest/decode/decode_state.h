/*
 * decode_state: what the steps of decode() share while they take an item apart.
 */
#ifndef INGEST_DECODE_STATE_H
#define INGEST_DECODE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "ingest/decode/decode.h"
#include "ingest/decode/sniff.h"

/* What cannot be read, the likelier a report the further down. */
enum unknown {
	UNKNOWN_NOTHING, /* there is no such thing */
	UNKNOWN_BYTES,
	UNKNOWN_UNSUPPORTED, /* an archive or its like */
	UNKNOWN_SECRET       /* encrypted */
};

struct decoding {
	struct profile_memo *memo;
	const struct decode_sink *sink;
	size_t budget;     /* bytes that may still be unpacked */
	int archive_depth; /* archives around us */
	int filter_depth;  /* compressions around us */
	int mail_depth;    /* mails around us */
	int wrap_depth;    /* encodings in encodings around us */
	const struct mail_info *mail;
	struct buf path;
	bool named; /* the part at hand has the name of a report */
	bool stopped;
	bool found;      /* a report, good or bad, was handed out */
	bool too_deep;   /* that was reported */
	size_t n_bad;    /* bad documents so far */
	size_t n;        /* documents so far */
	size_t n_opened; /* archives and XML that were opened so far */
	size_t n_met;    /* members of archives so far */
	size_t n_empty;  /* of these, and of parts, what has nothing in it */
	size_t n_full;   /* and what has something, which is no archive */
	int64_t records; /* of all reports so far */
	int repeats;     /* documents that were read more than once */
	/* A part that is no report, in case nothing else is found. */
	char *other_part;
	struct diag other;
	bool other_is_body;
	struct mail_info other_mail;
	bool other_has_mail;
	/* What of the mail cannot be read; and whether a part was met that has
	 * the name of a report and none in it. */
	enum unknown unknown_is;
	struct diag unknown;
	bool is_empty;
	bool is_misnamed;
	bool is_unused;    /* it says that there is nothing to report */
	bool has_bounce;   /* a mail in the mail */
	bool is_complaint; /* feedback of another kind than a failure report */
};

/* ---- decode.c ---------------------------------------------------------- */

/* Any bytes; body: of a text that is the mail itself. */
void
decode_bytes(struct decoding *dec, const char *bytes, size_t len, bool body);

/* A document has ended. */
void decode_hand_out(struct decoding *dec, struct leaf *leaf);
void decode_bad(struct decoding *dec, const struct diag *d);

/* It is no report. */
void decode_other(struct decoding *dec, bool body, const struct diag *d);
void decode_other_because(struct decoding *dec, bool body, enum reason reason,
    const char *text);

/* It cannot be read: set aside.  In a mail only what has the name of a report, an
 * archive or something encrypted, or where the mail names a report and nothing
 * else turns up. */
void decode_unknown(struct decoding *dec, enum unknown what, enum reason reason,
    const char *text);

/* Go down into a named part; returns the length of path to go back to. */
size_t decode_enter(struct decoding *dec, const char *name);

/* ---- decode_archive.c -------------------------------------------------- */

void decode_archive(struct decoding *dec, const char *bytes, size_t len,
    enum kind kind);

/* XML in memory.  False: it is no report. */
bool decode_xml_bytes(struct decoding *dec, const char *bytes, size_t len,
    bool body);

/* ---- decode_mail.c ----------------------------------------------------- */

void decode_mail(struct decoding *dec, const char *bytes, size_t len);
void decode_mbox(struct decoding *dec, const char *bytes, size_t len);

/* ---- decode_wrapped.c -------------------------------------------------- */

void decode_tnef(struct decoding *dec, const char *bytes, size_t len);
void decode_cms(struct decoding *dec, const char *bytes, size_t len);

/* Text that may hold what should have been an attachment.  True: it does. */
bool decode_text(struct decoding *dec, const char *bytes, size_t len);

/* Reports that stand within something else that is no text, if any. */
void decode_inside(struct decoding *dec, const char *bytes, size_t len);

/* Bytes that may begin with something else than what they are.  True: they
 * do. */
bool decode_behind(struct decoding *dec, const char *bytes, size_t len);

/* Lines of a mail hold base64 of a report that the mail's structure does not
 * lead to. */
bool decode_has_lost_part(const char *bytes, size_t len);

#endif
