#!/bin/sh
# TLS reports (RFC 8460): stored once from wherever they come, judged as
# aggregate reports are, and told of with sums that agree.
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
R=$B/dmarc-report
in=$work/in
mkdir -p "$in"

# tls ORG ID DAY POLICIES: a report
tls() {
	printf '{"organization-name": "%s", "report-id": "%s",
"contact-info": "tls@sender.example", "date-range": {
"start-datetime": "%sT00:00:00Z", "end-datetime": "%sT23:59:59Z"},
"policies": [%s]}\n' "$1" "$2" "$3" "$3" "$4"
}

# policy TYPE DOMAIN WELL FAILED [FAILURES]
policy() {
	printf '{"policy": {"policy-type": "%s", "policy-domain": "%s"},
"summary": {"total-successful-session-count": %s,
"total-failure-session-count": %s}, "failure-details": [%s]}' \
		"$1" "$2" "$3" "$4" "${5-}"
}

# failure RESULT MX COUNT
failure() {
	printf '{"result-type": "%s", "receiving-mx-hostname": "%s",
"failed-session-count": %s}' "$1" "$2" "$3"
}

# Two failures of three are explained; and of two failed sessions three are
# named, as one failed in two ways.
first=$(tls Sender one 2026-11-01 "$(
	policy sts example.jp 97 3 "$(failure certificate-expired mx1.example.jp 2)"
), $(
	policy tlsa example.jp 8 2 "$(failure tlsa-invalid mx1.example.jp 2), $(
		failure validation-failure mx2.example.jp 1
	)"
)")
second=$(tls 'Other GmbH' two 2026-11-02 "$(policy sts example.jp 50 0)")
third=$(tls Sender three 2026-11-03 "$(
	policy no-policy-found shop.example 4 1 "$(
		failure starttls-not-supported mx.shop.example 1
	)"
)")

# mail NAME ID: a mail with the report on standard input as
# application/tlsrpt+gzip; its first fields are in $fields.
mail() {
	{
		printf '%s' "${fields-}"
		printf 'From: tls@sender.example\nMessage-ID: <%s@sender.example>\n' "$1"
		printf 'TLS-Report-Domain: example.jp\nMIME-Version: 1.0\n'
		printf 'TLS-Report-Submitter: sender.example\n'
		printf 'Content-Type: multipart/report; report-type="tlsrpt"; boundary=b\n\n'
		printf -- '--b\nContent-Type: text/plain\n\nA TLS report.\n'
		printf -- '--b\nContent-Type: application/tlsrpt+gzip\n'
		printf 'Content-Transfer-Encoding: base64\n\n'
		gzip -n | base64
		printf -- '--b--\n'
	} >"$in/$1.eml"
}

# ---- from wherever they come -----------------------------------------------------

fresh_database t78
run "$I" -q --init
is "$status:$err" 0: "schema is made"
printf '%s\n' "$first" >"$in/first.json"
printf '%s\n' "$second" | mail second
mkdir "$work/month"
printf '%s\n' "$third" | gzip -n >"$work/month/third.json.gz"
printf '%s\n' "$first" >"$work/month/first.json"
(cd "$work/month" && zip -q ../in/month.zip first.json third.json.gz)
run "$I" "$in"
is "$status" 0 "a file, a mail and an archive are read"
is "$(sql "SELECT outcome, kind, count(*) FROM dmarc.ingest_log
            GROUP BY 1, 2 ORDER BY 1, 2")" \
	"duplicate|tls|1
stored|tls|3" "what came twice is stored once"
is "$(sql "SELECT policy_domain, org_name, report_id, day, policy_count,
                  success_count, failure_count, tier
             FROM dmarc.tls_report ORDER BY day")" \
	"example.jp|Sender|one|2026-11-01|2|105|5|unjudged
example.jp|Other GmbH|two|2026-11-02|1|50|0|unjudged
shop.example|Sender|three|2026-11-03|1|4|1|unjudged" "with their sums"
is "$(sql "SELECT count(*) FROM dmarc.report")" 0 "none is an aggregate report"
all_rows >"$work/rows"
run "$I" "$in"
is "$status" 0 "again"
same_rows "it changes nothing"

# ---- what is told ------------------------------------------------------------------

run "$R" tls --domain example.jp
is "$status:$err" 0: "dmarc-report tls"
is "$out" "example.jp  2026-11-01 .. 2026-11-02 (UTC)  2 TLS reports from 2 organizations

  160 sessions to its mail servers, 5 failed (3.1 %)

  Which policies fail, and at whom:
  POLICY  REPORTED BY  REPORTS  SESSIONS  FAILED   SHARE
  sts     Sender             1       100       3   3.0 %
  tlsa    Sender             1        10       2  20.0 %
  sts     Other GmbH         1        50       0   0.0 %
  total                              160       5   3.1 %

  Why, and where:
  RESULT                  MAIL SERVER     POLICY  REPORTED BY  FAILED  FROM        TO          DAYS
  certificate-expired     mx1.example.jp  sts     Sender            2  2026-11-01  2026-11-01     1
  tlsa-invalid            mx1.example.jp  tlsa    Sender            2  2026-11-01  2026-11-01     1
  validation-failure      mx2.example.jp  tlsa    Sender            1  2026-11-01  2026-11-01     1
  (not explained)         -               sts     Sender            1  2026-11-01  2026-11-01     1
  (named more than once)  -               tlsa    Sender           -1  2026-11-01  2026-11-01     1
  total                                                             5

  Day by day:
  DAY         REPORTS  SESSIONS  FAILED  SHARE  RESULTS
  2026-11-02        1        50       0  0.0 %  -
  2026-11-01        1       110       5  4.5 %  certificate-expired 2, tlsa-invalid 2, validation-failure 1
  total                     160       5  3.1 %" \
	"policies, reasons and days, whose totals are those of the heading"
"$R" tls --format csv >"$work/csv"
is "$(rows row domain sessions failed <"$work/csv" | grep -E '^(domain|[a-z]+_total)')" \
	"domain|example.jp|160|5
policy_total|example.jp|160|5
failure_total|example.jp|0|5
day_total|example.jp|160|5
domain|shop.example|5|1
policy_total|shop.example|5|1
failure_total|shop.example|0|1
day_total|shop.example|5|1" "CSV has the same sums"
is "$(sql "SELECT sum(failure_count) FROM dmarc.tls_day"):$(
	sql "SELECT sum(failure_count) FROM dmarc.tls_failure_day"):$(
	sql "SELECT sum(failure_count) FROM dmarc.tls_report")" 6:6:6 \
	"and so have the views"
is "$(unexplained tls)" "" "each column is in the manual"
is "$("$R" tls --since 2026-11-02 --until 2026-11-02 --format csv |
	rows row domain sessions failed | sed -n 1,2p)" \
	"domain|example.jp|50|0
policy|example.jp|50|0" "a window"
run "$R" tls --domain nobody.example
is "$status:$out:$err" "0::dmarc-report: there is no TLS report on that in that time" \
	"of a domain without"
run "$I" --print "$in/first.json"
like "$out" '  policy      sts of example\.jp, sessions 100, failed 3' \
	"--print shows one"
run "$I" --print --format csv "$in/first.json"
is "$status:$(printf '%s\n' "$out" | wc -l)" 0:1 "its CSV does not"
like "$err" 'first.json: a TLS report, which' "and says so"

# ---- again with other content -----------------------------------------------------------

other=$(tls Sender three 2026-11-03 "$(policy no-policy-found shop.example 9 2)")
printf '%s\n' "$other" >"$work/other.json"
run "$I" "$work/other.json"
is "$status" 65 "other content under the same key is a conflict"
like "$err" 'TLS report three of sender for shop.example was stored before with other content' \
	"which is told"
is "$(sql "SELECT failure_count FROM dmarc.tls_report WHERE report_id = 'three'")" 1 \
	"the first one stays"
is "$(sql "SELECT kind, reason, convert_from(raw, 'UTF8') LIKE '%\"three\"%'
             FROM dmarc.set_aside")" "item|conflict|t" "the other is kept"
id=$(sql "SELECT id FROM dmarc.set_aside")
run "$R" conflict "$id" replace
is "$status" 0 "a person prefers the other"
run "$I" --retry
is "$status" 0 "--retry does that"
is "$(sql "SELECT success_count, failure_count FROM dmarc.tls_report
            WHERE report_id = 'three'")" "9|2" "it is stored"
is "$(sql "SELECT count(*) FROM dmarc.set_aside_open")" 0 "nothing is left open"

# ---- which count -------------------------------------------------------------------------

fresh_database t78_trust
run "$I" -q --init
"$R" settings authserv_id mx.example.jp >/dev/null
fields='Authentication-Results: mx.example.jp; dmarc=pass header.from=sender.example
'
printf '%s\n' "$first" | mail good
fields='Authentication-Results: mx.example.jp; dmarc=fail header.from=sender.example
'
tls Sender forged 2026-11-01 "$(policy sts example.jp 0 9000)" | mail forged
rm "$in/first.json" "$in/second.eml" "$in/month.zip"
run "$I" -q "$in"
is "$status:$(sql "SELECT report_id, tier, left_out_reason FROM dmarc.tls_report
                    ORDER BY 1")" "0:forged|C|dmarc=fail
one|A|" "judged by the mail that brought it"
is "$("$R" tls --format csv 2>/dev/null | rows row sessions failed | sed -n 1p)" \
	"domain|110|5" "the forged one is in no figure"
like "$("$R" tls)" 'left out, as not trusted: 1 report, 9,000 sessions \(--untrusted\)' \
	"which is said"
is "$("$R" tls --untrusted --format csv 2>/dev/null | rows row sessions failed | sed -n 1p)" \
	"domain|9000|9000" "--untrusted has it alone"
# The same key: the forged one came first, and is no obstacle.
fields='Authentication-Results: mx.example.jp; dmarc=pass header.from=sender.example
'
tls Sender forged 2026-11-01 "$(policy sts example.jp 1 1)" | mail true
run "$I" -q "$in"
is "$status:$(sql "SELECT tier, failure_count FROM dmarc.tls_report
                    WHERE report_id = 'forged' ORDER BY id")" "0:C|9000
A|1" "a forged report of the same key is no obstacle"
"$R" settings authserv_id default >/dev/null
is "$(sql "SELECT dmarc.refresh()"):$(sql "SELECT report_id, tier, failure_count
	FROM dmarc.tls_report WHERE tier <> 'C' ORDER BY 1")" "f:forged|unjudged|9000
one|unjudged|5" "without authserv_id the first one of each key counts"

# Only what differs is written.
rows_of='SELECT string_agg(ctid::text, $$ $$ ORDER BY id) FROM dmarc.tls_report'
before=$(sql "$rows_of")
is "$(sql "SELECT dmarc.judge_tls_reports(); $rows_of")" "
$before" "judged again, nothing is written"
# The one that counts goes: another one of its key does.
sql "DELETE FROM dmarc.tls_report WHERE report_id = 'forged' AND slot = 0" >/dev/null
is "$(sql "SELECT what FROM dmarc.due")" judge_tls "a report that goes makes it due"
is "$(sql "SELECT dmarc.refresh()"):$(sql "SELECT tier, failure_count, slot
	FROM dmarc.tls_report WHERE report_id = 'forged'")" "f:unjudged|1|0" \
	"to let the other one of its key count"
"$R" settings authserv_id mx.example.jp >/dev/null
fields='Authentication-Results: mx.example.jp; dmarc=fail header.from=sender.example
'
tls Sender both 2026-11-01 "$(policy sts example.jp 1 2), $(
	policy sts other.example 300 4)" | mail both
run "$I" -q "$in/both.eml"
like "$("$R" tls --domain other.example 2>&1)" \
	'not trusted: 1 report, 304 sessions' \
	"of a report that is left out, the sessions of the domain are told"

# ---- what is hostile -----------------------------------------------------------------------

fresh_database t78_hostile
run "$I" -q --init
evil=$work/evil
mkdir "$evil"
# 100,000 failures, 100,000 levels, a million values, 9 MiB of text, all small
# as gzip.
python3 - "$evil" <<'END'
import gzip, sys
head = ('{"organization-name":"O","report-id":"i","date-range":{'
        '"start-datetime":"2026-11-01T00:00:00Z",'
        '"end-datetime":"2026-11-01T23:59:59Z"},"policies":[')
def policy(failures):
    return ('{"policy":{"policy-domain":"a.example"},"summary":{'
            '"total-successful-session-count":1,'
            '"total-failure-session-count":1},"failure-details":[%s]}'
            % failures)
one = '{"failed-session-count":1}'
for name, text in {
        "failures": head + policy(",".join([one] * 100000)) + "]}",
        "deep": head + "[" * 100000 + "]" * 100000 + "]}",
        "values": head + ",".join(["{}"] * 1000000) + "]}",
        "policies": head + ",".join([policy("")] * 5000) + "]}",
        "long": head + policy('{"result-type":"%s"}' % ("x" * (9 << 20)))
                + "]}",
        "nul": head + policy('{"result-type":"\\u0000"}') + "]}",
        "twice": head + policy('{"result-type":1,"result-type":2}') + "]}",
        "huge": head + policy('{"failed-session-count":1e400}') + "]}",
        "cut": (head + policy(one) + "]}")[:-5]}.items():
    with gzip.open("%s/%s.json.gz" % (sys.argv[1], name), "wb") as f:
        f.write(text.encode())
with gzip.open(sys.argv[1] + "/latin.json.gz", "wb") as f:
    f.write((head + policy('{"result-type":"\xe9"}') + "]}").encode("latin-1"))
END
run_limited "$I" "$evil"
is "$status" 65 "hostile ones are set aside"
is "$(sql "SELECT split_part(regexp_replace(source, '.*/', ''), '.', 1), reason
             FROM dmarc.set_aside ORDER BY 1")" "cut|bad_json
deep|json_too_deep
failures|json_too_large
huge|bad_json
latin|bad_json
long|json_too_large
nul|bad_json
policies|too_many_policies
twice|bad_json
values|json_too_large" "each for its reason"
is "$((peak < 400))" 1 "takes $peak MB"
is "$(sql "SELECT count(*) FROM dmarc.tls_report")" 0 "none is stored"
is "$(sql "SELECT kind, count(*) FROM dmarc.ingest_log GROUP BY 1")" "tls|10" \
	"all are known as TLS reports"
# Names that attack a terminal, and a list that would bury all else.
python3 - "$work/many.json" <<'END'
import json, sys
json.dump({"organization-name": "\x1b[31mred\u202e", "report-id": "many",
  "date-range": {"start-datetime": "2026-11-01T00:00:00Z",
                 "end-datetime": "2026-11-01T23:59:59Z"},
  "policies": [{"policy": {"policy-type": "sts",
                           "policy-domain": "d%d.example" % (i % 300)},
    "summary": {"total-successful-session-count": 0,
                "total-failure-session-count": 10},
    "failure-details": [
      {"result-type": "r%d" % (10 * i + k), "failed-session-count": 1}
      for k in range(10)]} for i in range(900)]}, open(sys.argv[1], "w"))
END
run "$I" -q "$work/many.json"
is "$status" 0 "900 policies of 300 domains, 9,000 results"
run_limited "$R" tls
is "$status:$invisible:$(printf '%s\n' "$out" | grep -c TLS)" 0:0:100 \
	"100 domains are listed, nothing of it attacks a terminal"
like "$out" '^and 200 more domains: ' "the rest in one line"
python3 - "$work/one.json" <<'END'
import json, sys
json.dump({"organization-name": "O", "report-id": "one",
  "date-range": {"start-datetime": "2026-11-01T00:00:00Z",
                 "end-datetime": "2026-11-01T23:59:59Z"},
  "policies": [{"policy": {"policy-type": "sts",
                           "policy-domain": "a.example"},
    "summary": {"total-successful-session-count": 0,
                "total-failure-session-count": 9000},
    "failure-details": [
      {"result-type": "r%d" % i, "failed-session-count": 1}
      for i in range(9000)]}]}, open(sys.argv[1], "w"))
END
run "$I" -q "$work/one.json"
is "$("$R" tls --domain a.example --format csv |
	rows row failed | LC_ALL=C sort | uniq -c |
	awk '$2 ~ /failure/ { print $2, $1 }')" \
	"failure_others|8800 1
failure_total|9000 1
failure|1 200" "200 results are listed, the rest is one line, and all add up"
python3 - "$work/types.json" <<'END'
import json, sys
json.dump({"organization-name": "O", "report-id": "types",
  "date-range": {"start-datetime": "2026-11-01T00:00:00Z",
                 "end-datetime": "2026-11-01T23:59:59Z"},
  "policies": [{"policy": {"policy-type": "t%03d" % i,
                           "policy-domain": "types.example"},
    "summary": {"total-successful-session-count": 1,
                "total-failure-session-count": 0}} for i in range(300)]},
  open(sys.argv[1], "w"))
END
run "$I" -q "$work/types.json"
is "$("$R" tls --domain types.example --format csv |
	rows row of_reports sessions more | grep '^policy_others')" \
	"policy_others|1|100|100" "one report is one, whatever it has in the rest"

done_testing
