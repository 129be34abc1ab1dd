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
		until_sql "SELECT count(*) FROM pg_stat_activity
		            WHERE application_name = 'dmarc-ingest'
		              AND datname = current_database()" 0
		[ "$(made):$(folders u6):$(known)" = "$want:2000 Processed:" ] ||
			is "$(made):$(folders u6):$(known)" "$want:2000 Processed:" \
				"ended by itself: every report once, no mail left"
		clone u6 t46_kill t46_template
	fi
	until_sql "SELECT count(*) FROM pg_stat_activity
	            WHERE application_name = 'dmarc-ingest'
		              AND datname = current_database()" 0
	[ "$(wrong_sums)" = 0 ] || bad_sums=$((bad_sums + 1))
done
is "$bad_sums" 0 "never anything by halves"
is "$died" 50 "50 times before its end"
run "$I" -q -c "$conf"
is "$status:$err:$(made)" "0::$want" "run to the end: every report exactly once"
is "$(folders u6):$(known)" "2000 Processed:" "no mail left, none lost, none doubled"

# ---- asked to stop -------------------------------------------------------------------

for signal in TERM INT HUP; do
	clone u6 t46_stop t46_template
	sql "CREATE FUNCTION t46() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
	       PERFORM pg_sleep(0.2); RETURN NULL; END \$\$;
	     CREATE TRIGGER t46 AFTER INSERT ON dmarc.ingest_log
	        FOR EACH STATEMENT EXECUTE FUNCTION t46()"
	run timeout -s $signal 0.3 "$I" -q -c "$conf"
	like "$err" '^dmarc-ingest: asked to stop' "SIG$signal: says so"
	n_stored=$(sql 'SELECT count(*) FROM dmarc.report')
	moved=$(imapbox count u6 Processed)
	# Without a first mail there is no such folder.
	is "${moved#-}:$(known)" "${n_stored#0}:" \
		"what was committed is moved before the end"
	sql 'DROP TRIGGER t46 ON dmarc.ingest_log'
	run "$I" -q -c "$conf"
	is "$status:$(made):$(folders u6)" "0:$want:2000 Processed" "run again: all"
done

done_testing
