#!/bin/sh
# Failure reports (RFC 9991, RFC 6591): recognised however they are sent, counted
# once, and of what they say no more kept than dmarc.conf allows.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
R=$B/dmarc-report
in=$work/in
mkdir -p "$in"

# feedback FIELD...: the second part
feedback() {
	printf 'Feedback-Type: auth-failure\nUser-Agent: t/1\nVersion: 1\n'
	printf '%s\n' "$@"
}

# mail NAME: a failure report with the feedback on standard input, about a mail
# of $about.
mail() {
	printf '%s' "${fields-}"
	printf 'From: Receiver <ruf@receiver.example>\n'
	printf 'Message-ID: <%s@receiver.example>\n' "${id-$1}"
	printf 'Date: Mon, 2 Nov 2026 03:00:00 +0000\nMIME-Version: 1.0\n'
	printf 'Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n'
	printf -- '--b\nContent-Type: text/plain\n\nIt failed.\n'
	printf -- '--b\nContent-Type: message/feedback-report\n\n'
	cat
	printf -- '\n--b\nContent-Type: %s\n\n' "${type-text/rfc822-headers}"
	printf 'From: Ann Person <ann.person@example.jp>\nSubject: secret plans\n'
	printf 'Message-ID: <orig-%s@example.jp>\n\n' "${about-$1}"
	printf -- '--b--\n'
}

# conf KEEP DAYS
conf() {
	printf '[database]\nfailure_reports = %s\nfailure_days = %s\n' "$1" "$2" \
		>"$work/dmarc.conf"
	chmod 600 "$work/dmarc.conf"
}

fields_of_one="Auth-Failure: dmarc
Authentication-Results: mx.receiver.example; dmarc=fail header.from=example.jp;
 spf=fail smtp.mailfrom=bounce@example.jp
Original-Mail-From: <bounce@example.jp>
Original-Rcpt-To: <victim@receiver.example>
Arrival-Date: Sun, 1 Nov 2026 23:30:00 -0100
Source-IP: 192.0.2.9
Delivery-Result: reject
Reported-Domain: Example.JP.
DKIM-Domain: example.jp
DKIM-Selector: s1
Identity-Alignment: none"

# ---- recognised ------------------------------------------------------------------------

fresh_database t81
run "$I" -q --init
is "$status:$err" 0: "schema is made"
feedback "$fields_of_one" | mail one >"$in/one.eml"
# The whole mail in it, a type in capitals, words in capitals with a comment,
# two incidents, the older name of a field.
feedback 'Auth-Failure: BodyHash (changed)' 'Received-Date: Mon, 2 Nov 2026 01:00:00 +0000' \
	'Source-IP: [IPv6:2001:db8::9]' 'Delivery-Result: Delivered' \
	'Reported-Domain: example.jp' 'Incidents: 2' |
	type='message/rfc822' mail two |
	sed 's/message\/feedback-report/Message\/FEEDBACK-REPORT/' >"$in/two.eml"
# Not a multipart/report, base64, lines in CRLF; the domain is that of From.
feedback 'Auth-Failure: spf' 'Source-IP: 192.0.2.10' >"$work/fields"
{
	printf 'From: ruf@other.example\nMessage-ID: <three@other.example>\n'
	printf 'Date: Tue, 3 Nov 2026 03:00:00 +0000\nMIME-Version: 1.0\n'
	printf 'Content-Type: multipart/mixed; boundary=b\n\n--b\n\nIt failed.\n--b\n'
	printf 'Content-Type: message/feedback-report\n'
	printf 'Content-Transfer-Encoding: base64\n\n'
	base64 "$work/fields"
	printf -- '--b\nContent-Type: message/rfc822\n\nFrom: a@shop.example\n'
	printf 'Content-Type: text/xml; name=a.xml\n\n<feedback><report_metadata>'
	printf '</report_metadata></feedback>\n--b--\n'
} | sed 's/$/\r/' >"$in/three.eml"
# What Exim writes in place of a report, which it calls an automatic reply.
cat >"$in/four.eml" <<'END'
From: no-reply@gate.example
Message-ID: <four@gate.example>
Date: Wed, 4 Nov 2026 03:00:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; boundary=b

--b
Content-Type: text/plain

A message claiming to be from you has failed the published DMARC policy for your domain.

  Sender Domain: shop.example
  Sender IP Address: 192.0.2.11
  Received date: Wed, 04 Nov 2026 02:59:00 +0000
  SPF Alignment: no
  DKIM Alignment: no
  DMARC Results: Reject, Reject

------ This is a copy of the headers that were received before the error was detected.

From: <user@shop.example>
Subject: payment
Message-Id: <p@shop.example>

--b--
END
# A complaint is none; a failure report that came back is none.
feedback 'Source-IP: 192.0.2.12' | mail five |
	sed 's/: auth-failure/: abuse/' >"$in/complaint.eml"
{
	printf 'From: MAILER-DAEMON@example.jp\nMIME-Version: 1.0\n'
	printf 'Content-Type: multipart/report; report-type=delivery-status; boundary=c\n\n'
	printf -- '--c\n\nit came back\n--c\nContent-Type: message/delivery-status\n\n'
	printf 'Action: failed\n\n--c\nContent-Type: message/rfc822\n\n'
	cat "$in/one.eml"
	printf -- '\n--c--\n'
} >"$in/bounce.eml"
# It says nothing at all.
{
	printf 'From: x@quiet.example\nMIME-Version: 1.0\n'
	printf 'Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n'
	printf -- '--b\nContent-Type: message/feedback-report\n\n'
	printf 'Feedback-Type: auth-failure\n--b--\n'
} >"$in/quiet.eml"
run "$I" "$in"
is "$status" 0 "all are read"
is "$(sql "SELECT regexp_replace(source, '.*/', ''), outcome, reason, kind,
                  policy_domain FROM dmarc.ingest_log ORDER BY 1")" \
	"bounce.eml|not_report|bounce||
complaint.eml|not_report|complaint||
four.eml|failure_report||failure|shop.example
one.eml|failure_report||failure|example.jp
quiet.eml|failure_report||failure|
three.eml|failure_report||failure|shop.example
two.eml|failure_report||failure|example.jp" "what they are"
is "$(sql "SELECT policy_domain, day, reporter, auth_failure, delivery_result,
                  incident_count FROM dmarc.failure_report
            WHERE policy_domain IS NOT NULL ORDER BY day, 1, 4 DESC")" \
	"example.jp|2026-11-02|receiver.example|dmarc|reject|1
example.jp|2026-11-02|receiver.example|bodyhash|delivered|2
shop.example|2026-11-03|other.example|spf||1
shop.example|2026-11-04|gate.example|dmarc|reject|1" "counted by domain and day"
is "$(sql "SELECT count(source_ip), count(dkim_domain),
                  (SELECT count(*) FROM dmarc.failure_personal)
             FROM dmarc.failure_report")" "0|0|0" "and nothing else is kept"
is "$(sql "SELECT count(*) FROM dmarc.set_aside")" 0 "no bytes either"

# ---- once ------------------------------------------------------------------------------

all_rows >"$work/rows"
run "$I" "$in"
is "$status" 0 "again"
same_rows "it changes nothing"
is "$(sql "SELECT outcome, count(*) FROM dmarc.ingest_log GROUP BY 1 ORDER BY 1")" \
	"duplicate|5
failure_report|5
not_report|4" "each is a duplicate"
# The same on another way: another Message-ID and other fields around it.
feedback "$fields_of_one" | about=one fields='Received: by elsewhere
' mail other >"$work/other.eml"
run "$I" "$work/other.eml"
is "$(sql "SELECT count(*) FROM dmarc.failure_report")" 5 \
	"the same report in another mail is the same"
# Where nothing tells two mails apart the Message-ID does.
for which in a b a; do
	{
		printf 'From: ruf@receiver.example\nMessage-ID: <plain-%s@x.example>\n' "$which"
		printf 'Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n'
		printf -- '--b\nContent-Type: message/feedback-report\n\n'
		feedback 'Auth-Failure: dmarc' 'Reported-Domain: twin.example'
		printf -- '\n--b--\n'
	} >"$work/plain.eml"
	"$I" -q "$work/plain.eml"
done
is "$(sql "SELECT count(*) FROM dmarc.failure_report
            WHERE policy_domain = 'twin.example'")" 2 "two mails without a date are two"

# ---- what is told ------------------------------------------------------------------------

run "$R" failures --domain example.jp
is "$status:$out" "0:example.jp  2026-11-02 .. 2026-11-02 (UTC)  2 failure reports from 1 reporter

  What failed, and what was done:
  FAILED    DELIVERY   REPORTED BY       REPORTS  MAILS  FROM        TO
  bodyhash  delivered  receiver.example        1      2  2026-11-02  2026-11-02
  dmarc     reject     receiver.example        1      1  2026-11-02  2026-11-02
  total                                        2      3

  Where it came from:
  SOURCE IP   REPORTS  MAILS  FROM        TO
  (not kept)        2      3  2026-11-02  2026-11-02
  total             2      3

  Day by day:
  DAY         REPORTS  MAILS
  2026-11-02        2      3
  total             2      3" "dmarc-report failures"
is "$("$R" failures --format csv | rows row domain of_reports mails | grep total | sort -u)" \
	"day_total|(not said)|1|1
day_total|example.jp|2|3
day_total|shop.example|2|2
day_total|twin.example|2|2
kind_total|(not said)|1|1
kind_total|example.jp|2|3
kind_total|shop.example|2|2
kind_total|twin.example|2|2
origin_total|(not said)|1|1
origin_total|example.jp|2|3
origin_total|shop.example|2|2
origin_total|twin.example|2|2" "CSV has the same sums"
is "$(sql "SELECT sum(report_count), sum(incident_count) FROM dmarc.failure_day")" \
	"7|8" "and so has the view"
is "$(unexplained failures)" "" "each column is in the manual"
run "$R" failures --domain nobody.example
is "$status:$out" "0:" "of a domain without"
like "$("$R" find one.eml)" 'failure_report' "find has them"
is "$("$R" summary 2>&1 | grep -c example.jp)" 0 "no other figure does"

# ---- redacted and full -----------------------------------------------------------------------

fresh_database t81_redacted
"$I" -q --init
conf redacted 30
run "$I" -c "$work/dmarc.conf" "$in/one.eml"
is "$(sql "SELECT source_ip, dkim_domain, dkim_selector FROM dmarc.failure_report")" \
	"192.0.2.9|example.jp|s1" "redacted: the address and the selector are kept"
is "$(sql "SELECT redacted, original_mail_from, original_rcpt_to, from_address,
                  subject, message_id, identity_alignment
             FROM dmarc.failure_personal")" \
	"t|@example.jp|@receiver.example|@example.jp|||none" \
	"of addresses the domain, of the mail nothing"
is "$(sql "SELECT auth_results ~ 'smtp.mailfrom=@example.jp', auth_results ~ 'bounce'
             FROM dmarc.failure_personal")" "t|f" "in Authentication-Results, too"
is "$("$R" failures --format csv | rows row source_ip of_reports | grep origin)" \
	"origin|192.0.2.9|1
origin_total||1" "failures shows the address"
is "$(pg_dump --data-only "$PGDATABASE" | grep -Eci 'ann.person|victim|bounce@example.jp|secret plans|orig-one')" \
	0 "nothing of people is anywhere in the database"

fresh_database t81_full
"$I" -q --init
conf full 7
run "$I" -c "$work/dmarc.conf" "$in/one.eml"
is "$(sql "SELECT redacted, original_mail_from, original_rcpt_to, from_address,
                  subject, message_id FROM dmarc.failure_personal")" \
	"f|<bounce@example.jp>|<victim@receiver.example>|Ann Person <ann.person@example.jp>|secret plans|<orig-one@example.jp>" \
	"full: as it was sent"
if [ -n "$(sql "SELECT 1 FROM pg_roles WHERE rolname = 'dmarc_read'")" ]; then
	is "$(sql "SELECT has_table_privilege('dmarc_read', 'dmarc.failure_personal', 'SELECT'),
	                  has_any_column_privilege('dmarc_ingest', 'dmarc.failure_personal', 'SELECT'),
	                  has_table_privilege('dmarc_operator', 'dmarc.failure_personal', 'SELECT')")" \
		"f|t|t" "who may see it"
	is "$(PGOPTIONS='-c role=dmarc_ingest' psql -XAtc \
		'SELECT subject FROM dmarc.failure_personal' 2>&1 | grep -c denied)" 1 \
		"the ingester may not read what it wrote"
	cp "$in/two.eml" "$work/two.eml"
	PGOPTIONS='-c role=dmarc_ingest'
	export PGOPTIONS
	run "$I" -c "$work/dmarc.conf" "$work/two.eml" "$in/one.eml"
	unset PGOPTIONS
	is "$status:$(sql "SELECT count(*) FROM dmarc.failure_personal")" "0:2" \
		"its rights suffice"
	sql "DELETE FROM dmarc.failure_report WHERE auth_failure = 'bodyhash'" >/dev/null
fi
# Retention.
sql "UPDATE dmarc.failure_report SET ingested_at = now() - interval '6 days'" >/dev/null
run "$I" -c "$work/dmarc.conf" "$in/complaint.eml"
is "$(sql "SELECT count(*) FROM dmarc.failure_personal")" 1 "kept for failure_days"
sql "UPDATE dmarc.failure_report SET ingested_at = now() - interval '8 days'" >/dev/null
run "$I" -c "$work/dmarc.conf" "$in/complaint.eml"
is "$(sql "SELECT count(*) FROM dmarc.failure_personal"):$(sql "SELECT policy_domain,
	source_ip, dkim_domain FROM dmarc.failure_report")" "0:example.jp||" \
	"after that only the count is left"
run "$I" -c "$work/dmarc.conf" "$in/one.eml"
is "$(sql "SELECT outcome FROM dmarc.ingest_log ORDER BY id DESC LIMIT 1")" duplicate \
	"and it is known still"
conf some 7
run "$I" -c "$work/dmarc.conf" "$in/one.eml"
is "$status" 78 "a wrong setting"
like "$err" 'failure_reports' "is named"

# ---- which count ---------------------------------------------------------------------------

fresh_database t81_trust
"$I" -q --init
"$R" settings authserv_id mx.example.jp >/dev/null
feedback "$fields_of_one" | fields='Authentication-Results: mx.example.jp; dmarc=fail header.from=receiver.example
' id=forged mail one >"$work/forged.eml"
run "$I" -q "$work/forged.eml"
is "$(sql "SELECT tier, left_out_reason FROM dmarc.failure_report")" "C|dmarc=fail" \
	"judged by the mail that brought it"
is "$("$R" failures --format csv 2>"$work/said" | rows row)" "" "a forged one is in no figure"
like "$(cat "$work/said")" 'not trusted: 1 report, 1 mails|there is no failure report' \
	"which is said"
is "$("$R" failures --untrusted --format csv 2>/dev/null | rows row of_reports | grep kind_total)" \
	"kind_total|1" "--untrusted has it"
feedback "$fields_of_one" | fields='Authentication-Results: mx.example.jp; dmarc=pass header.from=receiver.example
' mail one >"$work/true.eml"
run "$I" -q "$work/true.eml"
is "$(sql "SELECT tier, left_out_reason, message_id FROM dmarc.failure_report")" \
	"A||one@receiver.example" "the same from its reporter counts in its place"
run "$I" -q "$work/forged.eml"
is "$(sql "SELECT tier FROM dmarc.failure_report")" A "and stays"
"$R" settings authserv_id default >/dev/null
is "$(sql "SELECT dmarc.refresh()"):$(sql "SELECT tier FROM dmarc.failure_report")" \
	"f:unjudged" "judged again when a setting changes"

# ---- hostile ----------------------------------------------------------------------------------

fresh_database t81_hostile
"$I" -q --init
conf full 30
python3 - "$work/hostile.mbox" <<'END'
import sys
with open(sys.argv[1], "wb") as f:
    for i in range(300):
        f.write(b"From a Mon Nov  2 03:00:00 2026\n"
                b"From: a@b%d.example\nMessage-ID: <%d@b.example>\n"
                b"Content-Type: multipart/report; report-type=feedback-report;"
                b" boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n"
                b"Feedback-Type: auth-failure\nAuth-Failure: %s%d\n"
                b"Arrival-Date: Fri, 31 Dec 9999 23:59:59 +0000\n"
                b"Incidents: 99999999999999999999\nSource-IP: not-one\n"
                b"Delivery-Result: \x1b[31mred\n"
                b"Reported-Domain: d%d.example\n"
                b"Original-Mail-From: %s\nSPF-DNS: %s\n\n--b\n"
                b"Content-Type: text/rfc822-headers\n\nSubject: \xff\xfe%s\n\n--b--\n\n"
                % (i, i, b"x" * (100 if i % 2 else 3), i, i, b"\xff" * 5000,
                   b"\xe3\x81\x82" * 3000, b"y" * 200000))
END
run_limited "$I" -q -c "$work/dmarc.conf" "$work/hostile.mbox"
is "$status:$invisible" 0:0 "300 that exaggerate are read"
is "$(sql "SELECT count(*), max(incident_count), count(source_ip),
                  max(length(auth_failure)), max(octet_length(delivery_result))
             FROM dmarc.failure_report")" "300|1|0|6|8" "numbers and words are bounded"
is "$(sql "SELECT max(octet_length(original_mail_from)) <= 1024,
                  max(octet_length(spf_dns)) <= 1024,
                  max(octet_length(subject)) <= 1024 FROM dmarc.failure_personal")" \
	"t|t|t" "texts, too"
run_limited "$R" failures
is "$status:$invisible:$(printf '%s\n' "$out" | grep -c 'failure report')" 0:0:100 \
	"100 domains are listed, nothing of it attacks a terminal"
like "$out" '^and 200 more domains: ' "the rest in one line"
is "$((peak < 200))" 1 "takes $peak MB"

done_testing
