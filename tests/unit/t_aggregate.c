/*
 * aggregate: from elements to a report, in every order and dialect.  unit.c
 * says how a report looks as text.
 */
#include <string.h>

#include "ingest/limits.h"
#include "tests/unit/unit.h"

#define Q(name) QUIRK_BIT(QUIRK_##name)

#define META                                                              \
	"<report_metadata><org_name>O</org_name><report_id>I</report_id>" \
	"<date_range><begin>0</begin><end>86399</end></date_range>"       \
	"</report_metadata>"
#define POLICY                                                    \
	"<policy_published><domain>d.example</domain><p>none</p>" \
	"</policy_published>"
#define ROW                                                                  \
	"<row><source_ip>192.0.2.1</source_ip><count>2</count>"              \
	"<policy_evaluated><disposition>none</disposition><dkim>pass</dkim>" \
	"<spf>fail</spf></policy_evaluated></row>"
#define FROM             "<identifiers><header_from>d.example</header_from></identifiers>"
#define RECORD           "<record>" ROW FROM "<auth_results/></record>"
#define FEEDBACK(inside) "<feedback>" inside "</feedback>"

#define ROW_TEXT         "192.0.2.1 2 d.example \"-\" - none pass fail\n"
#define HEAD_TEXT                                            \
	"leaf report \"\"\nhead - O - I d.example 0 86399\n" \
	"policy none - - - - - - - -1\nmore o - - rfc7489\n"

static const struct row {
	const char *what;
	const char *xml;
	const char *want; /* is in the text */
	uint64_t quirks;
} good[] = {
	{ "plain", FEEDBACK(META POLICY RECORD), ROW_TEXT HEAD_TEXT, 0 },
	{ "no record", FEEDBACK(META POLICY), HEAD_TEXT, Q(NO_RECORDS) },
	{ "policy first", FEEDBACK(POLICY META RECORD), ROW_TEXT HEAD_TEXT, 0 },
	{ "record first", FEEDBACK(RECORD META POLICY), ROW_TEXT HEAD_TEXT,
	    Q(ODD_ORDER) },
	{ "record between", FEEDBACK(META RECORD POLICY), ROW_TEXT HEAD_TEXT,
	    Q(ODD_ORDER) },
	{ "inside out",
	    FEEDBACK(
		META POLICY "<record><auth_results/>" FROM ROW "</record>"),
	    ROW_TEXT HEAD_TEXT, 0 },
	{ "capitals",
	    "<Feedback>" META POLICY "<RECORD>" ROW FROM "</RECORD></Feedback>",
	    ROW_TEXT HEAD_TEXT, 0 },
	{ "prefixes",
	    "<x:feedback xmlns:x='urn:x'>" META POLICY RECORD "</x:feedback>",
	    ROW_TEXT HEAD_TEXT, 0 },
	{ "another root around it",
	    "<xs:schema xmlns:xs='urn:y'>" FEEDBACK(
		META POLICY RECORD) "</xs:schema>",
	    ROW_TEXT HEAD_TEXT, 0 },
	{ "white space and lines",
	    FEEDBACK(META POLICY
		"<record><row><source_ip>\n 192.0.2.1\t</source_ip>"
		"<count> 2\n</count><policy_evaluated><disposition> none "
		"</disposition><dkim>\npass</dkim><spf>fail\r\n</spf>"
		"</policy_evaluated></row><identifiers><header_from> "
		"d.example </header_from></identifiers></record>"),
	    ROW_TEXT HEAD_TEXT, 0 },
	{ "an extension with a record in it",
	    FEEDBACK(
		META POLICY "<extension>" RECORD META "</extension>" RECORD),
	    ROW_TEXT "leaf", 0 },
	{ "an unknown element with a record in it",
	    FEEDBACK(META POLICY "<x>" RECORD "</x>" RECORD), ROW_TEXT "leaf",
	    Q(UNKNOWN_ELEMENT) },
	{ "records in a wrapper",
	    FEEDBACK(META POLICY "<records>" RECORD RECORD "</records>"),
	    ROW_TEXT ROW_TEXT HEAD_TEXT, Q(UNKNOWN_ELEMENT) },
	{ "known names at wrong places",
	    FEEDBACK("<org_name>wrong</org_name><count>7</count>" META POLICY
		    RECORD),
	    ROW_TEXT HEAD_TEXT, Q(UNKNOWN_ELEMENT) },
	{ "the first that is not empty counts",
	    FEEDBACK("<report_metadata><org_name/><org_name>O</org_name>"
		     "<org_name>P</org_name><report_id>I</report_id>"
		     "<report_id>J</report_id><date_range><begin>0</begin>"
		     "<begin>7</begin><end>86399</end></date_range>"
		     "</report_metadata>" POLICY RECORD),
	    ROW_TEXT HEAD_TEXT, 0 },
	{ "two policies",
	    FEEDBACK(META POLICY "<policy_published><domain>e.example</domain>"
				 "<p>reject</p></policy_published>" RECORD),
	    ROW_TEXT HEAD_TEXT, Q(REPEATED_SECTION) },
	{ "two metadata", FEEDBACK(META META POLICY RECORD), ROW_TEXT HEAD_TEXT,
	    Q(REPEATED_SECTION) },
	{ "everything of RFC 7489",
	    FEEDBACK("<version>1.0</version><report_metadata>"
		     "<org_name>O</org_name><email>a@b</email>"
		     "<extra_contact_info>c</extra_contact_info>"
		     "<report_id>I</report_id><date_range><begin>0</begin>"
		     "<end>86399</end></date_range><error>e 1</error>"
		     "<error/><error>e 2</error></report_metadata>"
		     "<policy_published><domain>d.example</domain>"
		     "<adkim>r</adkim><aspf>s</aspf><p>none</p><sp>reject</sp>"
		     "<pct>50</pct><fo>1:d</fo></policy_published>" RECORD),
	    "head 1.0 O a@b I d.example 0 86399\n"
	    "policy none reject - r s 1:d - - 50\nmore o - c rfc7489\n"
	    "error e 1\nerror e 2\nquirks\n",
	    0 },
	{ "everything of RFC 9990",
	    "<feedback xmlns='urn:ietf:params:xml:ns:dmarc-2.0'>"
	    "<report_metadata><org_name>O</org_name><report_id>I</report_id>"
	    "<date_range><begin>0</begin><end>86399</end></date_range>"
	    "<generator>g</generator></report_metadata><policy_published>"
	    "<domain>d.example</domain><discovery_method>treewalk"
	    "</discovery_method><p>none</p><np>reject</np>"
	    "<testing>y</testing></policy_published><extension/>" RECORD
	    "</feedback>",
	    "policy none - reject - - - y treewalk -1\n"
	    "more o g - rfc9990\n",
	    0 },
	{ "the namespace alone",
	    "<feedback xmlns='urn:ietf:params:xml:ns:dmarc-2.0'>" META POLICY
		RECORD "</feedback>",
	    "rfc9990\n", 0 },
	{ "np alone is not RFC 9990 (Google)",
	    FEEDBACK(
		META "<policy_published><domain>d.example</domain>"
		     "<p>none</p><np>reject</np></policy_published>" RECORD),
	    "rfc7489\n", 0 },
	{ "tags of the record that mean nothing here",
	    FEEDBACK(META "<policy_published><domain>d.example</domain>"
			  "<p>none</p><rf>afrf</rf><ri>86400</ri><psd>n</psd>"
			  "</policy_published>" RECORD),
	    ROW_TEXT HEAD_TEXT, 0 },
	{ "pct that is none",
	    FEEDBACK(
		META "<policy_published><domain>d.example</domain>"
		     "<p>none</p><pct>101</pct></policy_published>" RECORD),
	    ROW_TEXT HEAD_TEXT, Q(BAD_PCT) },
	{ "identities",
	    FEEDBACK(
		META POLICY "<record>" ROW "<identities>"
			    "<header_from>d.example</header_from></identities>"
			    "</record>"),
	    ROW_TEXT HEAD_TEXT, Q(IDENTITIES) },
	{ "results",
	    FEEDBACK(META POLICY
		"<record>" ROW FROM "<auth_results>"
		"<spf><domain>b.d.example</domain><scope>mfrom</scope>"
		"<result>pass</result></spf><dkim><domain>d.example</domain>"
		"<selector>s</selector><result>pass</result><human_result>h"
		"</human_result></dkim><dkim><domain>e.example</domain>"
		"<result>fail</result></dkim></auth_results></record>"),
	    ROW_TEXT "  dkim d.example s pass strict\n"
		     "  dkim e.example - fail none\n"
		     "  spf b.d.example mfrom pass relaxed\n"
		     "  remarks dkim: h\n" HEAD_TEXT,
	    0 },
	{ "reasons",
	    FEEDBACK(META POLICY
		"<record><row><source_ip>192.0.2.1"
		"</source_ip><count>2</count><policy_evaluated>"
		"<disposition>none</disposition><dkim>pass</dkim>"
		"<spf>fail</spf><reason><type>local_policy</type>"
		"<comment>arc=pass</comment></reason><reason>"
		"<type>forwarded</type></reason></policy_evaluated></row>" FROM
		"</record>"),
	    "192.0.2.1 2 d.example \"-\" - none pass fail arc\n"
	    "  reason local_policy\n  reason forwarded\n"
	    "  remarks reason: arc=pass\n",
	    0 },
	{ "a bare reason",
	    FEEDBACK(
		META POLICY "<record><row><source_ip>192.0.2.1"
			    "</source_ip><count>2</count><policy_evaluated>"
			    "<disposition>none</disposition><dkim>pass</dkim>"
			    "<spf>fail</spf><reason>sampled_out</reason>"
			    "</policy_evaluated></row>" FROM "</record>"),
	    ROW_TEXT "  reason sampled_out\n", Q(BARE_REASON) },
	{ "control characters in texts become blanks",
	    FEEDBACK("<report_metadata><org_name>&#9;a&#10;&#13; b&#x7f;"
		     "</org_name><report_id>I</report_id><date_range>"
		     "<begin>0</begin><end>86399</end></date_range>"
		     "</report_metadata>" POLICY RECORD),
	    "head - a b - I ", 0 },
	{ "one bad record of three",
	    FEEDBACK(META POLICY RECORD "<record><row><count>x</count></row>"
					"</record>" RECORD),
	    ROW_TEXT ROW_TEXT "bad 2 bad_count count is no number of "
			      "messages, or too large\ncount\tx\n"
			      "leaf report",
	    0 },
};

static void
reads(void)
{
	for (size_t i = 0; i < ROWS(good); i++) {
		struct seen seen = { 0 };

		seen_decode(&seen, good[i].xml, strlen(good[i].xml));
		CHECK_INT(seen.n, 1, "%s", good[i].what);
		if (CHECK_INT(seen.leaves[0].kind, LEAF_REPORT, "%s: %s",
			good[i].what, seen.leaves[0].diag.text)) {
			CHECK(strstr(seen_text(&seen), good[i].want) != NULL,
			    "%s: want\n%sgot\n%s", good[i].what, good[i].want,
			    seen_text(&seen));
			CHECK_INT(seen.leaves[0].quirks, good[i].quirks, "%s",
			    good[i].what);
			CHECK(!seen.leaves[0].totals.salvaged, "%s",
			    good[i].what);
		}
		seen_free(&seen);
	}
}

static void
refuses(void)
{
	static const struct {
		const char *what;
		const char *xml;
		enum leaf_kind kind;
		const char *reason;
	} rows[] = {
		{ "nothing in it", FEEDBACK(""), LEAF_BAD, "no_identity" },
		{ "no metadata", FEEDBACK(POLICY RECORD), LEAF_BAD,
		    "no_identity" },
		{ "no policy", FEEDBACK(META RECORD), LEAF_BAD,
		    "no_policy_domain" },
		{ "no dates",
		    FEEDBACK("<report_metadata><org_name>O</org_name>"
			     "</report_metadata>" POLICY RECORD),
		    LEAF_BAD, "no_date_range" },
		{ "two reports in one",
		    "<x>" FEEDBACK(META POLICY RECORD)
			FEEDBACK(META POLICY RECORD) "</x>",
		    LEAF_BAD, "several_reports" },
		{ "a report in a report",
		    FEEDBACK(FEEDBACK(META POLICY RECORD)), LEAF_BAD,
		    "no_identity" },
		{ "records where nobody looks",
		    FEEDBACK(META POLICY "<rows>" RECORD "</rows>"), LEAF_BAD,
		    "broken_xml" },
		{ "records deeper where nobody looks",
		    FEEDBACK(META POLICY "<x><rows>" RECORD "</rows></x>"),
		    LEAF_BAD, "broken_xml" },
		{ "another root", "<schema><element/></schema>",
		    LEAF_NOT_REPORT, "xml_other" },
		{ "a root like it", "<feedbacks>" META "</feedbacks>",
		    LEAF_NOT_REPORT, "xml_other" },
		{ "a page", "<html><body/></html>", LEAF_NOT_REPORT, "html" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct seen seen = { 0 };

		seen_decode(&seen, rows[i].xml, strlen(rows[i].xml));
		CHECK_INT(seen.n, 1, "%s", rows[i].what);
		CHECK_INT(seen.leaves[0].kind, rows[i].kind, "%s: %s",
		    rows[i].what, seen.leaves[0].diag.text);
		CHECK_STR(reason_name(seen.leaves[0].diag.reason),
		    rows[i].reason, "%s", rows[i].what);
		CHECK_INT(seen.records_at, seen.text.len, "%s", rows[i].what);
		CHECK(strstr(seen_text(&seen), "192.0.2.1") == NULL, "%s: %s",
		    rows[i].what, seen_text(&seen));
		seen_free(&seen);
	}
}

/*
 * Broken XML is salvaged when the damage lies outside of the records and all
 * of them ended: nobody can say what a damaged record said.
 */
static void
salvages_what_is_whole(void)
{
	static const struct {
		const char *what;
		const char *xml;
		bool salvaged;
	} rows[] = {
		{ "an entity in the metadata",
		    "<feedback><report_metadata><email>a&nbsp;b</email>"
		    "<org_name>O</org_name><report_id>I</report_id>"
		    "<date_range><begin>0</begin><end>86399</end>"
		    "</date_range></report_metadata>" POLICY RECORD
		    "</feedback>",
		    true },
		{ "an entity in a record's comment",
		    FEEDBACK(META POLICY
			"<record><row><source_ip>192.0.2.1"
			"</source_ip><count>2</count><policy_evaluated>"
			"<disposition>none</disposition><dkim>pass</dkim>"
			"<spf>fail</spf><reason><comment>a&nbsp;b</comment>"
			"</reason></policy_evaluated></row>" FROM "</record>"),
		    true },
		{ "the last > missing",
		    "<feedback>" META POLICY RECORD "</feedback", true },
		{ "the end missing", "<feedback>" META POLICY RECORD, true },
		{ "text behind", FEEDBACK(META POLICY RECORD) "hello", true },
		{ "a tag behind", FEEDBACK(META POLICY RECORD) "<br/>&", true },
		{ "its end twice", FEEDBACK(META POLICY RECORD) "</feedback>",
		    true },
		{ "text behind and an entity in it",
		    "<feedback>" META POLICY RECORD "&nbsp;</feedback>\n--\n",
		    true },
		{ "another report behind",
		    FEEDBACK(META POLICY RECORD) FEEDBACK(META POLICY RECORD),
		    false },
		{ "another one, with a prefix",
		    FEEDBACK(META POLICY RECORD) "x<a:Feedback>", false },
		{ "the beginning of another one",
		    FEEDBACK(META POLICY RECORD) "\n<feedback", true },
		{ "cut in a record",
		    "<feedback>" META POLICY RECORD "<record><row>", false },
		{ "cut in a record, behind its row",
		    "<feedback>" META POLICY RECORD "<record>" ROW, false },
		{ "cut before any record", "<feedback>" META POLICY, false },
		{ "a wrong end tag in a record",
		    FEEDBACK(META POLICY RECORD
			"<record>" ROW FROM
			"<auth_results></auth_result></record>" RECORD),
		    false },
		{ "an end tag missing in a record",
		    FEEDBACK(META POLICY
			"<record>" ROW "<identifiers>"
			"<header_from>d.example</identifiers></record>" RECORD),
		    false },
		{ "no good record",
		    "<feedback>" META POLICY "<record></record>", false },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct seen seen = { 0 };

		seen_decode(&seen, rows[i].xml, strlen(rows[i].xml));
		CHECK_INT(seen.n, 1, "%s", rows[i].what);
		CHECK_INT(seen.leaves[0].kind,
		    rows[i].salvaged ? LEAF_REPORT : LEAF_BAD, "%s: %s",
		    rows[i].what, seen.leaves[0].diag.text);
		if (rows[i].salvaged) {
			CHECK(seen.leaves[0].totals.salvaged, "%s",
			    rows[i].what);
			CHECK_INT(seen.leaves[0].totals.messages, 2, "%s",
			    rows[i].what);
		} else {
			CHECK_STR(reason_name(seen.leaves[0].diag.reason),
			    "broken_xml", "%s", rows[i].what);
			CHECK(strstr(seen_text(&seen), "192.0.2.1") == NULL,
			    "%s", rows[i].what);
		}
		seen_free(&seen);
	}
}

/*
 * A report that breaks is a bad report, however it begins: not something that
 * is no report, and none of its records stays behind.
 */
static void
a_broken_report_is_a_report(void)
{
	static const struct {
		const char *what;
		const char *start;
	} rows[] = {
		{ "plain", "<feedback>" },
		{ "declared", "<?xml version='1.0'?><feedback>" },
		{ "prefixed", "<x:feedback xmlns:x='urn:x'>" },
		{ "capitals", "<Feedback>" },
		{ "inside of another root", "<x><!-- long --><y/><feedback>" },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		for (int many = 0; many < 2; many++) {
			struct seen seen = { 0 };
			struct buf b;

			buf_init(&b, 8 * LIMIT_MIB);
			(void)buf_add(&b, rows[i].start);
			(void)buf_add(&b, META POLICY);
			for (int k = 0; k < (many ? 5000 : 1); k++)
				(void)buf_add(&b, RECORD);
			(void)buf_add(&b, "<record>");
			seen_decode(&seen, b.data, b.len);
			CHECK_INT(seen.n, 1, "%s", rows[i].what);
			CHECK_INT(seen.leaves[0].kind, LEAF_BAD, "%s: %s",
			    rows[i].what, seen.leaves[0].diag.text);
			CHECK_INT(seen.leaves[0].sums.records, 0,
			    "%s, %s: forgotten", rows[i].what,
			    many ? "many" : "one");
			seen_free(&seen);
			buf_free(&b);
		}
}

/* Texts that go into messages, in any script and of any length. */
static void
what_it_is_instead_can_be_shown(void)
{
	for (size_t pad = 0; pad < 3; pad++) {
		struct seen seen = { 0 };
		char xml[200] = "<aaa";
		size_t n = 2 + pad;

		for (size_t i = 0; i < 40; i++, n += 3)
			memcpy(xml + n, "\xe3\x81\x82", 3);
		memcpy(xml + n, "/>", 3);
		seen_decode(&seen, xml, strlen(xml));
		CHECK_STR(reason_name(seen.leaves[0].diag.reason), "xml_other",
		    "%zu", pad);
		CHECK(unit_is_text(seen.leaves[0].diag.text, ""), "%zu: %s",
		    pad, seen.leaves[0].diag.text);
		seen_free(&seen);
	}
}

static CU_TestInfo tests[] = {
	{ "reads", reads },
	{ "refuses", refuses },
	{ "salvages_what_is_whole", salvages_what_is_whole },
	{ "a_broken_report_is_a_report", a_broken_report_is_a_report },
	{ "what_it_is_instead_can_be_shown", what_it_is_instead_can_be_shown },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_aggregate_suites[] = {
	{ "aggregate", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
