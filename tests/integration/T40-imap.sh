#!/bin/sh
# Mail is fetched from a mailbox, and put where the configuration says.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/integration/imap.sh
. "$(dirname "$0")/imap.sh"

# ---- the plain case -------------------------------------------------------------

fresh u1 t40
want=$(python3 $make mail "$work/mail" 250)
imapbox fill u1 INBOX "$work/mail"
config u1
run "$I" -c "$conf"
is "$status:$out:$err" 0:: "mails are read without a word"
is "$(made)" "$want" "every report is stored"
is "$(folders u1)" "250 Processed" "and then every mail is moved"
is "$(known)" "" "nothing is remembered of what is gone"
is "$(imapbox flags u1 Processed | awk '{ print $2 }' | sort -u)" "-" \
	"no mail is marked as seen"
is "$(sql "SELECT min(source), count(DISTINCT source) FROM dmarc.ingest_log")" \
	"box/INBOX 1|250" "the ledger names mailbox, folder and UID"
run "$I" -c "$conf"
is "$status:$err:$(made)" "0::$want" "an empty mailbox: nothing to do"

run "$I" -v -c "$conf"
like "$err" '^dmarc-ingest: 0 items: 0 reports stored' "--verbose sums up"

# The same mails once more, in another folder of the same account.
imapbox fill u1 Again "$work/mail"
config u1 'folder = Again' 'duplicate = move Twice'
run "$I" -c "$conf"
is "$status:$err:$(made)" "0::$want" "reports that are known are not stored again"
is "$(folders u1)" "250 Processed, 250 Twice" "duplicates go to their folder"

# ---- mixed mail --------------------------------------------------------------------

# Reports, a TLS report, a bounce, spam, what is broken, and one of 40 MB.
fresh u1 t40_mixed
mkdir "$work/mixed"
cp fixtures/mail/*.eml "$work/mixed"
cp fixtures/mail/hostile/*.eml "$work/mixed" 2>/dev/null
# A server takes no mail without a byte, and makes CR LF of a bare LF.
find "$work/mixed" -size 0 -delete
grep -li '^content-transfer-encoding: *binary' "$work/mixed"/* | xargs rm -f
python3 - "$work/mixed" <<'EOF'
import sys
with open(sys.argv[1] + "/large.eml", "w", encoding="ascii") as f:
    f.write("From: a@example.net\nTo: rua@example.jp\nSubject: large\n"
            "Message-ID: <large@example.net>\nMIME-Version: 1.0\n"
            "Content-Type: application/octet-stream\n"
            "Content-Transfer-Encoding: base64\n\n")
    line = "A" * 76 + "\n"
    for _ in range(40 * 1024 * 1024 // len(line)):
        f.write(line)
EOF
total=$(find "$work/mixed" -name '*.eml' | wc -l)
imapbox fill u1 INBOX "$work/mixed"
find "$work/mixed" -name '*.eml' ! -name large.eml -exec "$I" -q {} + 2>/dev/null
sql "SELECT outcome, reason, count(*) FROM dmarc.ingest_log
      GROUP BY 1, 2 ORDER BY 1, 2" >"$work/want.log"
fresh_database t40_mixed2
"$I" -q --init
config u1 'max_size = 30M' 'stored = move DMARC/ok' 'duplicate = move DMARC/ok' \
	'foreign = flag \Flagged' 'unreadable = move DMARC/受信 & bad'
run_limited "$I" -q -c "$conf"
is "$status" 65 "a folder with all kinds of mail"
is "$((peak < 150))" 1 "takes $peak MB"
sql "SELECT outcome, reason, count(*) FROM dmarc.ingest_log
      WHERE reason IS DISTINCT FROM 'too_large'
      GROUP BY 1, 2 ORDER BY 1, 2" >"$work/got.log"
is "$(diff "$work/want.log" "$work/got.log")" "" \
	"each comes to the same end as from a file, but the one that is too large"
is "$(sql "SELECT size / 1000000 || ' ' || (raw IS NULL) || ' ' || detail
             FROM dmarc.set_aside WHERE reason = 'too_large'" | sed 's/^4[0-9] /4x /; s/ [0-9]* bytes/ N bytes/')" \
	"4x true N bytes are more than 31457280" \
	"which is set aside without being fetched"
stored=$(sql "SELECT count(DISTINCT source) FROM dmarc.ingest_log
               WHERE outcome IN ('stored', 'duplicate', 'failure_report') AND source NOT IN (
                     SELECT source FROM dmarc.ingest_log
                      WHERE outcome IN ('set_aside', 'conflict'))")
# What names a report and has none is kept, too.
aside=$(sql "SELECT count(DISTINCT source) FROM dmarc.ingest_log
              WHERE outcome IN ('set_aside', 'conflict')
                 OR reason IN ('report_missing', 'empty_attachment')")
is "$(folders u1)" \
	"$stored DMARC/ok, $aside DMARC/受信 & bad, $((total - stored - aside)) INBOX" \
	"each mail lies where its verdict belongs"
is "$(imapbox flags u1 INBOX | awk '{ print $2 }' | sort -u)" '\Flagged' \
	"what is no report stays, with a flag"
is "$(sql "SELECT count(*), min(done), max(verdict) FROM dmarc.mailbox_mail")" \
	"$((total - stored - aside))|flag \\Flagged|not_report" "and is remembered"
before=$(sql "SELECT count(*) FROM dmarc.ingest_log")
run "$I" -c "$conf"
is "$status:$err:$(sql "SELECT count(*) FROM dmarc.ingest_log")" "0::$before" \
	"so it is not read again"

# The operator changes his mind about those.
config u1 'foreign = move Other'
run "$I" -c "$conf"
is "$status:$(folders u1 | grep -o '[0-9]* Other')" \
	"0:$((total - stored - aside)) Other" \
	"another action holds for what is there already"
is "$(known):$(sql "SELECT count(*) FROM dmarc.ingest_log")" ":$before" \
	"without reading it"

# ---- what is never done --------------------------------------------------------------

fresh u1 t40_leave
imapbox fill u1 INBOX "$work/mixed"
config u1 'stored = leave' 'duplicate = leave' 'unreadable = leave'
run "$I" -q -c "$conf"
is "$status:$(folders u1)" "65:$total INBOX" "leave: every mail stays"
is "$(imapbox flags u1 INBOX | awk '{ print $2 }' | sort -u)" "-" "unmarked"
run "$I" -q -c "$conf"
is "$status" 0 "and is not read twice"

fresh u1 t40_delete
imapbox fill u1 INBOX "$work/mixed"
config u1 'stored = delete' 'duplicate = delete'
run "$I" -q -c "$conf"
is "$(folders u1)" "$((total - stored - aside + 1)) INBOX, $((aside - 1)) Set-aside" \
	"delete what is stored; what is no report is left all the same"

# What the user has marked as deleted is his.
fresh u1 t40_marked
imapbox fill u1 INBOX "$work/mail"
python3 - <<'EOF'
import imaplib, os, ssl
c = imaplib.IMAP4_SSL("localhost", int(os.environ["IMAPS_PORT"]),
    ssl_context=ssl.create_default_context(cafile=os.environ["IMAP_CA"]))
c.login("u1", "secret")
c.select("INBOX")
c.uid("STORE", "11:20", "+FLAGS", "(\\Deleted)")
c.logout()
EOF
config u1
run "$I" -q -c "$conf"
is "$status:$(folders u1)" "0:10 INBOX, 240 Processed" \
	"mails that are marked as deleted are left alone"

# ---- age --------------------------------------------------------------------------------

fresh u1 t40_age
imapbox fill u1 INBOX "$work/mail"
python3 - <<'EOF'
import imaplib, os, ssl, time
c = imaplib.IMAP4_SSL("localhost", int(os.environ["IMAPS_PORT"]),
    ssl_context=ssl.create_default_context(cafile=os.environ["IMAP_CA"]))
c.login("u1", "secret")
for days in (2, 4, 40):
    c.append("INBOX", None, imaplib.Time2Internaldate(
        time.time() - days * 86400), b"Subject: %d days\r\n\r\nhello\r\n" % days)
c.logout()
EOF
config u1 'max_age = 3' 'foreign = move Other'
run "$I" -q -c "$conf"
is "$status:$(folders u1)" "0:2 INBOX, 1 Other, 250 Processed" \
	"mails that are older than max_age stay unread"

# ---- folders and servers ---------------------------------------------------------------

fresh u2 t40_dots
imapbox fill u2 INBOX "$work/mail"
config u2 'stored = move DMARC.done'
run "$I" -c "$conf"
is "$status:$err:$(folders u2)" "0::250 DMARC.done" "a server with dots in its folders"

for address in 127.0.0.7 127.0.0.8; do
	fresh u3 t40_old
	imapbox fill u3 INBOX "$work/mail"
	[ -d "$IMAP_RAW/u3" ] || mkdir -m 777 "$IMAP_RAW/u3"
	rm -f "$IMAP_RAW/u3"/*
	config u3 "host = $address"
	run "$I" -c "$conf"
	is "$status:$err:$(made)" "0::$want" "$address: every report"
	sent=$(cat "$IMAP_RAW/u3"/*.in)
	is "$(printf '%s' "$sent" | grep -c 'UID MOVE')" 0 "$address: no MOVE is sent"
	like "$sent" 'UID COPY' "$address: COPY is"
	case $address in
	*.7)
		like "$sent" 'UID EXPUNGE' "$address: UID EXPUNGE is"
		is "$(folders u3)" "250 Processed" "$address: moved"
		;;
	*.8)
		is "$(printf '%s' "$sent" | grep -c EXPUNGE)" 0 \
			"$address: without UIDPLUS nothing is expunged"
		is "$(folders u3):$(imapbox flags u3 INBOX | grep -c Deleted)" \
			"250 INBOX, 250 Processed:250" \
			"$address: copied and marked as deleted"
		run "$I" -c "$conf"
		is "$status:$err:$(folders u3)" \
			"0::250 INBOX, 250 Processed" \
			"$address: once is enough"
		;;
	esac
done

config u1 'folder = Nowhere'
run "$I" -c "$conf"
is "$status" 78 "a folder that is not there"
like "$err" '^dmarc-ingest: box: folder Nowhere: ' "is named"

# ---- two mailboxes, and one of them -------------------------------------------------------

fresh u1 t40_two
imapbox wipe u2
imapbox fill u1 INBOX "$work/mail"
imapbox fill u2 INBOX "$work/mail"
config u1
sed 's/ box/ other/; s/u1/u2/' "$conf" >"$work/two"
printf '[mailbox dead]\nhost = localhost\nport = 1\nuser = x\npassword = x\n' >>"$work/two"
cat "$conf" >>"$work/two"
chmod 600 "$work/two"
run "$I" -q -c "$work/two" -m box
is "$status:$(folders u1)/$(folders u2)" "0:250 Processed/250 INBOX" \
	"--mailbox reads that one"
run "$I" -q -c "$work/two"
is "$status:$(folders u2)" "75:250 Processed" \
	"one that is away does not keep the others"
is "$(printf '%s\n' "$err" | wc -l)" 1 "and is told in a line"
like "$err" '^dmarc-ingest: dead: localhost port 1: Connection refused' "which names it"
run "$I" -c "$work/two" -m nobody
is "$status" 78 "a mailbox that is not configured"

# ---- at once ----------------------------------------------------------------------------------

fresh u1 t40_busy
imapbox fill u1 INBOX "$work/mail"
config u1
hold "LOCK TABLE dmarc.report IN EXCLUSIVE MODE"
"$I" -q -c "$conf" >"$work/first" 2>&1 &
first=$!
waiting 1
run "$I" -c "$conf"
is "$status" 0 "a second run leaves the mailbox to the first"
is "$err" "dmarc-ingest: box: another dmarc-ingest reads this mailbox" "and says so"
run "$I" -q -c "$conf"
is "$status:$err" 0: "but not under --quiet"
config u1 'when_busy = fail'
run "$I" -q -c "$conf"
is "$status:$err" "75:dmarc-ingest: box: another dmarc-ingest reads this mailbox" \
	"when_busy = fail: 75"
let_go
status=0
wait $first || status=$?
is "$status:$(made):$(folders u1)" "0:$want:250 Processed" "the first one ends well"

# ---- a look without changing anything ---------------------------------------------------------

fresh u1 t40_check
imapbox fill u1 INBOX "$work/mail"
config u1 'unreadable = delete' 'foreign = flag junk'
run "$I" -c "$conf" --check-config
is "$status:$err" 0: "--check-config"
is "$(printf '%s\n' "$out" | sed 's/TLS1.[23]/TLS/; s/port [0-9]*/port N/')" \
	"database: it is there, with its schema
box: localhost port N, TLS, certificate verified, logged in by SCRAM-SHA-256
  folder INBOX: 250 mails, 0 of them over max_size
  stored     moved to Processed, which is made first, by MOVE
  duplicate  moved to Processed, which is made first, by MOVE
  foreign    gets the flag junk
  unreadable deleted" "says what would be done"
is "$(folders u1)" "250 INBOX" "and does nothing"
is "$(sql 'SELECT count(*) FROM dmarc.mailbox')" 0 "not in the database either"
run env PGDATABASE=t40_nowhere "$I" -c "$conf" --check-config
is "$status" 78 "without the database"
like "$out" 'folder INBOX: 250 mails' "the mailbox is looked at all the same"

# ---- 20,000 mails -------------------------------------------------------------------------------

fresh u9 t40_many
want=$(python3 $make mail "$work/many" 20000)
imapbox fill u9 INBOX "$work/many"
config u9
run_limited "$I" -q -c "$conf"
is "$status:$err:$(made)" "0::$want" "20,000 mails"
is "$(folders u9)" "20000 Processed" "are moved"
is "$((peak < 64))" 1 "in $peak MB"

# ---- on a terminal ----------------------------------------------------------------------------------

fresh u1 t40_terminal
imapbox fill u1 INBOX "$work/many"
config u1
status=0
python3 tests/integration/terminal.py 80 "$I" -c "$conf" >"$work/out" || status=$?
is "$status" 0 "on a terminal"
like "$(tr '\r' '\n' <"$work/out")" '^box: [0-9]+ of 20000 mails, [0-9]+ a second' \
	"progress is shown"
like "$(cat "$work/out")" "20000 items: 20000 reports stored" "and a line that sums up"

done_testing
