#!/bin/sh
# Everything again, by one or by several at a time, in whatever wrapping:
# each report is stored exactly once.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
make=tests/integration/make.py

# Outcomes in the ledger: "duplicate 3, stored 4".
outcomes() {
	sql "SELECT string_agg(outcome || ' ' || n, ', ' ORDER BY outcome) FROM (
	       SELECT outcome, count(*) AS n FROM dmarc.ingest_log GROUP BY 1) x"
}

# ---- all fixtures twice --------------------------------------------------------------

fresh_database t50
run "$I" -q --init
run "$I" -q fixtures
is "$status" 65 "all fixtures"
first_errors=$err
all_rows >"$work/rows"
tables >"$work/before.tables"
ledger="SELECT source, part, message_id, mail_from, size, CASE WHEN outcome IN ('stored', 'failure_report') THEN 'duplicate' ELSE outcome END,
               reason, detail, policy_domain, org_name, report_id, begin_at,
               end_at, record_count, set_aside_count, message_count, pass_count
          FROM dmarc.ingest_log WHERE id"
last=$(sql "SELECT max(id) FROM dmarc.ingest_log")
run "$I" -q fixtures
is "$status" 65 "all fixtures again: what is set aside is so again"
same_rows "no table but the ledger has changed, ids and times included"
is "$(sql "$ledger > $last ORDER BY id")" "$(sql "$ledger <= $last ORDER BY id")" \
	"the ledger has all of it again, the stored ones as duplicates"
is "$(printf '%s\n' "$err" | grep -v 'records set aside')" \
	"$(printf '%s\n' "$first_errors" | grep -v 'records set aside')" \
	"and the same is said again"
is "$(wrong_sums)" 0 "all sums are those of their records"

# ---- known by its bytes ---------------------------------------------------------------

# again PATH...: once more, with the last id of the ledger before it
again() {
	last=$(sql "SELECT max(id) FROM dmarc.ingest_log")
	run "$I" -q "$@"
}

# Those that came alone and were stored whole, and no others.
is "$(sql "SELECT count(*), count(r.source_digest) FROM dmarc.report r
            WHERE (SELECT count(*) FROM dmarc.ingest_log l
                    WHERE l.source = r.source AND l.id <= $last) > 1
               OR r.set_aside_count > 0")" \
	"$(sql "SELECT count(*) FROM dmarc.report r
            WHERE (SELECT count(*) FROM dmarc.ingest_log l
                    WHERE l.source = r.source AND l.id <= $last) > 1
               OR r.set_aside_count > 0")|0" \
	"a report that did not come alone, or not whole, has no digest"
good=fixtures/xml/plain-7489.xml
is "$(sql "SELECT replace(source_digest::text, '-', '') FROM dmarc.report
            WHERE source = '$good'")" \
	"$( (printf 3; cat $good) | sha256sum | cut -c 1-32)" \
	"of others it is that of the decoder's generation and the bytes"

# With another content in the database the bytes alone decide, as they should:
# had the file been read, it would have been a conflict.
sql "UPDATE dmarc.report SET content_hash = '\x00' WHERE source = '$good'"
again $good
is "$status:$(sql "SELECT outcome, record_count FROM dmarc.ingest_log WHERE id > $last")" \
	"0:duplicate|$(sql "SELECT record_count FROM dmarc.report WHERE source = '$good'")" \
	"the same bytes are not read again"
{
	cat $good
	echo
} >"$work/other-bytes.xml"
again "$work/other-bytes.xml"
is "$status:$(sql "SELECT outcome FROM dmarc.ingest_log WHERE id > $last")" \
	65:conflict "other bytes are"
before=$(sql "SELECT record_count, message_count, pass_count FROM dmarc.report WHERE source = '$good'")
sql "DELETE FROM dmarc.record WHERE report_id = (SELECT id FROM dmarc.report WHERE source = '$good');
     DELETE FROM dmarc.report WHERE source = '$good'"
again $good
is "$status:$(sql "SELECT outcome FROM dmarc.ingest_log WHERE id > $last")" \
	0:stored "and so are the same, when the report is gone"
is "$(sql "SELECT record_count, message_count, pass_count FROM dmarc.report WHERE source = '$good'")" \
	"$before" "it is stored once more"
is "$(wrong_sums)" 0 "all sums are those of their records"

# What is known waits for its turn behind what has to be read, and meanwhile
# takes no memory: 240 MB of it, behind 40 MB that are no report.
fresh_database t50_wait
run "$I" -q --init
python3 - "$work/wait" $good <<'END'
import os, sys
where, good = sys.argv[1:]
os.mkdir(where)
with open(good) as f:
    text = f.read()
for i in range(80):
    with open(f"{where}/{i:02}.xml", "w") as f:
        f.write(text.replace("plain-7489", f"wait-{i}").replace(
            "</feedback>", ("<x>" + " " * 92 + "</x>\n") * 30000 + "</feedback>"))
END
run_limited "$I" -q "$work/wait"
is "$status:$(sql "SELECT count(source_digest) FROM dmarc.report")" 0:80 "80 files of 3 MB"
{
	echo '<other>'
	yes '<a/>' | head -n 8000000
	echo '</other>'
} >"$work/wait/00-first.xml"
again_limited=$(sql "SELECT max(id) FROM dmarc.ingest_log")
run_limited "$I" -q "$work/wait"
is "$status:$(outcomes)" "0:duplicate 80, not_report 1, stored 80" "they are known"
is "$(sql "SELECT outcome FROM dmarc.ingest_log WHERE id = $again_limited + 1")" \
	not_report "and wait for the first"
is "$((peak < 200))" 1 "$peak MB are below 200"
rm -r "$work/wait"

# In another order the same rows come of it, but for which of two is the first.
fresh_database t50_order
run "$I" -q --init
find fixtures/demo fixtures/mail -type f | LC_ALL=C sort -r >"$work/reverse"
xargs "$I" -q <"$work/reverse" 2>/dev/null
tables >"$work/reverse.tables"
is "$(grep -c '^report' "$work/reverse.tables")" \
	"$(sql "SELECT count(DISTINCT (report_id, begin_at)) FROM dmarc.ingest_log
	         WHERE outcome = 'stored' AND kind = 'aggregate'")" \
	"in another order: each report once"
is "$(grep '^record|' "$work/reverse.tables" | while read -r line; do
	grep -Fxq "$line" "$work/before.tables" || echo "$line"
done)" "" "with the same records"

# ---- one report in many wrappings -------------------------------------------------

fresh_database t50_wrap
run "$I" -q --init
one=$work/wrap
python3 $make mail "$one" 1 >/dev/null
python3 - "$one" <<'END'
import base64, bz2, email, gzip, io, lzma, sys, tarfile, zipfile
where = sys.argv[1]
with open(where + "/r00000.eml", "rb") as f:
    mail = f.read()
xml = gzip.decompress(email.message_from_bytes(mail).get_payload(decode=True))
def put(name, data):
    with open(f"{where}/{name}", "wb") as f:
        f.write(data)
put("a.xml", xml)
put("b.xml.gz", gzip.compress(xml))
put("c.xml.bz2", bz2.compress(xml))
put("d.xml.xz", lzma.compress(xml))
z = io.BytesIO()
with zipfile.ZipFile(z, "w") as f:
    f.writestr("x.xml", xml)
put("e.zip", z.getvalue())
t = io.BytesIO()
with tarfile.open(fileobj=t, mode="w") as f:
    info = tarfile.TarInfo("x.xml")
    info.size = len(xml)
    f.addfile(info, io.BytesIO(xml))
put("f.tar", t.getvalue())
put("g.eml", b"From: b@c.example\nMIME-Version: 1.0\nContent-Type: application/zip\n"
    b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(z.getvalue()))
put("h.eml", b"From: d@e.example\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n" + mail)
put("i.xml", b"\xef\xbb\xbf" + xml.replace(b"\n", b"\r\n"))
put("j.mbox", b"From a Mon Nov  2 03:02:00 2026\n" + mail + b"\n"
    b"From a Mon Nov  2 03:02:00 2026\n" + mail)
# Another order of records, other blanks, capitals, a name in brackets.
put("k.xml", xml.replace(b"reporter0.example</org_name>", b" Reporter0.Example </org_name>")
    .replace(b"example.jp</domain><p>", b"EXAMPLE.JP.</domain><p>"))
# And what is none: another count, another window, another reporter.
put("x.xml", xml.replace(b"<count>1</count>", b"<count>2</count>"))
put("y.xml", xml.replace(b"<begin>1785542400<", b"<begin>1785542401<"))
put("z.xml", xml.replace(b"reporter0.example</org_name>", b"reporter9.example</org_name>"))
END
run "$I" -v "$one"
is "$status" 65 "one report in many wrappings, and one that contradicts it"
is "$(outcomes)" "conflict 1, duplicate 12, stored 3" \
	"it is stored once; another window and another reporter are others"
is "$(sql "SELECT source, outcome, reason FROM dmarc.ingest_log
            WHERE outcome = 'conflict'")" "$one/x.xml|conflict|conflict" \
	"the ledger tells the conflict"
like "$err" "^dmarc-ingest: $one/x.xml: report made-0 of reporter0.example for example.jp was stored before with other content" \
	"and so does a line"
is "$(sql "SELECT kind, reason, encode(sha256(raw), 'hex') FROM dmarc.set_aside")" \
	"item|conflict|$(sha256sum <"$one/x.xml" | cut -d ' ' -f 1)" \
	"its bytes are kept"
is "$(sql "SELECT sum(message_count) FROM dmarc.record")" 3 "a message each"

# ---- several at a time -----------------------------------------------------------------

want=$(python3 $make reports "$work/made" 300)
find "$work/made" -type f | LC_ALL=C sort >"$work/forward"
LC_ALL=C sort -r "$work/forward" >"$work/backward"

# both DATABASE TABLES FILES FILES: an ingester for each list; both have come
# to the tables before either of them goes on
both() {
	fresh_database "$1"
	"$I" -q --init
	[ -z "${5-}" ] || sql "ALTER DATABASE $1 SET default_transaction_isolation = '$5'"
	hold "LOCK TABLE $2 IN ACCESS EXCLUSIVE MODE"
	shift
	for k in 1 2; do
		shift
		(
			s=0
			xargs -n 10000 "$I" -v <"$1" 2>"$work/both.$k" || s=$?
			echo $s >"$work/exit.$k"
		) &
	done
	waiting 2
	let_go
	wait
	# xargs says 123 for any exit from 1 to 125.
	exits="$(cat "$work/exit.1") $(cat "$work/exit.2")"
	errors=$(grep -ih 'deadlock\|database\|serialize\|could not' \
		"$work/both.1" "$work/both.2")
}

both t50_both dmarc.policy_domain "$work/forward" "$work/backward"
is "$exits:$errors" "0 0:" "two at a time, in opposite order: both exit 0, no error"
is "$(totals)" "$want" "every report once, every message once"
is "$(outcomes)" "duplicate 300, stored 300" "seen twice, stored once"
is "$(wrong_sums)" 0 "all sums are those of their records"

both t50_serial dmarc.policy_domain "$work/forward" "$work/backward" serializable
is "$exits:$errors" "0 0:" "the same where transactions are serializable"
is "$(totals)" "$want" "every report once, every message once"

# Both want to make the partition of the same month.
both t50_month dmarc.record_other "$work/forward" "$work/backward"
is "$exits:$errors" "0 0:" "two at a time make one partition: both exit 0, no error"
is "$(totals)" "$want" "every report once, every message once"
is "$(sql "SELECT count(*) FROM dmarc.record_other")" 0 "in its month"
both t50_month_serial dmarc.record_other "$work/forward" "$work/backward" serializable
is "$exits:$errors" "0 0:" "the same where transactions are serializable"
is "$(totals)" "$want" "every report once, every message once"

mkdir -p "$work/broken"
for i in $(seq 300); do
	echo "<feedback><record/>$i" >"$work/broken/$i.xml"
done
find "$work/broken" -type f | LC_ALL=C sort >"$work/forward"
LC_ALL=C sort -r "$work/forward" >"$work/backward"
both t50_broken dmarc.set_aside "$work/forward" "$work/backward"
is "$exits:$errors" "123 123:" \
	"two at a time, nothing but broken files: no deadlock that anybody sees"
is "$(sql "SELECT count(*), count(DISTINCT raw) FROM dmarc.set_aside")" "300|300" \
	"each is set aside once"

# Reports of new months, of a domain that none has seen, ten at a time.
fresh_database t50_ten
run "$I" -q --init
want=$(python3 $make reports "$work/made" 200)
for k in 1 2 3 4 5 6 7 8 9 10; do
	(
		s=0
		"$I" "$work/made" 2>"$work/ten.$k" || s=$?
		echo "$s" >"$work/ten.exit.$k"
	) &
done
wait
for k in 1 2 3 4 5 6 7 8 9 10; do
	hush "$work/ten.$k"
done
is "$(cat "$work"/ten.exit.* | sort -u):$(cat "$work"/ten.[0-9]*)" 0: \
	"ten at a time: all exit 0, not a word"
# The folder has the 300 of before.
want=$(python3 $make reports "$work/made" 300)
is "$(totals)" "$want" "every report once"
is "$(wrong_sums)" 0 "all sums are those of their records"

done_testing
