#!/bin/sh
# Maildir: new and cur, flags, nothing changed in it, and other programs that
# move and delete mails meanwhile.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
make=tests/integration/make.py

# Everything about a folder that a program could have changed.
listing() {
	find "$1" -printf '%p %y %m %u %s %T@ %l\n' | LC_ALL=C sort
}

# Of reports "made-I": which I are stored.
stored() {
	sql "SELECT coalesce(string_agg(n::text, ' ' ORDER BY n), '') FROM (
	       SELECT substr(report_id, 6)::integer AS n FROM dmarc.report) x"
}

# ---- flags, folders, nothing changed ---------------------------------------------

fresh_database t30
run "$I" -q --init
box=$work/box
python3 $make maildir "$box" 13 >/dev/null
# move I NAME: mail I, which is 179358800I.MIP1.mx, gets another name.
move() {
	mv "$box/new/$((1793588000 + $1)).M$1P1.mx" "$box/$2"
}
move 1 "cur/1793588001.M1P1.mx:2,"
move 2 "cur/1793588002.M2P1.mx:2,S"
move 3 "cur/1793588003.M3P1.mx:2,ST"
move 4 "cur/1793588004.M4P1.mx:2,DS"
move 5 "cur/1793588005.M5P1.mx:2,FPRS"
move 6 "cur/1793588006.M6P1.mx,S=1234:2,S"
move 7 "cur/TD.M7P1.mx"
move 8 "tmp/1793588008.M8P1.mx"
move 9 "new/.1793588009.M9P1.mx"
move 10 "cur/1793588010.M10P1.mx;2,T"
# What is no mail: an index of Dovecot, a folder, a link to nothing.
touch "$box/dovecot.index" "$box/dovecot-uidlist"
mkdir -p "$box/new/folder"
ln -s nowhere "$box/new/dangling"
# Sub-folders: of Maildir++, and of LAYOUT=fs, one with a name alone.
for f in .Archive Reports/2026 .Trash; do
	mkdir -p "$box/$f/new" "$box/$f/cur" "$box/$f/tmp"
done
move 11 ".Archive/new/1793588011.M11P1.mx"
move 12 "Reports/2026/cur/1793588012.M12P1.mx:2,S"
cp fixtures/mail/crlf.eml "$box/.Trash/cur/1793588013.M13P1.mx:2,S"
before=$(listing "$box")
run_limited "$I" "$box"
is "$(stored)" "0 1 2 5 6 7 11 12" \
	"new and cur are read, of sub-folders, too; tmp, hidden, trashed and draft are not"
is "$(listing "$box")" "$before" "nothing is moved, marked or changed"
is "$status:$err" "65:dmarc-ingest: $box/new/folder: Is a directory
dmarc-ingest: $box/.Trash: not read: sent, deleted or unfinished mail" \
	"a folder among the mails is named, and so is one that is left out"

# A folder with Maildirs in it, one of them deeper.
fresh_database t30_in_folder
run "$I" -q --init
mkdir -p "$work/mail/users"
rm -r "$box/new/folder"
mv "$box" "$work/mail/users/a"
cp -R "$work/mail/users/a" "$work/mail/b"
cp fixtures/xml/plain-7489.xml "$work/mail/report.xml"
run_limited "$I" "$work/mail"
is "$status:$err" "0:dmarc-ingest: $work/mail/b/.Trash: not read: sent, deleted or unfinished mail
dmarc-ingest: $work/mail/users/a/.Trash: not read: sent, deleted or unfinished mail" \
	"Maildirs in a folder"
is "$(sql "SELECT outcome, count(*) FROM dmarc.ingest_log GROUP BY 1 ORDER BY 1")" \
	"duplicate|8
stored|9" "are read as Maildirs, and what lies beside them is read, too"
is "$(sql "SELECT count(*) FROM dmarc.ingest_log
            WHERE substr(source, length('$work/mail') + 1)
                  ~ '/tmp/|/[.][^A]|[;,][A-Z]*[TD]'")" 0 \
	"tmp, hidden, trashed and draft are left out there, too"

# ---- what cannot be read ------------------------------------------------------------

fresh_database t30_fifo
run "$I" -q --init
python3 $make maildir "$work/fifo" 2 >/dev/null
mkfifo "$work/fifo/new/0.fifo"
run timeout 10 "$I" "$work/fifo"
like "$status" '^(0|65)$' "a FIFO among the mails: no hanging"
is "$(stored)" "0 1" "its neighbours are stored"

# ---- meanwhile --------------------------------------------------------------------------

# A batch has 1000 items, some 4000 are read ahead for the workers, and as many
# as a batch has wait behind these.  While its transaction waits for a lock, the
# mails behind all of them are known by name, and move.
fresh_database t30_move
run "$I" -q --init
box=$work/busy
python3 $make maildir "$box" 12020 >/dev/null
hold "LOCK TABLE dmarc.report IN EXCLUSIVE MODE"
"$I" "$box" >"$work/out" 2>"$work/err" &
ingester=$!
waiting 1
for i in 12000 12001 12002 12003 12004 12005 12006 12007; do
	move $i "cur/$((1793588000 + i)).M${i}P1.mx:2,S"
done
for i in 12008 12009 12010 12011; do
	rm "$box/new/$((1793588000 + i)).M${i}P1.mx"
done
# One comes, too late to be in the list.
cp "$box/new/1793600019.M12019P1.mx" "$box/new/1793600020.M12020P1.mx"
# And of those that are read already one is deleted.
rm "$box/new/1793588000.M0P1.mx"
let_go
status=0
wait $ingester || status=$?
hush "$work/err"
is "$status:$(cat "$work/err")" 0: "mails move from new to cur, vanish, arrive: no word"
is "$(stored)" "$(seq -s ' ' 0 12007) $(seq -s ' ' 12012 12019)" \
	"what moved is found, what vanished is left out"
is "$(sql "SELECT count(*) FROM dmarc.ingest_log
            WHERE source LIKE '%/cur/1793600%:2,S'")" 8 \
	"the ledger names the mail as it is called then"

# All of them move before anything is read: the listing is all that is known.
fresh_database t30_all
run "$I" -q --init
run "$I" "$box"
is "$(stored)" "$(seq -s ' ' 1 12007) $(seq -s ' ' 12012 12019)" \
	"another run reads all that is there, from both folders"

done_testing
