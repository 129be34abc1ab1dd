#!/bin/sh
# --watch: mails are read as they arrive, whatever goes away meanwhile, until
# somebody says that it is enough.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/integration/imap.sh
. "$(dirname "$0")/imap.sh"

python3 $make mail "$work/mail" 9 >/dev/null
# arrive N: mail N comes
arrive() {
	rm -rf "$work/one"
	mkdir "$work/one"
	cp "$work/mail/r0000$1.eml" "$work/one"
	imapbox fill u3 INBOX "$work/one"
}

# Whoever runs in the background, also all of this, may ignore signals.
start_watch() {
	env --default-signal=INT,HUP "$I" --watch -c "$conf" >"$work/out" 2>"$work/err" &
	watcher=$!
}

# shellcheck disable=SC2317 # for until_true
has_ended() {
	! kill -0 $watcher 2>/dev/null
}

# ends SIGNAL NAME: it ends, well, and not only when what it waits for is over:
# that would be in an hour.
ends() {
	kill -s "$1" $watcher
	until_true has_ended
	kill -s KILL $watcher 2>/dev/null
	status=0
	wait $watcher || status=$?
	is "$status" 0 "$2"
}

# shellcheck disable=SC2317 # for until_true
all_moved() {
	[ "$(folders u3)" = "4 Processed" ]
}

reports() {
	until_sql 'SELECT count(*) FROM dmarc.report' "$1"
	report $? "$2"
}

cat >"$work/silent.py" <<'EOF'
import socket, sys, time
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
held = [s.accept()]
print("called", flush=True)
time.sleep(3600)
EOF
# start_silent: a server that takes calls and says nothing; its port, and whether
# it was called, are in $work/port.
start_silent() {
	: >"$work/port"
	python3 "$work/silent.py" >"$work/port" &
	silent=$!
	until [ -s "$work/port" ]; do sleep 0.1; done
}

for how in poll idle; do
	fresh u3 t44_$how
	arrive 0
	if [ $how = poll ]; then
		config u3 'poll_interval = 1'
	else
		# Only news can be what it wakes up for.
		config u3 'watch = idle' 'poll_interval = 3600'
	fi
	start_watch
	reports 1 "$how: what is there is read"
	arrive 1
	reports 2 "$how: what arrives is read"
	arrive 2
	arrive 3
	reports 4 "$how: and what arrives then"
	until_true all_moved
	is "$(folders u3)" "4 Processed" "$how: and moved"
	ends TERM "$how: SIGTERM is a clean end"
	hush "$work/err"
	is "$(cat "$work/err")" "" "$how: without a word"
	until_true grep -q '\(Login\|Logged in\): user=<u3>, method=SCRAM' "$IMAP_LOG"
	is "$(grep -c '\(Login\|Logged in\): user=<u3>, method=SCRAM' "$IMAP_LOG")" 1 \
		"$how: one connection was enough"
	: >"$IMAP_LOG"
done

# ---- a folder of a pattern goes ---------------------------------------------------

fresh u3 t44_folder
mkdir "$work/two" "$work/three"
cp "$work/mail/r00004.eml" "$work/two"
cp "$work/mail/r00005.eml" "$work/three"
imapbox fill u3 Reports/a "$work/two"
imapbox fill u3 Reports/b "$work/three"
config u3 'folder = INBOX, Reports/*' 'poll_interval = 1'
start_watch
reports 2 "two folders of a pattern are read"
imapbox drop u3 Reports/a
sleep 3
arrive 6
reports 3 "one of them goes: the others are still read"
ends TERM "and that is a clean end"
hush "$work/err"
is "$(cat "$work/err")" "" "without a word about a folder that is not there"

# ---- the server goes and comes -----------------------------------------------------

fresh u3 t44_server
config u3 'poll_interval = 1'
start_watch
until_true grep -q '\(Login\|Logged in\): user=<u3>, method=SCRAM' "$IMAP_LOG"
began=$(date +%s)
dovecot kill
until_true grep -q '^dmarc-ingest: box: ' "$work/err"
report $? "the server dies: told"
# The next attempts are told, too: at once, and 5, 10, 30, ... seconds later, as
# long as it takes the server to come; the port is the same.
dovecot start
arrive 4
reports 1 "and lives again: its mails are read"
took=$(($(date +%s) - began + 1))
ends TERM "a clean end after that, too"
words=2
for seconds in 5 15 45 105 225; do
	[ $took -lt $seconds ] || words=$((words + 1))
done
hush "$work/err"
is "$(($(wc -l <"$work/err") <= words))" 1 "few words were lost on it"

# ---- the database goes and comes ----------------------------------------------------

fresh u3 t44_database
config u3 'poll_interval = 1'
start_watch
arrive 5
reports 1 "before"
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'dmarc-ingest' AND datname = current_database()" \
	>/dev/null
arrive 6
reports 2 "the database's session ends: another is opened"
like "$(cat "$work/err")" 'trying again in 5 s' "and that is told"
ends HUP "SIGHUP is a clean end"

# ---- a database that does not answer ----------------------------------------------------

# frozen: its session waits for a lock, and then does nothing at all any more
frozen() {
	waiting 1
	backend=$(sql "SELECT pid FROM pg_stat_activity
	                WHERE wait_event_type = 'Lock' AND datname = current_database()")
	kill -s STOP "$backend"
}
thaw() {
	kill -s CONT "$backend"
	let_go
	alone
}
unanswered='asked to stop while it does not answer; the rest is for the next run'

fresh u3 t44_frozen
config u3 'poll_interval = 1'
arrive 0
hold "LOCK TABLE dmarc.ingest_log IN EXCLUSIVE MODE"
start_watch
frozen
ends TERM "SIGTERM while the database is frozen"
hush "$work/err"
is "$(cat "$work/err")" "dmarc-ingest: database: $unanswered" "and says so"
thaw
is "$(folders u3):$(sql 'SELECT count(*) FROM dmarc.report')" "1 INBOX:0" \
	"nothing is done by halves"
hold "LOCK TABLE dmarc.ingest_log IN EXCLUSIVE MODE"
env --default-signal=INT,HUP "$I" -q -c "$conf" >"$work/out" 2>"$work/err" &
watcher=$!
frozen
kill -s TERM $watcher
until_true has_ended
kill -s KILL $watcher 2>/dev/null
status=0
wait $watcher || status=$?
hush "$work/err"
is "$status:$(cat "$work/err")" "75:dmarc-ingest: database: $unanswered" \
	"without --watch the rest is for the next run: 75"
thaw
run "$I" -q -c "$conf"
is "$status:$(folders u3):$(sql 'SELECT count(*) FROM dmarc.report')" "0:1 Processed:1" \
	"which does it"

# A server that takes calls and says nothing, while we connect.
config u3 'poll_interval = 1'
start_silent
env --default-signal=INT,HUP "$I" --watch -c "$conf" \
	-d "host=127.0.0.1 port=$(cat "$work/port") dbname=x connect_timeout=3600" \
	>"$work/out" 2>"$work/err" &
watcher=$!
until_true grep -q called "$work/port"
ends TERM "SIGTERM while it connects"
kill $silent

# ---- a mail that the database does not get done -------------------------------------------

fresh u3 t44_left
for k in 0 1 2 3; do arrive $k; done
sql "CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS \$\$
     BEGIN
       IF NEW.report_id = 'made-2' THEN RAISE deadlock_detected; END IF;
       RETURN NEW;
     END \$\$;
     CREATE TRIGGER trouble BEFORE INSERT ON dmarc.report
     FOR EACH ROW EXECUTE FUNCTION public.trouble()"
run "$I" -q -c "$conf"
is "$status:$(echo "$err" | wc -l)" 75:1 "one of four mails that is never stored: 75, one line"
like "$err" '^dmarc-ingest: box/INBOX [0-9]*: left for the next run: database: ' "that names it"
is "$(folders u3):$(sql 'SELECT count(*) FROM dmarc.report')" "1 INBOX, 3 Processed:3" \
	"the others are stored and moved, it stays"
sql "DROP TRIGGER trouble ON dmarc.report"
run "$I" -q -c "$conf"
is "$status:$err:$(folders u3):$(sql 'SELECT count(*) FROM dmarc.report')" \
	"0::4 Processed:4" "the next run does it"

# A mistake is not tried again for ever.
config u3 'password = wrong'
run timeout 200 "$I" --watch -c "$conf" -d 'dbname=t44_nowhere'
is "$status" 78 "no such database: a person must look"

# ---- while it waits for a server that says nothing -----------------------------------

start_silent
config u3 "port = $(cat "$work/port")" 'host = 127.0.0.1' 'tls = none' 'timeout = 3600'
start_watch
until_true grep -q called "$work/port"
ends TERM "SIGTERM while a server says nothing"
kill $silent

done_testing
