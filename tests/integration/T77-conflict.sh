#!/bin/sh
# A report that comes again with other content: which one counts is decided by
# who vouches for it, and where both are alike by a person.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
R=$B/dmarc-report

# report_with MESSAGES: the same report but for the count of its only record.
report_with() {
	cat <<-END
		<?xml version="1.0"?>
		<feedback>
		 <report_metadata>
		  <org_name>receiver.example</org_name>
		  <email>dmarc@receiver.example</email>
		  <report_id>the-same</report_id>
		  <date_range><begin>1770076800</begin><end>1770163199</end></date_range>
		 </report_metadata>
		 <policy_published><domain>example.jp</domain><p>none</p></policy_published>
		 <record>
		  <row><source_ip>192.0.2.1</source_ip><count>$1</count>
		   <policy_evaluated><disposition>none</disposition><dkim>pass</dkim>
		    <spf>fail</spf></policy_evaluated></row>
		  <identifiers><header_from>example.jp</header_from></identifiers>
		  <auth_results><dkim><domain>example.jp</domain><selector>s$1</selector>
		   <result>pass</result></dkim></auth_results>
		 </record>
		</feedback>
	END
}

# mail_with MESSAGES DOMAIN: it in a mail that passed DMARC as DOMAIN.
mail_with() {
	printf 'Authentication-Results: mx.example.jp; dmarc=pass header.from=%s\n' "$2"
	printf 'From: dmarc@%s\nMessage-ID: <%s@%s>\n' "$2" "$1" "$2"
	printf 'Content-Type: text/xml; name=r.xml\n\n'
	report_with "$1"
}

counted() {
	sql "SELECT coalesce(sum(message_count), 0) FROM dmarc.domain_day"
}

# ---- nobody vouches for either: a person decides --------------------------------

fresh_database t77
run "$I" -q --init
mkdir -p "$work/in"
report_with 10 >"$work/in/a.xml"
report_with 77 >"$work/in/b.xml"
run "$R" conflict
is "$status:$err" "0:dmarc-report: no conflict is open" "no conflict: said so"
run "$I" -q "$work/in/a.xml"
run "$I" -q "$work/in/b.xml"
is "$status:$(counted)" 65:10 "the first stays, the other is set aside"
run "$R" conflict --format csv
is "$(cut -d, -f2-10 "$work/out" | tail -n 1)" \
	"\"$(sql 'SELECT id FROM dmarc.set_aside')\",\"example.jp\",\"receiver.example\",\"the-same\",10,10,,\"unjudged\",77" \
	"both are shown side by side"
id=$(sql "SELECT id FROM dmarc.set_aside")

run "$R" conflict "$id" both
is "$status" 64 "another word is no decision"
run "$R" conflict 4711 keep
is "$status:$(head -n 1 "$work/err")" \
	"64:dmarc-report: conflict: there is no open conflict with the number 4711" \
	"a number that is none"
is "$(sql "SELECT dmarc.replace_report($id, 'example.jp', 'receiver.example',
             'the-same', to_timestamp(1770076800), to_timestamp(1770163199))")" f \
	"what nobody decided on is not replaced"
run "$I" -q --retry
is "$status:$(counted)" 65:10 "read again it is a conflict as before"

run "$R" conflict "$id" replace
is "$status" 0 "the other one is to count"
# Another reporter has the same id, and so has this one of another day: the
# decision is about neither of them, and is good once.
for other in "isp.example 1770076800" "receiver.example 1770163200"; do
	report_with 5 | sed "s/receiver.example</${other% *}</
		s/>1770076800</>${other#* }</
		s/>1770163199</>$((${other#* } + 86399))</" >"$work/other.xml"
	run "$I" -q "$work/other.xml"
	is "$status:$(sql "SELECT dmarc.replace_report($id, 'example.jp',
	             '${other% *}', 'the-same', to_timestamp(${other#* }),
	             to_timestamp($((${other#* } + 86399))))")" 0:f \
		"a decision replaces no other report: ${other% *}"
	sql "DELETE FROM dmarc.record c USING dmarc.report r
	      WHERE r.id = c.report_id AND r.message_count = 5;
	     DELETE FROM dmarc.report WHERE message_count = 5"
done
is "$(counted)" 10 "until it is read again the stored one does"
run "$I" -q --retry
is "$status:$(counted)" 0:77 "then it does, once"
is "$(sql "SELECT count(*) FROM dmarc.report; SELECT count(*) FROM dmarc.record")" \
	"1
1" "and nothing of the first is left"
is "$(sql "SELECT resolution FROM dmarc.set_aside WHERE id = $id")" stored \
	"the conflict is closed"
sql "UPDATE dmarc.set_aside SET resolved_at = NULL, resolution = NULL
      WHERE id = $id"
is "$(sql "SELECT dmarc.replace_report($id, 'example.jp', 'receiver.example',
             'the-same', to_timestamp(1770076800), to_timestamp(1770163199))")" f \
	"opened again, its decision is used up"
sql "UPDATE dmarc.set_aside SET resolved_at = now(), resolution = 'stored'
      WHERE id = $id"
run "$R" status
is "$(sql "SELECT string_agg(selector, ' ') FROM dmarc.known_selector")" s77 \
	"what the first taught is forgotten"

report_with 88 >"$work/in/c.xml"
run "$I" -q "$work/in/c.xml"
id=$(sql "SELECT id FROM dmarc.set_aside WHERE resolved_at IS NULL")
run "$R" conflict "$id" keep
run "$I" -q --retry
is "$status:$(counted)" 0:77 "the stored one is to stay: nothing is left to do"
run "$R" conflict "$id" replace
is "$status" 64 "what is decided is decided"

# ---- the reporter's own mail goes before a stranger's ------------------------------

fresh_database t77
run "$I" -q --init
run "$R" settings authserv_id mx.example.jp
mail_with 5000 evil.example >"$work/in/forged.eml"
mail_with 10 receiver.example >"$work/in/genuine.eml"
run "$I" -q "$work/in/forged.eml"
is "$status:$(counted)" 0:0 "a forged report is kept, and counts nowhere"
run "$I" -q "$work/in/genuine.eml"
is "$status:$(counted)" 0:10 "it is no obstacle to the genuine one"
run "$I" -q "$work/in"
is "$(counted)" 10 "whatever comes again"
mail_with 6000 evil.example >"$work/forged.eml"
run "$I" -q "$work/forged.eml"
is "$status:$(counted)" 0:10 "nor does a forged one that comes later"

for command in summary unaligned reporters dispositions policy coverage \
	selectors; do
	run "$R" "$command"
	is "$(tail -n 1 "$work/out")" \
		"left out, as not trusted: 2 reports, 11,000 messages (--untrusted)" \
		"$command says what it leaves out"
	is "$(grep -c '[56],000' "$work/out")" 0 "$command: and does not count it"
done
run "$R" summary --untrusted
is "$(grep -c ' 10 ' "$work/out"):$(grep -c ' 11,000 ' "$work/out")" 0:4 \
	"summary --untrusted counts it, alone"
is "$(tail -n 1 "$work/out")" \
	"only reports that are left out of all figures, as not trusted" \
	"and says what these are"
run "$R" reporters --untrusted --format csv
is "$(grep -c receiver.example "$work/out")" 1 "reporters --untrusted, too"
run "$R" summary --format csv
is "$(grep -c 'not trusted' "$work/out"):$(grep -c 'not trusted' "$work/err")" \
	0:1 "CSV has rows and nothing else"
run "$R" settings authserv_id default
is "$(counted)" 5000 "while nothing is judged the first one counts, and only that"
run "$R" settings authserv_id mx.example.jp
is "$(counted)" 10 "and back"

# ---- several conflicts in one file: each is one to decide on ------------------------

fresh_database t77_several
run "$I" -q --init
mkdir -p "$work/three" "$work/other"
for i in 1 2 3; do
	report_with 1$i | sed "s/the-same/same-$i/" >"$work/three/$i.xml"
	report_with 2$i | sed "s/the-same/same-$i/" >"$work/other/$i.xml"
done
(cd "$work/other" && zip -q ../other.zip ./*.xml)
run "$I" -q "$work/three"
run "$I" -q "$work/other.zip"
is "$status" 65 "a zip with three conflicts"
is "$(sql "SELECT string_agg(report_id, ' ' ORDER BY report_id)
             FROM dmarc.set_aside WHERE reason = 'conflict'")" \
	"same-1 same-2 same-3" "all three can be decided on"
run "$I" -q "$work/other.zip"
is "$(sql "SELECT count(*) FROM dmarc.set_aside")" 3 "the same zip again: no more"

# Many broken documents are one item that is set aside.
python3 -c '
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as z:
    for n in range(500):
        z.writestr(f"{n}.xml", "<feedback><record>")' "$work/broken.zip"
run "$I" -q "$work/broken.zip"
is "$status:$(sql "SELECT count(*) FROM dmarc.set_aside
                    WHERE source LIKE '%broken.zip'")" 65:1 \
	"500 broken documents in a file: it is kept once"

done_testing
