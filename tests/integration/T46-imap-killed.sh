#!/bin/sh
# A run over a mailbox dies at any moment; run again, database and mailbox end
# as in an undisturbed run.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/integration/imap.sh
. "$(dirname "$0")/imap.sh"

fresh_database t46_template
"$I" -q --init

# ---- at any moment ------------------------------------------------------------------

want=$(python3 $make mail "$work/mail" 2000)
config u6
clone u6 t46_kill t46_template
start=$(date +%s%N)
run "$I" -q -c "$conf"
took=$((($(date +%s%N) - start) / 1000000))
is "$status:$(made):$(folders u6)" "0:$want:2000 Processed" "2,000 mails"

# 50 times, at moments spread by chance over most of a run; each time the
# same run goes on where the last was killed, until one is not.
died=0
bad_sums=0
clone u6 t46_kill t46_template
# How fast the machine is changes while others work on it: a run that ends by
# itself makes the next moments earlier, one that is killed makes them later.
for part in $(python3 -c "
import random
random.seed(20261124)
print(*(random.randrange(1, 1000) for _ in range(200)))"); do
	[ $died -lt 50 ] || break
	ms=$((took * part / 1000 + 1))
	run timeout -s KILL "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))" \
		"$I" -q -c "$conf"
	if [ "$status" = 137 ]; then
		died=$((died + 1))
		took=$((took * 21 / 20 + 1))
	elif [ "$status" != 0 ]; then
		is "$status:$err" 0: "a run ends by itself"
	else
		# It came to its end: begin again.
		took=$((took * 3 / 4 + 1))
		alone
		[ "$(made):$(folders u6):$(known)" = "$want:2000 Processed:" ] ||
			is "$(made):$(folders u6):$(known)" "$want:2000 Processed:" \
				"ended by itself: every report once, no mail left"
		clone u6 t46_kill t46_template
	fi
	alone
	[ "$(wrong_sums)" = 0 ] || bad_sums=$((bad_sums + 1))
done
is "$bad_sums" 0 "never anything by halves"
is "$died" 50 "50 times before its end"
run "$I" -q -c "$conf"
is "$status:$err:$(made)" "0::$want" "run to the end: every report exactly once"
is "$(folders u6):$(known)" "2000 Processed:" "no mail left, none lost, none doubled"

# ---- asked to stop -------------------------------------------------------------------

# More mails than are read ahead of a commit.
many=$(python3 $make mail "$work/many" 8000)

# The second commit waits for a lock; there it is told.
stop_in_the_middle() {
	waiting 1
	kill -s "$1" "$(cat "$work/pid")"
	echo 'COMMIT;' >&9
}

for signal in TERM INT HUP; do
	clone u6 t46_stop t46_template
	imapbox wipe u6
	imapbox fill u6 INBOX "$work/many"
	sql "CREATE FUNCTION t46() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
	       IF (SELECT count(*) > 1000 FROM dmarc.report) THEN
	         PERFORM pg_advisory_xact_lock(46);
	       END IF; RETURN NULL; END \$\$;
	     CREATE TRIGGER t46 AFTER INSERT ON dmarc.ingest_log
	        FOR EACH STATEMENT EXECUTE FUNCTION t46()"
	hold 'SELECT pg_advisory_xact_lock(46)'
	stop_in_the_middle $signal &
	# Whoever runs in the background, also all of this, ignores SIGINT.
	# shellcheck disable=SC2016 # for that shell
	run env --default-signal=INT,HUP sh -c 'echo $$ >"$0"; exec "$@"' \
		"$work/pid" "$I" -q -c "$conf"
	let_go
	like "$err" '^dmarc-ingest: asked to stop' "SIG$signal: says so"
	n_stored=$(sql 'SELECT count(*) FROM dmarc.report')
	is "$((n_stored > 1000 && n_stored < 8000))" 1 "$n_stored are stored"
	is "$(imapbox count u6 Processed):$(known)" "$n_stored:" \
		"what was committed is moved before the end"
	sql 'DROP TRIGGER t46 ON dmarc.ingest_log'
	run "$I" -q -c "$conf"
	is "$status:$(made):$(folders u6)" "0:$many:8000 Processed" "run again: all"
done

done_testing
