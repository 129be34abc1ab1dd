/* decode_archive: archives and the documents in them. */
#include "ingest/decode/decode_state.h"

#include <string.h>
#include <strings.h>

#include "ingest/decode/aggregate.h"
#include "ingest/decode/document.h"
#include "ingest/decode/names.h"
#include "ingest/decode/passes.h"
#include "ingest/decode/unpack.h"
#include "ingest/decode/zip_mend.h"
#include "ingest/limits.h"

/* ---- XML --------------------------------------------------------------- */

/* What holds no report is not held, but each takes a parser. */
static bool
may_open(struct decoding *dec)
{
	struct diag d;

	if (dec->n_opened++ < LIMIT_DOCUMENTS)
		return true;
	(void)diag_set(&d, DIAG_LIMIT, REASON_TOO_MANY_DOCUMENTS,
	    "over %d documents in one item", LIMIT_DOCUMENTS);
	decode_bad(dec, &d);
	return false;
}

/* False: it is no report. */
static bool
decode_xml(struct decoding *dec, struct document *doc, const char *start,
    size_t start_len, bool body)
{
	const struct report_sink sink = { dec->sink->ctx, dec->sink->chunk,
		dec->sink->forget };
	struct passes p;
	struct leaf leaf = { 0 };
	struct diag d;

	if (!may_open(dec))
		return true;
	/* All of an item is held until it is stored. */
	if (dec->records >= LIMIT_RECORDS) {
		(void)diag_set(&d, DIAG_LIMIT, REASON_TOO_MANY_RECORDS,
		    "over %d records in one item", LIMIT_RECORDS);
		decode_bad(dec, &d);
		return true;
	}

	passes_run(&p, doc, dec->memo, &sink, start, start_len, &dec->repeats);
	if (p.end == AGGREGATE_OTHER) {
		decode_other(dec, body, &p.diag);
	} else if (p.diag.reason == REASON_STOPPED) {
		dec->stopped = true;
	} else {
		leaf.kind = p.end == AGGREGATE_REPORT ? LEAF_REPORT : LEAF_BAD;
		leaf.head = &p.head;
		leaf.totals = &p.totals;
		dec->records += p.totals.records;
		leaf.diag = p.diag;
		decode_hand_out(dec, &leaf);
	}
	report_head_free(&p.head);
	return p.end != AGGREGATE_OTHER;
}

/* ---- archives ---------------------------------------------------------- */

/* macOS puts a shadow beside each file, in __MACOSX/ and called ._name, and
 * programs their own: what a folder looks like, a mailbox's index. */
static bool
is_junk(const char *name)
{
	const char *base = strrchr(name, '/');

	base = base == NULL ? name : base + 1;
	return strncmp(name, "__MACOSX/", 9) == 0 ||
	    strncmp(base, "._", 2) == 0 || strcmp(base, ".DS_Store") == 0 ||
	    strcasecmp(base, "Thumbs.db") == 0 ||
	    strncmp(base, "dovecot", 7) == 0;
}

static void
decode_nested(struct decoding *dec, struct document *doc)
{
	struct buf all;
	struct diag d;

	buf_init(&all, LIMIT_NESTED);
	if (document_slurp(doc, &all, &d) != DIAG_OK)
		decode_bad(dec, &d);
	else
		decode_bytes(dec, all.data, all.len, false);
	buf_free(&all);
}

/* The report begins within what was looked at; of UTF-16 that is not asked. */
static bool
begins_near(const char *start, size_t len)
{
	return len < SNIFF_BYTES || memchr(start, '\0', len) != NULL ||
	    memmem(start, len, "feedback", 8) != NULL;
}

static void
decode_member(struct decoding *dec, struct document *doc)
{
	char start[SNIFF_BYTES];
	size_t len;
	struct diag d;
	enum kind kind;

	dec->n_met++;
	if (document_peek(doc, start, sizeof(start), &len, &d) != DIAG_OK) {
		decode_bad(dec, &d);
		return;
	}
	kind = sniff(start, len);
	/* The rest of a picture is as harmless. */
	if (kind == KIND_XML && begins_near(start, len)) {
		dec->n_full++;
		(void)decode_xml(dec, doc, start, len, false);
	} else if (kind == KIND_HARMLESS || kind == KIND_HTML ||
	    (kind == KIND_EMPTY && len < sizeof(start))) {
		decode_bytes(dec, start, len, false);
	} else {
		decode_nested(dec, doc);
	}
}

/* Its name promises a report. */
static void
say_missing(struct decoding *dec)
{
	struct leaf leaf = { .kind = LEAF_MISSING };

	if (dec->stopped)
		return;
	(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_REPORT_MISSING,
	    "it has the name of a report, but there is none in it");
	decode_hand_out(dec, &leaf);
}

/* All members of an opened archive. */
static void
decode_members(struct decoding *dec, struct document *doc)
{
	const bool named = dec->named;
	const char *name;
	size_t bad_before = dec->n_bad;
	size_t found_before;
	bool promises;
	struct diag d;
	size_t mark;

	while (!dec->stopped) {
		if (document_next_member(doc, &name, &d) != DIAG_OK) {
			/* What broke the last member breaks this, too. */
			if (dec->n_bad == bad_before)
				decode_bad(dec, &d);
			return;
		}
		if (name == NULL)
			return;
		if (is_junk(name))
			continue;
		mark = decode_enter(dec, name);
		bad_before = dec->n_bad;
		found_before = dec->n;
		/* The name goes when the archive is gone through once more. */
		promises = names_report(name);
		dec->named = name[0] == '\0' ? named : promises;
		decode_member(dec, doc);
		if (promises && dec->n == found_before)
			say_missing(dec);
		dec->named = named;
		buf_truncate(&dec->path, mark);
	}
}

/* A compression is no archive: a tar.gz is one level of archives.  True: there
 * are too many around this one. */
static bool
is_too_deep(struct decoding *dec, enum kind kind)
{
	struct diag d;

	if (sniff_is_filter(kind) ? dec->filter_depth < LIMIT_FILTER_DEPTH :
				    dec->archive_depth < LIMIT_ARCHIVE_DEPTH)
		return false;
	(void)diag_set(&d, DIAG_LIMIT, REASON_NESTED_TOO_DEEPLY,
	    sniff_is_filter(kind) ? "compressed over %d times" :
				    "archives in archives, over %d levels",
	    sniff_is_filter(kind) ? LIMIT_FILTER_DEPTH : LIMIT_ARCHIVE_DEPTH);
	decode_bad(dec, &d);
	return true;
}

static void
decode_one_archive(struct decoding *dec, const char *bytes, size_t len,
    enum kind kind)
{
	int *depth = sniff_is_filter(kind) ? &dec->filter_depth :
					     &dec->archive_depth;
	const size_t met = dec->n_met;
	struct document doc;
	struct diag d;

	if (is_too_deep(dec, kind))
		return;
	if (!may_open(dec))
		return;
	if (document_open_archive(&doc, bytes, len, kind, &dec->budget, &d) !=
	    DIAG_OK) {
		decode_bad(dec, &d);
		return;
	}
	++*depth;
	decode_members(dec, &doc);
	--*depth;
	document_close(&doc);
	/* An archive of nothing is no report. */
	if (dec->n_met == met) {
		dec->n_empty++;
		if (!dec->found && dec->other.code == DIAG_OK)
			decode_other_because(dec, false, REASON_EMPTY,
			    "empty archive");
	}
}

void
decode_archive(struct decoding *dec, const char *bytes, size_t len,
    enum kind kind)
{
	size_t before = kind == KIND_ZIP ? zip_before(bytes, len) : 0;

	while (before > 0 && !dec->stopped) {
		decode_one_archive(dec, bytes + before, len - before, kind);
		len = before;
		before = zip_before(bytes, len);
	}
	if (!dec->stopped)
		decode_one_archive(dec, bytes, len, kind);
}

bool
decode_xml_bytes(struct decoding *dec, const char *bytes, size_t len, bool body)
{
	struct document doc;

	document_open_memory(&doc, bytes, len);
	return decode_xml(dec, &doc, bytes,
	    len < SNIFF_BYTES ? len : SNIFF_BYTES, body);
}
