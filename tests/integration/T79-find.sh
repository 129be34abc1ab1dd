#!/bin/sh
# What became of a report, a mail or a file; what was kept of it; and what a
# person has judged.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
R=$B/dmarc-report

# report_of ID MESSAGES DOMAIN
report_of() {
	cat <<-END
		<?xml version="1.0"?>
		<feedback>
		 <report_metadata>
		  <org_name>receiver.example</org_name>
		  <email>dmarc@receiver.example</email>
		  <report_id>$1</report_id>
		  <date_range><begin>1770076800</begin><end>1770163199</end></date_range>
		 </report_metadata>
		 <policy_published><domain>$3</domain><p>none</p></policy_published>
		 <record>
		  <row><source_ip>192.0.2.1</source_ip><count>$2</count>
		   <policy_evaluated><disposition>none</disposition><dkim>pass</dkim>
		    <spf>fail</spf></policy_evaluated></row>
		  <identifiers><header_from>$3</header_from></identifiers>
		  <auth_results><dkim><domain>$3</domain><selector>s1</selector>
		   <result>pass</result></dkim></auth_results>
		 </record>
		</feedback>
	END
}

fresh_database t79
"$I" -q --init
in=$work/in
mkdir -p "$in"
report_of first 5 example.jp >"$in/first.xml"
{
	printf 'From: dmarc@receiver.example\nMessage-ID: <m1@receiver.example>\n'
	printf 'Content-Type: text/xml; name=second!report.xml\n\n'
	report_of second 7 example.jp
} >"$in/second.eml"
report_of first 9 example.jp >"$in/again.xml"
# shellcheck disable=SC1003 # a backslash
printf '<?xml version="1.0"?><feedback><report_metadata>\033[2J\\' >"$in/broken.xml"
printf 'From: a@b.example\nMessage-ID: <hello@b.example>\nSubject: hello\n\nhi\n' \
	>"$in/hello.eml"
{
	printf 'Return-Path: <>\nFrom: MAILER-DAEMON@b.example\n'
	printf 'Message-ID: <back@b.example>\nSubject: failure notice\n\nno\n'
} >"$in/bounce.eml"
cat >"$in/tls.json" <<'END'
{"organization-name": "Sender", "report-id": "t1", "contact-info":
"tls@sender.example", "date-range": {"start-datetime": "2026-02-03T00:00:00Z",
"end-datetime": "2026-02-03T23:59:59Z"}, "policies": [{"policy": {"policy-type":
"sts", "policy-domain": "example.jp"}, "summary": {
"total-successful-session-count": 8, "total-failure-session-count": 2},
"failure-details": [{"result-type": "certificate-expired",
"receiving-mx-hostname": "mx1.example.jp", "failed-session-count": 2}]}]}
END
run "$I" "$in/first.xml"
run "$I" "$in"
is "$status" 65 "the reports are read; something is set aside"

# found NAME COLUMN...
found() {
	wanted=$1
	shift
	"$R" find "$wanted" --format csv 2>/dev/null | rows row "$@"
}

is "$(found first outcome domain messages)" \
	"log|duplicate|example.jp|5
log|conflict|example.jp|9
log|stored|example.jp|5
stored||example.jp|5
aside||example.jp|" "a report by its id: each time that it came, and what there is"
is "$(found '<m1@receiver.example>' outcome report_id | grep log)" \
	"log|stored|second" "by the Message-ID of its mail"
is "$(found m1@receiver.example outcome report_id | grep log)" \
	"log|stored|second" "without brackets, too"
is "$(found second.eml outcome report_id | grep log)" "log|stored|second" \
	"by its file"
is "$(found "$in/second.eml" outcome | grep log)" "log|stored" "with its folder"
is "$(found 'second!report.xml' outcome | grep log)" "log|stored" \
	"by the name of the attachment"
is "$(found "$in/" outcome | grep -c log)" 8 "all of a folder"
is "$(found hello@b.example outcome reason)" "log|not_report|plain_mail" \
	"a mail that is no report"
is "$(found back@b.example outcome reason)" "log|not_report|bounce" "a bounce"
is "$(found t1 kind outcome sessions)" "log|tls|stored|
stored|tls||10" "a TLS report"
is "$(found broken.xml outcome state reason | sed 's/|[a-z_]*$//')" \
	"log|set_aside|
aside||open" "what is set aside"
run "$R" find nobody
is "$status:$out:$err" "0::dmarc-report: nothing of that name came in" \
	"a name that never came"
run "$R" find ''
is "$status" 64 "no name"
is "$(found '%' outcome)" "" "it is a name, no pattern"
is "$("$R" find second --show --format csv |
	rows row source_ip messages header_from eval_dkim dkim | grep record)" \
	"record|192.0.2.1|7|example.jp|pass|example.jp/s1=pass" \
	"--show has the records"
is "$("$R" find t1 --show --format csv |
	rows row policy_type sessions failed result_type of_these | grep policy)" \
	"policy|sts|10|2|certificate-expired|2" "and the policies of a TLS report"
is "$(unexplained find)" "" "each column is in the manual"
like "$("$R" find second)" 'What came in:' "as text"

# ---- the bytes ---------------------------------------------------------------------

id=$(sql "SELECT id FROM dmarc.set_aside WHERE source LIKE '%broken.xml'")
"$I" --show "$id" >"$work/bytes"
is "$?:$(cmp "$work/bytes" "$in/broken.xml" 2>&1)" "0:" "--show gives the bytes kept"
like "$(python3 tests/integration/terminal.py 80 "$I" --show "$id")" \
	'report_metadata>\\x1b\[2J\\x5c$' "a terminal is not steered by them"
is "$(python3 tests/integration/terminal.py 80 "$I" --show "$id" | tr -dc '\033' | wc -c)" \
	0 "no escape reaches it"
run "$I" --show 999
is "$status:$err" "65:dmarc-ingest: nothing with the number 999 was set aside" \
	"a number that is not there"
run "$I" --show x
is "$status" 64 "no number"

# ---- discarded -----------------------------------------------------------------------

run "$R" discard "$id" 999 --note 'no report of ours'
is "$status" 64 "a number that is not open"
like "$err" 'number 999 .* nothing was discarded' "is told"
is "$(sql "SELECT count(*) FROM dmarc.set_aside_open")" 2 "and nothing is done"
run "$R" discard "$id" --note 'no report of ours'
is "$status" 0 "a person discards one"
is "$(sql "SELECT reason FROM dmarc.set_aside_open")" conflict "the other stays open"
is "$(sql "SELECT outcome, reason = 'not_well_formed' OR reason <> '',
                  detail = 'number $id, by ' || session_user
                           || ': no report of ours'
             FROM dmarc.ingest_log WHERE outcome = 'discarded'")" \
	"discarded|t|t" "the ledger says who did it, and why"
is "$(sql "SELECT raw IS NOT NULL, resolution FROM dmarc.set_aside WHERE id = $id")" \
	"t|discarded" "its bytes stay"
is "$(found broken.xml outcome state | sed 's/, 2.*//')" \
	"log|discarded|
log|set_aside|
aside||discarded" "find tells"
before=$(sql "SELECT count(*) FROM dmarc.ingest_log")
run "$I" --retry
is "$(sql "SELECT count(*) - $before FROM dmarc.ingest_log")" 1 \
	"--retry reads the conflict, and not what is discarded"
is "$("$R" status --format csv | rows row outcome reason | grep -c discarded)" 0 \
	"status does not count it"
run "$R" discard "$id"
is "$status" 64 "twice is a mistake"

# A record of a report, and the bytes that were kept to read it again.
report_of third 1 example.jp | sed 's|<count>1<|<count>many<|' >"$work/bad.xml"
"$I" -q "$work/bad.xml" 2>/dev/null
id=$(sql "SELECT id FROM dmarc.set_aside_open WHERE kind = 'record'")
run "$R" discard "$id"
is "$(sql "SELECT kind, resolution FROM dmarc.set_aside
            WHERE source LIKE '%bad.xml' ORDER BY kind")" \
	"record|discarded
report|discarded" "with a report's last record goes what would read it again"

# ---- who may ----------------------------------------------------------------------------

if [ -n "$(sql "SELECT 1 FROM pg_roles WHERE rolname = 'dmarc_read'")" ]; then
	export PGOPTIONS='-c role=dmarc_read'
	is "$(found second.eml outcome | grep log)" "log|stored" "a reader may look"
	run "$R" discard 1
	is "$status" 78 "and may not discard"
	run "$I" --show 1
	is "$status" 78 "nor see the bytes"
	PGOPTIONS='-c role=dmarc_operator'
	run "$I" --show 1
	is "$status" 78 "nor may an operator see them"
	unset PGOPTIONS
fi
done_testing
