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

# A mistake is not tried again for ever.
config u3 'password = wrong'
run timeout 200 "$I" --watch -c "$conf" -d 'dbname=t44_nowhere'
is "$status" 78 "no such database: a person must look"

# ---- while it waits for a server that says nothing -----------------------------------

cat >"$work/silent.py" <<'EOF'
import socket, sys, time
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
held = [s.accept()]
print("called", flush=True)
time.sleep(3600)
EOF
python3 "$work/silent.py" >"$work/port" &
silent=$!
until [ -s "$work/port" ]; do sleep 0.1; done
config u3 "port = $(cat "$work/port")" 'host = 127.0.0.1' 'tls = none' 'timeout = 3600'
start_watch
until_true grep -q called "$work/port"
ends TERM "SIGTERM while a server says nothing"
kill $silent

done_testing
