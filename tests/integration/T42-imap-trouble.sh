#!/bin/sh
# What goes wrong between a mailbox and a database: nothing is lost, nothing is
# counted twice, and nothing is moved that is not committed.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/integration/imap.sh
. "$(dirname "$0")/imap.sh"

want=$(python3 $make mail "$work/mail" 600)

begin() {
	fresh u5 "$1"
	imapbox fill u5 INBOX "${2:-$work/mail}"
	config u5
}

# done_well NAME: every report once, every mail moved, nothing remembered.
done_well() {
	is "$(made):$(wrong_sums):$(folders u5):$(known)" \
		"$want:0:600 Processed:" "$1"
}

# ---- UIDVALIDITY ---------------------------------------------------------------------

# Mails that are left are known by UID; the folder is made anew, and the same
# UIDs are other mails.
begin t42_uidvalidity
config u5 'stored = leave' 'duplicate = move Twice'
run "$I" -c "$conf"
is "$status:$err:$(made):$(known | tr ',' '\n' | grep -c stored)" "0::$want:600" \
	"mails that are left are remembered"
imapbox recreate u5 INBOX
python3 $make mail "$work/other" 610 >/dev/null
find "$work/other" -name 'r00[0-5]*' -delete
imapbox fill u5 INBOX "$work/other"
imapbox fill u5 INBOX "$work/mail"
run "$I" -c "$conf"
is "$status:$err:$(sql 'SELECT count(*) FROM dmarc.report')" "0::610" \
	"UIDVALIDITY has changed: all of them are read again"
is "$(folders u5)" "10 INBOX, 600 Twice" "and go where what is known belongs"

# The same UID, the same UIDVALIDITY, another size: a server that breaks its
# word.
sql 'UPDATE dmarc.mailbox_mail SET size = size + 1 WHERE uid <= 3'
before=$(sql 'SELECT count(*) FROM dmarc.ingest_log')
run "$I" -c "$conf"
is "$status:$err:$(sql 'SELECT count(*) FROM dmarc.ingest_log')" \
	"0::$((before + 3))" "a mail of another size is another mail"

# ---- another client -------------------------------------------------------------------

# More than a batch, which has 1000.
many=$(python3 $make mail "$work/many" 1100)

# While the first batch waits for a lock, mails behind it are deleted, and one
# of it.
begin t42_deleted "$work/many"
hold "LOCK TABLE dmarc.report IN EXCLUSIVE MODE"
"$I" -c "$conf" >"$work/out" 2>"$work/err" &
ingester=$!
waiting 1
imapbox delete u5 INBOX 10,1050:1069
let_go
status=0
wait $ingester || status=$?
hush "$work/err"
is "$status:$(cat "$work/err")" 0: "another client deletes mails meanwhile: no word"
stored=$(sql 'SELECT count(*) FROM dmarc.report')
is "$((stored >= 1080 && stored <= 1100))" 1 "$stored of 1080 to 1100 are stored"
is "$(folders u5):$(known)" "1079 Processed:" "what is left is moved"

# ---- the database goes away --------------------------------------------------------------

# Its session is ended while the second batch waits: the first is committed and
# moved, the second is neither.
begin t42_database "$work/many"
sql "CREATE FUNCTION t42() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
       IF NEW.report_id = 'made-1050' THEN
         PERFORM pg_terminate_backend(pg_backend_pid());
       END IF; RETURN NEW; END \$\$;
     CREATE TRIGGER t42 BEFORE INSERT ON dmarc.report
        FOR EACH ROW EXECUTE FUNCTION t42()"
run "$I" -q -c "$conf"
is "$status:$(printf '%s\n' "$err" | wc -l)" 75:1 "the database goes away: 75"
like "$err" 'terminating connection due to administrator command' \
	"with the server's last word"
is "$(sql 'SELECT count(*) FROM dmarc.report'):$(folders u5)" \
	"1000:100 INBOX, 1000 Processed" "only what is committed is moved"
sql 'DROP TRIGGER t42 ON dmarc.report'
run "$I" -q -c "$conf"
is "$status:$(made):$(wrong_sums):$(folders u5):$(known)" \
	"0:$many:0:1100 Processed:" "the next run reads the rest"

begin t42_none
run env PGHOST=/nonexistent "$I" -q -c "$conf"
is "$status:$(folders u5)" "75:600 INBOX" "no database: nothing is touched"
dropdb t42_none && createdb t42_none
run "$I" -q -c "$conf"
is "$status:$(folders u5)" "78:600 INBOX" "no schema: nothing is touched"

# ---- the folder refuses --------------------------------------------------------------------

fresh u8 t42_quota
imapbox fill u8 INBOX "$work/mail"
config u8 'stored = move Full/box'
run "$I" -q -c "$conf"
is "$status" 75 "a full quota"
is "$(printf '%s\n' "$err" | wc -l)" 1 "is one line"
like "$err" '^dmarc-ingest: box: move to Full/box: .*[Qq]uota' "which says so"
is "$(folders u8)" "600 INBOX" "the mails stay"
n_stored=$(sql 'SELECT count(*) FROM dmarc.report')
before=$(sql 'SELECT count(*) FROM dmarc.ingest_log')
run "$I" -q -c "$conf"
is "$((n_stored <= $(sql 'SELECT count(*) FROM dmarc.report')))" 1 "they are stored"
config u8 'stored = move Elsewhere'
run "$I" -q -c "$conf"
is "$status:$err:$(made):$(folders u8)" "0::$want:600 Elsewhere" \
	"with room they move"
is "$(sql 'SELECT count(*) FROM dmarc.ingest_log')" 600 "and were read once"

fresh w7 t42_readonly
imapbox fill w7 INBOX "$work/mail"
config u7
run "$I" -q -c "$conf"
is "$status:$err" \
	"78:dmarc-ingest: box: folder INBOX is read-only: its mails are read and left" \
	"a folder that is read-only"
is "$(made):$(folders w7)" "$want:600 INBOX" "is read"
run "$I" -q -c "$conf"
is "$status:$(sql 'SELECT count(*) FROM dmarc.ingest_log')" 78:600 "once"
config u7 'stored = leave' 'duplicate = leave' 'unreadable = leave'
run "$I" -q -c "$conf"
is "$status:$err" 0: "where nothing is to be moved it is all right"

fresh w7 t42_readonly_target
config u7 'folder = Locked'
imapbox fill w7 Locked "$work/mail"
run "$I" -q -c "$conf"
is "$status:$(made)" "78:$want" "another one"

# ---- the server goes away ---------------------------------------------------------------------

# It is killed at some moment, started again, and the next run ends the work.
# A trigger makes each run slow enough to be met in its middle.
slow="CREATE FUNCTION t42() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
        PERFORM pg_sleep(0.3); RETURN NULL; END \$\$;
      CREATE TRIGGER t42 AFTER INSERT ON dmarc.ingest_log
         FOR EACH STATEMENT EXECUTE FUNCTION t42()"
for ms in 050 100 200 300 400 500; do
	begin t42_killed
	config u5 'timeout = 5' 'batch = 20'
	sql "$slow"
	"$I" -q -c "$conf" >"$work/out" 2>"$work/err" &
	ingester=$!
	sleep "0.$ms"
	dovecot kill
	status=0
	wait $ingester || status=$?
	is "$status:$(wc -l <"$work/err")" 75:1 "the server dies after $ms ms: 75"
	dovecot start
	config u5
	run "$I" -q -c "$conf"
	is "$status:$err" 0: "and lives again"
	done_well "every report once, every mail moved"
done

# Restarted properly in the middle of a run, it lets its sessions come to their
# end.
begin t42_restart
config u5 'batch = 20'
sql "$slow"
"$I" -q -c "$conf" >"$work/out" 2>"$work/err" &
ingester=$!
until_sql 'SELECT count(*) > 0 FROM dmarc.report' t
dovecot restart
status=0
wait $ingester || status=$?
is "$status:$(cat "$work/err")" 0: "the server is restarted"
done_well "which nobody notices"

done_testing
