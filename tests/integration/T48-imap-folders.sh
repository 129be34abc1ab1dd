#!/bin/sh
# Several folders of one mailbox, and folders that are called otherwise than the
# operator calls them.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/integration/imap.sh
. "$(dirname "$0")/imap.sh"

want=$(python3 $make mail "$work/mail" 30)
mkdir "$work/a" "$work/b" "$work/c"
for i in 0 1 2 3 4 5 6 7 8 9; do
	mv "$work/mail/r0000$i.eml" "$work/a"
	mv "$work/mail/r0001$i.eml" "$work/b"
	mv "$work/mail/r0002$i.eml" "$work/c"
done

# check: what --check-config says of folders and actions
check() {
	run "$I" -c "$conf" --check-config
	printf '%s\n' "$out" | sed -n 's/^  //p'
}

# ---- several folders -------------------------------------------------------------

fresh u1 t48_several
imapbox fill u1 INBOX "$work/a"
imapbox fill u1 Reports/one "$work/b"
imapbox fill u1 Reports/two/deep "$work/c"
config u1 'folder = INBOX, Reports/*' 'stored = move Reports/Done' \
	'duplicate = move Reports/Done'
is "$(check)" "folder INBOX: 10 mails, 0 of them over max_size
folder Reports/one: 10 mails, 0 of them over max_size
folder Reports/two/deep: 10 mails, 0 of them over max_size
stored     moved to Reports/Done, which is made first, by MOVE
duplicate  moved to Reports/Done, which is made first, by MOVE
foreign    left where it is
unreadable moved to Set-aside, which is made first, by MOVE" \
	"--check-config names every folder"
run "$I" -c "$conf"
is "$status:$err:$(made):$(folders u1)" "0::$want:30 Reports/Done" \
	"all folders are read, but not the one that mails are moved to"
is "$(sql "SELECT string_agg(folder, ',' ORDER BY folder COLLATE \"C\")
             FROM dmarc.mailbox")" "INBOX,Reports/one,Reports/two/deep" \
	"the database knows each"
is "$(sql "SELECT string_agg(DISTINCT split_part(source, ' ', 1), ',')
             FROM dmarc.ingest_log")" \
	"box/INBOX,box/Reports/one,box/Reports/two/deep" "so does the ledger"
run "$I" -c "$conf"
is "$status:$err:$(folders u1)" "0::30 Reports/Done" "then nothing is left to do"
imapbox fill u1 Reports/new "$work/a"
run "$I" -c "$conf"
is "$status:$err:$(folders u1)" "0::40 Reports/Done" "a folder that is new is read, too"

# %, which goes no deeper; and mails that stay are not read again.
fresh u1 t48_percent
imapbox fill u1 Reports/one "$work/b"
imapbox fill u1 Reports/two/deep "$work/c"
config u1 'folder = Reports/%' 'stored = leave' 'duplicate = leave'
run "$I" -c "$conf"
is "$status:$err:$(folders u1)" "0::10 Reports/one, 10 Reports/two/deep" \
	"% goes no deeper"
is "$(sql 'SELECT count(*) FROM dmarc.report')" 10 "than it should"
run "$I" -v -c "$conf"
like "$err" ' 0 items: ' "mails that stay are known by folder"

# One of them is not there.
fresh u1 t48_missing
imapbox fill u1 INBOX "$work/a"
imapbox fill u1 Other "$work/b"
config u1 'folder = INBOX, Nowhere, Other'
run "$I" -c "$conf"
is "$status:$(folders u1)" "78:20 Processed" "a folder that is missing"
is "$(printf '%s\n' "$err" | grep -c '^dmarc-ingest: box: folder Nowhere: ')" 1 \
	"is told, and the others are read"
run "$I" -c "$conf" --check-config
is "$status" 78 "--check-config finds it"
config u1 'folder = None/*'
run "$I" -c "$conf"
is "$status:$err" "0:" "a pattern that means nothing now is no mistake"
is "$(check | head -n 1)" "folder None/*: there is none now" "but --check-config says so"

# A name with a comma.
fresh u1 t48_comma
imapbox fill u1 'a, b' "$work/a"
config u1 'folder = "a, b"'
run "$I" -c "$conf"
is "$status:$err:$(folders u1)" "0::10 Processed" "a comma in a name, with quotes"

# While --watch stays.
fresh u1 t48_watch
imapbox fill u1 INBOX "$work/a"
config u1 'folder = INBOX, Reports/*' 'poll_interval = 1'
"$I" -c "$conf" --watch 2>"$work/watch.err" &
watcher=$!
until_sql 'SELECT count(*) FROM dmarc.report' 10
imapbox fill u1 Reports/late "$work/b"
until_sql 'SELECT count(*) FROM dmarc.report' 20
kill -TERM $watcher
wait $watcher
is "$?:$(folders u1)" "0:20 Processed" "--watch finds what is new in any of them"
hush "$work/watch.err"
is "$(cat "$work/watch.err")" "" "without a word"

# ---- a prefix ---------------------------------------------------------------------

fresh u4 t48_prefix
imapbox fill u4 INBOX "$work/a"
config u4
is "$(check | sed 1d)" "stored     moved to Processed, which is made first, by MOVE
duplicate  moved to Processed, which is made first, by MOVE
foreign    left where it is
unreadable moved to Set-aside, which is made first, by MOVE" \
	"--check-config, where all folders are below INBOX."
run "$I" -c "$conf"
is "$status:$err:$(folders u4)" "0::10 INBOX.Processed" \
	"mails are moved to where a folder can be"
imapbox fill u4 INBOX.Reports.one "$work/b"
config u4 'folder = Reports.one' 'stored = move Done/here'
run "$I" -c "$conf"
is "$status:$err:$(folders u4)" "0::10 INBOX.Done.here, 10 INBOX.Processed" \
	"and found there, with the server's separator"
imapbox fill u4 INBOX.Reports.two "$work/c"
config u4 'folder = Reports.*' 'stored = move INBOX.Processed'
run "$I" -c "$conf"
is "$status:$err:$(folders u4)" "0::10 INBOX.Done.here, 20 INBOX.Processed" \
	"so are patterns"

# ---- names that are no folders --------------------------------------------------------

fresh u1 t48_noselect
imapbox fill u1 INBOX "$work/a"
imapbox fill u1 Top/below "$work/b"
config u1 'stored = move Top'
run "$I" -c "$conf"
is "$status:$err:$(folders u1)" "0::10 Top, 10 Top/below" \
	"a name that has only others below it becomes a folder"

# ---- rights ----------------------------------------------------------------------------

fresh w7 t48_rights
imapbox fill w7 Kept "$work/a"
config u7 'folder = Kept' 'foreign = delete'
run "$I" -c "$conf" --check-config
is "$status" 78 "--check-config, where nothing may be deleted"
is "$(printf '%s\n' "$out" | grep -c 'cannot be done')" 4 "says what cannot be done"
run "$I" -c "$conf"
is "$status:$(printf '%s\n' "$err" | wc -l)" 78:1 "nor by a run"
is "$(folders w7):$(sql 'SELECT count(*) FROM dmarc.report')" "10 Kept:10" \
	"which reads, and copies nothing that it could not remove"
config u7 'folder = Kept' 'stored = move Locked'
imapbox fill w7 Locked "$work/b"
run "$I" -c "$conf" --check-config
is "$status" 78 "--check-config, where nothing may be moved to"

done_testing
