/* decode: every fixture as fixtures/EXPECTED.tsv states it, and more. */
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>

#include "common/num.h"
#include "ingest/limits.h"
#include "tests/unit/unit.h"

#define REPORT(id)                                                         \
	"<feedback><report_metadata><org_name>O</org_name><report_id>" id  \
	"</report_id><date_range><begin>0</begin><end>86399</end>"         \
	"</date_range></report_metadata><policy_published>"                \
	"<domain>d.example</domain><p>none</p></policy_published><record>" \
	"<row><source_ip>192.0.2.1</source_ip><count>2</count></row>"      \
	"</record></feedback>"

enum column {
	FILE_NAME,
	OUTCOME,
	ORG_NAME,
	REPORT_ID,
	POLICY_DOMAIN,
	BEGIN,
	END,
	RECORDS,
	MESSAGES,
	PASSES,
	NOTE,
	COLUMNS
};

/* Cut a line at its tabs; its columns. */
static size_t
split(char *line, char *fields[COLUMNS])
{
	size_t n = 0;

	for (char *p = line; n < COLUMNS && p != NULL; n++) {
		fields[n] = p;
		p = strchr(p, '\t');
		if (p != NULL)
			*p++ = '\0';
	}
	return n;
}

static bool
is_text(const char *got, const char *want)
{
	if (strcmp(want, "-") == 0)
		return got == NULL || got[0] == '\0';
	return got != NULL && strcmp(got, want) == 0;
}

static bool
is_number(int64_t got, const char *want)
{
	int64_t n;

	return num_int64(want, INT64_MIN, INT64_MAX, &n) && n == got;
}

/* A TLS report has no records and no messages. */
static bool
has_sums(const struct seen_leaf *l, char *const f[COLUMNS])
{
	if (l->report_kind == REPORT_TLS)
		return strcmp(f[RECORDS], "-") == 0;
	return is_number(l->totals.records, f[RECORDS]) &&
	    is_number(l->totals.messages, f[MESSAGES]) &&
	    is_number(l->totals.passes, f[PASSES]);
}

static bool
is_as_stated(const struct seen_leaf *l, char *const f[COLUMNS])
{
	const char *kind = l->kind == LEAF_REPORT ? "stored" :
	    l->kind == LEAF_BAD                   ? "set_aside" :
	    l->kind == LEAF_FAILURE               ? "failure_report" :
						    "not_report";
	const char *bad = strstr(f[NOTE], "bad_records=");

	if (strstr(f[OUTCOME], kind) == NULL)
		return false;
	if (l->kind == LEAF_FAILURE)
		return is_text(l->policy_domain, f[POLICY_DOMAIN]);
	if (l->kind != LEAF_REPORT)
		return true;
	return is_text(l->org_name, f[ORG_NAME]) &&
	    is_text(l->report_id, f[REPORT_ID]) &&
	    is_text(l->policy_domain, f[POLICY_DOMAIN]) &&
	    is_number(l->begin, f[BEGIN]) && is_number(l->end, f[END]) &&
	    has_sums(l, f) &&
	    l->totals.bad == (bad == NULL ? 0 : atol(bad + 12)) &&
	    l->totals.salvaged == (strncmp(f[NOTE], "salvaged", 8) == 0);
}

static void
check_promises(const char *name, const struct seen *seen)
{
	size_t not_reports = 0;

	CHECK(seen->n >= 1, "%s", name);
	for (size_t i = 0; i < seen->n; i++) {
		const struct seen_leaf *l = &seen->leaves[i];

		not_reports += l->kind == LEAF_NOT_REPORT;
		CHECK(l->kind == LEAF_REPORT || l->kind == LEAF_FAILURE ||
			(l->diag.reason != REASON_NONE &&
			    l->diag.text[0] != '\0'),
		    "%s, leaf %zu", name, i);
		CHECK_INT(l->totals.records, l->sums.records, "%s, leaf %zu",
		    name, i);
		CHECK_INT(l->totals.bad, l->sums.bad, "%s, leaf %zu", name, i);
		CHECK_INT(l->totals.messages, l->sums.messages, "%s, leaf %zu",
		    name, i);
		CHECK_INT(l->totals.passes, l->sums.passes, "%s, leaf %zu",
		    name, i);
	}
	CHECK(not_reports == 0 || seen->n == 1, "%s: %zu of %zu", name,
	    not_reports, seen->n);
	CHECK(unit_is_text(seen_text(seen), "\n\t"), "%s", name);
}

/* The leaves of one file, not yet found in the table. */
struct file {
	char name[300];
	struct seen seen;
	bool *stated;
};

static void
open_file(struct file *file, const char *name)
{
	struct seen again = { 0 };
	char path[400];
	struct buf b;

	*file = (struct file){ 0 };
	(void)snprintf(file->name, sizeof(file->name), "%s", name);
	(void)snprintf(path, sizeof(path), "fixtures/%s", name);
	b = unit_file(path);
	seen_decode(&file->seen, b.data, b.len);
	check_promises(name, &file->seen);
	/* A pure function: the same again, in another place. */
	seen_decode(&again, b.data, b.len);
	CHECK_STR(seen_text(&again), seen_text(&file->seen), "%s, again", name);
	seen_free(&again);
	buf_free(&b);
	file->stated = calloc(file->seen.n + 1, sizeof(bool));
	if (file->stated == NULL)
		abort();
}

/* What the table did not state must not be there. */
static void
close_file(struct file *file)
{
	for (size_t i = 0; i < file->seen.n; i++)
		CHECK(file->stated[i] ||
			file->seen.leaves[i].kind == LEAF_NOT_REPORT,
		    "%s: not stated: leaf %zu, %s", file->name, i,
		    file->seen.leaves[i].diag.text);
	seen_free(&file->seen);
	free(file->stated);
	*file = (struct file){ 0 };
}

static void
check_line(struct file *file, char *const f[COLUMNS])
{
	for (size_t i = 0; i < file->seen.n; i++)
		if (!file->stated[i] &&
		    is_as_stated(&file->seen.leaves[i], f)) {
			file->stated[i] = true;
			CHECK(true, "%s", file->name);
			return;
		}
	CHECK(false, "%s: want %s %s %s %s, %s; got\n%.3000s", file->name,
	    f[OUTCOME], f[RECORDS], f[MESSAGES], f[PASSES], f[NOTE],
	    seen_text(&file->seen));
}

static void
fixtures_are_as_stated(void)
{
	struct buf table = unit_file("fixtures/EXPECTED.tsv");
	struct file file = { 0 };
	char *fields[COLUMNS];
	char *next = table.data;
	char *line;
	size_t rows = 0;

	while (next != NULL && (line = strsep(&next, "\n")) != NULL) {
		if (line[0] == '\0' || line[0] == '#' ||
		    strncmp(line, "file\t", 5) == 0)
			continue;
		if (!CHECK_INT(split(line, fields), COLUMNS, "%s", line))
			continue;
		if (strcmp(fields[FILE_NAME], file.name) != 0) {
			close_file(&file);
			open_file(&file, fields[FILE_NAME]);
		}
		/* what a source leaves out is not decode's to know */
		if (strcmp(fields[OUTCOME], "left_out") == 0)
			file.stated[0] = true;
		else
			check_line(&file, fields);
		rows++;
	}
	close_file(&file);
	CHECK(rows > 200, "%zu rows", rows);
	buf_free(&table);
}

/* ---- archives made here ------------------------------------------------ */

struct member {
	const char *name;
	const char *text;
};

static struct buf
make_zip(const struct member *members, size_t n)
{
	struct archive *a = archive_write_new();
	size_t used = 0;
	struct buf b;

	buf_init(&b, LIMIT_MIB);
	for (size_t i = 0; i < LIMIT_MIB; i += 1024)
		(void)buf_append(&b, (char[1024]){ 0 }, 1024);
	(void)archive_write_set_format_zip(a);
	(void)archive_write_open_memory(a, b.data, b.len, &used);
	for (size_t i = 0; i < n; i++) {
		struct archive_entry *e = archive_entry_new();

		archive_entry_set_pathname(e, members[i].name);
		archive_entry_set_size(e, (la_int64_t)strlen(members[i].text));
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_perm(e, 0644);
		(void)archive_write_header(a, e);
		(void)archive_write_data(a, members[i].text,
		    strlen(members[i].text));
		archive_entry_free(e);
	}
	(void)archive_write_close(a);
	(void)archive_write_free(a);
	buf_truncate(&b, used);
	return b;
}

/* One line a leaf: kind, part, reason. */
static void
summary(const struct seen *seen, char *to, size_t size)
{
	size_t n = 0;

	to[0] = '\0';
	for (size_t i = 0; i < seen->n && n < size; i++) {
		const struct seen_leaf *l = &seen->leaves[i];
		const int k = snprintf(to + n, size - n, "%s%s%s%s %s",
		    i > 0 ? "; " : "",
		    l->kind == LEAF_REPORT  ? "report" :
			l->kind == LEAF_BAD ? "bad" :
					      "not",
		    l->part[0] == '\0' ? "" : " ", l->part,
		    l->kind == LEAF_REPORT ? l->report_id :
					     reason_name(l->diag.reason));

		n += (size_t)k;
	}
}

#define UNKNOWN "\x01\x02\x03 no kind of file \xf5"
#define PLAIN   "Subject: x\n\nhello\n"

static void
archives_are_taken_apart(void)
{
	static const struct {
		const char *what;
		struct member members[4];
		size_t n;
		const char *want;
	} rows[] = {
		{ "nothing", { { NULL, NULL } }, 0, "not empty" },
		{ "a report", { { "a.xml", REPORT("1") } }, 1,
		    "report a.xml 1" },
		{ "two and a text",
		    { { "a.xml", REPORT("1") }, { "readme", "hello" },
			{ "b.xml", REPORT("2") } },
		    3, "report a.xml 1; report b.xml 2" },
		{ "a text", { { "readme", "hello" } }, 1, "not readme other" },
		{ "an empty file", { { "a.xml", "" } }, 1, "not a.xml empty" },
		{ "two texts: the first is told of",
		    { { "a", "hello" }, { "b", "<html>" } }, 2, "not a other" },
		{ "shadows of macOS",
		    { { "__MACOSX/._a.xml", REPORT("0") },
			{ "._a.xml", REPORT("0") }, { "a.xml", REPORT("1") } },
		    3, "report a.xml 1" },
		{ "only shadows", { { "__MACOSX/a.xml", REPORT("0") } }, 1,
		    "not empty" },
		{ "a bad one first",
		    { { "a.xml", "<feedback/>" }, { "b.xml", REPORT("1") } }, 2,
		    "bad a.xml no_identity; report b.xml 1" },
		{ "records before the head, then another",
		    { { "a.xml",
			  "<feedback><record><row><count>1</count></row>"
			  "</record><report_metadata><report_id>1"
			  "</report_id><date_range><begin>0</begin>"
			  "<end>9</end></date_range></report_metadata>"
			  "<policy_published><domain>d.example</domain>"
			  "</policy_published></feedback>" },
			{ "b.xml", REPORT("2") } },
		    2, "report a.xml 1; report b.xml 2" },
		{ "a name like a path", { { "../../x", REPORT("1") } }, 1,
		    "report ../../x 1" },
		{ "a name to be cleaned", { { "a\x1b[m\n.xml", REPORT("1") } },
		    1, "report a?[m?.xml 1" },
		{ "a mail without a report, then a report",
		    { { "a.eml", "Subject: x\n\nhello\n" },
			{ "b.xml", REPORT("1") } },
		    2, "report b.xml 1" },
		{ "two mails without a report",
		    { { "a.eml", "Subject: x\n\nhello\n" },
			{ "b.eml", "Subject: y\n\nhello\n" } },
		    2, "not a.eml plain_mail" },
		{ "a mail with a report",
		    { { "a.eml",
			"Subject: x\nContent-Type: text/xml\n\n" REPORT(
			    "1") } },
		    1, "report a.eml 1" },
		{ "what nobody knows, then a mail without a report",
		    { { "a.bin", UNKNOWN }, { "b.eml", PLAIN } }, 2,
		    "bad a.bin unknown_format" },
		{ "the same the other way round",
		    { { "a.eml", PLAIN }, { "b.bin", UNKNOWN } }, 2,
		    "bad b.bin unknown_format" },
		{ "what nobody knows, then a report",
		    { { "a.bin", UNKNOWN }, { "b.xml", REPORT("1") } }, 2,
		    "bad a.bin unknown_format; report b.xml 1" },
		{ "the same the other way round",
		    { { "a.xml", REPORT("1") }, { "b.bin", UNKNOWN } }, 2,
		    "report a.xml 1; bad b.bin unknown_format" },
		{ "what a program keeps for itself",
		    { { "m/dovecot.index", UNKNOWN }, { ".DS_Store", UNKNOWN },
			{ "Thumbs.db", UNKNOWN }, { "b.xml", REPORT("1") } },
		    4, "report b.xml 1" },
		{ "an empty one with the name of a report",
		    { { "a!b!1!2.xml", "" }, { "b.xml", REPORT("1") } }, 2,
		    "not a!b!1!2.xml report_missing; report b.xml 1" },
		{ "a text that begins with a word",
		    { { "a", "from here on\n" }, { "b.xml", REPORT("1") } }, 2,
		    "report b.xml 1" },
	};
	char got[500];

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct buf zip = make_zip(rows[i].members, rows[i].n);
		struct seen seen = { 0 };

		seen_decode(&seen, zip.data, zip.len);
		check_promises(rows[i].what, &seen);
		summary(&seen, got, sizeof(got));
		CHECK_STR(got, rows[i].want, "%s", rows[i].what);
		seen_free(&seen);
		buf_free(&zip);
	}
}

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define PART(name, text)                                                      \
	"--b\nContent-Type: application/octet-stream; name=" name "\n\n" text \
	"\n"
#define RAR "Rar!\x1a\x07\x01"

static void
mails_are_taken_apart(void)
{
	static const struct {
		const char *what;
		const char *mail;
		const char *want;
	} rows[] = {
		{ "a text", "Subject: x\n\nhello\n", "not plain_mail" },
		{ "nothing", "Subject: x\n\n", "not plain_mail" },
		{ "a report as its text", "Subject: x\n\n" REPORT("1"),
		    "report 1" },
		{ "a text and a picture",
		    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
		    "hello\n--b\nContent-Type: image/png; name=a.png\n\n"
		    "\x89PNG\n--b--\n",
		    "not a.png other" },
		{ "a text and a report",
		    "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
		    "hello\n--b\nContent-Type: text/xml; name=a.xml\n\n" REPORT(
			"1") "\n--b--\n",
		    "report a.xml 1" },
		{ "text that looks like a mail",
		    "Subject: x\n\nNote: hello\nmore\n", "not plain_mail" },
		{ "text that begins with From", "Subject: x\n\nFrom here on\n",
		    "not plain_mail" },
		{ "a bounce",
		    "Content-Type: multipart/report; boundary=b;"
		    " report-type=delivery-status\n\n--b\n\nhello\n--b--\n",
		    "not bounce" },
		{ "a failure report",
		    "Content-Type: multipart/report; boundary=b;"
		    " report-type=feedback-report\n\n--b\n\nhello\n--b--\n",
		    "not failure_report" },
		{ "a TLS report that is not there",
		    "TLS-Report-Domain: a\n\n{}\n", "not report_missing" },
		{ "a mail attached to a mail",
		    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
		    "Content-Type: application/octet-stream; name=m\n\n"
		    "Subject: y\nContent-Type: text/xml\n\n" REPORT(
			"1") "\n--b--\n",
		    "report m 1" },
		{ "an mbox of two: a text, a report",
		    "From a Mon Nov  2 03:00:00 2026\nSubject: x\n\nhello\n\n"
		    "From a Mon Nov  2 03:00:00 2026\nSubject: x\n\n" REPORT(
			"1") "\n",
		    "report 1" },
		{ "an mbox of a mail about TLS and one that names a report",
		    "From a Mon Nov  2 03:00:00 2026\n"
		    "TLS-Report-Domain: a\n\n{}\n\n"
		    "From a Mon Nov  2 03:00:00 2026\n"
		    "Subject: Report Domain: a Report-ID: 1\n\nhello\n",
		    "not report_missing; not report_missing" },
		{ "an mbox with a mail that lies in another",
		    "From a Mon Nov  2 03:00:00 2026\nSubject: x\n\nhello\n\n"
		    "From a Mon Nov  2 03:00:00 2026\n\nFrom: a@b\nTo: c@d\n"
		    "Subject: y\n\n" REPORT("2") "\n",
		    "report 2; not mbox_lines" },
		{ "something else, a rar and a report",
		    MIXED PART("a.bin", UNKNOWN) PART("a.rar", RAR)
			PART("a.xml", REPORT("1")) "--b--\n",
		    "report a.xml 1; bad unknown_format" },
		{ "the same the other way round",
		    MIXED PART("a.xml", REPORT("1")) PART("a.rar", RAR)
			PART("a.bin", UNKNOWN) "--b--\n",
		    "report a.xml 1; bad unknown_format" },
		{ "something else and a report",
		    MIXED PART("a.bin", UNKNOWN)
			PART("a.xml", REPORT("1")) "--b--\n",
		    "report a.xml 1" },
		{ "an mbox of two texts",
		    "From a Mon Nov  2 03:00:00 2026\nSubject: x\n\nhello\n\n"
		    "From a Mon Nov  2 03:00:00 2026\nSubject: x\n\nhello\n",
		    "not plain_mail" },
	};
	char got[500];

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct seen seen = { 0 };

		seen_decode(&seen, rows[i].mail, strlen(rows[i].mail));
		check_promises(rows[i].what, &seen);
		summary(&seen, got, sizeof(got));
		CHECK_STR(got, rows[i].want, "%s", rows[i].what);
		seen_free(&seen);
	}
}

/* The outermost mail is the one that carried it here. */
static void
leaves_know_their_mail(void)
{
	static const char mail[] =
	    "Message-ID: <outer@a>\n"
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	    "Content-Type: message/rfc822\n\n"
	    "Message-ID: <inner@a>\nContent-Type: text/xml\n\n" REPORT(
		"1") "\n--b--\n";
	struct seen seen = { 0 };

	seen_decode(&seen, mail, sizeof(mail) - 1);
	CHECK_INT(seen.n, 1, "mail");
	CHECK(seen.leaves[0].has_mail, "mail");
	CHECK_STR(seen.leaves[0].message_id, "outer@a", "mail");
	seen_free(&seen);
	seen_decode(&seen, REPORT("1"), sizeof(REPORT("1")) - 1);
	CHECK(!seen.leaves[0].has_mail, "no mail");
	seen_free(&seen);
}

static void
stops_when_the_sink_says_so(void)
{
	static const struct member members[] = {
		{ "a.xml", REPORT("1") },
		{ "b.xml", REPORT("2") },
		{ "c.xml", "<feedback>" },
	};
	struct buf zip = make_zip(members, ROWS(members));
	struct seen seen = { .stop_leaf = true };

	seen_decode(&seen, zip.data, zip.len);
	CHECK_INT(seen.n, 1, "leaf");
	CHECK_INT(seen.after_stop, 0, "leaf");
	seen_free(&seen);
	seen.stop_chunk = true;
	seen_decode(&seen, zip.data, zip.len);
	CHECK_INT(seen.chunks, 1, "chunk");
	CHECK_INT(seen.n, 0, "chunk");
	CHECK_INT(seen.after_stop, 0, "chunk");
	seen_free(&seen);
	buf_free(&zip);
}

/* Each takes a parser, and is no report. */
static void
opens_no_more_than_it_may(void)
{
	static const char one[] = "<?xml version=\"1.0\"?><a/></feedback>\n";
	struct seen seen = { 0 };
	struct buf b;

	buf_init(&b, 10 << 20);
	CHECK(buf_add(&b, "hello\n"), "text");
	for (int i = 0; i < LIMIT_DOCUMENTS + 1; i++)
		CHECK(buf_add(&b, one), "%d", i);
	seen_decode(&seen, b.data, b.len);
	CHECK_INT(seen.n, 1, "leaves");
	CHECK_STR(reason_name(seen.leaves[0].diag.reason), "too_many_documents",
	    "reason");
	seen_free(&seen);
	buf_free(&b);
}

static CU_TestInfo tests[] = {
	{ "fixtures_are_as_stated", fixtures_are_as_stated },
	{ "archives_are_taken_apart", archives_are_taken_apart },
	{ "mails_are_taken_apart", mails_are_taken_apart },
	{ "leaves_know_their_mail", leaves_know_their_mail },
	{ "stops_when_the_sink_says_so", stops_when_the_sink_says_so },
	{ "opens_no_more_than_it_may", opens_no_more_than_it_may },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_decode_suites[] = {
	{ "decode", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
